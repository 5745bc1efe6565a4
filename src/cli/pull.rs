//! `aludel pull`

use serde::Serialize;

use super::{Exit, Global, Outcome, progress, render, revision};
use crate::command::revision::Report;
use crate::command::{baseline, pull};

/// Write the live database as models
///
/// What is written was built in a shadow database and compared with the live one first.
///
/// Example: aludel pull --baseline --database-url postgres://localhost/app
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Also write the first revision, which makes all of it from nothing, and stamp the database with it
    #[arg(long)]
    baseline: bool,
    /// What the first revision is called
    #[arg(short, long, default_value = "baseline", requires = "baseline")]
    message: String,
}

#[derive(Serialize)]
struct Pulled {
    #[serde(flatten)]
    report: pull::Report,
    baseline: Option<Report>,
}

/// Runs the command.
pub async fn run(global: &Global, args: &Args) -> Outcome {
    let session = global.session().await?;
    if args.baseline {
        baseline::must_be_first(&session).await?;
    }
    let report = pull::pull(&session).await?;
    let baseline = match args.baseline {
        true => Some(baseline::baseline(&session, &args.message, &mut *progress::shown()).await?),
        false => None,
    };
    let pulled = Pulled { report, baseline };
    render::report(global.format, &pulled, || {
        let report = &pulled.report;
        let mut lines = vec![match report.files.len() {
            0 => "nothing to pull: the models say what the database has".into(),
            1 => format!("pulled {}", report.files[0].display()),
            count => format!("pulled {count} files"),
        }];
        lines.extend(report.not_managed.iter().map(|id| format!("not managed: {id}")));
        lines.extend(report.not_carried.iter().map(|id| format!("not carried: {id}")));
        lines.extend(report.invalid.iter().map(|id| format!("invalid, and a revision builds it again: {id}")));
        lines.extend(report.respelled.iter().map(|id| format!("means the same, and is spelled otherwise: {id}")));
        if let Some(written) = &pulled.baseline {
            lines.extend(revision::lines(written));
            lines.extend(written.revision.iter().map(|id| format!("stamped {id}")));
        }
        lines
    });
    Ok(Exit::Done)
}
