//! What happens to each object: the differences, and what they drag along.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::{partition, ring, stale, swap};
use crate::catalog::{Canonical, Catalog, Object, Strength};
use crate::diff::Delta;
use crate::facet::{self, Grant};
use crate::kind::inheritance::{heirs_of, is_heir, is_kept_by_heirs, line, loses};
use crate::kind::retype::TYPES;
use crate::kind::{Alteration, Body, Cx, Id, Standing, Style, Tag, table};
use crate::name::Name;
use crate::sql;
use crate::sql::words;
use crate::statement::{Statement, Transaction};

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
    /// A type that goes: it is put under another name first, since one of another kind takes its own.
    Aside,
    /// A column whose type, or collation, is swapped.
    Retype,
}

impl Change {
    /// Whether it is made where it is, by a statement that runs like this.
    pub(super) fn runs(&self, transaction: Transaction) -> bool {
        matches!(self, Change::InPlace(statements, _) if statements.iter().any(|own| own.transaction == transaction))
    }
}

/// All changes by id, dependants included.
pub type Changes<'a> = BTreeMap<&'a Id, Change>;

/// What is called, and may have namesakes that take other arguments.
const ROUTINES: &[Tag] = &[Tag::Function, Tag::Aggregate];

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
    partition::keep_names(&mut changes, before, after);
    partition::detach(&mut changes, before, after);
    partition::follow(&mut changes, before, after);
    partition::release(&mut changes, before, after);
    partition::step_back(&mut changes, before, after);
    ring::open(&mut changes, before, after);
    drag_along(&mut changes, before, after);
    // A table that is made again is attached again, too.
    if partition::leave_foreign(&mut changes, before, after) | partition::step_back(&mut changes, before, after) {
        drag_along(&mut changes, before, after);
    }
    // A check that only comes back is one more that they get.
    while swap::contained_domains(&mut changes, before, after) {
        drag_along(&mut changes, before, after);
    }
    swap::parts(&mut changes, before);
    swap::put_aside(&mut changes, before, after);
    lead_along(&mut changes, before, after);
    take_over(&mut changes, before, after);
    take_along(&mut changes, before, after);
    hand_over(&mut changes, before, after);
    keep_indexes(&mut changes, before, after, style);
    stale::tell(&mut changes, before, after);
    changes
}

/// Whether this is code, or says who owns a sequence, and to be changed where it is, though it might as well be made again.
pub(super) fn can_be_rebuilt(id: &Id, changes: &Changes) -> bool {
    const CODE: &[Tag] = &[
        Tag::View,
        Tag::Policy,
        Tag::Rule,
        Tag::Trigger,
        Tag::ColumnDefault,
        Tag::Function,
        Tag::Aggregate,
        Tag::OwnedBy,
    ];
    CODE.contains(&id.tag) && matches!(changes.get(id), Some(Change::InPlace(..)))
}

/// Lets those of these that can be made again be so, an index if there is no code; whether there was such.
pub fn rebuild<'a>(changes: &mut Changes<'a>, ids: &[Id], before: &'a Catalog, after: &'a Catalog) -> bool {
    let is_index = |id: &&Id| id.tag == Tag::Index && matches!(changes.get(*id), Some(Change::InPlace(..)));
    let code: Vec<&Id> = ids.iter().filter(|id| can_be_rebuilt(id, changes)).collect();
    let found = if code.is_empty() { ids.iter().filter(is_index).collect() } else { code };
    let found: Vec<&Id> = found.into_iter().filter_map(|id| changes.get_key_value(id)).map(|(id, _)| *id).collect();
    for id in &found {
        changes.insert(id, Change::Rebuild);
    }
    drag_along(changes, before, after);
    swap::parts(changes, before);
    !found.is_empty()
}

