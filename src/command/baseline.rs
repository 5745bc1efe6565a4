//! `pull --baseline`: the first revision, from nothing to what was pulled, and the stamp that says the database has it.

use std::time::Duration;

use super::check::sentences;
use super::declared::{Declared, declared};
use super::desired::beside;
use super::revision::{self, Found, Report, Request};
use super::{Error, Session, graph_or_none, stamp};
use crate::db::progress::Progress;
use crate::db::prove::prove;
use crate::db::read::read;
use crate::db::shadow_place::Shadow;
use crate::diff::diff;

/// Refuses a project that has revisions, and a database that had some.
///
/// # Errors
/// If there is anything that a first revision would have to follow.
pub async fn must_be_first(session: &Session) -> Result<(), Error> {
    let graph = graph_or_none(&session.root, &session.config)?;
    let applied = session.ledger.status(&session.live).await?.applied();
    let there = match (graph.len(), applied.first()) {
        (0, None) => return Ok(()),
        (0, Some(id)) => format!("the database has revision {id}"),
        (count, _) => format!("{} holds {count} already", session.config.migrations.dir.display()),
    };
    Err(Error::Begun { there })
}

/// Writes the revision that makes the models from nothing, proven in the shadow, and stamps the database with it.
///
/// # Errors
/// If there are revisions already, or there is no proof.
pub async fn baseline(session: &Session, message: &str, progress: &mut dyn Progress) -> Result<Report, Error> {
    must_be_first(session).await?;
    let declared = declared(session)?;
    let shadow = session.shadow().await?;
    let found = from_nothing(session, &shadow, declared).await;
    shadow.close().await?;
    let found = found?;
    if found.differences.is_empty() {
        return Ok(Report::default());
    }
    let request = Request { message: message.to_owned(), ..Request::default() };
    let (report, _) = revision::write(&session.root, &session.config, &request, found)?;
    let request = stamp::Request {
        targets: vec!["head".parse()?],
        purge: stamp::Purge::Keep,
        lock_wait: Duration::from_secs(60),
    };
    stamp::stamp(&session.live, &session.graph()?, &session.ledger, &request, progress).await?;
    Ok(report)
}

async fn from_nothing(session: &Session, shadow: &Shadow, declared: Declared) -> Result<Found, Error> {
    let mut empty = read(shadow, session.ledger()).await?;
    let scope = declared.scope(session);
    let mut desired = beside(session, shadow, &empty, &session.ledger.schema, &scope, declared.statements).await?;
    let differences = sentences(&diff(&empty, &desired));
    let proven = prove(shadow, &mut empty, &mut desired, &scope, session.style(), session.ledger()).await?;
    // What was left alone was told by the pull.
    Ok(Found { proven, differences, ..Found::default() })
}
