//! What has to happen before what.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::change::{Change, is_overloaded, names_types, rivals, switched, writes_values};
use super::order::{Act, Node, Sorter};
use super::partition;
use crate::catalog::{Catalog, Need, Object, Strength};
use crate::dag::Graph;
use crate::kind::column::{Column, column_of, is_led_anew, is_renamed};
use crate::kind::constraint::{Constraint, Form};
use crate::kind::inheritance::{is_heir, is_kept_by_heirs, line, partitioned_parent};
use crate::kind::sequence::identity_instead;
use crate::kind::table::rows;
use crate::kind::{Body, Id, Tag, column, table};
use crate::name::Name;

/// What may be asked for rows as soon as it is made, by a materialized view.
const READERS: &[Tag] = &[Tag::View, Tag::MaterializedView, Tag::Function];

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
                Act::PutBy | Act::BringBack => {}
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
        self.edges_of_persistence(&mut graph);
        self.edges_of_rows(&mut graph, &mut wishes);
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
        if let Some(column) = identity_instead(node.id, self.before, self.after) {
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
        let goes = self.removal.contains_key(&table::of(node.id));
        for need in self.before.get(node.id).into_iter().flat_map(|object| &object.needs) {
            match (need.strength, self.removal.get(&need.id)) {
                // A table that goes does so before its parent's columns take its own along.
                (Strength::Merged | Strength::Inherited, Some(&removal)) if goes => graph.edge(index, removal),
                (Strength::Merged, Some(&removal)) => graph.edge(removal, index),
                (Strength::Inherited, Some(&removal)) if is_kept_by_heirs(&need.id, self.before, self.after) => {
                    graph.edge(removal, index);
                }
                (Strength::Normal | Strength::Auto, Some(&removal)) => graph.edge(index, removal),
                _ if node.act == Act::Drop && self.is_disturbed(node.id, &need.id) => {
                    self.making.get(&need.id).into_iter().for_each(|&making| graph.edge(index, making));
                }
                _ => {}
            }
        }
    }

    /// The first node of the making of something.
    fn beginning(&self, id: &Id) -> Option<usize> {
        self.announcing.get(id).or_else(|| self.making.get(id)).copied()
    }

    /// What is announced has a place, and the parts that take part in the old one's name have let go of theirs.
    fn edges_of_announcing(&self, index: usize, node: &Node, graph: &mut Graph) {
        self.making.get(node.id).into_iter().for_each(|&making| graph.edge(index, making));
        for need in self.after.get(node.id).into_iter().flat_map(|object| &object.needs) {
            if need.id.tag == Tag::Schema {
                self.making.get(&need.id).into_iter().for_each(|&making| graph.edge(making, index));
            }
        }
        for need in self.before.get(node.id).into_iter().flat_map(|object| &object.needs) {
            if self.before.is_part(&need.id, node.id) {
                self.announcing.get(&need.id).into_iter().for_each(|&part| graph.edge(part, index));
            }
        }
    }

    /// What happens to a table's descent from others.
    pub(super) fn lines_that_change(&self, table: &[Name]) -> impl Iterator<Item = (&'a Id, &'a Change)> {
        let first = line(table, &[]);
        let lines = self.changes.range::<Id, _>(&first..).map(|(id, change)| (*id, change));
        lines.take_while(move |(id, _)| id.tag == first.tag && id.path.starts_with(&first.path))
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
        let needs = self.before.get(node.id).into_iter().flat_map(|object| &object.needs);
        let wish = |need: &Need| {
            let making = *self.making.get(&need.id)?;
            let wanted = match self.nodes[making].act {
                Act::Alter if node.id.tag == Tag::OwnedBy => {
                    identity_instead(&node.id.anchor(), self.before, self.after).is_none()
                }
                // A value more is in nobody's way.
                Act::Alter => need.id.tag != Tag::Enum && !self.is_about_facets(&need.id),
                Act::SwapIn => names_types(node.id),
                _ => false,
            };
            let making = self.beginning(&need.id).filter(|_| wanted && node.act == Act::Drop)?;
            Some((index, making))
        };
        needs.filter(|need| matches!(need.strength, Strength::Normal | Strength::Auto)).filter_map(wish).collect()
    }

    /// By the index of a partitioned table: what attaches the partitions' to it, each with that index.
    fn attached(&self) -> HashMap<&Id, Vec<(usize, &Id)>> {
        let mut out: HashMap<&Id, Vec<(usize, &Id)>> = HashMap::new();
        for (index, node) in self.nodes.iter().enumerate().filter(|(_, node)| node.id.tag == Tag::IndexPartition) {
            let needs =
                self.after.get(node.id).filter(|_| node.act == Act::Make).map_or(&[][..], |object| &object.needs);
            let (own, parents): (Vec<&Id>, Vec<&Id>) = needs
                .iter()
                .map(|need| &need.id)
                .filter(|id| partition::is_index(id))
                .partition(|id| id.path == node.id.path);
            for parent in parents {
                out.entry(parent).or_default().extend(own.iter().map(|own| (index, *own)));
            }
        }
        out
    }

    /// A foreign key takes any key that serves: those that go do so before it looks for one, and the key of a partitioned
    /// table serves as soon as those of all partitions are attached.
    fn edges_of_foreign_key(
        &self,
        index: usize,
        node: &Node,
        attached: &HashMap<&Id, Vec<(usize, &Id)>>,
        graph: &mut Graph,
    ) {
        let Some(Object { body: Body::Constraint(Constraint { form: Form::ForeignKey, .. }), needs, .. }) =
            self.after.get(node.id)
        else {
            return;
        };
        if node.act != Act::Make {
            return;
        }
        // One to its own table comes before that table's new partitions, one to a parent-to-be before the table is a partition.
        let is_new = |child: &Id, parent: &Id| self.making.contains_key(&line(&child.path, &parent.path));
        let own_table = |id: &Id| id.path[..id.path.len().min(2)] == node.id.path[..2];
        let mut keys: Vec<&Id> =
            needs.iter().map(|need| &need.id).filter(|id| own_table(id) || !is_new(node.id, id)).collect();
        while let Some(key) = keys.pop() {
            for (line, own) in
                attached.get(key).into_iter().flatten().filter(|(_, own)| !own_table(key) || !is_new(own, key))
            {
                graph.edge(*line, index);
                keys.push(own);
            }
        }
        let columns = needs.iter().map(|need| &need.id).filter(|id| id.tag == Tag::Column);
        let tables: BTreeSet<Id> = columns.map(table::of).collect();
        for table in tables {
            for tag in [Tag::Constraint, Tag::Index] {
                let first = Id { tag, path: table.path.clone() };
                let inside = |id: &&Id| id.tag == tag && id.path.starts_with(&table.path);
                for (id, _) in self.changes.range::<Id, _>(&first..).take_while(|(id, _)| inside(id)) {
                    let serves = match self.before.get(id).map(|object| &object.body) {
                        Some(Body::Constraint(key)) => key.form.has_index(),
                        Some(Body::Index(key)) => key.unique,
                        _ => false,
                    };
                    self.removal.get(id).filter(|_| serves).into_iter().for_each(|&key| graph.edge(key, index));
                }
            }
        }
    }

    /// The indexes with which a table becomes a partition are whole by then, down to its own partitions', or the server would
    /// make others; those that its parent has alone come after it.
    fn edges_of_line(&self, index: usize, node: &Node, attached: &HashMap<&Id, Vec<(usize, &Id)>>, graph: &mut Graph) {
        if node.act != Act::Make || node.id.tag != Tag::Inheritance {
            return;
        }
        for id in partition::alone(self.after, node.id) {
            self.removal.get(id).into_iter().for_each(|&removal| graph.edge(removal, index));
            self.making.get(id).into_iter().for_each(|&making| graph.edge(index, making));
        }
        if !self.before.has(&table::of(node.id)) {
            return;
        }
        let own = &node.id.path[..2];
        let parts = self.after.below(Tag::IndexPartition, own).flat_map(|(_, object)| &object.needs);
        let mut keys: Vec<&Id> =
            parts.map(|need| &need.id).filter(|id| partition::is_index(id) && id.path.starts_with(own)).collect();
        while let Some(key) = keys.pop() {
            // A partition that comes itself does so from the top down, or it would not get the identity of its columns.
            let there = |(_, own): &&(usize, &Id)| !self.making.contains_key(&line(&own.path, &key.path));
            for (part, own) in attached.get(key).into_iter().flatten().filter(there) {
                graph.edge(*part, index);
                keys.push(own);
            }
        }
    }

    /// Whether something cannot stand while what it needs is changed.
    fn is_disturbed(&self, id: &Id, needed: &Id) -> bool {
        match self.changes.get(needed) {
            Some(Change::InPlace(_, disturbs)) => disturbs.contains(&id.tag),
            Some(Change::Retype) => id.tag == Tag::Column || column::CODE.contains(&id.tag),
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
        if let Some(parent) = self.comes_with_rows(node.id) {
            // Rows that are referred to are there first.
            let keys = self.after.referring_to(parent).into_iter().filter_map(|key| self.making.get(key));
            keys.for_each(|&key| graph.edge(index, key));
        }
        for need in self.after.get(node.id).into_iter().flat_map(|object| &object.needs) {
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
            if node.act == Act::Alter && (is_attached(node.id, need) || joins()) {
                // But the name of its NOT NULL is the parent's first.
                let made = self.making.get(&need.id).filter(|&&making| self.nodes[making].act == Act::Make);
                made.filter(|_| self.loses_not_null(node.id)).into_iter().for_each(|&making| graph.edge(making, index));
                continue;
            }
            if self.after.is_part(node.id, &need.id) {
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
                if let Some(&making) = self.making.get(id)
                    && !(node.id.tag == Tag::Column && id.tag == Tag::Table && self.nodes[making].act == Act::Alter)
                {
                    graph.edge(making, index);
                }
                led = self.after.get(id).and_then(Object::parent);
            }
        }
        if node.act == Act::Make {
            return;
        }
        for need in self.before.get(node.id).into_iter().flat_map(|object| &object.needs) {
            if !matches!(need.strength, Strength::Inherited | Strength::Merged)
                && !is_attached(node.id, need)
                && let Some(&removal) = self.removal.get(&need.id)
            {
                graph.edge(index, removal);
            }
        }
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
                let first = Id::new(tag, prefix.iter().cloned());
                let changed = self.changes.range::<Id, _>(&first..).map(|(id, _)| *id);
                let inside = |id: &Id| node.act == Act::Make && id.path.starts_with(&node.id.path);
                let of_holder = holder.is_some_and(|holder| prefix.starts_with(&holder.path));
                for id in changed.take_while(|id| id.tag == tag && id.path.starts_with(&prefix)) {
                    let apart_from_it = inside(id) && id.path != node.id.path || !self.concerns(node.id, id);
                    if apart_from_it || elsewhere.contains(id) {
                        continue;
                    }
                    let own = node.id.tag == Tag::Inheritance
                        && node.act == Act::Make
                        && partition::stays_apart(self.after, id);
                    for &part in [self.removal.get(id), self.making.get(id)].into_iter().flatten() {
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

    /// The parts of the parent at the end of a line that other edges speak of: keys that refer to its rows, and indexes that it
    /// has alone.
    fn ordered_elsewhere<'s>(&'s self, line: &'s Id, leaves: bool) -> BTreeSet<&'s Id> {
        if line.tag != Tag::Inheritance {
            return BTreeSet::new();
        }
        if leaves {
            let parent = self.before.get(line).and_then(|object| partitioned_parent(line, &object.body));
            return parent.into_iter().flat_map(|parent| self.before.referring_to(parent)).collect();
        }
        let keys = self.comes_with_rows(line).into_iter().flat_map(|parent| self.after.referring_to(parent));
        keys.chain(partition::alone(self.after, line)).collect()
    }

    /// The table that a table becomes a partition of which is there already.
    fn comes_with_rows<'b>(&self, line: &'b Id) -> Option<&'b [Name]> {
        let object = self.after.get(line).filter(|_| self.before.has(&table::of(line)))?;
        partitioned_parent(line, &object.body)
    }

    /// Whether what happens to a part matters to a line of descent: partitions take over keys, heirs do not.
    fn concerns(&self, line: &Id, part: &Id) -> bool {
        let partition = |body: &Body| !matches!(body, Body::Inheritance(line) if line.bound.is_none());
        let check = |body: &Body| !matches!(body, Body::Constraint(constraint) if constraint.form != Form::Check);
        let bodies = |id| [self.before, self.after].into_iter().filter_map(move |side| Some(&side.get(id)?.body));
        bodies(line).any(partition) || bodies(part).any(check)
    }

    /// No logged table refers to an unlogged one, at any time.
    fn edges_of_persistence(&self, graph: &mut Graph) {
        let nodes =
            self.nodes.iter().enumerate().filter(|(_, node)| node.act == Act::Alter && node.id.tag == Tag::Table);
        let tables: HashMap<&Id, (usize, bool)> = nodes
            .filter_map(|(index, node)| Some((node.id, (index, switched(node.id, self.before, self.after)?))))
            .collect();
        if tables.is_empty() {
            return;
        }
        for (catalog, acts) in [(self.before, &self.removal), (self.after, &self.making)] {
            for (id, object) in catalog.below(Tag::Constraint, &[]) {
                if !matches!(&object.body, Body::Constraint(constraint) if constraint.form == Form::ForeignKey) {
                    continue;
                }
                let own = table::of(id);
                let referred: BTreeSet<Id> =
                    object.needs.iter().map(|need| table::of(&need.id)).filter(|to| *to != own).collect();
                for &(other, unlogged) in referred.iter().filter_map(|to| tables.get(to)) {
                    match (acts.get(id), tables.get(&own)) {
                        (Some(&key), _) if std::ptr::eq(catalog, self.before) => graph.edge(key, other),
                        (Some(&key), _) => graph.edge(other, key),
                        (None, Some(&(table, _))) if unlogged => graph.edge(table, other),
                        (None, Some(&(table, _))) => graph.edge(other, table),
                        (None, None) => {}
                    }
                }
            }
        }
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
                Act::Alter => (before, after) = (slots(self.before, node.id), slots(self.after, node.id)),
                Act::SwapIn if !self.after.has(node.id) => before = slots(self.before, node.id),
                Act::Announce | Act::SwapIn | Act::SwapOut | Act::PutBy | Act::BringBack => {}
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

    /// Rows are put by before anything goes; they come back when all partitions are there, and before what would act on each,
    /// look at it, or copy it.
    fn edges_of_rows(&self, graph: &mut Graph, wishes: &mut Vec<(usize, usize)>) {
        for &(away, back) in &self.moving {
            let table = self.nodes[away].id;
            let family: HashSet<Id> = rows::parts(table, self.after).chain([table.clone()]).collect();
            let is_of = |id: &Id| family.contains(&table::of(id));
            let is_read = |need: &Need| matches!(need.id.tag, Tag::Table | Tag::Column) && is_of(&need.id);
            for (index, Node { id, act }) in self.nodes.iter().enumerate() {
                let reads = || self.after.get(id).is_some_and(|object| object.needs.iter().any(is_read));
                match (act, id.tag) {
                    (Act::Drop | Act::SwapIn | Act::Announce, _) => graph.edge(away, index),
                    (Act::Make, Tag::Table | Tag::Column | Tag::Inheritance) if is_of(id) => graph.edge(index, back),
                    (Act::Make, Tag::Constraint) if !is_of(id) && reads() => graph.edge(back, index),
                    (Act::Make, Tag::Trigger | Tag::Rule | Tag::Policy) if is_of(id) => graph.edge(back, index),
                    // What the table's own defaults call has to be there.
                    (Act::Make, tag) if READERS.contains(&tag) && reads() => wishes.push((back, index)),
                    _ => {}
                }
            }
        }
    }

    /// The columns of a table keep their types while its rows are values of a column, or written in an expression.
    fn edges_of_row_types(&self, graph: &mut Graph) {
        let holds = |catalog: &Catalog, id: &Id| -> Vec<Id> {
            let tables = catalog.get(id).into_iter().flat_map(|object| &object.needs).map(|need| &need.id);
            tables.filter(|need| need.tag == Tag::Table && need.path[..] != id.path[..2]).cloned().collect()
        };
        let rows = |catalog: &Catalog, id: &Id| {
            let tables = holds(catalog, id);
            let written = |object: &Object| id.tag == Tag::Column || writes_values(&object.body);
            if !tables.is_empty() && catalog.get(id).is_some_and(written) { tables } else { Vec::new() }
        };
        for (index, node) in self.nodes.iter().enumerate() {
            let was = if node.act == Act::Make { Vec::new() } else { rows(self.before, node.id) };
            let is = if node.act == Act::Drop { Vec::new() } else { rows(self.after, node.id) };
            let moves = |table: &&Id| node.id.tag != Tag::Column || was.contains(table) != is.contains(table);
            // A row is written with as many values as its table has columns by then.
            for table in is.iter().filter(|_| node.id.tag != Tag::Column) {
                let columns = [(self.before, &self.removal), (self.after, &self.making)];
                let nodes =
                    columns.map(|(side, acts)| side.below(Tag::Column, &table.path).filter_map(|(id, _)| acts.get(id)));
                nodes.into_iter().flatten().for_each(|&part| graph.edge(part, index));
            }
            for table in was.iter().chain(&is).filter(moves) {
                for (id, _) in self.after.below(Tag::Column, &table.path) {
                    if let (Some(Change::InPlace(..) | Change::Retype), Some(&part)) =
                        (self.changes.get(id), self.making.get(id))
                    {
                        if is.contains(table) { graph.edge(part, index) } else { graph.edge(index, part) }
                    }
                }
            }
        }
    }
}

/// Whether this is the index of a partition, and that its parent's, which it can do without.
pub(super) fn is_attached(id: &Id, need: &Need) -> bool {
    need.strength == Strength::Auto && partition::is_index(id) && partition::is_index(&need.id)
}