/// What the server does to a parent's column or check it does to the heirs' too, even where those were to stay as they are.
fn lead_along<'a>(changes: &mut Changes<'a>, before: &'a Catalog, after: &'a Catalog) {
    let heirs: Vec<(&Id, &Object, &Id)> =
        before.objects.iter().filter_map(|(id, object)| Some((id, object, object.leader()?))).collect();
    loop {
        let mut is_done = true;
        for (id, object, leader) in &heirs {
            let Some(heir) = after.get(id) else { continue };
            // Meanwhile it is no heir's.
            if changes.contains_key(&line(&id.path, &leader.path)) {
                continue;
            }
            let change = match changes.get(leader) {
                Some(Change::Rebuild) if heir.parent() == Some(*leader) => Change::Rebuild,
                // It goes along and comes back, where it cannot be kept.
                Some(Change::Drop) if loses(leader, id, before, after) && !is_kept_by_heirs(leader, before, after) => {
                    Change::Rebuild
                }
                Some(Change::InPlace(..)) => {
                    let led = before.get(leader).zip(after.get(leader));
                    let reached = led.and_then(|(from, to)| object.body.in_step(&from.body, &to.body));
                    if reached.is_none_or(|reached| reached == heir.body) {
                        continue;
                    }
                    Change::InPlace(Vec::new(), &[])
                }
                _ => continue,
            };
            let is_more = match changes.get(id) {
                None => true,
                Some(Change::InPlace(..)) => matches!(change, Change::Rebuild),
                Some(_) => false,
            };
            if is_more {
                changes.insert(id, change);
                is_done = false;
            }
        }
        if is_done {
            return;
        }
    }
}

/// A check that heirs are to have of their parent alone would stay their own as well, if it were there when the parent gets it.
fn take_over<'a>(changes: &mut Changes<'a>, before: &'a Catalog, after: &'a Catalog) {
    let made = changes.iter().filter(|(id, change)| id.tag == Tag::Constraint && matches!(change, Change::Create));
    let own = |id: &&'a Id, heir: &Id| {
        let (heir, object) = before.objects.get_key_value(heir)?;
        let becomes = after.get(heir).is_some_and(|object| object.parent() == Some(*id));
        (becomes && object.leader().is_none()).then_some(heir)
    };
    let lines = |id: &&'a Id| heirs_of(id, after).filter(|(line, _)| is_heir(line, before) && is_heir(line, after));
    let taken: Vec<&Id> =
        made.flat_map(|(id, _)| lines(id).filter_map(|(_, heir)| own(id, &heir)).collect::<Vec<_>>()).collect();
    for heir in taken {
        changes.insert(heir, Change::Rebuild);
    }
}

/// Whether a table that becomes logged or unlogged will be unlogged; `None` where it stays what it is.
pub(super) fn switched(table: &Id, before: &Catalog, after: &Catalog) -> Option<bool> {
    match (&before.get(table)?.body, &after.get(table)?.body) {
        (Body::Table(old), Body::Table(new)) => (old.unlogged != new.unlogged).then_some(new.unlogged),
        _ => None,
    }
}

/// The sequences that a table owns become logged or unlogged with it, even those that were to stay as they are.
fn take_along<'a>(changes: &mut Changes<'a>, before: &'a Catalog, after: &'a Catalog) {
    let in_place = |(id, change): &(&&'a Id, &Change)| {
        matches!(change, Change::InPlace(..)) && switched(id, before, after).is_some()
    };
    let tables: HashSet<&Id> = changes.iter().filter(in_place).map(|(id, _)| *id).collect();
    if tables.is_empty() || before.server.version < 150_000 {
        return;
    }
    for (line, object) in before.below(Tag::OwnedBy, &[]) {
        let Some((id, old)) = before.objects.get_key_value(&line.prefix(Tag::Sequence, 2)) else { continue };
        let (Body::Sequence(old), Some(Body::Sequence(new))) = (&old.body, after.get(id).map(|object| &object.body))
        else {
            continue;
        };
        if old.unlogged == new.unlogged && object.needs.iter().any(|need| tables.contains(&need.id)) {
            let change = changes.entry(id).or_insert_with(|| Change::InPlace(Vec::new(), &[]));
            if let Change::InPlace(statements, _) = change {
                statements.push(new.persistence(id));
            }
        }
    }
}

