//! Partitions and heirs: what is there before a table becomes one, or is one no more.

use std::collections::{BTreeSet, HashMap};

use crate::catalog::Object;
use crate::dag::Graph;
use crate::kind::constraint::{Constraint, Form};
use crate::kind::inheritance::{in_table, line, partitioned_parent};
use crate::kind::{Body, Id, Tag, table};
use crate::name::Name;
use crate::plan::order::{Act, Node, Sorter};
use crate::plan::partition;

impl<'a> Sorter<'a> {
    /// By the index of a partitioned table: what attaches the partitions' to it, each with that index.
    pub(super) fn attached(&self) -> HashMap<&Id, Vec<(usize, &Id)>> {
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
    pub(super) fn edges_of_foreign_key(
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
                for (id, _) in self.changes_below(tag, &table.path) {
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
    pub(super) fn edges_of_line(
        &self,
        index: usize,
        node: &Node,
        attached: &HashMap<&Id, Vec<(usize, &Id)>>,
        graph: &mut Graph,
    ) {
        if node.act != Act::Make || node.id.tag != Tag::Inheritance {
            return;
        }
        for id in partition::alone(self.after, node.id) {
            self.removal.get(id).into_iter().for_each(|&removal| graph.edge(removal, index));
            self.making.get(id).into_iter().for_each(|&making| graph.edge(index, making));
        }
        if partition::comes_with_identity(node.id, self.after) {
            let above =
                self.after.below(Tag::Inheritance, &node.id.path[2..]).filter_map(|(id, _)| self.making.get(id));
            above.for_each(|&above| graph.edge(above, index));
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

    /// A table that becomes a partition, or is no more, changes its triggers while it is none: a partition has not all of them.
    pub(super) fn wishes_of_lines(&self) -> Vec<(usize, usize)> {
        let lines = self.nodes.iter().enumerate().filter(|(_, node)| node.id.tag == Tag::Inheritance);
        let wishes = lines.flat_map(|(index, node)| {
            let triggers =
                self.changes_below(Tag::Trigger, &node.id.path[..2]).filter_map(|(id, _)| self.making.get(id));
            let altered = triggers.filter(|&&trigger| self.nodes[trigger].act == Act::Alter);
            altered.map(move |&trigger| if node.act == Act::Make { (trigger, index) } else { (index, trigger) })
        });
        wishes.collect()
    }

    /// The parts of the parent at the end of a line that other edges speak of: keys that refer to its rows, and indexes that it
    /// has alone.
    pub(super) fn ordered_elsewhere<'s>(&'s self, line: &'s Id, leaves: bool) -> BTreeSet<&'s Id> {
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
    pub(super) fn comes_with_rows<'b>(&self, line: &'b Id) -> Option<&'b [Name]> {
        let object = self.after.get(line).filter(|_| self.before.has(&table::of(line)))?;
        partitioned_parent(line, &object.body)
    }

    /// Whether a check that goes may tell the server, once more, that the rows of a table fit into the bounds that it gets.
    pub(super) fn is_spared_by(&self, line: &Node, check: &Node) -> bool {
        let is_check = |body: &Body| matches!(body, Body::Constraint(own) if own.form == Form::Check);
        (line.act, check.act) == (Act::Make, Act::Drop)
            && self.after.get(line.id).is_some_and(|object| partitioned_parent(line.id, &object.body).is_some())
            && self.before.get(check.id).is_some_and(|object| is_check(&object.body))
            && check.id.path[..2] == line.id.path[..2]
            && !self.after.has(check.id)
            && !self.after.has(&in_table(check.id, &line.id.path[2..]))
    }

    /// Whether what happens to a part matters to a line of descent: partitions take over keys, heirs neither those nor what
    /// their parent does not have.
    pub(super) fn concerns(&self, line: &Id, part: &Id) -> bool {
        let sides = [self.before, self.after];
        let partition = |body: &Body| !matches!(body, Body::Inheritance(line) if line.bound.is_none());
        let check = |body: &Body| !matches!(body, Body::Constraint(constraint) if constraint.form != Form::Check);
        let bodies = |id| sides.into_iter().filter_map(move |side| Some(&side.get(id)?.body));
        let is_led = || sides.iter().any(|side| side.has(&in_table(part, &line.path[2..])));
        bodies(line).any(partition) || bodies(part).any(check) && is_led()
    }
}
