//! `aludel current`

use super::{Exit, Global, Outcome, render};
use crate::command::current;

/// Show which revisions the database has
///
/// Example: aludel current
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Runs the command.
pub async fn run(global: &Global, _args: &Args) -> Outcome {
    let session = global.session().await?;
    let report = current::current(&session.live, &session.graph()?, &session.run_ledger()).await?;
    render::report(global.format, &report, || {
        let mut lines: Vec<String> = report.current.iter().map(render::described).collect();
        lines.extend(report.unknown.iter().map(|id| format!("{id} is applied, and no file holds it")));
        lines.extend(render::edited(&report.edited));
        if let Some(stopped) = &report.interrupted {
            lines.push(format!("{} stopped at {}", stopped.revision, stopped.at));
        }
        lines
    });
    Ok(Exit::Done)
}
