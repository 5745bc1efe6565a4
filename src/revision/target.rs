//! The revision syntax, which is Alembic's: `head`, `heads`, `base`, `+2`, `-1`, `ae10+2`, `label@head`, prefixes of
//! ids, and `a:b` for ranges.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use super::{Error, Graph, Id};

/// A revision, or several, or none, as somebody names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    text: String,
    /// What stands before `@`.
    pub branch: Option<String>,
    /// Where to start from.
    pub point: Point,
    /// How many steps to go up, or down if negative.
    pub steps: i64,
}

/// A place in the graph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Point {
    /// What the database has.
    Current,
    /// The one head.
    Head,
    /// Every head.
    Heads,
    /// Before everything.
    Base,
    /// An id, the beginning of one, or a label.
    Symbol(String),
}

/// Two ends of a history; what is absent is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Range {
    /// The older end.
    pub from: Option<Target>,
    /// The newer end.
    pub to: Option<Target>,
}

impl FromStr for Target {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let bad = |reason| Error::Syntax { text: text.to_owned(), reason };
        let (branch, rest) = match text.split_once('@') {
            Some(("", _)) => return Err(bad("a branch must stand before the @")),
            Some((branch, rest)) => (Some(branch.to_owned()), rest),
            None => (None, text),
        };
        let (symbol, steps) = match rest.find(['+', '-']) {
            Some(at) => {
                let steps: i64 = rest[at..].parse().map_err(|_| bad("a number must follow the + or -"))?;
                (&rest[..at], steps)
            }
            None => (rest, 0),
        };
        let point = match symbol {
            "" if rest.is_empty() => return Err(bad("it is empty")),
            "" | "current" => Point::Current,
            "head" => Point::Head,
            "heads" => Point::Heads,
            "base" => Point::Base,
            word if word.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.')) => {
                Point::Symbol(word.to_owned())
            }
            _ => return Err(bad("only letters, digits and _ may stand in an id")),
        };
        Ok(Target { text: text.to_owned(), branch, point, steps })
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl FromStr for Range {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let end = |text: &str| if text.is_empty() { Ok(None) } else { text.parse().map(Some) };
        let (from, to) = text
            .split_once(':')
            .ok_or_else(|| Error::Syntax { text: text.to_owned(), reason: "a range has a : between its ends" })?;
        Ok(Range { from: end(from)?, to: end(to)? })
    }
}

impl Target {
    /// Whether it counts from what the database has.
    pub fn is_relative(&self) -> bool {
        self.point == Point::Current && self.steps != 0
    }

    /// The revisions that are meant; none for `base`.
    ///
    /// # Errors
    /// If a name means nothing or too much, or steps lead nowhere or several ways.
    pub fn resolve(&self, graph: &Graph, applied: &BTreeSet<Id>) -> Result<Vec<Id>, Error> {
        let branch = self.branch.as_deref().map(|name| graph.branch(name)).transpose()?;
        let within = |id: &Id| branch.as_ref().is_none_or(|branch| branch.contains(id));
        let mut ids: Vec<Id> = match &self.point {
            Point::Current => graph.heads_of(applied).into_iter().filter(within).collect(),
            Point::Head | Point::Heads => graph.heads().into_iter().filter(|id| within(id)).cloned().collect(),
            Point::Base => vec![],
            Point::Symbol(text) => vec![graph.find(text)?],
        };
        if let (Point::Symbol(_), Some(id), Some(branch)) =
            (&self.point, ids.iter().find(|id| !within(id)), &self.branch)
        {
            return Err(Error::NotOnBranch { id: id.clone(), branch: branch.clone() });
        }
        if self.point == Point::Current && self.steps > 0 {
            // A branch of which nothing is applied yet begins where it leaves what is.
            let below = |branch| graph.ancestors(branch).intersection(applied).cloned().collect();
            let start = branch.as_ref().map_or_else(|| graph.heads_of(applied), |ids| graph.heads_of(&below(ids)));
            return self.up_from(graph, start, applied, &within);
        }
        if ids.len() > 1 && (self.point == Point::Head || self.steps != 0) {
            let heads = ids.iter().map(ToString::to_string).collect();
            return Err(Error::ManyHeads { branch: self.branch.clone(), heads });
        }
        for done in 0..self.steps.unsigned_abs() {
            let next = self.step(graph, ids.first(), &within)?;
            match next {
                Some(id) => ids = vec![id],
                None if self.steps < 0 && !ids.is_empty() => ids = vec![],
                None => {
                    let end = if self.steps > 0 { "last revision" } else { "first revision" };
                    let possible = usize::try_from(done).unwrap_or(usize::MAX);
                    return Err(Error::TooFar { text: self.text.clone(), end, possible });
                }
            }
        }
        Ok(ids)
    }

