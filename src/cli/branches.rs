//! `aludel branches`

use super::{Exit, Global, Outcome, render};
use crate::command::branches;

/// Show the revisions that several follow, with those
///
/// Example: aludel branches
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Runs the command.
pub fn run(global: &Global, _args: &Args) -> Outcome {
    let report = branches::branches(&global.graph()?);
    render::report(global.format, &report, || {
        let lines = report.branches.iter().flat_map(|branch| {
            let next = branch.next.iter().map(|next| format!("    -> {}", render::described(next)));
            std::iter::once(render::described(&branch.point)).chain(next)
        });
        lines.collect()
    });
    Ok(Exit::Done)
}
