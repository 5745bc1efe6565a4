//! `upgrade`: applies what is missing up to a target.

use tokio_postgres::Client;

use super::Error;
pub use super::run::{Moved, Report, Request};
use crate::db::ledger::Ledger;
use crate::db::progress::Progress;
use crate::revision::{Direction, Graph};

/// Applies every revision up to the target, with what it needs; goes on with one that stopped in the middle.
///
/// # Errors
/// If the target means nothing, the lock is not had in time, or a statement fails. What ran before stays.
pub async fn upgrade(
    client: &Client,
    graph: &Graph,
    ledger: &Ledger,
    request: &Request,
    progress: &mut dyn Progress,
) -> Result<Report, Error> {
    super::run::run(client, graph, ledger, Direction::Up, request, progress).await
}