    /// Steps up from the heads of the database, to what follows any of them and is not applied: a merge of all is one.
    fn up_from(
        &self,
        graph: &Graph,
        mut at: Vec<Id>,
        applied: &BTreeSet<Id>,
        within: &impl Fn(&Id) -> bool,
    ) -> Result<Vec<Id>, Error> {
        for done in 0..self.steps.unsigned_abs() {
            let ways: BTreeSet<&Id> = match at.as_slice() {
                [] => graph.bases().into_iter().collect(),
                several => several.iter().flat_map(|id| graph.children(id)).collect(),
            };
            let ways: Vec<&Id> = ways.into_iter().filter(|id| within(id) && !applied.contains(*id)).collect();
            at = match ways.as_slice() {
                [one] => vec![(*one).clone()],
                [] => {
                    let possible = usize::try_from(done).unwrap_or(usize::MAX);
                    return Err(Error::TooFar { text: self.text.clone(), end: "last revision", possible });
                }
                several => {
                    let from: Vec<&str> = at.iter().map(Id::as_str).collect();
                    return Err(Error::AmbiguousStep {
                        text: self.text.clone(),
                        from: if from.is_empty() { "base".to_owned() } else { from.join(", ") },
                        candidates: several.iter().map(ToString::to_string).collect(),
                    });
                }
            };
        }
        Ok(at)
    }

    /// One step up or down from a revision, or from before everything.
    fn step(&self, graph: &Graph, from: Option<&Id>, within: &impl Fn(&Id) -> bool) -> Result<Option<Id>, Error> {
        let ways: Vec<&Id> = match from {
            Some(id) if self.steps > 0 => graph.children(id).iter().collect(),
            Some(id) => graph.parents(id).iter().collect(),
            None if self.steps > 0 => graph.bases(),
            None => vec![],
        };
        let ways: Vec<&Id> = ways.into_iter().filter(|id| within(id)).collect();
        match ways.as_slice() {
            [] => Ok(None),
            [one] => Ok(Some((*one).clone())),
            several => Err(Error::AmbiguousStep {
                text: self.text.clone(),
                from: from.map_or("base".to_owned(), ToString::to_string),
                candidates: several.iter().map(ToString::to_string).collect(),
            }),
        }
    }
}

