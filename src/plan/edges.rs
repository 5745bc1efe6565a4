//! What has to happen before what.

use std::collections::HashMap;

use super::change::{self, Change, is_overloaded, rivals};
use super::order::{Act, Node, Sorter};
use super::partition::{self, is_of_partition};
use crate::catalog::{Catalog, Need, Object, Strength};
use crate::dag::Graph;
use crate::kind::column::{Column, column_of, is_led_anew, is_renamed, says};
use crate::kind::inheritance::{is_heir, is_kept_by_heirs, line, partitioned_parent};
use crate::kind::sequence::identity_instead;
use crate::kind::{Body, Id, Tag, column, table};
use crate::name::Name;
use crate::statement::Transaction;

mod bodies;
mod lines;
mod rows;

/// What goes before what.
pub(super) struct Edges {
    pub(super) graph: Graph,
    /// What gives way where it would close a circle.
    pub(super) wishes: Vec<(usize, usize)>,
    /// What holds only as long as a node, the first of the three, has a statement of its own.
    pub(super) apart: Vec<(usize, usize, usize)>,
}

impl<'a> Sorter<'a> {
    /// "This before that", from what both catalogs record and from names that only one object can have.
    pub(super) fn edges(&self) -> Edges {
        let (mut graph, mut wishes, mut apart) = (Graph::new(self.nodes.len()), Vec::new(), Vec::new());
        let attached = self.attached();
        for (index, node) in self.nodes.iter().enumerate() {
            match node.act {
                Act::Drop | Act::SwapOut => {
                    self.edges_of_removal(index, node, &mut graph, &mut apart);
                    wishes.extend(self.wishes_of_removal(index, node));
                }
                Act::Announce => self.edges_of_announcing(index, node, &mut graph),
                Act::PutBy | Act::BringBack | Act::Hollow => {}
                Act::Make | Act::Alter | Act::SwapIn => {
                    self.edges_of_making(index, node, &mut graph);
                    self.edges_of_foreign_key(index, node, &attached, &mut graph);
                    self.edges_of_line(index, node, &attached, &mut graph);
                }
            }
        }
        self.edges_of_slots(&mut graph);
        apart.extend(self.edges_of_parts(&mut graph, &mut wishes));
        self.edges_of_row_types(&mut graph);
        self.edges_of_lifted(&mut graph);
        self.edges_of_persistence(&mut graph);
        self.edges_of_rows(&mut graph, &mut wishes);
        wishes.extend(self.wishes_of_bodies());
        wishes.extend(self.wishes_of_rewrites());
        wishes.extend(self.wishes_of_numbers());
        wishes.extend(self.wishes_of_lines());
        Edges { graph, wishes, apart }
    }

    fn edges_of_removal(&self, index: usize, node: &Node, graph: &mut Graph, apart: &mut Vec<(usize, usize, usize)>) {
        match (node.act, self.beginning(node.id)) {
            (Act::SwapOut, _) => self.making.get(node.id).into_iter().for_each(|&making| graph.edge(making, index)),
            // What goes with a type that is put aside is in nobody's way.
            (_, Some(making)) if self.holder(index).is_some_and(|whole| self.nodes[whole].act == Act::SwapOut) => {
                apart.push((index, index, making));
            }
            (_, making) => making.into_iter().for_each(|making| graph.edge(index, making)),
        }
        if let Some((column, _)) = identity_instead(node.id, self.before, self.after) {
            // It is asked where it stands.
            self.making.get(&column).into_iter().for_each(|&taking| graph.edge(taking, index));
        }
        if node.act == Act::Drop && is_overloaded(node.id, self.changes) {
            let makings = rivals(node.id, self.changes).filter_map(|rival| self.making.get(rival));
            makings.for_each(|&making| graph.edge(index, making));
        }
        if let Some(parent) = self.before.get(node.id).and_then(|object| partitioned_parent(node.id, &object.body)) {
            let keys = self.before.referring_to(parent).into_iter().filter_map(|key| self.removal.get(key));
            keys.for_each(|&key| graph.edge(key, index));
        }
        self.hollowing.get(node.id).into_iter().for_each(|&hollowing| graph.edge(hollowing, index));
        let goes = self.removal.contains_key(&table::of(node.id));
        for need in self.before.needs(node.id) {
            match (need.strength, self.removal.get(&need.id)) {
                // A table that goes does so before its parent's columns take its own along.
                (Strength::Merged | Strength::Inherited, Some(&removal)) if goes => graph.edge(index, removal),
                (Strength::Merged, Some(&removal)) => graph.edge(removal, index),
                (Strength::Inherited, Some(&removal)) if is_kept_by_heirs(&need.id, self.before, self.after) => {
                    graph.edge(removal, index);
                }
                (Strength::Normal | Strength::Auto, Some(&removal)) => {
                    let hollowing = self.hollowing.get(node.id).filter(|_| self.makes_do(&need.id, node.id));
                    graph.edge(*hollowing.unwrap_or(&index), removal);
                }
                _ if node.act == Act::Drop && self.is_disturbed(node.id, &need.id) => {
                    let first = self.hollowing.get(&need.id).or_else(|| self.making.get(&need.id));
                    first.into_iter().for_each(|&first| graph.edge(index, first));
                }
                _ => {}
            }
        }
    }

