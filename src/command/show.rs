//! `show`: one revision with what it runs.

use std::collections::BTreeSet;

use serde::Serialize;

use super::Error;
use super::describe::{Described, describe};
use crate::revision::{Graph, Id, Mode, Script, Target};

/// One or several revisions, as the target says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// One after the other.
    pub revisions: Vec<Shown>,
}

/// A revision with its SQL.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Shown {
    /// What it is.
    #[serde(flatten)]
    pub revision: Described,
    /// The way up.
    pub up: Vec<ShownSection>,
    /// The way back.
    pub down: Vec<ShownSection>,
}

/// A section with its statements.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ShownSection {
    /// Whether it is one transaction.
    pub transaction: bool,
    /// The statements with their comments.
    pub statements: Vec<String>,
}

/// Shows what a target means; `applied` is what the database has, for relative targets.
///
/// # Errors
/// If the target means nothing.
pub fn show(graph: &Graph, target: &Target, applied: Option<&BTreeSet<Id>>) -> Result<Report, Error> {
    let nothing = BTreeSet::new();
    let ids = target.resolve(graph, applied.unwrap_or(&nothing))?;
    let current: Option<BTreeSet<Id>> = applied.map(|applied| graph.heads_of(applied).into_iter().collect());
    let shown = |id| {
        graph.get(id).map(|revision| Shown {
            revision: describe(graph, revision, current.as_ref()),
            up: sections(&revision.up),
            down: sections(&revision.down),
        })
    };
    Ok(Report { revisions: ids.iter().filter_map(shown).collect() })
}

fn sections(script: &Script) -> Vec<ShownSection> {
    let shown = script.sections.iter().map(|section| ShownSection {
        transaction: section.mode == Mode::Transaction,
        statements: section.statements.iter().map(|statement| statement.text.clone()).collect(),
    });
    shown.collect()
}
