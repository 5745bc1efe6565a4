//! The order of statements: nodes from the changes, sorted.

use std::collections::{HashMap, HashSet};

use super::change::{Change, Changes};
use super::outline::Outlines;
use super::{Error, Keys};
use crate::catalog::{Catalog, Object};
use crate::dag::Graph;
use crate::kind::column_default::reaches_heirs;
use crate::kind::retype::TYPES;
use crate::kind::table::rows;
use crate::kind::{Body, Id, Style, Tag, constraint};
use crate::name::Name;
use crate::statement::{Statement, Transaction};

/// What a node does to its object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    Drop,
    /// What can be there before that which it needs: the old one is put aside, the new one announced.
    Announce,
    /// Lets go of what it needs, which it is in the way of.
    Hollow,
    Make,
    Alter,
    /// Puts a type under another name and makes the new one.
    SwapIn,
    /// Drops the type under its other name.
    SwapOut,
    /// Puts the rows of a table by, for the one that takes its place.
    PutBy,
    /// Brings them back.
    BringBack,
}

pub(super) struct Node<'a> {
    pub(super) id: &'a Id,
    pub(super) act: Act,
}

pub(super) struct Sorter<'a> {
    pub(super) changes: &'a Changes<'a>,
    pub(super) outlines: &'a Outlines,
    pub(super) before: &'a Catalog,
    pub(super) after: &'a Catalog,
    pub(super) style: Style,
    pub(super) nodes: Vec<Node<'a>>,
    /// By id: the node that removes it, and the one that makes or changes it.
    pub(super) removal: HashMap<&'a Id, usize>,
    pub(super) making: HashMap<&'a Id, usize>,
    /// The one that announces it.
    pub(super) announcing: HashMap<&'a Id, usize>,
    /// The one that leaves an outline of it.
    pub(super) hollowing: HashMap<&'a Id, usize>,
    /// Defaults that heirs get together with their parent.
    pub(super) reaching: HashSet<&'a Id>,
    /// Those that put rows by, and bring them back.
    pub(super) moving: Vec<(usize, usize)>,
    /// The tables whose rows wait in them, under another name.
    pub(super) aside: HashSet<&'a Id>,
}

/// Every statement of the changes, in an order that a person would choose among those that work.
pub fn statements(
    changes: &Changes,
    outlines: &Outlines,
    before: &Catalog,
    after: &Catalog,
    style: Style,
    keys: Keys,
) -> Result<Vec<(Id, Statement)>, Error> {
    let has_heirs = |id: &Id| [before, after].iter().any(|side| side.has_heirs(&id.path[..2]));
    let is_reaching = |id: &Id| id.tag == Tag::ColumnDefault && has_heirs(id) && reaches_heirs(id, before, after);
    let mut sorter = Sorter {
        changes,
        outlines,
        before,
        after,
        style,
        nodes: Vec::new(),
        removal: HashMap::new(),
        making: HashMap::new(),
        announcing: HashMap::new(),
        hollowing: HashMap::new(),
        reaching: changes.keys().copied().filter(|id| is_reaching(id)).collect(),
        moving: Vec::new(),
        aside: HashSet::new(),
    };
    sorter.add_nodes();
    let edges = sorter.edges();
    let (group, graph) = sorter.fold(edges, keys)?;
    let mut members: HashMap<usize, Vec<&Id>> = HashMap::new();
    for (node, &head) in group.iter().enumerate() {
        if node != head {
            members.entry(head).or_default().push(sorter.nodes[node].id);
        }
    }
    let none = Vec::new();
    let awaited = graph.before(sorter.coming_back());
    let mut texts: Vec<Vec<Statement>> = (0..sorter.nodes.len())
        .map(|node| match group[node] == node {
            true => sorter.write(node, members.get(&node).unwrap_or(&none), sorter.style_of(node, &graph, &awaited)),
            false => Vec::new(),
        })
        .collect();
    let apart = sorter.apart(&texts, &graph);
    let order = graph.sort(|node| sorter.key(node, apart[node]));
    let mut out = Vec::new();
    for node in order {
        let id = sorter.nodes[node].id;
        out.extend(std::mem::take(&mut texts[node]).into_iter().map(|statement| (id.clone(), statement)));
    }
    Ok(out)
}

/// What decides on every row that is read or written.
const GUARDS: &[Tag] = &[Tag::Policy, Tag::Trigger];

