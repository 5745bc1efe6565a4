//! The order of statements: nodes from the changes, folding, sorting.

use std::collections::{HashMap, HashSet};

use super::change::{self, Change, Changes};
use super::edges::{Edges, is_attached};
use super::{Error, Keys};
use crate::catalog::{Catalog, Need, Object, Strength};
use crate::dag::Graph;
use crate::kind::inheritance::{is_kept_by_heirs, line};
use crate::kind::retype::TYPES;
use crate::kind::table::rows;
use crate::kind::{Body, Id, Style, Tag, constraint};
use crate::name::Name;
use crate::statement::{Statement, Transaction};

/// The attempt at undoing circles that gives up wishes, and the last one.
const WISHES: usize = 2;
const LAST: usize = 5;

/// What a node does to its object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    Drop,
    /// What can be there before that which it needs: the old one is put aside, the new one announced.
    Announce,
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
    pub(super) before: &'a Catalog,
    pub(super) after: &'a Catalog,
    pub(super) style: Style,
    pub(super) nodes: Vec<Node<'a>>,
    /// By id: the node that removes it, and the one that makes or changes it.
    pub(super) removal: HashMap<&'a Id, usize>,
    pub(super) making: HashMap<&'a Id, usize>,
    /// The one that announces it.
    pub(super) announcing: HashMap<&'a Id, usize>,
    /// Those that put rows by, and bring them back.
    pub(super) moving: Vec<(usize, usize)>,
}