    /// Whether something makes do with an outline of what it needs, or that with its own while this is away.
    fn makes_do(&self, id: &Id, outlined: &Id) -> bool {
        let served = self.outlines.get(outlined);
        served.is_some_and(|served| served.contains(id) || served.contains(&table::of(id)))
    }

    /// Whether something is changed where it is.
    pub(super) fn is_altered(&self, id: &Id) -> bool {
        self.making.get(id).is_some_and(|&making| self.nodes[making].act == Act::Alter)
    }

    /// The first node of the making of something.
    fn beginning(&self, id: &Id) -> Option<usize> {
        self.announcing.get(id).or_else(|| self.making.get(id)).copied()
    }

    /// What is announced has a place, and the parts that take part in the old one's name have let go of theirs.
    fn edges_of_announcing(&self, index: usize, node: &Node, graph: &mut Graph) {
        self.making.get(node.id).into_iter().for_each(|&making| graph.edge(index, making));
        for need in self.after.needs(node.id) {
            let waits = !self.makes_do(&need.id, node.id) && self.outlines.contains_key(node.id);
            if need.id.tag == Tag::Schema || waits {
                self.making.get(&need.id).into_iter().for_each(|&making| graph.edge(making, index));
            }
        }
        for need in self.before.needs(node.id) {
            if self.before.is_part(&need.id, node.id) {
                self.announcing.get(&need.id).into_iter().for_each(|&part| graph.edge(part, index));
            }
        }
    }

    /// What changes of a kind below a path.
    fn changes_below(&self, tag: Tag, prefix: &[Name]) -> impl Iterator<Item = (&'a Id, &'a Change)> {
        change::below(self.changes, tag, prefix)
    }

    /// What happens to a table's descent from others.
    pub(super) fn lines_that_change(&self, table: &[Name]) -> impl Iterator<Item = (&'a Id, &'a Change)> {
        self.changes_below(Tag::Inheritance, table)
    }

    /// What is dropped is out of the way before what it stood on changes; an heir has its new parents before it loses the
    /// old ones, or the columns that it had of both would become its own.
    fn wishes_of_removal(&self, index: usize, node: &Node) -> Vec<(usize, usize)> {
        if node.id.tag == Tag::Inheritance {
            let own = self.lines_that_change(&node.id.path[..2]).map(|(id, _)| id);
            let made =
                own.filter(|id| is_heir(node.id, self.before) && is_heir(id, self.after) && !self.before.has(id));
            return made.filter_map(|id| Some((*self.making.get(id)?, index))).collect();
        }
        let needs = self.before.needs(node.id);
        let wish = |need: &Need| {
            let making = *self.making.get(&need.id)?;
            // A check of the rows spares the server to read them once more.
            let becomes = |side: &Catalog| column_of(side, &need.id).is_some_and(|column| column.not_null);
            if !becomes(self.before) && becomes(self.after) && says(node.id, &need.id, self.before) {
                return Some((making, index));
            }
            let wanted = match self.nodes[making].act {
                Act::Alter if node.id.tag == Tag::OwnedBy => {
                    identity_instead(&node.id.anchor(), self.before, self.after).is_none()
                }
                // A value more is in nobody's way.
                Act::Alter => need.id.tag != Tag::Enum && !self.is_about_facets(&need.id),
                Act::SwapIn => node.id.tag.names_types(),
                _ => false,
            };
            let making = self.beginning(&need.id).filter(|_| wanted && node.act == Act::Drop)?;
            Some((index, making))
        };
        needs.filter(|need| matches!(need.strength, Strength::Normal | Strength::Auto)).filter_map(wish).collect()
    }

    /// Whether something cannot stand while what it needs is changed.
    fn is_disturbed(&self, id: &Id, needed: &Id) -> bool {
        match self.changes.get(needed) {
            Some(Change::InPlace(_, disturbs)) => disturbs.contains(&id.tag),
            Some(Change::Retype) => id.tag == Tag::Column || column::CODE.contains(&id.tag),
            Some(Change::Lift) => true,
            _ => false,
        }
    }

