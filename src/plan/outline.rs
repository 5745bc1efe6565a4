//! What is something else for a while, since it would be in the way: views and functions that need each other in a circle, of which
//! one is an outline before the others are made, and once more before they go; names that change places; columns that hold
//! rows of a table whose own columns change.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::change::{self, Change, Changes};
use super::order::Sorter;
use crate::catalog::{Catalog, Object};
use crate::dag::Graph;
use crate::kind::column::column_of;
use crate::kind::inheritance::line;
use crate::kind::{Body, Id, Tag};
use crate::statement::Statement;

/// Which objects are an outline for a while, and the others on their circles, which make do with that.
pub(super) type Outlines = BTreeMap<Id, BTreeSet<Id>>;

/// The first on a circle that opens it as an outline and is none for all the others yet; views before functions.
pub(super) fn next<'c>(
    outlines: &Outlines,
    circle: &'c [Id],
    changes: &Changes,
    before: &Catalog,
    after: &Catalog,
) -> Option<&'c Id> {
    let has_outline = |side: &Catalog, id: &Id| side.get(id).is_some_and(|object| object.body.outline(id).is_some());
    let can_be = |id: &Id| match changes.get(id) {
        Some(Change::Create) => has_outline(after, id),
        Some(Change::Drop) => has_outline(before, id),
        Some(Change::Rebuild) => has_outline(before, id) && has_outline(after, id),
        Some(Change::InPlace(..)) => match (before.get(id), after.get(id)) {
            (Some(old), Some(new)) => old.body.interim(id, &new.body).is_some(),
            _ => false,
        },
        _ => false,
    };
    let serves = |id: &Id| {
        let served = outlines.get(id);
        circle.iter().all(|other| other == id || served.is_some_and(|served| served.contains(other)))
    };
    circle.iter().filter(|id| can_be(id) && !serves(id)).min_by_key(|id| (Reverse(id.tag), &id.path))
}

/// Opens a circle by the outline of one on it; whether that could be.
pub(super) fn add(
    outlines: &mut Outlines,
    circle: &[Id],
    changes: &Changes,
    before: &Catalog,
    after: &Catalog,
) -> bool {
    let Some(id) = next(outlines, circle, changes, before, after) else { return false };
    let others = circle.iter().filter(|other| *other != id).cloned();
    outlines.entry(id.clone()).or_default().extend(others);
    true
}

/// The columns that hold rows of tables whose columns change their types, which the server refuses: they are texts meanwhile.
pub(super) fn lift<'a>(changes: &mut Changes<'a>, before: &'a Catalog, after: &'a Catalog) -> Outlines {
    let mut lifted = Outlines::new();
    loop {
        let moved = changes.iter().filter(|(id, change)| id.tag == Tag::Column && is_retyped(change));
        let tables: HashSet<String> = moved.map(|(id, _)| id.relation().to_string()).collect();
        if tables.is_empty() {
            return lifted;
        }
        let stays = |id: &Id| matches!(changes.get(id), None | Some(Change::InPlace(_, [])));
        let holds = |(id, object): &(&'a Id, &Object)| match (&object.body, column_of(after, id)) {
            (Body::Column(old), Some(new)) => {
                old.r#type == new.r#type && tables.contains(old.r#type.as_str().trim_end_matches("[]")) && stays(id)
            }
            _ => false,
        };
        let found: Vec<&Id> = before.below(Tag::Column, &[]).filter(holds).map(|(id, _)| id).collect();
        if found.is_empty() {
            return lifted;
        }
        for id in found {
            changes.insert(id, Change::Lift);
            lifted.insert(id.clone(), BTreeSet::new());
        }
    }
}

/// Whether a column gets another type.
pub(super) fn is_retyped(change: &Change) -> bool {
    match change {
        Change::InPlace(_, disturbs) => !disturbs.is_empty(),
        change => matches!(change, Change::Retype | Change::Lift),
    }
}

impl Sorter<'_> {
    /// What something that is changed where it is was until then, and the statement that made it that; an heir's column goes along.
    pub(super) fn interim(&self, id: &Id) -> Option<(Body, Statement)> {
        if self.hollow_leader(id).is_some() {
            return None;
        }
        let (old, new) = (&self.before.get(id)?.body, &self.after.get(id)?.body);
        let as_text = || match old {
            Body::Column(column) => {
                Some(column.as_text(id)).map(|(column, statement)| (Body::Column(column), statement))
            }
            _ => None,
        };
        old.interim(id, new).or_else(as_text)
    }

    fn hollow_leader(&self, id: &Id) -> Option<usize> {
        let leader = self.before.get(id)?.leader()?;
        self.hollowing.get(leader).copied().filter(|_| !self.removal.contains_key(&line(&id.path, &leader.path)))
    }

    /// Columns of a table get other types while what holds its rows is a text, and come or go when it is no text any more.
    pub(super) fn edges_of_lifted(&self, graph: &mut Graph) {
        for (id, &hollowing) in self.hollowing.iter().filter(|(id, _)| id.tag == Tag::Column) {
            let Some(column) = column_of(self.before, id) else { continue };
            let Some(&back) = self.making.get(id) else { continue };
            graph.edge(hollowing, back);
            self.hollow_leader(id).into_iter().for_each(|leading| graph.edge(hollowing, leading));
            // Of a table that leaves its parent it is one of its own by then.
            let all = change::below(self.changes, Tag::Inheritance, &id.path[..2]);
            all.filter_map(|(line, _)| self.removal.get(line)).for_each(|&leaving| graph.edge(leaving, hollowing));
            let tables = self.before.needs(id).map(|need| &need.id).filter(|need| need.tag == Tag::Table);
            let is_row = |table: &&Id| column.r#type.as_str().trim_end_matches("[]") == table.relation().as_str();
            for table in tables.filter(is_row) {
                for (part, change) in change::below(self.changes, Tag::Column, &table.path) {
                    let [removal, making] = [&self.removal, &self.making].map(|nodes| nodes.get(part).copied());
                    if is_retyped(change) {
                        let first = self.hollowing.get(part).copied().or(making);
                        first.into_iter().for_each(|first| graph.edge(hollowing, first));
                        making.into_iter().for_each(|making| graph.edge(making, back));
                    } else {
                        [removal, making].into_iter().flatten().for_each(|other| graph.edge(back, other));
                    }
                }
            }
        }
    }
}
