//! What `upgrade` and `downgrade` share: lock, look, move, tell.

use std::time::{Duration, Instant};

use serde::Serialize;
use tokio_postgres::Client;

use super::Error;
use crate::db::apply::{Error as RunError, Options, apply, place_in_words};
use crate::db::ledger::{Ledger, Status};
use crate::db::lock::Lock;
use crate::db::progress::Progress;
use crate::revision::{Direction, Graph, Id, Move, Target, moves};

/// Where to go, and how.
#[derive(Clone, Debug)]
pub struct Request {
    /// Where to.
    pub target: Target,
    /// How revisions run.
    pub options: Options,
    /// How long to wait for another runner to end.
    pub lock_wait: Duration,
}

/// What was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// What ran, in order; nothing if the database was there already.
    pub moved: Vec<Moved>,
    /// The heads of the database now.
    pub current: Vec<Id>,
    /// What is applied and was edited since.
    pub edited: Vec<Id>,
}

/// A revision that ran.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Moved {
    /// Which.
    pub revision: Id,
    /// Which way.
    pub direction: Direction,
    /// What it does.
    pub message: String,
    /// How many statements it has.
    pub statements: usize,
    /// How long it took, in milliseconds.
    pub milliseconds: u64,
}

/// Moves a database. What ran before an error stays, as the ledger says.
pub(super) async fn run(
    client: &Client,
    graph: &Graph,
    ledger: &Ledger,
    direction: Direction,
    request: &Request,
    progress: &mut dyn Progress,
) -> Result<Report, Error> {
    let lock = Lock::acquire(client, ledger, request.lock_wait, progress).await?;
    let result = locked(client, graph, ledger, direction, request, progress).await;
    lock.release().await;
    result
}

async fn locked(
    client: &Client,
    graph: &Graph,
    ledger: &Ledger,
    direction: Direction,
    request: &Request,
    progress: &mut dyn Progress,
) -> Result<Report, Error> {
    let status = ledger.status(client).await?;
    let applied = status.applied();
    let steps = match direction {
        Direction::Up => moves::upgrade(graph, &applied, &request.target)?,
        Direction::Down => moves::downgrade(graph, &applied, &request.target)?,
    };
    goes_on(&status, &steps)?;
    if !steps.is_empty() {
        ledger.ensure(client).await?;
    }
    let mut moved = Vec::new();
    for step in steps {
        let begun = Instant::now();
        let earlier = status.entries.get(&step.revision.id).filter(|entry| !entry.is_finished());
        apply(client, ledger, step, earlier, &request.options, progress).await?;
        moved.push(Moved {
            revision: step.revision.id.clone(),
            direction,
            message: step.revision.message.clone(),
            statements: step.script().statements().count(),
            milliseconds: u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
        });
    }
    let status = ledger.status(client).await?;
    Ok(Report { moved, current: graph.heads_of(&status.applied()), edited: status.edited(graph) })
}

/// A run that stopped in the middle is finished before, or with, anything else.
fn goes_on(status: &Status, steps: &[Move<'_>]) -> Result<(), Error> {
    let Some(entry) = status.interrupted() else { return Ok(()) };
    let is_it = |step: &Move<'_>| step.revision.id == entry.revision && step.direction == entry.direction;
    if steps.iter().any(is_it) {
        return Ok(());
    }
    let command = match entry.direction {
        Direction::Up => format!("upgrade {}", entry.revision),
        Direction::Down => format!("downgrade {}@-1", entry.revision),
    };
    let (revision, direction, at) = (entry.revision.clone(), entry.direction, place_in_words(entry));
    Err(RunError::Interrupted { revision, direction, at, command }.into())
}