    /// Whether only the facets of something change.
    fn is_about_facets(&self, id: &Id) -> bool {
        match (self.changes.get(id), self.before.get(id), self.after.get(id)) {
            (Some(Change::InPlace(..)), Some(old), Some(new)) => old.body == new.body && !old.is_inherited(),
            _ => false,
        }
    }

    fn edges_of_making(&self, index: usize, node: &Node, graph: &mut Graph) {
        if let Some((column, _)) = identity_instead(node.id, self.after, self.before) {
            self.making.get(&column).into_iter().for_each(|&leaving| graph.edge(leaving, index));
        }
        if let Some(parent) = self.comes_with_rows(node.id) {
            // Rows that are referred to are there first.
            let keys = self.after.referring_to(parent).into_iter().filter_map(|key| self.making.get(key));
            keys.for_each(|&key| graph.edge(index, key));
        }
        // What can be used only after a commit goes before anything is away.
        let is_first = self.changes.get(node.id).is_some_and(|change| change.runs(Transaction::EndsIt));
        for need in self.after.needs(node.id) {
            if need.strength == Strength::Owned {
                // The owner of a table becomes that of its sequences.
                let table = self.making.get(&need.id.prefix(Tag::Table, 2)).filter(|_| node.act == Act::Alter);
                table
                    .into_iter()
                    .filter(|table| self.nodes[**table].act == Act::Alter)
                    .for_each(|&table| graph.edge(table, index));
                continue;
            }
            if need.strength == Strength::Merged {
                if let Some(&making) =
                    self.making.get(&need.id).filter(|_| !self.making.contains_key(&table::of(node.id)))
                {
                    graph.edge(index, making);
                }
                continue;
            }
            // What it comes to inherit from it is not kept in step with yet.
            let joins = || {
                need.strength == Strength::Inherited && self.making.contains_key(&line(&node.id.path, &need.id.path))
            };
            if node.act == Act::Alter && (is_of_partition(node.id, need) || joins()) {
                // But the name of its NOT NULL is the parent's first.
                let made = self.making.get(&need.id).filter(|&&making| self.nodes[making].act == Act::Make);
                made.filter(|_| self.loses_not_null(node.id)).into_iter().for_each(|&making| graph.edge(making, index));
                continue;
            }
            if self.after.is_part(node.id, &need.id) || self.makes_do(node.id, &need.id) {
                self.announcing.get(&need.id).into_iter().for_each(|&whole| graph.edge(whole, index));
                continue;
            }
            if node.act == Act::Alter
                && need.strength == Strength::Inherited
                && self.goes_before(node.id, &need.id)
                && let Some(&making) = self.making.get(&need.id)
            {
                graph.edge(index, making);
                continue;
            }
            // What the server keeps in step changes with its parent.
            let mut led = Some(&need.id);
            while let Some(id) = led {
                let stays = |making: usize| {
                    let of_table = node.id.tag == Tag::Column && id.tag == Tag::Table;
                    self.nodes[making].act == Act::Alter
                        && (of_table && !self.is_granted_after(node.id, id) || is_first)
                };
                if let Some(&making) = self.making.get(id).filter(|making| !stays(**making)) {
                    graph.edge(making, index);
                }
                led = self.after.get(id).and_then(Object::parent);
            }
        }
        if node.act == Act::Make {
            return;
        }
        for need in self.before.needs(node.id) {
            if !matches!(need.strength, Strength::Inherited | Strength::Merged)
                && !is_of_partition(node.id, need)
                && let Some(&removal) = self.removal.get(&need.id)
            {
                graph.edge(index, removal);
            }
        }
    }

    /// Whether what is granted on a column would be taken with what is revoked on its table.
    fn is_granted_after(&self, column: &Id, table: &Id) -> bool {
        let facets = |side: &'a Catalog, id: &Id| side.get(id).map(|object| &*object.facets);
        let granted = facets(self.after, column).and_then(|facets| facets.grants.as_ref());
        let rights = |side| facets(side, table).map(|facets| (&facets.owner, &facets.grants));
        granted.is_some_and(|all| !all.is_empty()) && rights(self.before) != rights(self.after)
    }

    /// Whether a change of an heir's comes before that of its parent's: that would not be joined to one that may not be
    /// true of all rows, and one that it is joined to has a name for ever.
    pub(super) fn goes_before(&self, id: &Id, parent: &Id) -> bool {
        let (before, after) = (self.before, self.after);
        self.is_validated(id) && !self.is_validated(parent)
            || is_renamed(id, before, after) && is_led_anew(id, before, after)
    }

