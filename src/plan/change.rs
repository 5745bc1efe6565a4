//! What happens to each object: the differences, and what they drag along.

use std::collections::{BTreeMap, HashMap};

use crate::catalog::{Canonical, Catalog, Object, Strength};
use crate::diff::Delta;
use crate::kind::constraint::Form;
use crate::kind::{Alteration, Body, Cx, Id, Style, Tag};
use crate::sql::respell::is_no_fixed_point;
use crate::statement::Statement;

/// What happens to one object.
#[derive(Debug)]
pub enum Change {
    /// It is made.
    Create,
    /// It goes.
    Drop,
    /// It is changed where it is; dependants of these kinds cannot stand meanwhile.
    InPlace(Vec<Statement>, &'static [Tag]),
    /// It is dropped and made again.
    Rebuild,
    /// A type: the new one is made beside the old one, columns move over, the old one goes.
    Swap,
    /// A column whose type, or collation, is swapped.
    Retype,
}

/// All changes by id, dependants included.
pub type Changes<'a> = BTreeMap<&'a Id, Change>;

/// Kinds that columns hold values of, or order them by.
const TYPES: &[Tag] = &[Tag::Collation, Tag::Enum, Tag::Domain, Tag::Composite, Tag::Range];

/// Decides what happens to every object that differs, and to everything that stands on such.
pub fn changes<'a>(deltas: &[Delta<'a>], before: &'a Canonical, after: &'a Canonical, style: Style) -> Changes<'a> {
    let mut changes = Changes::new();
    for delta in deltas {
        let change = match delta {
            Delta::Create(..) => Change::Create,
            Delta::Drop(..) => Change::Drop,
            Delta::Alter(_, old, new) if old.body == new.body => Change::InPlace(Vec::new(), &[]),
            Delta::Alter(id, old, new) => {
                match old.body.alter(&new.body, &Cx { id, before, after, members: &[], style }) {
                    Alteration::InPlace { statements, disturbs } => Change::InPlace(statements, disturbs),
                    Alteration::Rebuild => Change::Rebuild,
                }
            }
        };
        changes.insert(delta.id(), change);
    }
    swap_contained_domains(&mut changes, before, after);
    drag_along(&mut changes, before, after);
    changes
}

/// A domain that columns hold inside of arrays or composites gets no new constraints where it is: the server would have
/// to look into those. Its successor takes its place.
fn swap_contained_domains<'a>(changes: &mut Changes<'a>, before: &'a Catalog, after: &'a Catalog) {
    let stricter = |(id, change): (&&'a Id, &Change)| match (id.tag, change) {
        (Tag::DomainConstraint, Change::Create) => Some(id.prefix(Tag::Domain, 2)),
        (Tag::Domain, Change::InPlace(..)) => match (&before.get(id)?.body, &after.get(id)?.body) {
            (Body::Domain(old), Body::Domain(new)) if new.not_null && !old.not_null => Some((*id).clone()),
            _ => None,
        },
        _ => None,
    };
    let stricter: Vec<Id> = changes.iter().filter_map(stricter).collect();
    let both = stricter.iter().filter_map(|id| before.objects.get_key_value(id).filter(|_| after.has(id)));
    for (domain, _) in both {
        let holds = |object: &Object| match &object.body {
            Body::Column(column) => column.r#type.as_str().ends_with("[]"),
            body => matches!(body, Body::Composite(_) | Body::Range(_)),
        };
        let contained = |object: &Object| object.needs.iter().any(|need| need.id == *domain) && holds(object);
        if before.objects.values().any(contained) {
            changes.insert(domain, Change::Rebuild);
        }
    }
}

