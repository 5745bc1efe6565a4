//! `stamp`: declares what a database has, and runs nothing.

use std::collections::BTreeSet;
use std::time::Duration;

use serde::Serialize;
use tokio_postgres::Client;

use super::Error;
use crate::db::apply::Error as RunError;
use crate::db::ledger::{Ledger, Place, State, Status};
use crate::db::lock::Lock;
use crate::db::progress::Progress;
use crate::revision::{Direction, Graph, Id, Target};

/// What to declare.
#[derive(Clone, Debug)]
pub struct Request {
    /// The revisions that the database has, with all below them. Branches that none of them is on stay as they are.
    pub targets: Vec<Target>,
    /// Whether to forget everything first, also what no file holds.
    pub purge: Purge,
    /// How long to wait for another runner to end.
    pub lock_wait: Duration,
}

/// Whether to forget everything first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Purge {
    /// Other branches stay.
    #[default]
    Keep,
    /// The ledger is emptied.
    Everything,
}

/// What is declared now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The heads before.
    pub before: Vec<Id>,
    /// The heads now.
    pub current: Vec<Id>,
}

/// Declares what a database has.
///
/// # Errors
/// If a target means nothing or the ledger can't be written.
pub async fn stamp(
    client: &Client,
    graph: &Graph,
    ledger: &Ledger,
    request: &Request,
    progress: &mut dyn Progress,
) -> Result<Report, Error> {
    let lock = Lock::acquire(client, ledger, request.lock_wait, progress).await?;
    let result = locked(client, graph, ledger, request).await;
    lock.release().await;
    result
}

async fn locked(client: &Client, graph: &Graph, ledger: &Ledger, request: &Request) -> Result<Report, Error> {
    ledger.ensure(client).await?;
    let status = ledger.status(client).await?;
    let applied = status.applied();
    let wanted = wanted(graph, &applied, request)?;
    transaction(client, "BEGIN").await?;
    let written = write(client, graph, ledger, request.purge, &status, &wanted).await;
    if written.is_err() {
        // If this fails too the connection is gone, and the server rolls back by itself.
        let _gone = client.batch_execute("ROLLBACK").await;
    }
    written?;
    transaction(client, "COMMIT").await?;
    let current = graph.heads_of(&ledger.status(client).await?.applied());
    Ok(Report { before: graph.heads_of(&applied), current })
}

/// The targets with all below them, and the heads that have nothing to do with them.
fn wanted(graph: &Graph, applied: &BTreeSet<Id>, request: &Request) -> Result<BTreeSet<Id>, Error> {
    let (mut wanted, mut touched) = (BTreeSet::new(), BTreeSet::new());
    let mut keeps_others = request.purge == Purge::Keep;
    for target in &request.targets {
        let ids = target.resolve(graph, applied)?;
        match &target.branch {
            Some(branch) => touched.extend(graph.branch(branch)?),
            // `base` without a branch is the base of all.
            None if ids.is_empty() => keeps_others = false,
            None => touched.extend(graph.ancestors(&ids).into_iter().chain(graph.descendants(&ids))),
        }
        wanted.extend(graph.ancestors(&ids));
    }
    if keeps_others {
        let others: Vec<Id> = graph.heads_of(applied).into_iter().filter(|id| !touched.contains(id)).collect();
        wanted.extend(graph.ancestors(&others));
    }
    Ok(wanted)
}

async fn write(
    client: &Client,
    graph: &Graph,
    ledger: &Ledger,
    purge: Purge,
    status: &Status,
    wanted: &BTreeSet<Id>,
) -> Result<(), Error> {
    let place = Place { state: State::Stamped, section: 0, statement: 0, statement_hash: None };
    let mut before = status.clone();
    if purge == Purge::Everything {
        ledger.purge(client).await?;
        before = Status::default();
    }
    let applied = before.applied();
    let is_unfinished = |id: &Id| before.entries.get(id).is_some_and(|entry| !entry.is_finished());
    for revision in graph.revisions().filter(|revision| wanted.contains(&revision.id)) {
        if !applied.contains(&revision.id) || is_unfinished(&revision.id) {
            ledger.record(client, None, (&revision.id, Direction::Up, &revision.up.checksum), &place).await?;
        }
    }
    for entry in before.entries.values().filter(|entry| !wanted.contains(&entry.revision)) {
        if applied.contains(&entry.revision) || is_unfinished(&entry.revision) {
            ledger.record(client, None, (&entry.revision, Direction::Down, &entry.checksum), &place).await?;
        }
    }
    Ok(())
}

async fn transaction(client: &Client, sql: &str) -> Result<(), Error> {
    let done = client.batch_execute(sql).await;
    done.map_err(|source| RunError::Session { file: "stamp".to_owned(), source }.into())
}
