//! `diff --unified`: what differs, object by object, as the SQL that makes each of them on either side.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use similar::TextDiff;

use super::declared::declared;
use super::desired::sides;
use super::{Error, Session};
use crate::catalog::Canonical;
use crate::diff::diff;
use crate::kind::Id;
use crate::plan;
use crate::rename;

/// What differs between the database and the models.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    /// What is renamed: a sentence each. The objects below have their old names.
    pub renames: Vec<String>,
    /// Objects with all that hangs on them.
    pub objects: Vec<Changed>,
}

/// An object that is not the same on both sides.
#[derive(Clone, Debug, Serialize)]
pub struct Changed {
    /// What it is, and its name.
    pub object: String,
    /// From the SQL that makes it in the database to that of the models, as a unified diff.
    pub diff: String,
}

/// Compares the database with the models.
pub async fn unified(session: &Session) -> Result<Report, Error> {
    let sides = sides(session, declared(session)?, &[]).await?;
    let (actual, desired) = (&sides.actual, &sides.desired);
    let deltas = diff(actual, desired);
    let wholes: BTreeSet<Id> =
        deltas.iter().flat_map(|delta| [actual, desired].map(|side| side.whole(delta.id()))).collect();
    let objects = texts(actual, &wholes).and_then(|old| Ok((old, texts(desired, &wholes)?)));
    let renames = rename::asked_for(&sides.renames).map(ToString::to_string).collect();
    sides.shadow.close().await?;
    let (old, new) = objects?;
    let objects = wholes.iter().filter_map(|id| changed(id, old.get(id), new.get(id))).collect();
    Ok(Report { renames, objects })
}

/// The SQL that makes each of these, where everything else is there.
fn texts(side: &Canonical, wholes: &BTreeSet<Id>) -> Result<BTreeMap<Id, String>, Error> {
    let others = side.clone().map(|catalog| catalog.objects.retain(|id, _| !wholes.contains(&side.whole(id))));
    let mut texts = BTreeMap::<Id, String>::new();
    for (id, statement) in plan::creation(&others, side)? {
        texts.entry(side.whole(&id)).or_default().push_str(&format!("{};\n\n", statement.sql));
    }
    Ok(texts)
}

fn changed(id: &Id, old: Option<&String>, new: Option<&String>) -> Option<Changed> {
    let object = id.to_string();
    let text = |side: Option<&String>| side.map(|text| text.trim_end().to_owned() + "\n");
    let (old, new) = (text(old), text(new));
    let side = |side: &str| format!("{side}: {object}");
    let diff = between((&side("database"), old.as_deref()), (&side("models"), new.as_deref()));
    (old != new).then_some(Changed { object, diff })
}

/// A unified diff between two texts, each with its name, of which one may not be there.
pub(super) fn between(old: (&str, Option<&str>), new: (&str, Option<&str>)) -> String {
    let header = |(name, text): (&str, Option<&str>)| text.map_or("/dev/null", |_| name).to_owned();
    let diff = TextDiff::from_lines(old.1.unwrap_or_default(), new.1.unwrap_or_default());
    diff.unified_diff().header(&header(old), &header(new)).to_string()
}
