//! `aludel generate`

use super::{Exit, Global, Outcome, render};
use crate::codegen::LeftOut;
use crate::command::generate;

/// Write typed repositories for the models, in Rust
///
/// They go to the folder `codegen.out` of aludel.toml (src/db). Files there that aludel did not write are left alone.
///
/// Example: aludel generate --check
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Write nothing: show what would change, and end with exit code 1 if anything would
    #[arg(long)]
    check: bool,
}

/// Runs the command.
pub async fn run(global: &Global, args: &Args) -> Outcome {
    let session = global.session().await?;
    if args.check {
        let checked = generate::check(&session).await?;
        render::report(global.format, &checked, || {
            let mut lines: Vec<String> = checked.stale.iter().map(|stale| render::unified(&stale.diff)).collect();
            lines.push(match checked.stale.len() {
                0 => format!("{} is what the models say.", checked.folder.display()),
                stale => format!("{stale} files differ: run `aludel generate`."),
            });
            lines.extend(left_out(&checked.left_out));
            lines
        });
        return Ok(Exit::found(!checked.stale.is_empty()));
    }
    let report = generate::generate(&session).await?;
    render::report(global.format, &report, || {
        let done = [("wrote", &report.files.written), ("removed", &report.files.removed)];
        let line = |(verb, file): (&str, &String)| format!("{verb} {}", report.folder.join(file).display());
        let mut lines: Vec<String> =
            done.iter().flat_map(|(verb, files)| files.iter().map(|file| line((*verb, file)))).collect();
        match report.files.unchanged.len() {
            0 => {}
            unchanged => lines.push(format!("unchanged files: {unchanged}")),
        }
        lines.extend(left_out(&report.left_out));
        lines
    });
    Ok(Exit::Done)
}

fn left_out(list: &[LeftOut]) -> impl Iterator<Item = String> {
    list.iter().map(|one| format!("left out: {}: {}", one.object, one.why))
}
