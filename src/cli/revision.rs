//! `aludel revision`

use std::io::IsTerminal;

use super::{Global, Outcome, render};
use crate::command::Error;
use crate::command::revision::{Request, revision};
use crate::rename::Asked;

/// Write a new revision; with --autogenerate, what leads from the database to the models
///
/// What is written was run down and up in a shadow database first.
///
/// Example: aludel revision --autogenerate -m "add posts"
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What the revision does
    #[arg(short, long, default_value = "")]
    message: String,
    /// Find out what it does by comparing the database with the models
    #[arg(long)]
    autogenerate: bool,
    /// Its id, instead of one made up
    #[arg(long, value_name = "ID")]
    rev_id: Option<String>,
    /// Something that has only another name; may be given several times
    #[arg(long = "rename", value_name = "OLD=NEW")]
    renames: Vec<Asked>,
    /// Take what looks like a rename for a drop and an add
    #[arg(long)]
    no_renames: bool,
}

/// Runs the command.
pub async fn run(global: &Global, args: &Args) -> Outcome {
    let session = global.session().await?;
    let mut request = Request {
        message: args.message.clone(),
        id: args.rev_id.clone(),
        autogenerate: args.autogenerate,
        renames: args.renames.clone(),
        no_renames: args.no_renames,
    };
    let report = match revision(&session, &request).await {
        Err(Error::Undecided(pairs)) if std::io::stdin().is_terminal() && std::io::stderr().is_terminal() => {
            for (old, new) in pairs {
                if render::ask(&format!("Is {old} now called {}?", new.name())) {
                    request.renames.push(Asked { from: old.path.to_vec(), to: new.name() });
                }
            }
            request.no_renames = true;
            revision(&session, &request).await?
        }
        report => report?,
    };
    render::report(global.format, &report, || {
        if report.revision.is_none() {
            let mut lines = vec!["Nothing differs; no revision was written.".into()];
            lines.extend(render::unknown(&report.unknown));
            return lines;
        }
        let mut lines = report.differences.clone();
        lines.extend(render::unknown(&report.unknown));
        lines.extend(report.hazards.iter().map(|hazard| format!("hazard: {}", render::counted(hazard))));
        lines.extend(report.files.iter().map(|file| format!("wrote {}", file.display())));
        lines
    });
    Ok(0)
}
