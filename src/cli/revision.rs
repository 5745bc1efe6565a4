//! `aludel revision`

use super::{Global, Outcome, render};
use crate::command::revision::{Report, Request, revision};

/// Write a new revision; with --autogenerate, what leads from the database to the models
///
/// What is written was run down and up in a shadow database first.
///
/// Example: aludel revision --autogenerate -m "add posts"
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What the revision does
    #[arg(short, long, default_value = "")]
    message: String,
    /// Find out what it does by comparing the database with the models
    #[arg(long)]
    autogenerate: bool,
    /// Its id, instead of one made up
    #[arg(long, value_name = "ID")]
    rev_id: Option<String>,
}

/// Runs the command.
pub async fn run(global: &Global, args: &Args) -> Outcome {
    let session = global.session().await?;
    let request = Request { message: args.message.clone(), id: args.rev_id.clone(), autogenerate: args.autogenerate };
    let report = revision(&session, &request).await?;
    render::report(global.format, &report, || lines(&report));
    Ok(0)
}

/// What was written.
pub fn lines(report: &Report) -> Vec<String> {
    if report.revision.is_none() {
        return vec!["Nothing differs; no revision was written.".into()];
    }
    let mut lines = report.differences.clone();
    lines.extend(report.hazards.iter().map(|hazard| format!("hazard: {hazard}")));
    lines.extend(report.files.iter().map(|file| format!("wrote {}", file.display())));
    lines
}