    /// Whether what was said of the rows to come alone is said of all.
    fn is_validated(&self, id: &Id) -> bool {
        let is_valid = |side: &Catalog| match &side.get(id)?.body {
            Body::Constraint(check) => Some(!check.not_valid),
            Body::Column(Column { not_null: true, not_null_as, .. }) => {
                Some(!not_null_as.as_ref().is_some_and(|not_null| not_null.not_valid))
            }
            _ => None,
        };
        is_valid(self.before) == Some(false) && is_valid(self.after) == Some(true)
    }

    /// Whether the NOT NULL of a column has no name of its own any more.
    fn loses_not_null(&self, id: &Id) -> bool {
        let own = |side| column_of(side, id).is_some_and(|column| column.not_null_as.is_some());
        own(self.before) && !own(self.after)
    }

    /// Parts of other objects that change only while an object is not there. What is written inside a table's statement
    /// is there before any part of that table, and what goes with it may see the others' changes.
    fn edges_of_parts(&self, graph: &mut Graph, wishes: &mut Vec<(usize, usize)>) -> Vec<(usize, usize, usize)> {
        let mut apart = Vec::new();
        for (index, node) in self.nodes.iter().enumerate() {
            let (side, leaves) = if node.act == Act::Drop { (self.before, true) } else { (self.after, false) };
            let parts = side.get(node.id).map_or(Vec::new(), |object| object.body.after_parts(node.id));
            let holder = self.holder(index).map(|holder| self.nodes[holder].id);
            let elsewhere = self.ordered_elsewhere(node.id, leaves);
            for (tag, prefix) in parts {
                let inside = |id: &Id| node.act == Act::Make && id.path.starts_with(&node.id.path);
                let of_holder = holder.is_some_and(|holder| prefix.starts_with(&holder.path));
                for (id, _) in self.changes_below(tag, &prefix) {
                    let apart_from_it = inside(id) && id.path != node.id.path || !self.concerns(node.id, id);
                    if apart_from_it || elsewhere.contains(id) {
                        continue;
                    }
                    let own = node.id.tag == Tag::Inheritance
                        && node.act == Act::Make
                        && partition::stays_apart(self.after, id);
                    for &part in [self.removal.get(id), self.making.get(id)].into_iter().flatten() {
                        if self.holder(part).is_none() && self.is_spared_by(node, &self.nodes[part]) {
                            wishes.push((index, part));
                            continue;
                        }
                        let first = leaves || own && self.nodes[part].act == Act::Make;
                        let (from, to) = if first { (index, part) } else { (part, index) };
                        match holder {
                            Some(_) if of_holder => apart.push((index, from, to)),
                            Some(_) if node.act == Act::Drop => {
                                apart.push((index, from, to));
                                wishes.push((from, to));
                            }
                            _ => graph.edge(from, to),
                        }
                    }
                }
            }
        }
        apart
    }

    /// Who leaves a name goes before who takes it.
    fn edges_of_slots(&self, graph: &mut Graph) {
        let slots = |catalog: &Catalog, id: &Id| catalog.get(id).map_or(Vec::new(), |object| object.body.slots(id));
        let mut leaving: HashMap<String, Vec<usize>> = HashMap::new();
        let mut taking: Vec<(String, usize)> = Vec::new();
        for (index, node) in self.nodes.iter().enumerate() {
            let (mut before, mut after) = (Vec::new(), Vec::new());
            match node.act {
                Act::Drop => before = slots(self.before, node.id),
                Act::Announce if !matches!(self.changes.get(node.id), Some(Change::Swap)) => {
                    after = slots(self.after, node.id);
                }
                Act::Make if self.announcing.contains_key(node.id) => {}
                Act::Make => after = slots(self.after, node.id),
                Act::Hollow if self.is_altered(node.id) => before = slots(self.before, node.id),
                Act::Alter if self.hollowing.contains_key(node.id) => after = slots(self.after, node.id),
                Act::Alter => (before, after) = (slots(self.before, node.id), slots(self.after, node.id)),
                Act::SwapIn if !self.after.has(node.id) => before = slots(self.before, node.id),
                Act::Announce | Act::Hollow | Act::SwapIn | Act::SwapOut | Act::PutBy | Act::BringBack => {}
            }
            for slot in before.iter().filter(|slot| !after.contains(slot)) {
                leaving.entry(slot.clone()).or_default().push(index);
            }
            taking.extend(after.into_iter().filter(|slot| !before.contains(slot)).map(|slot| (slot, index)));
        }
        for (slot, index) in taking {
            leaving.get(&slot).into_iter().flatten().for_each(|&leaver| graph.edge(leaver, index));
        }
    }
}
