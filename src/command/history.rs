//! `history`: the revisions of the folder, newest first.

use std::collections::BTreeSet;

use serde::Serialize;

use super::Error;
use super::describe::{Described, describe};
use crate::revision::{Graph, Id, Range};

/// What to list.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// From where to where; all of it where nothing is said.
    pub range: Option<Range>,
    /// What the database has, where one was asked: for `current` and relative ends, and to mark it.
    pub applied: Option<BTreeSet<Id>>,
}

/// The revisions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Newest first.
    pub revisions: Vec<Described>,
}

/// Lists revisions.
///
/// # Errors
/// If an end of the range means nothing.
pub fn history(graph: &Graph, request: &Request) -> Result<Report, Error> {
    let nothing = BTreeSet::new();
    let applied = request.applied.as_ref();
    let wanted = request.range.as_ref().map(|range| range.resolve(graph, applied.unwrap_or(&nothing))).transpose()?;
    let current: Option<BTreeSet<Id>> = applied.map(|applied| graph.heads_of(applied).into_iter().collect());
    let listed =
        graph.revisions().rev().filter(|revision| wanted.as_ref().is_none_or(|ids| ids.contains(&revision.id)));
    Ok(Report { revisions: listed.map(|revision| describe(graph, revision, current.as_ref())).collect() })
}
