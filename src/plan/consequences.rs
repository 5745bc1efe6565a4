//! What happens to each object: the differences, and what follows from them.

use std::collections::HashSet;

use super::change::{Change, Changes, can_be_rebuilt, left_on_column, switched};
use super::drag::drag_along;
use super::outline::{self, Outlines};
use super::{partition, ring, stale, swap};
use crate::catalog::{Canonical, Catalog, Object};
use crate::diff::Delta;
use crate::kind::inheritance::{heirs_of, is_heir, is_kept_by_heirs, line, loses};
use crate::kind::{Alteration, Body, Cx, Id, Style, Tag};

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

/// See [`outline::lift`].
pub(super) fn lift<'a>(changes: &mut Changes<'a>, before: &'a Catalog, after: &'a Catalog) -> Outlines {
    let lifted = outline::lift(changes, before, after);
    if !lifted.is_empty() {
        drag_along(changes, before, after);
    }
    lifted
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
