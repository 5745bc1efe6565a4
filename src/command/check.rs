//! `check` and `diff`: what a new revision would do.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::declared::declared;
use super::desired::{Sides, sides};
use super::warnings::named_by_place;
use super::{Error, Session};
use crate::catalog::Object;
use crate::db::fingerprint::fingerprint;
use crate::diff::{Delta, diff};
use crate::disk::cache;
use crate::kind::{Body, Id, Tag};
use crate::plan::{Plan, plan};
use crate::rename;

/// What differs between the database and the models.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Report {
    /// One sentence each: `create table public.users`.
    pub differences: Vec<String>,
    /// What a revision would run.
    pub plan: Plan,
    /// What somebody had better know.
    pub warnings: Vec<String>,
    /// Objects of the database that are of no kind that aludel knows: left alone.
    pub unknown: Vec<String>,
}

/// Compares the database with the models; what it found is kept, and told again as long as neither has changed.
pub async fn check(session: &Session) -> Result<Report, Error> {
    let declared = declared(session)?;
    let now = async || fingerprint(&session.live).await.ok();
    let before = now().await;
    let key = before.as_ref().map(|fingerprint| declared.key(session, fingerprint));
    if let Some(report) = key.as_ref().and_then(|key| cache::get(&session.root, "check", key)) {
        return Ok(report);
    }
    let mut warnings = declared.without_effect(session);
    let sides = sides(session, declared, &[]).await?;
    warnings.extend(named_by_place(&sides.actual, &sides.desired, "in the database"));
    let (differences, unknown) = (sides.sentences(), sides.actual.strangers.clone());
    let plan = plan(&sides.actual, &sides.desired, session.style());
    sides.shadow.close().await?;
    let report = Report { differences, warnings, unknown, plan: plan?.joined(rename::forward(&sides.renames), true) };
    if let Some(key) = key
        && now().await == before
    {
        // A folder that cannot be written to costs the next run its time, nothing else.
        let _kept = cache::put(&session.root, "check", &key, &report);
    }
    Ok(report)
}

impl Sides {
    /// What differs, a sentence each.
    pub fn sentences(&self) -> Vec<String> {
        let renames = rename::asked_for(&self.renames).map(ToString::to_string);
        renames.chain(sentences(&diff(&self.actual, &self.desired))).collect()
    }
}

/// Differences in words. What comes or goes with a table, a view or a domain is not said beside it.
pub(super) fn sentences(deltas: &[Delta]) -> Vec<String> {
    const WHOLES: &[Tag] = &[Tag::Table, Tag::View, Tag::MaterializedView, Tag::Domain];
    let whole = |wanted: fn(&Delta) -> bool| -> HashSet<&Id> {
        deltas.iter().filter(|delta| wanted(delta)).map(Delta::id).filter(|id| WHOLES.contains(&id.tag)).collect()
    };
    let come = whole(|delta| matches!(delta, Delta::Create(..)));
    let go = whole(|delta| matches!(delta, Delta::Drop(..)));
    let is_part =
        |id: &Id, of: &HashSet<&Id>| id.path.len() > 2 && WHOLES.iter().any(|whole| of.contains(&id.prefix(*whole, 2)));
    let words = |delta: &Delta| match delta {
        Delta::Create(id, _) => (!is_part(id, &come)).then(|| format!("create {id}")),
        Delta::Drop(id, _) => (!is_part(id, &go)).then(|| format!("drop {id}")),
        Delta::Alter(id, old, new) => {
            let valid = |object: &Object| !matches!(&object.body, Body::Index(index) if !index.valid);
            Some(if valid(old) || !valid(new) {
                format!("alter {id}")
            } else {
                format!("rebuild {id}, which is invalid")
            })
        }
    };
    deltas.iter().filter_map(words).collect()
}
