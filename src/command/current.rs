//! `current`: what the database has.

use std::collections::BTreeSet;

use serde::Serialize;
use tokio_postgres::Client;

use super::Error;
use super::describe::{Described, describe};
use crate::db::apply::place_in_words;
use crate::db::ledger::Ledger;
use crate::revision::{Direction, Graph, Id};

/// What the database has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The applied revisions that no other applied one follows.
    pub current: Vec<Described>,
    /// Whether every head of the folder is applied.
    pub is_up_to_date: bool,
    /// What is applied and held by no file.
    pub unknown: Vec<Id>,
    /// What is applied and was edited since.
    pub edited: Vec<Id>,
    /// The run that stopped in the middle.
    pub interrupted: Option<Interrupted>,
}

/// A run that did not come to its end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Interrupted {
    /// The revision.
    pub revision: Id,
    /// Which way.
    pub direction: Direction,
    /// Where, in words.
    pub at: String,
    /// When it began.
    pub started_at: String,
}

/// Reads what the database has. Changes nothing: the ledger is not made where there is none.
///
/// # Errors
/// If the ledger can't be read.
pub async fn current(client: &Client, graph: &Graph, ledger: &Ledger) -> Result<Report, Error> {
    let status = ledger.status(client).await?;
    let applied = status.applied();
    let heads: BTreeSet<Id> = graph.heads_of(&applied).into_iter().collect();
    let known = graph.revisions().filter(|revision| heads.contains(&revision.id));
    Ok(Report {
        current: known.map(|revision| describe(graph, revision, Some(&heads))).collect(),
        is_up_to_date: graph.revisions().all(|revision| applied.contains(&revision.id)),
        unknown: applied.iter().filter(|id| graph.get(id).is_none()).cloned().collect(),
        edited: status.edited(graph),
        interrupted: status.interrupted().map(|entry| Interrupted {
            revision: entry.revision.clone(),
            direction: entry.direction,
            at: place_in_words(entry),
            started_at: entry.started_at.clone(),
        }),
    })
}