/// What is left of what was granted on a column once the facets of its table have changed.
pub(super) fn left_on_column(
    column: &Id,
    grants: &BTreeSet<Grant>,
    before: &Catalog,
    after: &Catalog,
) -> Option<BTreeSet<Grant>> {
    let (old, new) = (before.get(&table::of(column))?, after.get(&table::of(column))?);
    (*old.facets != *new.facets).then(|| facet::left_on_column(grants, &old.body, &old.facets, &new.facets))
}

/// What was granted on columns changes with what is said of their table, even where it was to stay as it is.
fn hand_over<'a>(changes: &mut Changes<'a>, before: &'a Catalog, after: &'a Catalog) {
    let tables: Vec<&Id> = changes.keys().copied().filter(|id| id.tag == Tag::Table).collect();
    for table in tables {
        for (id, object) in before.below(Tag::Column, &table.path) {
            let Some(grants) = object.facets.grants.as_ref().filter(|_| after.has(id)) else { continue };
            if left_on_column(id, grants, before, after).is_some_and(|left| left != *grants) {
                changes.entry(id).or_insert_with(|| Change::InPlace(Vec::new(), &[]));
            }
        }
    }
}

/// A unique index stays where a key of its name is made of it.
fn keep_indexes<'a>(changes: &mut Changes<'a>, before: &'a Catalog, after: &'a Catalog, style: Style) {
    let is_kept = |(id, change): &(&&'a Id, &Change)| {
        let key = after.get(id).filter(|_| style == Style::Online && matches!(change, Change::Create));
        matches!(key.map(|object| &object.body), Some(Body::Constraint(key)) if key.takes_over(id, before, after))
    };
    let kept: Vec<Id> = changes.iter().filter(is_kept).map(|(id, _)| Id { tag: Tag::Index, ..(*id).clone() }).collect();
    kept.iter().for_each(|index| drop(changes.remove(index)));
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
        Some(Change::Create | Change::Drop | Change::Aside | Change::Rebuild | Change::Swap) => None,
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

/// What changes of a kind below a path.
pub(super) fn below<'a>(
    changes: &'a Changes<'a>,
    tag: Tag,
    prefix: &[Name],
) -> impl Iterator<Item = (&'a Id, &'a Change)> + use<'a> {
    let first = Id::new(tag, prefix.iter().cloned());
    let changes = changes.range::<Id, _>(&first..).map(|(id, change)| (*id, change));
    changes.take_while(move |(id, _)| id.tag == tag && id.path.starts_with(&first.path))
}

/// Whether a routine that goes and one that comes could both be meant by a call.
pub(super) fn is_overloaded(routine: &Id, changes: &Changes) -> bool {
    ROUTINES.contains(&routine.tag) && rivals(routine, changes).next().is_some()
}

/// The types of arguments that take values of any type.
const POLYMORPHIC: [&str; 12] = [
    "\"any\"",
    "anyarray",
    "anycompatible",
    "anycompatiblearray",
    "anycompatiblemultirange",
    "anycompatiblenonarray",
    "anycompatiblerange",
    "anyelement",
    "anyenum",
    "anymultirange",
    "anynonarray",
    "anyrange",
];

/// Routines that come under the name of one, and that take other numbers of arguments or arguments of any type.
pub(super) fn rivals<'a>(routine: &'a Id, changes: &'a Changes) -> impl Iterator<Item = &'a Id> {
    let count = |id: &Id| id.part(2).as_str().split(", ").filter(|argument| !argument.is_empty()).count();
    let takes_any = |id: &Id| id.part(2).as_str().split(", ").any(|argument| POLYMORPHIC.contains(&argument));
    let alike = below(changes, routine.tag, &routine.path[..routine.path.len().min(2)]);
    let comes = alike.filter(|(_, change)| matches!(change, Change::Create)).map(|(id, _)| id);
    comes.filter(move |id| count(id) != count(routine) || takes_any(id) || takes_any(routine))
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

/// Whether it stands on the attributes of a composite type as they are: made of them, or with a value in an expression.
pub(super) fn writes_values(body: &Body) -> bool {
    match body {
        Body::OfType(_) => true,
        Body::Function(function) => function.parsed().contains("ROW("),
        _ => body.clone().texts().into_iter().any(|text| text.as_str().contains("ROW(")),
    }
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
