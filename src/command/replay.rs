//! `check --migrations`: the whole folder, replayed where there is nothing.

use std::time::Duration;

use serde::Serialize;

use super::declared::{Declared, declared};
use super::desired::beside;
use super::{Error, Session, downgrade, run, upgrade};
use crate::catalog::Canonical;
use crate::db::apply::{Error as RunError, Options};
use crate::db::ledger::Ledger;
use crate::db::read::read;
use crate::db::shadow_place::Shadow;
use crate::kind::Id;

/// What the migrations do not do as they should.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// How many revisions ran up and down.
    pub revisions: usize,
    /// Where the way up does not lead to the models.
    pub up: Vec<Difference>,
    /// Where the way down does not lead back to the empty database.
    pub down: Vec<Difference>,
}

impl Report {
    /// Whether the migrations make the models, and leave nothing behind.
    pub fn is_clean(&self) -> bool {
        self.up.is_empty() && self.down.is_empty()
    }
}

/// An object that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Which.
    pub object: String,
    /// In which way.
    pub is: Is,
}

/// How an object differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Is {
    /// It should be there.
    Missing,
    /// It should not.
    TooMuch,
    /// It should be otherwise.
    Otherwise,
}

/// Runs every revision up in an empty shadow and compares with the models; then down, and compares with the beginning.
///
/// # Errors
/// If a revision does not run there, or the models can't be built.
pub async fn replay(session: &Session) -> Result<Report, Error> {
    let declared = declared(session)?;
    let mut shadow = session.shadow().await?;
    let report = inside(session, &mut shadow, declared).await;
    shadow.close().await?;
    report
}

async fn inside(session: &Session, shadow: &mut Shadow, declared: Declared) -> Result<Report, Error> {
    let (graph, scope) = (session.graph()?, declared.scope(session));
    let ledger = Ledger::find(shadow, session.ledger()).await?;
    let to = |target: &str| -> Result<run::Request, Error> {
        Ok(run::Request { target: target.parse()?, options: Options::default(), lock_wait: Duration::ZERO })
    };
    let empty = read(shadow, session.ledger()).await?;
    upgrade::upgrade(shadow, &graph, &ledger, &to("heads")?, &mut ()).await.map_err(stopped)?;
    let replayed = read(shadow, session.ledger()).await?;
    downgrade::downgrade(shadow, &graph, &ledger, &to("base")?, &mut ()).await.map_err(stopped)?;
    let left = read(shadow, session.ledger()).await?;
    shadow.reset().await?;
    let desired = beside(session, shadow, &replayed, &ledger.schema, &scope, declared.statements).await?;
    Ok(Report {
        revisions: graph.len(),
        up: differences(&replayed, &desired, scope.differing(&replayed, &desired)),
        down: differences(&left, &empty, scope.differing(&left, &empty)),
    })
}

fn differences(is: &Canonical, should: &Canonical, ids: Vec<Id>) -> Vec<Difference> {
    let how = |id: &Id| match (is.has(id), should.has(id)) {
        (false, _) => Is::Missing,
        (true, false) => Is::TooMuch,
        (true, true) => Is::Otherwise,
    };
    ids.iter().map(|id| Difference { object: id.to_string(), is: how(id) }).collect()
}

/// A statement that does not run is what the check looks for; anything else is not.
fn stopped(error: Error) -> Error {
    match error {
        Error::Run(RunError::Statement(failure)) => Error::Replay(failure),
        other => other,
    }
}
