//! `downgrade`: takes back what is applied above a target.

use tokio_postgres::Client;

use super::Error;
pub use super::run::{Moved, Report, Request};
use crate::db::ledger::Ledger;
use crate::db::progress::Progress;
use crate::revision::{Direction, Graph};

/// Takes every revision above the target back, newest first; goes on with one that stopped in the middle.
///
/// # Errors
/// If the target means nothing or is not applied, the lock is not had in time, or a statement fails. What ran before stays.
pub async fn downgrade(
    client: &Client,
    graph: &Graph,
    ledger: &Ledger,
    request: &Request,
    progress: &mut dyn Progress,
) -> Result<Report, Error> {
    super::run::run(client, graph, ledger, Direction::Down, request, progress).await
}
