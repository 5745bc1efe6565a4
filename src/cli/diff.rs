//! `aludel diff`

use super::{Exit, Global, Outcome, render};
use crate::command::{check, diff};

/// Show the SQL that leads from the database to the models
///
/// Example: aludel diff --exit-code
#[derive(Debug, clap::Args)]
pub struct Args {
    /// End with exit code 1 if there is a difference
    #[arg(long)]
    exit_code: bool,
    /// Show each object that differs as a unified diff of the SQL that makes it
    #[arg(short, long)]
    unified: bool,
}

/// Runs the command.
pub async fn run(global: &Global, args: &Args) -> Outcome {
    let session = global.session().await?;
    if args.unified {
        let report = diff::unified(&session).await?;
        render::report(global.format, &report, || {
            let objects = report.objects.iter().map(|object| render::unified(&object.diff));
            report.renames.iter().cloned().chain(objects).collect()
        });
        let differs = !report.renames.is_empty() || !report.objects.is_empty();
        return Ok(Exit::found(args.exit_code && differs));
    }
    let report = check::check(&session).await?;
    render::report(global.format, &report, || render::sql(&report.plan));
    Ok(Exit::found(args.exit_code && !report.differences.is_empty()))
}
