//! Where a new revision goes: what it follows, what it is called there, and what else it needs.

use std::collections::BTreeSet;

use super::target::Point;
use super::{Error, Graph, Id, Target};

/// Where somebody wants a new revision.
#[derive(Clone, Debug, Default)]
pub struct Place {
    /// What it follows; the head, where nothing is said.
    pub heads: Vec<Target>,
    /// Whether it may follow a revision that others follow already.
    pub splice: Splice,
    /// The names of the branch that begins with it.
    pub branch_labels: Vec<String>,
    /// What else must be applied before it: ids, prefixes of ids or labels.
    pub depends_on: Vec<String>,
}

/// Whether a new revision may follow one that others follow already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Splice {
    /// It follows heads.
    #[default]
    Heads,
    /// It may begin a branch.
    Anywhere,
}

/// A place that is there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// What the revision follows; nothing, for a base.
    pub down_revisions: Vec<Id>,
    /// What else it needs: whole ids, or labels as they were given.
    pub depends_on: Vec<String>,
}

impl Place {
    /// Finds the place in the graph.
    ///
    /// # Errors
    /// If a name means nothing, several heads could be meant, or others follow already.
    pub fn find(&self, graph: &Graph) -> Result<Found, Error> {
        let default = ["head".parse()?];
        let heads = if self.heads.is_empty() { &default[..] } else { &self.heads };
        let mut down_revisions: Vec<Id> = Vec::new();
        for target in heads {
            if target.point == Point::Current {
                let reason = "a new revision follows one of the folder, and not what a database has";
                return Err(Error::Syntax { text: target.to_string(), reason });
            }
            for id in target.resolve(graph, &BTreeSet::new())? {
                if !down_revisions.contains(&id) {
                    down_revisions.push(id);
                }
            }
        }
        let inner = down_revisions.iter().find(|id| !graph.children(id).is_empty());
        if let Some(id) = inner.filter(|_| self.splice == Splice::Heads) {
            let next = graph.children(id).iter().map(ToString::to_string).collect();
            return Err(Error::NotAHead { id: id.clone(), next });
        }
        self.branch_labels.iter().try_for_each(|label| check_label(label))?;
        let whole = |text: &String| {
            let id = graph.find(text)?;
            let is_label = graph.get(&id).is_some_and(|revision| revision.branch_labels.contains(text));
            Ok(if is_label { text.clone() } else { id.to_string() })
        };
        Ok(Found { down_revisions, depends_on: self.depends_on.iter().map(whole).collect::<Result<_, Error>>()? })
    }
}

/// A label is found again by the revision syntax.
fn check_label(text: &str) -> Result<(), Error> {
    let bad = |reason| Err(Error::BadLabel { text: text.to_owned(), reason });
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.')) {
        return bad("only ASCII letters, digits, _ and . may stand in it");
    }
    match text.parse()? {
        Target { point: Point::Symbol(_), .. } => Ok(()),
        _ => bad("the word means something else where revisions are named"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::revision::file::parse;

    /// `b` and `c` follow `a`; `c` carries a label.
    fn fork() -> Graph {
        let texts = [("aaaa", ""), ("bbbb", "-- down_revision = \"aaaa\"\n"), ("cccc", LABELLED)];
        let parsed = texts.map(|(id, more)| {
            let up = format!("-- aludel:revision\n-- revision = \"{id}\"\n{more}");
            parse(("up", &up), ("down", "")).unwrap()
        });
        Graph::new(parsed).unwrap()
    }

    const LABELLED: &str = "-- down_revision = \"aaaa\"\n-- branch_labels = [\"billing\"]\n";

    fn place(heads: &[&str], splice: Splice) -> Place {
        Place { heads: heads.iter().map(|text| text.parse().unwrap()).collect(), splice, ..Place::default() }
    }

    fn found(heads: &[&str]) -> String {
        match place(heads, Splice::Heads).find(&fork()) {
            Ok(found) => found.down_revisions.iter().map(Id::as_str).collect::<Vec<_>>().join(" "),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn a_revision_follows_heads() {
        assert_eq!(found(&[]), "there are 2 heads: bbbb, cccc; say `heads`, name one, or merge them");
        assert_eq!(found(&["heads"]), "bbbb cccc");
        assert_eq!(found(&["bb", "billing@head", "bbbb"]), "bbbb cccc");
        assert_eq!(found(&["base"]), "");
        assert_eq!(
            found(&["aaaa"]),
            "revision aaaa is no head (bbbb, cccc follows it): --splice begins a branch there"
        );
        assert!(found(&["+1"]).contains("a new revision follows one of the folder"));
        let spliced = place(&["aaaa"], Splice::Anywhere).find(&fork()).unwrap();
        assert_eq!(spliced.down_revisions, [Id::new("aaaa").unwrap()]);
        assert_eq!(Place::default().find(&Graph::default()).unwrap(), Found::default());
    }

    #[test]
    fn what_it_depends_on_is_there_and_labels_can_be_named() {
        let with = |depends_on: &str, label: &str| Place {
            depends_on: vec![depends_on.to_owned()],
            branch_labels: vec![label.to_owned()],
            ..place(&["bbbb"], Splice::Heads)
        };
        assert_eq!(with("aa", "x").find(&fork()).unwrap().depends_on, ["aaaa"]);
        assert_eq!(with("billing", "x").find(&fork()).unwrap().depends_on, ["billing"]);
        assert!(with("dddd", "x").find(&fork()).is_err());
        for (label, why) in
            [("head", "the word means"), ("a@b", "only ASCII"), ("a-1", "only ASCII"), ("", "only ASCII")]
        {
            let error = with("aa", label).find(&fork()).unwrap_err().to_string();
            assert!(error.contains(why), "{error}");
        }
    }
}