/// Every statement of the changes, in an order that a person would choose among those that work.
pub fn statements(
    changes: &Changes,
    before: &Catalog,
    after: &Catalog,
    style: Style,
    keys: Keys,
) -> Result<Vec<(Id, Statement)>, Error> {
    let mut sorter = Sorter {
        changes,
        before,
        after,
        style,
        nodes: Vec::new(),
        removal: HashMap::new(),
        making: HashMap::new(),
        announcing: HashMap::new(),
        moving: Vec::new(),
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
                Change::Create | Change::Rebuild => announced(self.after),
                // What is swapped and is no type is part of one.
                Change::Swap => announced(self.before) || !TYPES.contains(&id.tag),
                _ => false,
            };
            if is_announced {
                self.announcing.insert(id, add(Act::Announce));
            }
            match change {
                Change::Create => drop(self.making.insert(id, add(Act::Make))),
                Change::Drop => drop(self.removal.insert(id, add(Act::Drop))),
                Change::InPlace(..) | Change::Retype => drop(self.making.insert(id, add(Act::Alter))),
                Change::Rebuild => {
                    self.removal.insert(id, add(Act::Drop));
                    self.making.insert(id, add(Act::Make));
                    if id.tag == Tag::Table && rows::go_over(id, self.before, self.after) {
                        self.moving.push((add(Act::PutBy), add(Act::BringBack)));
                    }
                }
                Change::Swap | Change::Aside => {
                    self.making.insert(id, add(Act::SwapIn));
                    self.removal.insert(id, add(Act::SwapOut));
                }
            }
        }
    }

    /// Which node each node is written inside of; itself for most. Folding that would close a circle is undone.
    /// What is only a wish gives way before whole statements are taken apart.
    fn fold(&self, edges: Edges, keys: Keys) -> Result<(Vec<usize>, Graph), Error> {
        let Edges { graph: edges, mut wishes, apart } = edges;
        let mut kept_apart: HashSet<usize> = match keys {
            Keys::Inside => HashSet::new(),
            Keys::Apart => (0..self.nodes.len()).filter(|&node| self.is_loose(node, 0)).collect(),
        };
        let mut attempt = 0;
        loop {
            let group: Vec<usize> = (0..self.nodes.len()).map(|node| self.head(node, &kept_apart)).collect();
            let mut graph = edges.contract(&group);
            wishes.iter().for_each(|&(from, to)| graph.edge(group[from], group[to]));
            let apart = apart.iter().filter(|(node, ..)| group[*node] == *node);
            apart.for_each(|&(_, from, to)| graph.edge(group[from], group[to]));
            let circles = graph.circles();
            if circles.is_empty() {
                return Ok((group, graph));
            }
            let heads: HashSet<usize> = circles.into_iter().flatten().collect();
            // A sequence that is let go first costs less than any statement taken apart.
            let owned = |id: &Id| id.tag == Tag::OwnedBy && change::can_be_rebuilt(id, self.changes);
            let owned: Vec<usize> = heads.iter().copied().filter(|&node| owned(self.nodes[node].id)).collect();
            if !owned.is_empty() {
                return Err(self.circle(owned));
            }
            let before = kept_apart.len();
            for (node, head) in group.iter().enumerate() {
                if node != *head && heads.contains(head) && self.is_loose(node, attempt) {
                    kept_apart.insert(node);
                }
            }
            if attempt >= WISHES {
                wishes.retain(|(from, to)| !(heads.contains(&group[*from]) && heads.contains(&group[*to])));
            }
            if attempt > WISHES {
                let way = graph.circle().unwrap_or_default();
                let stuck = kept_apart.len() == before && attempt > LAST;
                // To make something small again is better than to take tables apart.
                if stuck || way.iter().any(|&node| change::can_be_rebuilt(self.nodes[node].id, self.changes)) {
                    return Err(self.circle(way));
                }
            }
            attempt += 1;
        }
    }

    fn circle(&self, nodes: Vec<usize>) -> Error {
        Error::Circle(nodes.into_iter().map(|node| self.nodes[node].id.clone()).collect())
    }

    /// Whether a member is taken out of its statement at this attempt: foreign keys first, then what holds expressions.
    fn is_loose(&self, node: usize, attempt: usize) -> bool {
        let id = self.nodes[node].id;
        let side = if self.nodes[node].act == Act::Drop { self.before } else { self.after };
        let object = side.get(id);
        // While a table is an heir, what it inherits goes only with it; so do the parts of a type, and the index of a partition.
        let goes_along = |need: &Need| side.is_part(id, &need.id) || self.is_attached(id, need);
        let is_bound = |object: &Object| object.is_inherited() || object.needs.iter().any(goes_along);
        if self.nodes[node].act == Act::Drop && object.is_some_and(is_bound) {
            return false;
        }
        match object.map(|object| &object.body) {
            Some(Body::Constraint(constraint)) => attempt > 0 || constraint.form == constraint::Form::ForeignKey,
            Some(Body::ColumnDefault(_) | Body::DomainConstraint(_)) => attempt > 0,
            Some(Body::Inheritance(_) | Body::OfType(_)) => attempt > WISHES,
            Some(Body::Column(_)) => attempt >= LAST,
            _ => attempt > WISHES + 1,
        }
    }

    fn head(&self, node: usize, kept_apart: &HashSet<usize>) -> usize {
        let mut head = node;
        loop {
            let next = match kept_apart.contains(&head) {
                true => self.kept_in_step(&self.nodes[head]),
                false => self.holder(head),
            };
            match next {
                Some(next) => head = next,
                None => return head,
            }
        }
    }

    /// The node in whose statement this one can be written or is implied.
    pub(super) fn holder(&self, index: usize) -> Option<usize> {
        let node = &self.nodes[index];
        match node.act {
            Act::Drop | Act::SwapOut => self.taken_along(node),
            Act::Make => self.written_inside(node),
            _ => None,
        }
        .or_else(|| self.kept_in_step(node))
    }

    /// A drop that another drop implies; the outermost of those that do.
    fn taken_along(&self, node: &Node) -> Option<usize> {
        let object = self.before.get(node.id)?;
        // A sequence that stays, or comes back, would go along: it is let go first. So do heirs of what is theirs from now on.
        if node.id.tag == Tag::OwnedBy && self.after.has(&node.id.anchor())
            || is_kept_by_heirs(node.id, self.before, self.after)
        {
            return None;
        }
        let along = |need: &&Need| {
            let dependent = matches!(need.strength, Strength::Auto | Strength::Owned);
            dependent && (!is_attached(node.id, need) || self.is_attached(node.id, need))
                || self.before.is_part(node.id, &need.id)
        };
        let drops = |need: &Need| {
            let removal = *self.removal.get(&need.id)?;
            let goes = matches!(self.nodes[removal].act, Act::Drop | Act::SwapOut) && node.act == Act::Drop;
            (goes || self.before.is_part(node.id, &need.id)).then_some((need.id.tag, removal))
        };
        object.needs.iter().filter(along).filter_map(drops).min().map(|(_, removal)| removal)
    }

    /// The index of a partition goes with its parent's, unless the partition was detached before.
    fn is_attached(&self, id: &Id, need: &Need) -> bool {
        is_attached(id, need) && !self.changes.contains_key(&line(&id.path, &need.id.path))
    }

    /// A making that is part of another one's statement.
    fn written_inside(&self, node: &Node) -> Option<usize> {
        let outer = match node.id.tag {
            Tag::Column => node.id.prefix(Tag::Table, 2),
            Tag::ColumnDefault => Id { tag: Tag::Column, path: node.id.path.clone() },
            Tag::Constraint | Tag::DomainConstraint if self.is_apart(node.id) => return None,
            Tag::Constraint => node.id.prefix(Tag::Table, 2),
            Tag::DomainConstraint => node.id.prefix(Tag::Domain, 2),
            Tag::PublicationTable | Tag::PublicationSchema => node.id.prefix(Tag::Publication, 1),
            Tag::Inheritance => match &self.after.get(node.id)?.body {
                Body::Inheritance(line) if line.bound.is_none() => node.id.prefix(Tag::Table, 2),
                _ => return None,
            },
            Tag::OfType => node.id.prefix(Tag::Table, 2),
            _ => return None,
        };
        let making = *self.making.get(&outer)?;
        matches!(self.nodes[making].act, Act::Make | Act::SwapIn).then_some(making)
    }

    /// A constraint that only `ADD CONSTRAINT` can make.
    fn is_apart(&self, id: &Id) -> bool {
        match self.after.get(id).map(|object| &object.body) {
            Some(Body::Constraint(constraint)) => {
                constraint.not_valid
                    || constraint.is_second(id, self.after)
                    || constraint.makes_own(id, self.before, self.after)
            }
            Some(Body::DomainConstraint(constraint)) => constraint.not_valid,
            _ => false,
        }
    }

    /// A change that the server makes by itself when it makes the parent table's.
    fn kept_in_step(&self, node: &Node) -> Option<usize> {
        let (here, index_of) = match node.act {
            Act::Drop => (self.before, &self.removal),
            _ => (self.after, &self.making),
        };
        let object = here.get(node.id)?;
        let leader = if node.act == Act::Alter { object.leader() } else { object.parent() }?;
        let is_first = node.act == Act::Alter && self.goes_before(node.id, leader);
        if is_first || self.changes.contains_key(&line(&node.id.path, &leader.path)) {
            return None;
        }
        let parent = *index_of.get(leader)?;
        let alone = || node.act == Act::Drop && is_kept_by_heirs(leader, self.before, self.after);
        (self.nodes[parent].act == node.act && !alone()).then_some(parent)
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
            Act::PutBy => 1,
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
