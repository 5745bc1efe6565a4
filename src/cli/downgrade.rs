//! `aludel downgrade`

use super::interrupt::cancellable;
use super::{Exit, Global, Outcome, progress, render, run_args::RunArgs};
use crate::command::downgrade;

/// Take revisions back down to a target
///
/// Example: aludel downgrade -1
#[derive(Debug, clap::Args)]
pub struct Args {
    /// base, -n, an id or the beginning of one
    #[arg(allow_negative_numbers = true)]
    revision: String,
    #[command(flatten)]
    run: RunArgs,
}

/// Runs the command.
pub async fn run(global: &Global, args: &Args) -> Outcome {
    let session = global.session().await?;
    let (graph, ledger) = (session.graph()?, session.run_ledger());
    let request = args.run.request(&session, &args.revision)?;
    let mut progress = progress::shown();
    let work = downgrade::downgrade(&session.live, &graph, &ledger, &request, &mut *progress);
    let report = cancellable(&session, work).await?;
    render::report(global.format, &report, || render::moved(&report));
    Ok(Exit::Done)
}
