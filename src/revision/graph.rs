//! All revisions of a folder, and how they follow each other.

use std::collections::{BTreeMap, BTreeSet};

use super::{Error, Id, Revision, did_you_mean};

/// Revisions whose names all lead somewhere, and none to itself.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    nodes: BTreeMap<Id, Node>,
    /// Each after what it follows and depends on.
    order: Vec<Id>,
    /// Where each label stands.
    labels: BTreeMap<String, Id>,
}

#[derive(Clone, Debug)]
struct Node {
    revision: Revision,
    depends_on: Vec<Id>,
    /// What follows it.
    children: Vec<Id>,
    /// What depends on it without following it.
    dependants: Vec<Id>,
    /// The branches it is on.
    labels: BTreeSet<String>,
}

impl Graph {
    /// Builds the graph.
    ///
    /// # Errors
    /// If two revisions share an id or a label, one names another that is not there, or they form a circle.
    pub fn new(revisions: impl IntoIterator<Item = Revision>) -> Result<Self, Error> {
        let mut graph = Graph::default();
        for revision in revisions {
            graph.add(revision)?;
        }
        graph.link()?;
        graph.order = graph.sorted()?;
        graph.spread_labels();
        Ok(graph)
    }

    /// A revision by its whole id.
    pub fn get(&self, id: &Id) -> Option<&Revision> {
        self.nodes.get(id).map(|node| &node.revision)
    }

    /// Whether there are no revisions.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// How many revisions there are.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// All revisions, each after what it follows and depends on; older ones first where that leaves a choice.
    pub fn revisions(&self) -> impl DoubleEndedIterator<Item = &Revision> {
        self.order.iter().filter_map(|id| self.get(id))
    }

    /// What nothing follows.
    pub fn heads(&self) -> Vec<&Id> {
        self.order.iter().filter(|id| self.children(id).is_empty()).collect()
    }

    /// What follows nothing.
    pub fn bases(&self) -> Vec<&Id> {
        self.order.iter().filter(|id| self.parents(id).is_empty()).collect()
    }

    /// What a revision follows.
    pub fn parents(&self, id: &Id) -> &[Id] {
        self.nodes.get(id).map_or(&[], |node| &node.revision.down_revisions)
    }

    /// What follows a revision.
    pub fn children(&self, id: &Id) -> &[Id] {
        self.nodes.get(id).map_or(&[], |node| &node.children)
    }

    /// What a revision depends on without following it.
    pub fn depends_on(&self, id: &Id) -> &[Id] {
        self.nodes.get(id).map_or(&[], |node| &node.depends_on)
    }

    /// The labels of the branches a revision is on: its own, its ancestors', and those that begin further up its line.
    pub fn labels(&self, id: &Id) -> impl Iterator<Item = &str> {
        self.nodes.get(id).into_iter().flat_map(|node| node.labels.iter().map(String::as_str))
    }

