//! What the commands that list revisions say about each.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::revision::{Graph, Id, Revision};

/// One revision, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Described {
    /// Its id.
    pub revision: Id,
    /// What it follows.
    pub down_revisions: Vec<Id>,
    /// What follows it.
    pub next: Vec<Id>,
    /// What else it needs.
    pub depends_on: Vec<Id>,
    /// The labels it carries itself.
    pub branch_labels: Vec<String>,
    /// The labels of the branches it is on.
    pub branches: Vec<String>,
    /// What it does.
    pub message: String,
    /// When it was written.
    pub created_at: String,
    /// Its up file.
    pub up_file: String,
    /// Its down file.
    pub down_file: String,
    /// Nothing follows it.
    pub is_head: bool,
    /// Several follow it.
    pub is_branch_point: bool,
    /// It follows several.
    pub is_merge_point: bool,
    /// It is applied, and nothing that follows it is; nothing where no database was asked.
    pub is_current: Option<bool>,
}

/// Describes a revision; `current` are the heads of the database, if one was asked.
pub fn describe(graph: &Graph, revision: &Revision, current: Option<&BTreeSet<Id>>) -> Described {
    let id = &revision.id;
    let next = graph.children(id).to_vec();
    Described {
        revision: id.clone(),
        down_revisions: revision.down_revisions.clone(),
        depends_on: graph.depends_on(id).to_vec(),
        branch_labels: revision.branch_labels.clone(),
        branches: graph.labels(id).map(str::to_owned).collect(),
        message: revision.message.clone(),
        created_at: revision.created_at.clone(),
        up_file: revision.up.file.clone(),
        down_file: revision.down.file.clone(),
        is_head: next.is_empty(),
        is_branch_point: next.len() > 1,
        is_merge_point: revision.down_revisions.len() > 1,
        is_current: current.map(|current| current.contains(id)),
        next,
    }
}
