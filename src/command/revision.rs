//! `revision`: writes a new pair of files; with autogenerate, proven both ways first.

use std::path::{Path, PathBuf};

use serde::Serialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::declared::declared;
use super::desired::{Sides, sides};
use super::{Error, Session, graph_or_none, warnings};
use crate::db;
use crate::db::hazard::{self, Counted};
use crate::db::prove::{Failure, Proven, prove, prove_renames};
use crate::db::shadow::{Refused, Source};
use crate::disk::config::Config;
use crate::disk::revisions;
use crate::plan::Section;
use crate::rename::{self, Asked};
use crate::revision::id::file_names;
use crate::revision::render::{NewRevision, RenderSection, RenderStep, render};
use crate::revision::{Graph, Id, Mode, Place, Revision, file, moves};

/// What to write.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// What the revision does, in words.
    pub message: String,
    /// Its id; made up if nothing is said.
    pub id: Option<String>,
    /// Whether to find out what it does from the models.
    pub autogenerate: bool,
    /// Renames besides those that the models declare.
    pub renames: Vec<Asked>,
    /// What looks like a rename and was not asked for is a drop and an add.
    pub no_renames: bool,
    /// Where it goes.
    pub place: Place,
    /// Whether it becomes files.
    pub output: Output,
}

/// What becomes of a new revision.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Output {
    /// Two files in the migrations folder.
    #[default]
    Files,
    /// Text in the report; nothing is written.
    Sql,
}

/// What was written; nothing if nothing differs.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    /// The new revision's id.
    pub revision: Option<String>,
    /// Its two files.
    pub files: Vec<PathBuf>,
    /// The texts that the files would have, if none were wanted: up and down.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sql: Option<(String, String)>,
    /// What it does, a sentence each.
    pub differences: Vec<String>,
    /// Its hazards, with the rows that each concerns now.
    pub hazards: Vec<Counted>,
    /// What nothing fails on now, and somebody had better know.
    pub warnings: Vec<String>,
    /// Objects of the database that are of no kind that aludel knows: left alone.
    pub unknown: Vec<String>,
}

/// Writes a new revision; with autogenerate, one that leads from the database to the models.
pub async fn revision(session: &Session, request: &Request) -> Result<Report, Error> {
    if !request.autogenerate {
        return blank(&session.root, &session.config, request);
    }
    let graph = graph_or_none(&session.root, &session.config)?;
    // A place that is not there is told before the work is done.
    request.place.find(&graph)?;
    let found = autogenerate(session, &graph, request).await?;
    if found.differences.is_empty() {
        return Ok(Report { warnings: found.warnings, unknown: found.unknown, ..Report::default() });
    }
    let (mut report, revision) = write(&session.root, &session.config, request, found)?;
    report.hazards = hazard::count(&session.live, &revision.up).await.map_err(db::Error::from)?;
    Ok(report)
}

/// Writes a new revision that does nothing yet, for which no database is needed.
pub fn blank(root: &Path, config: &Config, request: &Request) -> Result<Report, Error> {
    Ok(write(root, config, request, Found::default())?.0)
}

/// Writes a revision that does what was proven, and gives it as it would be read.
pub(super) fn write(
    root: &Path,
    config: &Config,
    request: &Request,
    found: Found,
) -> Result<(Report, Revision), Error> {
    let Found { proven, differences, warnings, unknown } = found;
    let folder = root.join(&config.migrations.dir);
    let graph = graph_or_none(root, config)?;
    let now = OffsetDateTime::now_utc();
    let id = match &request.id {
        Some(text) => Id::new(text)?,
        None => Id::generate(format!("{now} {} {}", request.message, std::process::id()).as_bytes()),
    };
    let place = request.place.find(&graph)?;
    let new = NewRevision {
        id: id.clone(),
        down_revisions: place.down_revisions,
        branch_labels: request.place.branch_labels.clone(),
        depends_on: place.depends_on,
        message: request.message.clone(),
        created_at: now.replace_nanosecond(0).unwrap_or(now).format(&Rfc3339).unwrap_or_default(),
        up: proven.up.sections.iter().map(section).collect(),
        down: proven.down.sections.iter().map(section).collect(),
    };
    let (up, down) = render(&new)?;
    let revision = in_place(&folder, &graph, &new, (&up, &down))?;
    let report = Report { revision: Some(id.to_string()), differences, warnings, unknown, ..Report::default() };
    let report = match request.output {
        Output::Sql => Report { sql: Some((up, down)), ..report },
        Output::Files => {
            let (up, down) = revisions::write(&folder, &id, &request.message, (&up, &down))?;
            Report { files: vec![up, down], ..report }
        }
    };
    Ok((report, revision))
}

