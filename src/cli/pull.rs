//! `aludel pull`

use super::{Global, Outcome, render};
use crate::command::pull;

/// Write the live database as models
///
/// What is written was built in a shadow database and compared with the live one first.
///
/// Example: aludel pull --database-url postgres://localhost/app
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Runs the command.
pub async fn run(global: &Global, _args: &Args) -> Outcome {
    let session = global.session().await?;
    let report = pull::pull(&session).await?;
    render::report(global.format, &report, || {
        let mut lines = vec![match report.files.len() {
            0 => "nothing to pull: the models say what the database has".into(),
            1 => format!("pulled {}", report.files[0].display()),
            count => format!("pulled {count} files"),
        }];
        lines.extend(report.not_managed.iter().map(|id| format!("not managed: {id}")));
        lines.extend(report.not_carried.iter().map(|id| format!("not carried: {id}")));
        lines.extend(report.respelled.iter().map(|id| format!("means the same, and is spelled otherwise: {id}")));
        lines
    });
    Ok(0)
}