impl Range {
    /// The revisions between both ends, ends included, newest last.
    ///
    /// # Errors
    /// If an end means nothing.
    pub fn resolve(&self, graph: &Graph, applied: &BTreeSet<Id>) -> Result<Vec<Id>, Error> {
        let ids = |target: &Target| target.resolve(graph, applied);
        let to = self.to.as_ref().map(ids).transpose()?;
        let upper = match &to {
            Some(to) => graph.ancestors(to),
            None => graph.revisions().map(|revision| revision.id.clone()).collect(),
        };
        let from = self.from.as_ref().map(ids).transpose()?.filter(|from| !from.is_empty());
        let lower = from.map(|from| graph.descendants(&from));
        let between = |id: &&Id| upper.contains(*id) && lower.as_ref().is_none_or(|lower| lower.contains(*id));
        Ok(graph.revisions().map(|revision| &revision.id).filter(between).cloned().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::revision::graph::tests::{graph, shown};

    const LINE: &[&str] = &["ae10", "be20: ae10", "ce30: be20", "de40: ce30"];
    const JOIN: &[&str] = &["aaaa", "bbbb: aaaa @left", "cccc: aaaa @right", "dddd: bbbb cccc"];
    const FORK: &[&str] = &["aaaa", "bbbb: aaaa @left", "b2b2: bbbb", "cccc: aaaa @right"];

    fn resolved(lines: &[&str], applied: &[&str], text: &str) -> Result<String, String> {
        let graph = graph(lines).map_err(|e| e.to_string())?;
        let applied = applied.iter().map(|id| Id::new(id).unwrap()).collect();
        let ids = if text.contains(':') {
            text.parse::<Range>().and_then(|range| range.resolve(&graph, &applied))
        } else {
            text.parse::<Target>().and_then(|target| target.resolve(&graph, &applied))
        };
        ids.map(|ids| shown(&ids)).map_err(|error| error.to_string())
    }

    #[test]
    fn every_form_finds_its_revision() {
        let cases: &[(&[&str], &[&str], &str, &str)] = &[
            (LINE, &[], "head", "de40"),
            (LINE, &[], "base", ""),
            (LINE, &[], "+1", "ae10"),
            (LINE, &["ae10"], "+2", "ce30"),
            (LINE, &["ae10", "be20"], "-1", "ae10"),
            (LINE, &["ae10", "be20"], "-2", ""),
            (LINE, &["ae10", "be20"], "current", "be20"),
            (LINE, &[], "ae+2", "ce30"),
            (LINE, &[], "head-1", "ce30"),
            (LINE, &[], "base+1", "ae10"),
            (LINE, &[], "b", "be20"),
            (LINE, &[], "be20:", "be20 ce30 de40"),
            (LINE, &[], ":be20", "ae10 be20"),
            (LINE, &[], "be20:ce30", "be20 ce30"),
            (LINE, &["ae10", "be20", "ce30"], "-1:current", "be20 ce30"),
            (LINE, &[], "base:head", "ae10 be20 ce30 de40"),
            (FORK, &[], "heads", "b2b2 cccc"),
            (FORK, &[], "left@head", "b2b2"),
            (FORK, &[], "bbbb@head", "b2b2"),
            (FORK, &["aaaa", "bbbb", "cccc"], "left@+1", "b2b2"),
            (FORK, &["aaaa"], "left@+1", "bbbb"),
            (FORK, &["aaaa", "cccc"], "left@+2", "b2b2"),
            (JOIN, &["aaaa", "bbbb", "cccc"], "+1", "dddd"),
            (JOIN, &["aaaa", "bbbb"], "left@+1", "dddd"),
            (FORK, &["aaaa", "bbbb", "b2b2", "cccc"], "left@-1", "bbbb"),
            (FORK, &[], "right", "cccc"),
        ];
        for (lines, applied, text, expected) in cases {
            assert_eq!(resolved(lines, applied, text).as_deref(), Ok(*expected), "{text}");
        }
    }

    #[test]
    fn what_has_no_single_meaning_is_told() {
        let cases: &[(&[&str], &[&str], &str, &str)] = &[
            (FORK, &[], "head", "there are 2 heads: b2b2, cccc; say `heads`"),
            (FORK, &["aaaa"], "+1", "+1 can go several ways from aaaa: bbbb, cccc;"),
            (FORK, &[], "left@cccc", "revision cccc is not on branch left"),
            (FORK, &[], "middle@head", "there is no revision middle"),
            (LINE, &["ae10"], "+4", "+4 goes past the last revision: only 3 of the steps exist"),
            (LINE, &[], "-1", "-1 goes past the first revision: only 0"),
            (LINE, &[], "ae10+x", "\"ae10+x\" is no revision: a number must follow"),
            (LINE, &[], "", "\"\" is no revision: it is empty"),
            (LINE, &[], "@head", "\"@head\" is no revision: a branch must stand before"),
            (LINE, &[], "a;b", "\"a;b\" is no revision: only letters"),
        ];
        for (lines, applied, text, expected) in cases {
            let error = resolved(lines, applied, text).unwrap_err();
            assert!(error.starts_with(expected), "{text}: {error}");
        }
    }
}
