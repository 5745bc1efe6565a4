//! `aludel revision`

use std::io::IsTerminal;

use super::{Exit, Global, Outcome, render};
use crate::command::revision::{Output, Report, Request, blank, revision};
use crate::command::{Error, Session};
use crate::disk::config::Config;
use crate::rename::Asked;
use crate::revision::{Place, Splice};

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
    /// Something that has only another name (`users.name=full_name`, `state.new=open` of an enum's value, `f(integer)=g`), or moves
    /// to another schema (`public.t=app.t`); may be given several times
    #[arg(long = "rename", value_name = "OLD=NEW")]
    renames: Vec<Asked>,
    /// Take what looks like a rename for a drop and an add
    #[arg(long)]
    no_renames: bool,
    /// What it follows: an id, label@head, base for a new line; the head, if there is one
    #[arg(long = "head", value_name = "REVISION")]
    heads: Vec<String>,
    /// Let it follow a revision that others follow already, and begin a branch
    #[arg(long)]
    splice: bool,
    /// A name for the branch that begins with it; may be given several times
    #[arg(long = "branch-label", value_name = "LABEL")]
    branch_labels: Vec<String>,
    /// What else must be applied before it: an id or a label; may be given several times
    #[arg(long, value_name = "REVISION")]
    depends_on: Vec<String>,
    /// Print it instead of writing files
    #[arg(long)]
    sql: bool,
}

/// Runs the command.
pub async fn run(global: &Global, args: &Args) -> Outcome {
    let place = Place {
        heads: args.heads.iter().map(|text| text.parse()).collect::<Result<_, _>>()?,
        splice: if args.splice { Splice::Anywhere } else { Splice::Heads },
        branch_labels: args.branch_labels.clone(),
        depends_on: args.depends_on.clone(),
    };
    let mut request = Request {
        message: args.message.split_whitespace().collect::<Vec<_>>().join(" "),
        id: args.rev_id.clone(),
        autogenerate: args.autogenerate,
        renames: args.renames.clone(),
        no_renames: args.no_renames,
        place,
        output: if args.sql { Output::Sql } else { Output::Files },
    };
    let report = match args.autogenerate {
        true => autogenerate(&global.session().await?, &mut request).await?,
        false => blank(&global.directory, &Config::load(&global.directory)?, &request)?,
    };
    render::report(global.format, &report, || lines(&report));
    Ok(Exit::Done)
}

/// Asks on a terminal what only a person can decide.
async fn autogenerate(session: &Session, request: &mut Request) -> Result<Report, Error> {
    match revision(session, request).await {
        Err(Error::Undecided(pairs)) if std::io::stdin().is_terminal() && std::io::stderr().is_terminal() => {
            for (old, new) in &pairs {
                match render::ask(&format!("Is {old} now called {}?", new.name())) {
                    Some(true) => {
                        request.renames.push(Asked { from: old.path.to_vec(), to: vec![new.name()], types: None })
                    }
                    Some(false) => {}
                    None => return Err(Error::Undecided(pairs)),
                }
            }
            request.no_renames = true;
            revision(session, request).await
        }
        report => report,
    }
}

/// What was written.
pub fn lines(report: &Report) -> Vec<String> {
    if let Some((up, down)) = &report.sql {
        // Beside the SQL, which somebody may pipe on.
        render::unknown(&report.unknown).chain(render::warnings(&report.warnings)).for_each(|line| eprintln!("{line}"));
        return vec![up.clone(), down.clone()];
    }
    let mut lines = report.differences.clone();
    if report.revision.is_none() {
        lines.push("Nothing differs; no revision was written.".into());
    }
    lines.extend(render::unknown(&report.unknown));
    lines.extend(report.hazards.iter().map(|hazard| format!("hazard: {}", render::counted(hazard))));
    lines.extend(render::warnings(&report.warnings));
    lines.extend(report.files.iter().map(|file| format!("wrote {}", file.display())));
    lines
}
