//! `aludel stamp`

use std::time::Duration;

use super::{Exit, Global, Outcome, progress, render};
use crate::command::stamp;

/// Declare what the database has, without running anything
///
/// Example: aludel stamp head
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What it has: head, base, an id
    #[arg(required = true)]
    revisions: Vec<String>,
    /// Forget everything first, also what no file holds
    #[arg(long)]
    purge: bool,
}

/// Runs the command.
pub async fn run(global: &Global, args: &Args) -> Outcome {
    let session = global.session().await?;
    let targets = args.revisions.iter().map(|text| text.parse()).collect::<Result<_, _>>()?;
    let purge = if args.purge { stamp::Purge::Everything } else { stamp::Purge::Keep };
    let request = stamp::Request { targets, purge, lock_wait: Duration::from_secs(60) };
    let report =
        stamp::stamp(&session.live, &session.graph()?, &session.run_ledger(), &request, &mut *progress::shown())
            .await?;
    render::report(global.format, &report, || vec![format!("stamped {:?}", report.current)]);
    Ok(Exit::Done)
}