impl<'a> Sorter<'a> {
    fn add_nodes(&mut self) {
        for (&id, change) in self.changes {
            let mut add = |act: Act| {
                self.nodes.push(Node { id, act });
                self.nodes.len() - 1
            };
            let announced = |side: &Catalog| side.get(id).is_some_and(|object| object.body.announce(id).is_some());
            let is_announced = match change {
                Change::Create | Change::Rebuild => announced(self.after) || self.outlines.contains_key(id),
                // What is swapped and is no type is part of one.
                Change::Swap => announced(self.before) || announced(self.after) || !TYPES.contains(&id.tag),
                _ => false,
            };
            if is_announced {
                self.announcing.insert(id, add(Act::Announce));
            }
            if self.outlines.contains_key(id) && !matches!(change, Change::Create) {
                self.hollowing.insert(id, add(Act::Hollow));
            }
            match change {
                Change::Create => drop(self.making.insert(id, add(Act::Make))),
                Change::Drop => drop(self.removal.insert(id, add(Act::Drop))),
                Change::InPlace(..) | Change::Retype | Change::Lift => drop(self.making.insert(id, add(Act::Alter))),
                Change::Rebuild => {
                    self.removal.insert(id, add(Act::Drop));
                    self.making.insert(id, add(Act::Make));
                    if id.tag == Tag::Table && rows::waits(id, self.before, self.after) {
                        self.moving.push((add(Act::PutBy), add(Act::BringBack)));
                        let changes =
                            |id: &Id| matches!(self.changes.get(id), Some(change) if !matches!(change, Change::Create));
                        if rows::steps_aside(id, self.before, self.after, changes) {
                            self.aside.insert(id);
                        }
                    }
                }
                Change::Swap | Change::Aside => {
                    self.making.insert(id, add(Act::SwapIn));
                    self.removal.insert(id, add(Act::SwapOut));
                }
            }
        }
    }

    /// The nodes that make again what was there: it is away until then. Indexes may be.
    fn coming_back(&self) -> impl Iterator<Item = usize> {
        self.nodes
            .iter()
            .enumerate()
            .filter(|(_, node)| {
                let is_rebuilt = || matches!(self.changes.get(node.id), Some(Change::Rebuild));
                node.act == Act::Make && is_rebuilt() && !self.is_index(node.id)
            })
            .map(|(index, _)| index)
    }

    /// Whether it is an index, or stands on one of its own, or is the tie between two.
    pub(super) fn is_index(&self, id: &Id) -> bool {
        let has_index = |object: &Object| matches!(&object.body, Body::Constraint(key) if key.form.has_index());
        [Tag::Index, Tag::IndexPartition].contains(&id.tag) || self.after.get(id).is_some_and(has_index)
    }

    /// Which nodes are no part of the one transaction: what is done outside of any, and the drop of what keeps rows in
    /// order, which is there until its successor is.
    fn apart(&self, texts: &[Vec<Statement>], graph: &Graph) -> Vec<bool> {
        let outside =
            |text: &Vec<Statement>| text.iter().any(|statement| statement.transaction == Transaction::Outside);
        let mut apart: Vec<bool> = texts.iter().map(outside).collect();
        let gaining = self.nodes.iter().zip(&apart).filter(|(node, apart)| **apart && node.act != Act::Drop);
        let gaining: HashSet<&[Name]> = gaining.filter_map(|(node, _)| node.id.path.get(..2)).collect();
        for (index, Node { id, act }) in self.nodes.iter().enumerate() {
            let body = self.before.get(id).map(|object| &object.body);
            let is_unique = matches!(body, Some(Body::Constraint(key)) if key.form == constraint::Form::Unique);
            apart[index] |=
                *act == Act::Drop && is_unique && gaining.contains(&id.path[..2]) && !graph.is_awaited(index);
        }
        apart
    }

    /// Where a node stands among those that could come next; see [`Sorter::apart`].
    fn key(&self, index: usize, apart: bool) -> (u8, u8, [Name; 2], Tag, i32, &'a Id) {
        let Node { id, act } = self.nodes[index];
        // What guards rows is gone no longer than it has to be.
        let again = GUARDS.contains(&id.tag) && self.making.contains_key(id);
        let phase = match act {
            Act::PutBy | Act::Hollow => 1,
            Act::Drop if apart => 6,
            Act::Drop if !again => 1,
            // A new value can be used only after a commit; nothing is away yet.
            Act::Alter if id.tag == Tag::Enum => 0,
            // They are for what comes later.
            _ if id.tag == Tag::DefaultPrivileges => 6,
            // Whatever it watches has happened by then.
            _ if id.tag == Tag::EventTrigger => 7,
            _ if apart => 5,
            Act::SwapOut => 3,
            _ => 2,
        };
        let rank = id.anchor().tag as u8;
        let place = self.after.get(id).filter(|_| act == Act::Make).map_or(0, |object| object.position);
        let rank = if id.tag == Tag::EventTrigger { u8::MAX } else { rank };
        (phase, if phase == 1 { u8::MAX - rank } else { rank }, [id.part(0), id.part(1)], id.tag, place, id)
    }
}
