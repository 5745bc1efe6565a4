//! What is no statement of its own: written inside another, taken along by a drop, or done by the server.

use std::collections::HashSet;

use super::change;
use super::edges::Edges;
use super::order::{Act, Node, Sorter};
use super::outline;
use super::partition::is_of_partition;
use super::{Error, Keys};
use crate::catalog::{Need, Object, Strength};
use crate::dag::Graph;
use crate::kind::inheritance::{brings, is_kept_by_heirs, line};
use crate::kind::{Body, Id, Tag, constraint};

/// The attempt at undoing circles that gives up wishes, and the last one.
const WISHES: usize = 2;
const LAST: usize = 5;

impl Sorter<'_> {
    /// Which node each node is written inside of; itself for most. Folding that would close a circle is undone.
    /// What is only a wish gives way before whole statements are taken apart.
    pub(super) fn fold(&self, edges: Edges, keys: Keys) -> Result<(Vec<usize>, Graph), Error> {
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
                let Error::Circle(ids) = self.circle(way);
                let is_small = |id: &Id| change::can_be_rebuilt(id, self.changes);
                let outlined = || outline::next(self.outlines, &ids, self.changes, self.before, self.after).is_some();
                // To make something small again is better than to take tables apart.
                if stuck || ids.iter().any(is_small) || attempt >= LAST && outlined() {
                    return Err(Error::Circle(ids));
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
        let goes_along = |need: &Need| side.is_part(id, &need.id) || self.stays_attached(id, need);
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
            dependent && (!is_of_partition(node.id, need) || self.stays_attached(node.id, need))
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
    fn stays_attached(&self, id: &Id, need: &Need) -> bool {
        is_of_partition(id, need) && !self.changes.contains_key(&line(&id.path, &need.id.path))
    }

    /// A making that is part of another one's statement.
    fn written_inside(&self, node: &Node) -> Option<usize> {
        let outer = match node.id.tag {
            Tag::ColumnDefault => Id { tag: Tag::Column, path: node.id.path.clone() },
            Tag::Constraint | Tag::DomainConstraint if self.is_apart(node.id) => return None,
            Tag::Column | Tag::Constraint => {
                brings(node.id, self.before, self.after).unwrap_or_else(|| node.id.prefix(Tag::Table, 2))
            }
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
        if node.id.tag == Tag::ColumnDefault {
            let column = Id { tag: Tag::Column, path: node.id.path.clone() };
            let leader = here.get(&column)?.leader()?;
            let parent = *index_of.get(&Id { tag: Tag::ColumnDefault, path: leader.path.clone() })?;
            let Node { id, act } = &self.nodes[parent];
            let is_kept = self.reaching.contains(id) && *act == node.act;
            return Some(parent).filter(|_| is_kept && !self.changes.contains_key(&line(&node.id.path, &id.path)));
        }
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
}
