//! `check` and `diff`: what a new revision would do.

use serde::Serialize;

use super::desired::{Sides, sides};
use super::{Error, Session};
use crate::diff::{Delta, diff};
use crate::plan::{Plan, plan};
use crate::rename;

/// What differs between the database and the models.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// One sentence each: `create table public.users`.
    pub differences: Vec<String>,
    /// What a revision would run.
    pub plan: Plan,
    /// Objects of the database that are of no kind that aludel knows: left alone.
    pub unknown: Vec<String>,
}

/// Compares the database with the models.
pub async fn check(session: &Session) -> Result<Report, Error> {
    let sides = sides(session, &[]).await?;
    let differences = sides.sentences();
    let plan = plan(&sides.actual, &sides.desired, session.style());
    sides.shadow.close().await?;
    let unknown = sides.actual.strangers.clone();
    Ok(Report { differences, unknown, plan: plan?.joined(rename::forward(&sides.renames), true) })
}

impl Sides {
    /// What differs, a sentence each.
    pub fn sentences(&self) -> Vec<String> {
        let renames = self.renames.iter().map(ToString::to_string);
        renames.chain(diff(&self.actual, &self.desired).iter().map(sentence)).collect()
    }
}

/// A difference in words.
pub(super) fn sentence(delta: &Delta) -> String {
    match delta {
        Delta::Create(id, _) => format!("create {id}"),
        Delta::Drop(id, _) => format!("drop {id}"),
        Delta::Alter(id, ..) => format!("alter {id}"),
    }
}
