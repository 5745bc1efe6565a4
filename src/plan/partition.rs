//! What the server does with indexes as partitions come and go, and what has to happen so that it does the right thing.

use std::collections::BTreeSet;

use super::change::{Change, Changes};
use crate::catalog::{Catalog, Need, Object, Strength};
use crate::kind::column::{Column, column_of, lines_that_lose_names};
use crate::kind::constraint::Form;
use crate::kind::inheritance::{is_heir, partitioned_parent};
use crate::kind::retype::{Cast, cast};
use crate::kind::{Body, Id, Tag};
use crate::name::Name;
use crate::sql::Sql;

/// An index that leaves that of its parent, though not both go, comes off only with the partition; where the partition has
/// nothing in its place, it would get it back with the partition, unless the parent's is made again.
pub(super) fn detach<'a>(changes: &mut Changes<'a>, before: &'a Catalog, after: &'a Catalog) {
    let leaves = |(id, change): (&&'a Id, &Change)| {
        if id.tag != Tag::IndexPartition || !matches!(change, Change::Drop | Change::Rebuild) {
            return None;
        }
        let needs = &before.get(id)?.needs;
        let stays = |need: &&Need| !matches!(changes.get(&need.id), Some(Change::Drop | Change::Rebuild));
        let mut indexes = needs.iter().filter(|need| need.strength == Strength::Normal);
        let line = needs.iter().find(|need| need.id.tag == Tag::Inheritance)?;
        let own = id.path[..2].to_vec();
        let parent = needs.iter().find(|need| is_index(&need.id) && need.id.path[..2] != own[..])?;
        let leads = |object: &Object| object.needs.iter().any(|need| need.id == parent.id);
        let replaced = after.below(Tag::IndexPartition, &own).any(|(_, object)| leads(object));
        let bare = after.has(&line.id) && after.has(&parent.id) && !replaced;
        indexes.find(stays).map(|_| if bare { parent.id.clone() } else { line.id.clone() })
    };
    let again: Vec<Id> = changes.iter().filter_map(leaves).collect();
    for id in again {
        if let Some((id, _)) = before.objects.get_key_value(&id).filter(|(id, _)| after.has(id)) {
            changes.entry(id).or_insert(Change::Rebuild);
        }
    }
}

/// A partition leaves while its parent's column gets another type, where its NOT NULL would lose its name by that.
pub(super) fn keep_names<'a>(changes: &mut Changes<'a>, before: &'a Catalog, after: &'a Catalog) {
    let is_retyped =
        |id: &Id| column_of(before, id).zip(column_of(after, id)).is_some_and(|(old, new)| old.is_retyped(new));
    let retyped = changes.keys().copied().filter(|id| is_retyped(id));
    let lines: Vec<&Id> =
        retyped.flat_map(|id| lines_that_lose_names(id, before)).filter(|line| after.has(line)).collect();
    for line in lines {
        changes.entry(line).or_insert(Change::Rebuild);
    }
}

/// A partition that is a foreign table leaves while values of its parent's column are cast: the server knows no `USING` for both.
/// Whether there is one more of them.
pub(super) fn leave_foreign<'a>(changes: &mut Changes<'a>, before: &'a Catalog, after: &'a Catalog) -> bool {
    let is_cast = |(id, change): &(&&'a Id, &Change)| {
        let types = column_of(before, id).zip(column_of(after, id));
        let is_other = |(old, new): (&Column, &Column)| {
            old.is_retyped(new) && cast(old.r#type.as_str(), new.r#type.as_str()) != Cast::Implied
        };
        matches!(change, Change::Retype) || types.is_some_and(is_other)
    };
    let of = |id: &Id| before.descent_of(&id.path[..2]).into_iter();
    let lines = changes.iter().filter(is_cast).flat_map(|(id, _)| of(id));
    let is_foreign = |line: &&Id| before.is_foreign_table(&line.path[..2]) && !is_heir(line, before) && after.has(line);
    let lines: Vec<&Id> = lines.filter(is_foreign).collect();
    let known = changes.len();
    for line in lines {
        changes.entry(line).or_insert(Change::Rebuild);
    }
    changes.len() > known
}

/// A partition gets its parent's identity columns (from 17 on) as it comes; those that it has already do not get them with it, and so
/// come again behind it.
pub(super) fn follow<'a>(changes: &mut Changes<'a>, before: &'a Catalog, after: &'a Catalog) {
    let comes = |(id, change): (&&'a Id, &Change)| {
        let comes = id.tag == Tag::Inheritance && matches!(change, Change::Create | Change::Rebuild);
        (comes && comes_with_identity(id, after)).then_some(*id)
    };
    let mut open: Vec<&Id> = changes.iter().filter_map(comes).collect();
    while let Some(line) = open.pop() {
        for below in before.heirs_of(&line.path[..2]) {
            if after.has(below) && !changes.contains_key(below) {
                changes.insert(below, Change::Rebuild);
                open.push(below);
            }
        }
    }
}

/// Whether a table becomes a partition of one with an identity column, which it gets of that.
pub(super) fn comes_with_identity(line: &Id, after: &Catalog) -> bool {
    let has_identity = |parent: &[Name]| {
        after.below(Tag::Column, parent).any(|(id, _)| column_of(after, id).is_some_and(|own| own.identity.is_some()))
    };
    let parent = after.get(line).and_then(|object| partitioned_parent(line, &object.body));
    after.server.version >= 170_000 && parent.is_some_and(has_identity)
}

