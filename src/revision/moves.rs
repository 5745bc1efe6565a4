//! Ways through the graph: which revisions to run, in which direction and order.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::target::Point;
use super::{Error, Graph, Id, Revision, Script, Target};

/// Up or down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Applies a revision.
    Up,
    /// Takes it back.
    Down,
}

impl Direction {
    /// `up` or `down`.
    pub fn as_str(self) -> &'static str {
        match self {
            Direction::Up => "up",
            Direction::Down => "down",
        }
    }
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One revision to run in one direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Move<'g> {
    /// The revision.
    pub revision: &'g Revision,
    /// Which of its scripts.
    pub direction: Direction,
}

impl<'g> Move<'g> {
    /// What it runs.
    pub fn script(&self) -> &'g Script {
        match self.direction {
            Direction::Up => &self.revision.up,
            Direction::Down => &self.revision.down,
        }
    }
}

/// The moves up from what is applied until the target is, with all that it needs; none if it is already.
///
/// # Errors
/// If the target means nothing, or the database has a revision that the graph has not.
pub fn upgrade<'g>(graph: &'g Graph, applied: &BTreeSet<Id>, target: &Target) -> Result<Vec<Move<'g>>, Error> {
    all_known(graph, applied)?;
    if target.is_relative() && target.steps < 0 {
        return Err(Error::Syntax { text: target.to_string(), reason: "it points down, and an upgrade goes up" });
    }
    let wanted = graph.ancestors(&target.resolve(graph, applied)?);
    let missing = |revision: &&Revision| wanted.contains(&revision.id) && !applied.contains(&revision.id);
    Ok(graph.revisions().filter(missing).map(|revision| Move { revision, direction: Direction::Up }).collect())
}

/// The moves down from what is applied until nothing above the target is.
///
/// # Errors
/// If the target means nothing or is not applied, or the database has a revision that the graph has not.
pub fn downgrade<'g>(graph: &'g Graph, applied: &BTreeSet<Id>, target: &Target) -> Result<Vec<Move<'g>>, Error> {
    all_known(graph, applied)?;
    if target.is_relative() && target.steps > 0 {
        return Err(Error::Syntax { text: target.to_string(), reason: "it points up, and a downgrade goes down" });
    }
    let branch = target.branch.as_deref().map(|name| graph.branch(name)).transpose()?;
    let within = |id: &Id| branch.as_ref().is_none_or(|branch| branch.contains(id));
    let undone = if target.is_relative() && target.steps < 0 {
        last(graph, applied, target, &within)?
    } else {
        let stay = target.resolve(graph, applied)?;
        if let Some(id) = stay.iter().find(|id| !applied.contains(*id)) {
            return Err(Error::NotApplied { id: id.clone() });
        }
        let first: Vec<Id> = match (&target.point, stay.as_slice()) {
            (Point::Base | Point::Head | Point::Heads, []) => applied.iter().filter(|id| within(id)).cloned().collect(),
            // `ab12-3` may go below the first revision of its line; other lines have no part in that.
            (Point::Symbol(text), []) => graph.ancestors(&[graph.find(text)?]).into_iter().filter(within).collect(),
            _ => stay.iter().flat_map(|id| graph.children(id)).filter(|id| within(id)).cloned().collect(),
        };
        graph.descendants(&first)
    };
    let reverted = |revision: &&Revision| undone.contains(&revision.id) && applied.contains(&revision.id);
    Ok(graph.revisions().rev().filter(reverted).map(|revision| Move { revision, direction: Direction::Down }).collect())
}

/// The last so many applied revisions: each step takes the one head back, with what depends on it.
fn last(
    graph: &Graph,
    applied: &BTreeSet<Id>,
    target: &Target,
    within: &impl Fn(&Id) -> bool,
) -> Result<BTreeSet<Id>, Error> {
    let mut left = applied.clone();
    for done in 0..target.steps.unsigned_abs() {
        let heads: Vec<Id> = graph.heads_of(&left).into_iter().filter(within).collect();
        match heads.as_slice() {
            [] => {
                let possible = usize::try_from(done).unwrap_or(usize::MAX);
                return Err(Error::TooFar { text: target.to_string(), end: "first revision", possible });
            }
            [head] => {
                let gone = graph.descendants([head]);
                left.retain(|id| !gone.contains(id));
            }
            several => {
                return Err(Error::AmbiguousStep {
                    text: target.to_string(),
                    from: "the heads of the database".to_owned(),
                    candidates: several.iter().map(ToString::to_string).collect(),
                });
            }
        }
    }
    Ok(applied.difference(&left).cloned().collect())
}

