//! `aludel merge`

use super::{Exit, Global, Outcome, render, revision};
use crate::command::merge::merge;
use crate::command::revision::Request;
use crate::disk::config::Config;
use crate::revision::Place;

/// Write a revision that follows several heads, so that there is one again
///
/// Its two files are empty; what the branches do to the same object is for a person to settle there.
///
/// Example: aludel merge heads -m "both features"
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What to merge: heads, ids or their beginnings, label@head
    #[arg(required = true)]
    revisions: Vec<String>,
    /// What the revision is called; otherwise it names what it merges
    #[arg(short, long, default_value = "")]
    message: String,
    /// A name for the branch that begins with it; may be given several times
    #[arg(long = "branch-label", value_name = "LABEL")]
    branch_labels: Vec<String>,
    /// Its id, instead of one made up
    #[arg(long, value_name = "ID")]
    rev_id: Option<String>,
}

/// Runs the command.
pub fn run(global: &Global, args: &Args) -> Outcome {
    let heads = args.revisions.iter().map(|text| text.parse()).collect::<Result<_, _>>()?;
    let place = Place { heads, branch_labels: args.branch_labels.clone(), ..Place::default() };
    let request = Request { message: args.message.clone(), id: args.rev_id.clone(), place, ..Request::default() };
    let report = merge(&global.directory, &Config::load(&global.directory)?, &request)?;
    render::report(global.format, &report, || revision::lines(&report));
    Ok(Exit::Done)
}
