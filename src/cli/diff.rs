//! `aludel diff`

use super::{Exit, Global, Outcome, render};
use crate::command::check;

/// Show the SQL that leads from the database to the models
///
/// Example: aludel diff --exit-code
#[derive(Debug, clap::Args)]
pub struct Args {
    /// End with exit code 1 if there is a difference
    #[arg(long)]
    exit_code: bool,
}

/// Runs the command.
pub async fn run(global: &Global, args: &Args) -> Outcome {
    let session = global.session().await?;
    let report = check::check(&session).await?;
    render::report(global.format, &report, || render::sql(&report.plan));
    Ok(Exit::found(args.exit_code && !report.differences.is_empty()))
}
