//! `aludel demo`

use std::path::PathBuf;

use super::{Exit, Format, Global, Outcome, render};
use crate::command::demo::{self, Scene};

/// How much of a file of Rust is printed; the folder has the rest.
const LINES: usize = 80;

/// Play the whole story in a new folder: models, revision, upgrade, a rename, downgrade, Rust
///
/// It runs on a private server of that folder, made of this machine's PostgreSQL programs or built in, and touches no
/// other database. The folder stays: go on from there.
///
/// Example: aludel demo
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The folder that is made
    #[arg(default_value = "aludel-demo")]
    folder: PathBuf,
}

/// Runs the command.
pub async fn run(global: &Global, args: &Args) -> Outcome {
    let folder = global.directory.join(&args.folder);
    let mut number = 0;
    let mut watch = |scene: &Scene| {
        number += 1;
        if global.format == Format::Text {
            lines(number, scene).iter().for_each(|line| render::say(line));
        }
    };
    let report = demo::demo(&folder, &mut watch).await?;
    render::report(global.format, &report, || {
        let there = folder.display();
        vec![format!(
            "All of it is in {there}: cd {there}; aludel serve gives a URL for psql, aludel history the revisions."
        )]
    });
    Ok(Exit::Done)
}

fn lines(number: usize, scene: &Scene) -> Vec<String> {
    let mut lines = vec![format!("━━ {number}. {}\n", scene.does)];
    for (name, text) in &scene.shows {
        let all: Vec<&str> = text.trim_end().lines().collect();
        let most = if name.ends_with(".rs") { LINES } else { all.len() };
        lines.push(format!("   {name}"));
        lines.extend(all.iter().take(most).map(|line| format!("   │ {line}").trim_end().to_owned()));
        if all.len() > most {
            lines.push(format!("   … and {} lines more", all.len() - most));
        }
        lines.push(String::new());
    }
    lines
}