/// Whether the graph has all that the database has.
///
/// # Errors
/// With the first applied revision that no file holds.
pub fn all_known(graph: &Graph, applied: &BTreeSet<Id>) -> Result<(), Error> {
    match applied.iter().find(|id| graph.get(id).is_none()) {
        Some(id) => Err(Error::Foreign { id: id.clone() }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::revision::graph::tests::graph;

    const LINE: &[&str] = &["ae10", "be20: ae10", "ce30: be20"];
    const DIAMOND: &[&str] = &["aaaa", "bbbb: aaaa @left", "cccc: aaaa @right", "dddd: bbbb cccc"];
    const TWO: &[&str] = &["aaaa: @one", "bbbb: aaaa", "xxxx: @two", "yyyy: xxxx < bbbb"];

    fn moved(lines: &[&str], applied: &[&str], text: &str) -> Result<String, String> {
        let graph = graph(lines).map_err(|e| e.to_string())?;
        let applied: BTreeSet<Id> = applied.iter().map(|id| Id::new(id).unwrap()).collect();
        let (way, target) = text.split_once(' ').unwrap();
        let target = target.parse().map_err(|e: Error| e.to_string())?;
        let moves = if way == "up" { upgrade(&graph, &applied, &target) } else { downgrade(&graph, &applied, &target) };
        let moves = moves.map_err(|e| e.to_string())?;
        assert!(moves.iter().all(|m| m.direction.as_str() == way));
        Ok(moves.iter().map(|m| m.revision.id.as_str()).collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn moves_follow_the_graph() {
        let all = &["aaaa", "bbbb", "cccc", "dddd"];
        let both = &["aaaa", "bbbb", "xxxx", "yyyy"];
        let cases: &[(&[&str], &[&str], &str, &str)] = &[
            (LINE, &[], "up head", "ae10 be20 ce30"),
            (LINE, &["ae10"], "up +1", "be20"),
            (LINE, &["ae10", "be20"], "up ae10", ""),
            (LINE, &["ae10", "be20", "ce30"], "up head", ""),
            (LINE, &["ae10", "be20", "ce30"], "down -1", "ce30"),
            (LINE, &["ae10", "be20", "ce30"], "down ae", "ce30 be20"),
            (LINE, &["ae10", "be20", "ce30"], "down base", "ce30 be20 ae10"),
            (LINE, &["ae10", "be20", "ce30"], "down ce30-2", "ce30 be20"),
            (DIAMOND, &["aaaa", "cccc"], "up heads", "bbbb dddd"),
            (DIAMOND, all, "down -1", "dddd"),
            (DIAMOND, all, "down bbbb", "dddd"),
            (DIAMOND, &["aaaa", "bbbb", "cccc"], "down left@base", "bbbb"),
            (DIAMOND, &["aaaa", "bbbb", "cccc"], "down right@-1", "cccc"),
            (TWO, &[], "up yyyy", "aaaa bbbb xxxx yyyy"),
            (TWO, both, "down two@base", "yyyy xxxx"),
            (TWO, both, "down one@base", "yyyy bbbb aaaa"),
            (TWO, &["aaaa", "bbbb", "xxxx"], "down xxxx-1", "xxxx"),
            (TWO, both, "down yyyy@-1", "yyyy"),
        ];
        for (lines, applied, text, expected) in cases {
            assert_eq!(moved(lines, applied, text).as_deref(), Ok(*expected), "{text} from {applied:?}");
        }
    }

    #[test]
    fn moves_that_cannot_be_are_told() {
        let cases: &[(&[&str], &[&str], &str, &str)] = &[
            (LINE, &["ae10"], "down ce30", "cannot downgrade to ce30: it is not applied"),
            (LINE, &["ae10", "9999"], "up head", "the database has revision 9999, and no file"),
            (LINE, &["ae10"], "up -1", "\"-1\" is no revision: it points down"),
            (LINE, &["ae10"], "down +1", "\"+1\" is no revision: it points up"),
            (LINE, &["ae10"], "down -2", "-2 goes past the first revision: only 1"),
            (DIAMOND, &["aaaa", "bbbb", "cccc"], "down -1", "-1 can go several ways from the heads of the database"),
        ];
        for (lines, applied, text, expected) in cases {
            let error = moved(lines, applied, text).unwrap_err();
            assert!(error.starts_with(expected), "{text}: {error}");
        }
    }

    proptest! {
        /// Any graph: up to all heads and down to base visits each revision once, each after what it needs.
        #[test]
        fn all_the_way_up_and_down(edges in prop::collection::vec(prop::collection::btree_set(0usize..20, 0..3), 1..20)) {
            let lines: Vec<String> = edges.iter().enumerate().map(|(i, parents)| {
                let below: Vec<_> = parents.iter().filter(|p| **p < i).map(|p| format!("r{p:03}")).collect();
                format!("r{i:03}: {}", below.join(" "))
            }).collect();
            let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
            let graph = graph(&lines).unwrap();
            let mut applied = BTreeSet::new();
            for step in upgrade(&graph, &BTreeSet::new(), &"heads".parse().unwrap()).unwrap() {
                prop_assert!(graph.parents(&step.revision.id).iter().all(|parent| applied.contains(parent)));
                prop_assert!(applied.insert(step.revision.id.clone()));
            }
            prop_assert_eq!(applied.len(), graph.len());
            for step in downgrade(&graph, &applied.clone(), &"base".parse().unwrap()).unwrap() {
                prop_assert!(graph.children(&step.revision.id).iter().all(|child| !applied.contains(child)));
                prop_assert!(applied.remove(&step.revision.id));
            }
            prop_assert!(applied.is_empty());
        }
    }
}