fn drag_along<'a>(changes: &mut Changes<'a>, before: &'a Catalog, after: &'a Catalog) {
    let uproots = |change: &Change| match change {
        Change::InPlace(_, disturbs) => !disturbs.is_empty(),
        Change::Create => false,
        _ => true,
    };
    let mut queue: Vec<&Id> = changes.iter().filter(|(_, change)| uproots(change)).map(|(id, _)| *id).collect();
    if queue.is_empty() {
        return;
    }
    let referrers = referrers(before);
    while let Some(moved) = queue.pop() {
        let users = referrers.get(moved).map_or(&[][..], Vec::as_slice);
        if TYPES.contains(&moved.tag)
            && matches!(changes.get(moved), Some(Change::Rebuild))
            && users.iter().any(|user| holds_values(user, before) && after.has(user) || TYPES.contains(&user.tag))
        {
            changes.insert(moved, Change::Swap);
        }
        for user in users {
            if let Some(change) = consequence(moved, user, changes, before, after) {
                let spreads = uproots(&change);
                changes.insert(user, change);
                if spreads {
                    queue.push(user);
                }
            }
        }
    }
}

/// What becomes of `user` when something that it needs moves; `None` where nothing more does.
fn consequence(moved: &Id, user: &Id, changes: &Changes, before: &Catalog, after: &Catalog) -> Option<Change> {
    let (Some(old), Some(new)) = (before.get(user), after.get(user)) else { return None };
    let cause = changes.get(moved)?;
    let still_needs = new.needs.iter().any(|need| need.id == *moved);
    let disturbed = match cause {
        Change::InPlace(_, tags) => {
            let retyped = moved.tag == Tag::Column && !tags.is_empty();
            tags.contains(&user.tag) && gives_way(&old.body) || retyped && is_misread(&old.body)
        }
        Change::Drop | Change::Rebuild | Change::Swap => true,
        Change::Retype => {
            let stays = matches!(user.tag, Tag::Index | Tag::Statistics | Tag::OwnedBy | Tag::Sequence);
            !stays && gives_way(&old.body) || is_misread(&old.body)
        }
        Change::Create => false,
    };
    if !disturbed {
        return None;
    }
    match changes.get(user) {
        Some(Change::Create | Change::Drop | Change::Rebuild | Change::Swap | Change::Retype) => None,
        // It lets go of what moves, before that goes.
        Some(Change::InPlace(..)) if !still_needs && matches!(cause, Change::Drop | Change::Swap) => None,
        // A column that changes otherwise moves over as well; one that gets another type has moved with that.
        Some(Change::InPlace(_, disturbs)) if holds_values(user, before) && TYPES.contains(&moved.tag) => {
            disturbs.is_empty().then_some(Change::Retype)
        }
        None if holds_values(user, before) && TYPES.contains(&moved.tag) => Some(Change::Retype),
        None if user.tag == Tag::Table && !still_needs => None,
        None | Some(Change::InPlace(..)) => Some(Change::Rebuild),
    }
}

fn holds_values(id: &Id, catalog: &Catalog) -> bool {
    id.tag == Tag::Column && catalog.get(id).is_some_and(|object| !is_generated(&object.body))
}

/// Of columns only generated ones, of constraints only foreign keys, cannot stand while a column changes its type.
fn gives_way(body: &Body) -> bool {
    match body {
        Body::Column(column) => column.generated.is_some(),
        Body::Constraint(constraint) => constraint.form == Form::ForeignKey,
        _ => true,
    }
}

/// The server keeps these while a column changes its type, and makes them anew from its own text of them.
fn is_misread(body: &Body) -> bool {
    match body {
        Body::Constraint(constraint) => is_no_fixed_point(constraint.definition.as_str()),
        Body::Index(index) => is_no_fixed_point(index.definition.as_str()),
        Body::Statistics(statistics) => is_no_fixed_point(statistics.definition.as_str()),
        _ => false,
    }
}

fn is_generated(body: &Body) -> bool {
    matches!(body, Body::Column(column) if column.generated.is_some())
}

/// Who needs what, the other way round, where it would not survive the other.
fn referrers(catalog: &Catalog) -> HashMap<&Id, Vec<&Id>> {
    let mut out: HashMap<&Id, Vec<&Id>> = HashMap::new();
    for (id, object) in &catalog.objects {
        for need in &object.needs {
            if matches!(need.strength, Strength::Normal | Strength::Auto) {
                out.entry(&need.id).or_default().push(id);
            }
        }
    }
    out
}