    /// These revisions and all that must be applied before them.
    pub fn ancestors<'a>(&self, ids: impl IntoIterator<Item = &'a Id>) -> BTreeSet<Id> {
        self.closure(ids, |node| node.revision.down_revisions.iter().chain(&node.depends_on))
    }

    /// These revisions and all that must be taken back before them.
    pub fn descendants<'a>(&self, ids: impl IntoIterator<Item = &'a Id>) -> BTreeSet<Id> {
        self.closure(ids, |node| node.children.iter().chain(&node.dependants))
    }

    /// The revisions of a set that no other of the set follows: the heads of a database that has them applied.
    pub fn heads_of(&self, applied: &BTreeSet<Id>) -> Vec<Id> {
        let is_head = |id: &&Id| !self.children(id).iter().any(|child| applied.contains(child));
        let known = self.order.iter().filter(|id| applied.contains(*id) && is_head(id)).cloned();
        known.chain(applied.iter().filter(|id| !self.nodes.contains_key(*id)).cloned()).collect()
    }

    /// The revisions of a branch: named by a label, or by an id that they descend from or lead to.
    ///
    /// # Errors
    /// If the text names neither.
    pub fn branch(&self, name: &str) -> Result<BTreeSet<Id>, Error> {
        if self.labels.contains_key(name) {
            let on_it = |(id, node): (&Id, &Node)| node.labels.contains(name).then(|| id.clone());
            return Ok(self.nodes.iter().filter_map(on_it).collect());
        }
        let id = self.find(name)?;
        let down = self.closure([&id], |node| node.revision.down_revisions.iter());
        let up = self.closure([&id], |node| node.children.iter());
        Ok(down.into_iter().chain(up).collect())
    }

    /// A revision by its id, a label, or the beginning of its id.
    ///
    /// # Errors
    /// If there is none, or more than one begins so.
    pub fn find(&self, text: &str) -> Result<Id, Error> {
        let exact = self.nodes.keys().find(|id| id.as_str() == text);
        if let Some(id) = exact.or_else(|| self.labels.get(text)) {
            return Ok(id.clone());
        }
        let starting: Vec<&Id> = self.nodes.keys().filter(|id| id.as_str().starts_with(text)).collect();
        match starting.as_slice() {
            [one] => Ok((*one).clone()),
            [] => {
                let names = self.nodes.keys().map(Id::as_str).chain(self.labels.keys().map(String::as_str));
                Err(Error::Unknown { text: text.to_owned(), hint: did_you_mean(text, names) })
            }
            several => Err(Error::Ambiguous {
                text: text.to_owned(),
                candidates: several.iter().map(ToString::to_string).collect(),
            }),
        }
    }

    fn closure<'a, 'g, I>(&'g self, ids: impl IntoIterator<Item = &'a Id>, next: impl Fn(&'g Node) -> I) -> BTreeSet<Id>
    where
        I: Iterator<Item = &'g Id>,
    {
        let mut found = BTreeSet::new();
        let mut todo: Vec<Id> = ids.into_iter().cloned().collect();
        while let Some(id) = todo.pop() {
            if let Some(node) = self.nodes.get(&id).filter(|_| found.insert(id.clone())) {
                todo.extend(next(node).cloned());
            }
        }
        found
    }

    fn add(&mut self, revision: Revision) -> Result<(), Error> {
        let id = revision.id.clone();
        if let Some(other) = self.get(&id) {
            let (first, second) = (other.up.file.clone(), revision.up.file);
            return Err(Error::Duplicate { id, first, second });
        }
        for label in &revision.branch_labels {
            if let Some(other) = self.labels.insert(label.clone(), id.clone()) {
                let first = self.get(&other).map(|other| other.up.file.clone()).unwrap_or_default();
                return Err(Error::DuplicateLabel { label: label.clone(), first, second: revision.up.file });
            }
        }
        let labels = revision.branch_labels.iter().cloned().collect();
        self.nodes.insert(id, Node { revision, depends_on: vec![], children: vec![], dependants: vec![], labels });
        Ok(())
    }

    /// Turns the names that revisions use for each other into edges in both directions.
    fn link(&mut self) -> Result<(), Error> {
        let ids: Vec<Id> = self.nodes.keys().cloned().collect();
        for id in ids {
            let Some(revision) = self.get(&id).cloned() else { continue };
            for parent in &revision.down_revisions {
                let known = self.nodes.keys().map(Id::as_str);
                let hint = did_you_mean(parent.as_str(), known);
                match self.nodes.get_mut(parent) {
                    Some(node) => node.children.push(id.clone()),
                    None => return Err(missing(&revision, "down_revision", parent.as_str(), hint)),
                }
            }
            for name in &revision.depends_on {
                let on = self.find(name).map_err(|error| match error {
                    Error::Unknown { hint, .. } => missing(&revision, "depends_on", name, hint),
                    other => other,
                })?;
                if let Some(node) = self.nodes.get_mut(&on) {
                    node.dependants.push(id.clone());
                }
                if let Some(node) = self.nodes.get_mut(&id) {
                    node.depends_on.push(on);
                }
            }
        }
        Ok(())
    }

    /// Kahn's algorithm; the ready revision that was written first goes first.
    fn sorted(&self) -> Result<Vec<Id>, Error> {
        let mut waiting: BTreeMap<&Id, usize> = BTreeMap::new();
        let mut ready: BTreeSet<(&str, &Id)> = BTreeSet::new();
        for (id, node) in &self.nodes {
            let count = node.revision.down_revisions.len() + node.depends_on.len();
            waiting.insert(id, count);
            if count == 0 {
                ready.insert((&node.revision.created_at, id));
            }
        }
        let mut order = Vec::with_capacity(self.nodes.len());
        while let Some((_, id)) = ready.pop_first() {
            order.push(id.clone());
            let Some(node) = self.nodes.get(id) else { continue };
            for next in node.children.iter().chain(&node.dependants) {
                let Some((next, count)) = self.nodes.get_key_value(next).zip(waiting.get_mut(next)) else { continue };
                *count -= 1;
                if *count == 0 {
                    ready.insert((&next.1.revision.created_at, next.0));
                }
            }
        }
        if order.len() == self.nodes.len() { Ok(order) } else { Err(self.cycle(&order)) }
    }

    /// Walks down from any revision that could not be ordered until one comes up again.
    fn cycle(&self, ordered: &[Id]) -> Error {
        let left: BTreeSet<&Id> = self.nodes.keys().filter(|id| !ordered.contains(id)).collect();
        let mut walk: Vec<&Id> = left.first().copied().into_iter().collect();
        while let Some(node) = walk.last().and_then(|id| self.nodes.get(*id)) {
            let mut before = node.revision.down_revisions.iter().chain(&node.depends_on);
            let Some(next) = before.find(|id| left.contains(id)) else { break };
            if let Some(begin) = walk.iter().position(|id| *id == next) {
                walk.drain(..begin);
                break;
            }
            walk.push(next);
        }
        let files = walk.iter().filter_map(|id| self.get(id)).map(|revision| revision.up.file.clone()).collect();
        Error::Cycle { files }
    }

    /// A label holds for all that descends from where it stands, and down its line to the fork or merge it begins at.
    fn spread_labels(&mut self) {
        for (label, at) in self.labels.clone() {
            let mut on_it = self.closure([&at], |node| node.children.iter());
            let mut below = self.parents(&at).first();
            while let Some(id) = below.filter(|id| self.children(id).len() < 2 && self.parents(id).len() < 2) {
                on_it.insert(id.clone());
                below = self.parents(id).first();
            }
            for id in on_it {
                if let Some(node) = self.nodes.get_mut(&id) {
                    node.labels.insert(label.clone());
                }
            }
        }
    }
}

fn missing(revision: &Revision, key: &'static str, name: &str, hint: String) -> Error {
    Error::Missing { file: revision.up.file.clone(), key, missing: name.to_owned(), hint }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::revision::Script;

    /// A graph from lines `id: parent parent < dependency @label`.
    pub(crate) fn graph(lines: &[&str]) -> Result<Graph, Error> {
        Graph::new(lines.iter().enumerate().map(|(i, line)| {
            let (id, rest) = line.split_once(':').unwrap_or((line, ""));
            let (rest, label) = rest.split_once('@').unwrap_or((rest, ""));
            let (parents, depends_on) = rest.split_once('<').unwrap_or((rest, ""));
            let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
            Revision {
                id: Id::new(id).unwrap(),
                down_revisions: words(parents).iter().map(|id| Id::new(id).unwrap()).collect(),
                branch_labels: words(label),
                depends_on: words(depends_on),
                message: String::new(),
                created_at: format!("{i:04}"),
                up: Script { file: format!("{id}.up.sql"), ..Script::default() },
                down: Script { file: format!("{id}.down.sql"), ..Script::default() },
            }
        }))
    }

    pub(crate) fn shown<'a>(ids: impl IntoIterator<Item = &'a Id>) -> String {
        ids.into_iter().map(Id::as_str).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn forks_and_merges_have_heads_bases_and_order() {
        let graph = graph(&["dddd: bbbb cccc", "cccc: aaaa", "bbbb: aaaa", "aaaa", "eeee: < cccc"]).unwrap();
        assert_eq!(shown(graph.heads()), "dddd eeee");
        assert_eq!(shown(graph.bases()), "aaaa eeee");
        assert_eq!(shown(graph.revisions().map(|r| &r.id)), "aaaa cccc bbbb dddd eeee");
        assert_eq!(shown(&graph.ancestors(&[Id::new("eeee").unwrap()])), "aaaa cccc eeee");
        assert_eq!(shown(&graph.descendants(&[Id::new("cccc").unwrap()])), "cccc dddd eeee");
        let applied = ["aaaa", "bbbb", "cccc", "gone"].map(|id| Id::new(id).unwrap()).into();
        assert_eq!(shown(&graph.heads_of(&applied)), "cccc bbbb gone");
    }

    #[test]
    fn labels_hold_from_the_fork_upwards() {
        let graph = graph(&["aaaa", "bbbb: aaaa", "cccc: bbbb @shop", "dddd: cccc", "eeee: aaaa"]).unwrap();
        assert_eq!(shown(&graph.branch("shop").unwrap()), "bbbb cccc dddd");
        assert_eq!(shown(&graph.branch("bbbb").unwrap()), "aaaa bbbb cccc dddd");
        assert_eq!(graph.find("shop").unwrap().as_str(), "cccc");
    }

    #[test]
    fn prefixes_find_what_only_one_has() {
        let graph = graph(&["abcd1", "abcd2: abcd1", "ffff: abcd2"]).unwrap();
        assert_eq!(graph.find("f").unwrap().as_str(), "ffff");
        let error = |text| graph.find(text).unwrap_err().to_string();
        assert_eq!(error("abcd"), "abcd is short for several revisions: abcd1, abcd2; give more of the id");
        assert_eq!(error("fffe"), "there is no revision fffe: did you mean ffff?");
        assert_eq!(error("zzzz"), "there is no revision zzzz");
    }

    #[test]
    fn what_does_not_hang_together_is_told_with_its_files() {
        let error = |lines: &[&str]| graph(lines).unwrap_err().to_string();
        assert!(error(&["aaaa", "aaaa"]).starts_with("aaaa.up.sql and aaaa.up.sql both hold revision aaaa"));
        assert_eq!(
            error(&["aaaa", "bbbb: aaab"]),
            "bbbb.up.sql: down_revision names revision aaab, and no file holds it: did you mean aaaa?"
        );
        assert!(error(&["aaaa: < zz"]).starts_with("aaaa.up.sql: depends_on names revision zz"));
        let circle = error(&["aaaa", "bbbb: aaaa dddd", "cccc: bbbb", "dddd: cccc", "eeee: dddd"]);
        assert!(circle.contains("bbbb.up.sql -> dddd.up.sql -> cccc.up.sql;"), "{circle}");
        assert!(error(&["aaaa: @x", "bbbb: @x"]).contains("both carry the branch label x"));
    }
}