/// The new revision as it would be read, if the folder holds together with it: no id and no label twice.
fn in_place(folder: &Path, graph: &Graph, new: &NewRevision, (up, down): (&str, &str)) -> Result<Revision, Error> {
    let (up_name, down_name) = file_names(&new.id, &new.message);
    let shown = |name: String| folder.join(name).display().to_string();
    let revision = file::parse((&shown(up_name), up), (&shown(down_name), down))?;
    Graph::new(graph.revisions().cloned().chain([revision.clone()]))?;
    Ok(revision)
}

/// What a comparison found, and the plans that follow from it.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// What leads from one side to the other, and back.
    pub proven: Proven,
    /// A sentence each.
    pub differences: Vec<String>,
    /// What a person had better know.
    pub warnings: Vec<String>,
    /// What was left alone.
    pub unknown: Vec<String>,
}

async fn autogenerate(session: &Session, graph: &Graph, request: &Request) -> Result<Found, Error> {
    let ledger = session.run_ledger();
    let applied = ledger.status(&session.live).await.map_err(Error::Run)?.applied();
    moves::all_known(graph, &applied)?;
    let missing: Vec<String> =
        graph.revisions().filter(|revision| !applied.contains(&revision.id)).map(|r| r.id.to_string()).collect();
    if !missing.is_empty() {
        return Err(Error::Behind { missing: missing.join(", ") });
    }
    let declared = declared(session)?;
    let mut warnings = declared.without_effect(session);
    let mut sides = sides(session, declared, &request.renames).await?;
    let proven = proven(session, request, &mut sides, &mut warnings).await;
    let (differences, unknown) = (sides.sentences(), sides.actual.strangers.clone());
    sides.shadow.close().await?;
    Ok(Found { proven: proven?, differences, warnings, unknown })
}

async fn proven(
    session: &Session,
    request: &Request,
    sides: &mut Sides,
    warnings: &mut Vec<String>,
) -> Result<Proven, Error> {
    let (scope, style, ledger) = (sides.scope.clone(), session.style(), session.ledger());
    if !request.no_renames {
        let likely = rename::likely(&sides.actual, &sides.desired);
        if !likely.is_empty() {
            return Err(Error::Undecided(likely));
        }
    }
    let shadow = &sides.shadow.connected;
    let proven = prove(shadow, &mut sides.actual, &mut sides.desired, &scope, style, ledger).await;
    let proven = proven.map_err(|failure| {
        let named = warnings::by_place(sides);
        match in_models(failure, &sides.usings) {
            Error::Proof(failure) if !named.is_empty() => Error::ByPlace { failure: failure.into(), named },
            other => other,
        }
    })?;
    let (forward, back) = (rename::forward(&sides.renames), rename::back(&sides.renames));
    if !forward.is_empty() {
        prove_renames(shadow, &forward, &sides.renamed, &scope, ledger).await?;
    }
    warnings.extend(warnings::warnings(sides, &proven).await?);
    let Proven { up, mut down } = proven;
    rename::ask_before(down.statements_mut(), &sides.renames, &sides.renamed);
    Ok(Proven { up: up.joined(forward, true), down: down.joined(back, false) })
}

/// A refusal of what the models say, with its place there.
fn in_models(failure: Failure, usings: &[Source]) -> Error {
    if let Failure::Db(db::Error::Statement { words, sql }) = &failure {
        // One statement may retype several columns: then any of their expressions may be meant.
        let is_said = |using: &&Source| {
            let end = format!(" USING {}", using.sql);
            sql.contains(" TYPE ") && sql.split(",\n    ").any(|action| action.ends_with(&end))
        };
        let refused = usings.iter().filter(is_said);
        let refused: Vec<_> = refused.map(|source| Refused::whole(source.clone(), words.clone())).collect();
        if !refused.is_empty() {
            return Error::Refused(refused);
        }
    }
    failure.into()
}

fn section(section: &Section) -> RenderSection {
    RenderSection {
        transactional: if section.transactional { Mode::Transaction } else { Mode::StatementByStatement },
        steps: section
            .statements
            .iter()
            .map(|statement| RenderStep {
                comments: statement.hazards.iter().map(|h| format!("{}: {}", h.danger.words(), h.why)).collect(),
                counts: statement.hazards.iter().map(|h| h.count.as_ref().map(|sql| sql.to_string())).collect(),
                sql: statement.sql.to_string(),
            })
            .collect(),
    }
}
