//! `aludel upgrade`

use super::interrupt::cancellable;
use super::{Exit, Global, Outcome, progress, render, run_args::RunArgs};
use crate::command::upgrade;

/// Apply revisions up to a target
///
/// Example: aludel upgrade head
#[derive(Debug, clap::Args)]
pub struct Args {
    /// head, heads, +n, an id or the beginning of one
    #[arg(default_value = "head", allow_negative_numbers = true)]
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
    let work = upgrade::upgrade(&session.live, &graph, &ledger, &request, &mut *progress);
    let report = cancellable(&session, work).await?;
    render::report(global.format, &report, || render::moved(&report));
    Ok(Exit::Done)
}
