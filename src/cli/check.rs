//! `aludel check`

use super::{Exit, Global, Outcome, render};
use crate::command::replay::{Difference, Is};
use crate::command::{check, replay};

/// Tell whether the database is what the models say; exit code 1 if not
///
/// With --migrations: whether the migrations make the models from nothing, and lead back to nothing. All of them run up
/// and down in an empty shadow database; the live one is not looked at. For CI, and after a revision was edited by hand.
///
/// Example: aludel check --migrations
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Check the migrations folder instead of the database
    #[arg(long)]
    migrations: bool,
}

/// Runs the command.
pub async fn run(global: &Global, args: &Args) -> Outcome {
    let session = global.session().await?;
    if args.migrations {
        let report = replay::replay(&session).await?;
        render::report(global.format, &report, || {
            let up = report.up.iter().map(|difference| line("upgraded, beside the models", difference));
            let down = report.down.iter().map(|difference| line("downgraded, beside an empty database", difference));
            let mut lines: Vec<String> = up.chain(down).collect();
            if lines.is_empty() {
                let told = "The migrations make what the models say, and lead back to nothing; revisions:";
                lines.push(format!("{told} {}", report.revisions));
            }
            lines
        });
        return Ok(Exit::found(!report.is_clean()));
    }
    let report = check::check(&session).await?;
    render::report(global.format, &report, || {
        let mut lines = report.differences.clone();
        if lines.is_empty() {
            lines.push("The database is what the models say.".into());
        }
        lines.extend(render::warnings(&report.warnings));
        lines.extend(render::unknown(&report.unknown));
        lines
    });
    Ok(Exit::found(!report.differences.is_empty()))
}

fn line(way: &str, Difference { object, is }: &Difference) -> String {
    let how = match is {
        Is::Missing => "missing",
        Is::TooMuch => "too much",
        Is::Otherwise => "otherwise",
    };
    format!("{way}: {object} is {how}")
}
