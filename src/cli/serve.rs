//! `aludel serve`

use super::{Exit, Global, Outcome, render};
use crate::command::serve;
use crate::db::cluster::Search;

/// Keep the embedded server up, for psql and an application in development
///
/// Example: aludel serve
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Runs the command until Ctrl-C.
pub async fn run(global: &Global, _args: &Args) -> Outcome {
    let search = Search::new(&|name| std::env::var(name).ok());
    let request = serve::Request { folder: global.directory.join(".aludel"), search, extensions: Vec::new() };
    let serving = serve::start(&request).await?;
    render::say(&serving.url);
    if let Some(note) = &serving.note {
        eprintln!("{note}");
    }
    serving.until_signal().await?;
    Ok(Exit::Done)
}