/// A partition that leaves and comes back is not referred to meanwhile, nor is one of a table that is made again.
pub(super) fn release<'a>(changes: &mut Changes<'a>, before: &'a Catalog, after: &'a Catalog) {
    let leaves = |(id, change): (&&'a Id, &Change)| {
        let again = |id: &Id| matches!(changes.get(id), Some(Change::Rebuild));
        let parent = Id::new(Tag::Table, id.path.iter().skip(2).cloned());
        let leaves = id.tag == Tag::Inheritance && matches!(change, Change::Rebuild | Change::Drop);
        (leaves && (again(id) || again(&parent))).then(|| parent.path.to_vec())
    };
    let parents: BTreeSet<Vec<Name>> = changes.iter().filter_map(leaves).collect();
    for key in parents.iter().flat_map(|parent| before.referring_to(parent)) {
        if after.has(key) {
            changes.entry(key).or_insert(Change::Rebuild);
        }
    }
}

/// An index of its own that is like one that will be its parent's comes after that has been found; one that the parent has
/// alone comes after the partition, which would get its own of it. Whether there is one more of them.
pub(super) fn step_back<'a>(changes: &mut Changes<'a>, before: &'a Catalog, after: &'a Catalog) -> bool {
    let known = changes.len();
    let attached = |(id, change): (&&'a Id, &Change)| {
        let new = id.tag == Tag::Inheritance && matches!(change, Change::Create | Change::Rebuild);
        new.then_some(*id)
    };
    let lines: Vec<&Id> = changes.iter().filter_map(attached).collect();
    for line in lines {
        let own = [Tag::Index, Tag::Constraint].into_iter().flat_map(|tag| after.below(tag, &line.path[..2]));
        let late = own.map(|(id, _)| id).filter(|id| stays_apart(after, id)).chain(alone(after, line));
        for id in late.collect::<Vec<_>>() {
            if let Some((id, _)) = before.objects.get_key_value(id) {
                changes.entry(id).or_insert(Change::Rebuild);
            }
        }
    }
    changes.len() > known
}

/// The indexes of a partitioned table that have no part in the partition at the other end of the line.
pub(super) fn alone<'a>(after: &'a Catalog, line: &'a Id) -> impl Iterator<Item = &'a Id> {
    let parts = after.below(Tag::IndexPartition, &line.path[..2]);
    let led: BTreeSet<&Id> = parts.flat_map(|(_, object)| &object.needs).map(|need| &need.id).collect();
    let parent = after.get(line).and_then(|object| partitioned_parent(line, &object.body));
    let all =
        [Tag::Index, Tag::Constraint].into_iter().flat_map(move |tag| parent.map(|parent| after.below(tag, parent)));
    let all = all.flatten();
    let has_index =
        |object: &Object| !matches!(&object.body, Body::Constraint(constraint) if !constraint.form.has_index());
    all.filter(move |(id, object)| has_index(object) && !led.contains(id)).map(|(id, _)| id)
}

/// Whether it is an index, or a constraint, behind which one may stand.
pub(super) fn is_index(id: &Id) -> bool {
    matches!(id.tag, Tag::Index | Tag::Constraint)
}

/// Whether an index of a partition is not part of its parent's, beside one that is and that the server cannot tell from it.
pub(super) fn stays_apart(after: &Catalog, id: &Id) -> bool {
    if after.has(&Id { tag: Tag::IndexPartition, path: id.path.clone() }) {
        return false;
    }
    if let Some(own) = foreign_key(after, id) {
        let parents = after.below(Tag::Inheritance, &id.path[..2]).map(|(line, _)| &line.path[2..]);
        let keys = parents.flat_map(|parent| after.below(Tag::Constraint, parent));
        return keys.into_iter().any(|(key, _)| foreign_key(after, key) == Some(own));
    }
    let Some(own) = likeness(after, id) else { return false };
    let parts = after.below(Tag::IndexPartition, &id.path[..2]);
    parts.into_iter().any(|(part, _)| {
        let tags = [Tag::Index, Tag::Constraint];
        tags.iter().any(|&tag| likeness(after, &Id { tag, path: part.path.clone() }).as_ref() == Some(&own))
    })
}

/// The definition of a foreign key: the server takes a partition's own for its copy of the parent's.
fn foreign_key<'a>(catalog: &'a Catalog, id: &Id) -> Option<&'a Sql> {
    match &catalog.get(id)?.body {
        Body::Constraint(constraint) if constraint.form == Form::ForeignKey => Some(&constraint.definition),
        _ => None,
    }
}

/// What the server goes by.
fn likeness(catalog: &Catalog, id: &Id) -> Option<(bool, String)> {
    match &catalog.get(id)?.body {
        Body::Index(index) => {
            let essence = index.essence();
            essence.split_once(" USING ").map(|(_, columns)| (index.unique, columns.to_owned()))
        }
        Body::Constraint(constraint) => constraint.index().map(|columns| (true, format!("btree {columns}"))),
        _ => None,
    }
}

/// Whether this is the index of a partition, and that its parent's, which it can do without.
pub(super) fn is_of_partition(id: &Id, need: &Need) -> bool {
    need.strength == Strength::Auto && is_index(id) && is_index(&need.id)
}
