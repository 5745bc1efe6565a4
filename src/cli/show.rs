//! `aludel show`

use super::{Exit, Global, Outcome, render};
use crate::command::show;

/// Show one revision with its SQL
///
/// Example: aludel show head
#[derive(Debug, clap::Args)]
pub struct Args {
    /// head, an id or the beginning of one
    #[arg(default_value = "head")]
    revision: String,
}

/// Runs the command.
pub fn run(global: &Global, args: &Args) -> Outcome {
    let report = show::show(&global.graph()?, &args.revision.parse()?, None)?;
    render::report(global.format, &report, || {
        let mut lines = Vec::new();
        for shown in &report.revisions {
            lines.push(render::described(&shown.revision));
            for (way, sections) in [("up", &shown.up), ("down", &shown.down)] {
                lines.push(format!("\n-- {way}"));
                lines.extend(sections.iter().flat_map(|section| section.statements.clone()));
            }
        }
        lines
    });
    Ok(Exit::Done)
}
