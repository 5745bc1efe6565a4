//! `aludel check`

use super::{Global, Outcome, render};
use crate::command::check;

/// Tell whether the database is what the models say; exit code 1 if not
///
/// Example: aludel check --format json
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Runs the command.
pub async fn run(global: &Global, _args: &Args) -> Outcome {
    let session = global.session().await?;
    let report = check::check(&session).await?;
    render::report(global.format, &report, || {
        let mut lines = report.differences.clone();
        if lines.is_empty() {
            lines.push("The database is what the models say.".into());
        }
        lines.extend(render::unknown(&report.unknown));
        lines
    });
    Ok(u8::from(!report.differences.is_empty()))
}
