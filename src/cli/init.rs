//! `aludel init`

use super::{Exit, Global, Outcome, render};
use crate::command::{self, init};

/// Make a project: aludel.toml, models.toml, migrations/
///
/// Example: aludel init && aludel pull
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Runs the command.
pub fn run(global: &Global, _args: &Args) -> Outcome {
    let made = init::init(&global.directory).map_err(command::Error::from)?;
    render::report(global.format, &made, || match made.is_empty() {
        true => vec!["Everything is there already.".into()],
        false => made.iter().map(|file| format!("made {}", file.display())).collect(),
    });
    Ok(Exit::Done)
}
