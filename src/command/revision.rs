//! `revision`: writes a new pair of files; with autogenerate, proven both ways first.

use std::path::PathBuf;

use serde::Serialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::desired::{Sides, declared, sides};
use super::{Error, Session};
use crate::db;
use crate::db::hazard::{self, Counted};
use crate::db::prove::{Proven, prove, prove_renames};
use crate::disk::{self, revisions};
use crate::plan::{Plan, Section};
use crate::rename::{self, Asked};
use crate::revision::render::{NewRevision, RenderSection, RenderStep, render};
use crate::revision::{Graph, Id, Mode};

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
}

/// What was written; nothing if nothing differs.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    /// The new revision's id.
    pub revision: Option<String>,
    /// Its two files.
    pub files: Vec<PathBuf>,
    /// What it does, a sentence each.
    pub differences: Vec<String>,
    /// Its hazards, with the rows that each concerns now.
    pub hazards: Vec<Counted>,
    /// Objects of the database that are of no kind that aludel knows: left alone.
    pub unknown: Vec<String>,
}

/// Writes a new revision on top of the head.
pub async fn revision(session: &Session, request: &Request) -> Result<Report, Error> {
    let folder = session.root.join(&session.config.migrations.dir);
    let graph = match revisions::read(&folder) {
        Err(disk::Error::NoFolder { .. }) => Graph::default(), // the first revision makes it
        read => read?,
    };
    let nothing = Proven { up: Plan::default(), down: Plan::default() };
    let Found { proven, differences, unknown } = match request.autogenerate {
        true => autogenerate(session, &graph, request).await?,
        false => Found { proven: nothing, differences: Vec::new(), unknown: Vec::new() },
    };
    if request.autogenerate && differences.is_empty() {
        return Ok(Report { unknown, ..Report::default() });
    }
    let created_at = now();
    let seed = format!("{created_at} {} {}", request.message, std::process::id());
    let id = match &request.id {
        Some(text) => Id::new(text)?,
        None => Id::generate(seed.as_bytes()),
    };
    let new = NewRevision {
        id: id.clone(),
        down_revisions: graph.heads().into_iter().cloned().collect(),
        branch_labels: Vec::new(),
        depends_on: Vec::new(),
        message: request.message.clone(),
        created_at,
        up: proven.up.sections.iter().map(section).collect(),
        down: proven.down.sections.iter().map(section).collect(),
    };
    let (up, down) = render(&new)?;
    let (up, down) = revisions::write(&folder, &id, &request.message, (&up, &down))?;
    let graph = revisions::read(&folder)?;
    let hazards = match graph.get(&id) {
        Some(revision) => hazard::count(&session.live, &revision.up).await.map_err(db::Error::from)?,
        None => Vec::new(),
    };
    Ok(Report { revision: Some(id.to_string()), files: vec![up, down], differences, hazards, unknown })
}

/// What a comparison found, and the plans that follow from it.
struct Found {
    proven: Proven,
    differences: Vec<String>,
    unknown: Vec<String>,
}

fn now() -> String {
    let now = OffsetDateTime::now_utc();
    let now = now.replace_nanosecond(0).unwrap_or(now);
    now.format(&Rfc3339).unwrap_or_default()
}

async fn autogenerate(session: &Session, graph: &Graph, request: &Request) -> Result<Found, Error> {
    let ledger = session.run_ledger();
    let applied = ledger.status(&session.live).await.map_err(Error::Run)?.applied();
    let missing: Vec<String> =
        graph.revisions().filter(|revision| !applied.contains(&revision.id)).map(|r| r.id.to_string()).collect();
    if !missing.is_empty() {
        return Err(Error::Behind { missing: missing.join(", ") });
    }
    let mut sides = sides(session, declared(session)?, &request.renames).await?;
    let proven = proven(session, request, &mut sides).await;
    let (differences, unknown) = (sides.sentences(), sides.actual.strangers.clone());
    sides.shadow.close().await?;
    Ok(Found { proven: proven?, differences, unknown })
}

async fn proven(session: &Session, request: &Request, sides: &mut Sides) -> Result<Proven, Error> {
    let (scope, style, ledger) = (session.config.scope(), session.style(), session.ledger());
    if !request.no_renames {
        let likely = rename::likely(&sides.actual, &sides.desired);
        if !likely.is_empty() {
            return Err(Error::Undecided(likely));
        }
    }
    let shadow = &sides.shadow.connected;
    let proven = prove(shadow, &mut sides.actual, &mut sides.desired, &scope, style, ledger).await?;
    let (forward, back) = (rename::forward(&sides.renames), rename::back(&sides.renames));
    if !forward.is_empty() {
        prove_renames(shadow, &forward, &sides.renamed, &scope, ledger).await?;
    }
    Ok(Proven { up: proven.up.joined(forward, true), down: proven.down.joined(back, false) })
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
