//! `branches`: the revisions that several follow, and those that follow them.

use serde::Serialize;

use super::describe::{Described, describe};
use crate::revision::Graph;

/// The forks of the folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// One after the other.
    pub branches: Vec<Branch>,
}

/// A fork.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Branch {
    /// The revision that several follow.
    pub point: Described,
    /// Those.
    pub next: Vec<Described>,
}

/// Lists the forks.
pub fn branches(graph: &Graph) -> Report {
    let points = graph.revisions().filter(|revision| graph.children(&revision.id).len() > 1);
    let branch = |point| Branch {
        point: describe(graph, point, None),
        next: graph
            .children(&point.id)
            .iter()
            .filter_map(|id| graph.get(id))
            .map(|next| describe(graph, next, None))
            .collect(),
    };
    Report { branches: points.map(branch).collect() }
}
