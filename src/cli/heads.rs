//! `aludel heads`

use super::{Exit, Global, Outcome, render};
use crate::command::heads;

/// Show the revisions that nothing follows
///
/// Example: aludel heads
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Runs the command.
pub fn run(global: &Global, _args: &Args) -> Outcome {
    let report = heads::heads(&global.graph()?);
    render::report(global.format, &report, || report.heads.iter().map(render::described).collect());
    Ok(Exit::Done)
}
