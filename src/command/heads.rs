//! `heads`: the revisions that nothing follows.

use serde::Serialize;

use super::describe::{Described, describe};
use crate::revision::Graph;

/// The heads of the folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// One after the other.
    pub heads: Vec<Described>,
}

/// Lists the heads.
pub fn heads(graph: &Graph) -> Report {
    let heads = graph.heads().into_iter().filter_map(|id| graph.get(id));
    Report { heads: heads.map(|revision| describe(graph, revision, None)).collect() }
}
