//! What stands on something that moves, and does not survive that.

use std::collections::HashMap;

use super::change::{Change, Changes, is_overloaded, writes_values};
use crate::catalog::{Catalog, Strength};
use crate::kind::retype::TYPES;
use crate::kind::{Body, Id, Standing, Tag, table};
use crate::sql;
use crate::sql::words;

/// Adds what the changes drag along.
pub(super) fn drag_along<'a>(changes: &mut Changes<'a>, before: &'a Catalog, after: &'a Catalog) {
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
            if let Some(mut change) = consequence(moved, user, changes, before, after) {
                if let (Change::Retype, Some(table)) = (&change, keyed_by(user, before)) {
                    change = Change::Rebuild;
                    changes.insert(table, Change::Rebuild);
                    queue.push(table);
                }
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
    let standing = old.body.under_retyping();
    let still_needs = new.needs.iter().any(|need| need.id == *moved);
    let disturbed = match cause {
        Change::InPlace(_, tags) if moved.tag == Tag::Composite => {
            tags.contains(&user.tag) && (writes_values(&old.body) || reads_what_goes(&old.body, moved, before, after))
        }
        Change::InPlace(_, tags) => {
            let retyped = moved.tag == Tag::Column && !tags.is_empty();
            standing == Standing::GivesWay && tags.contains(&user.tag) || standing == Standing::Misread && retyped
        }
        Change::Drop | Change::Aside | Change::Rebuild | Change::Swap => true,
        Change::Lift => !matches!(user.tag, Tag::OwnedBy | Tag::Sequence),
        Change::Retype => {
            let stays = matches!(user.tag, Tag::OwnedBy | Tag::Sequence);
            standing == Standing::GivesWay && !stays || standing == Standing::Misread
        }
        Change::Create => false,
    };
    if !disturbed {
        return None;
    }
    match changes.get(user) {
        Some(Change::Create | Change::Drop | Change::Aside | Change::Rebuild | Change::Swap | Change::Lift) => None,
        Some(Change::Retype) if moved.tag != Tag::Table => None,
        // A column that changes otherwise moves over as well; one that gets another type has moved with that.
        Some(Change::InPlace(_, disturbs)) if holds_values(user, before) && TYPES.contains(&moved.tag) => {
            disturbs.is_empty().then_some(Change::Retype)
        }
        // It lets go of what moves, before that goes; a foreign key never lets go of its index, nor a name of the types in it.
        Some(Change::InPlace(..))
            if user.tag != Tag::Constraint
                && !is_named_by(moved, user)
                && !still_needs
                && lets_go(moved, &old.body, &new.body)
                && !is_overloaded(moved, changes)
                && matches!(cause, Change::Drop | Change::Swap | Change::Rebuild) =>
        {
            None
        }
        None if holds_values(user, before) && TYPES.contains(&moved.tag) => Some(Change::Retype),
        None if user.tag == Tag::Table && !still_needs => None,
        None | Some(Change::InPlace(..) | Change::Retype) => Some(Change::Rebuild),
    }
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

/// Whether a type is part of the name of something.
fn is_named_by(r#type: &Id, user: &Id) -> bool {
    TYPES.contains(&r#type.tag) && user.tag.names_types()
}

fn holds_values(id: &Id, catalog: &Catalog) -> bool {
    id.tag == Tag::Column && catalog.get(id).is_some_and(|object| !is_generated(&object.body))
}

/// The partitioned table whose key reads a column: such a column never changes its type.
fn keyed_by<'a>(column: &Id, catalog: &'a Catalog) -> Option<&'a Id> {
    let (id, table) = catalog.objects.get_key_value(&table::of(column))?;
    matches!(&table.body, Body::Table(table) if table.key_types.contains_key(&column.name())).then_some(id)
}

/// Whether a change in place gives an object another definition, and not only other settings; what it depends on by a word of its own
/// (`DEPENDS ON EXTENSION`) is one of these.
fn lets_go(of: &Id, old: &Body, new: &Body) -> bool {
    match (old, new) {
        _ if of.tag == Tag::Extension => true,
        (_, Body::MaterializedView(_)) => false,
        (Body::Column(old), Body::Column(new)) if TYPES.contains(&of.tag) => old.r#type != new.r#type,
        _ => old != new,
    }
}

/// Whether the server's text of it says an attribute that a composite type loses, or has otherwise.
fn reads_what_goes(body: &Body, composite: &Id, before: &Catalog, after: &Catalog) -> bool {
    let body_of = |side: &Catalog| side.get(composite).map(|object| object.body.clone());
    let (Some(Body::Composite(old)), Some(Body::Composite(new))) = (body_of(before), body_of(after)) else {
        return false;
    };
    let mut gone = old.attributes.iter().filter(|attribute| !new.attributes.contains(attribute));
    let mut body = body.clone();
    let texts = body.texts();
    gone.any(|gone| {
        let (name, shown) = (gone.name.as_str(), sql!("{}", gone.name));
        let is_word = |text: &str| words(text).any(|word| word == name);
        texts.iter().any(|text| is_word(text.as_str()) || text.as_str().contains(&format!(".{shown}")))
    })
}

fn is_generated(body: &Body) -> bool {
    matches!(body, Body::Column(column) if column.generated.is_some())
}
