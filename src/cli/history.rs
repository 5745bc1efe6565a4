//! `aludel history`

use super::{Exit, Global, Outcome, render};
use crate::command::history;

/// List the revisions, newest first
///
/// Example: aludel history
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Runs the command.
pub fn run(global: &Global, _args: &Args) -> Outcome {
    let report = history::history(&global.graph()?, &history::Request::default())?;
    render::report(global.format, &report, || report.revisions.iter().map(render::described).collect());
    Ok(Exit::Done)
}
