//! Proof: plans run in the shadow before anybody sees them, and texts are compared as the server compares them.

use std::collections::{BTreeMap, HashSet};

use super::Error;
use super::apply_plan::{run, run_each, run_inside};
use super::connect::Connected;
use super::read::{differs_in_texts_only, read, read_uncommitted};
use crate::catalog::{Canonical, Object};
use crate::diff::{Delta, diff};
use crate::kind::index::Index;
use crate::kind::{Body, Id, Style, Tag};
use crate::plan::{self, Plan};
use crate::scope::Scope;
use crate::sql::respell::respell;
use crate::statement::Statement;

/// Both ways, proven.
#[derive(Clone, Debug, Default)]
pub struct Proven {
    /// From the actual schema to the desired one.
    pub up: Plan,
    /// And back.
    pub down: Plan,
}

/// Why there is no proof.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// No plan.
    #[error(transparent)]
    Plan(#[from] plan::Error),
    /// The server refused.
    #[error(transparent)]
    Db(#[from] Error),
    /// A plan ran, and led elsewhere.
    #[error(
        "the {way} was tried in the shadow and does not lead to the {goal} schema; these objects differ: {objects}"
    )]
    Elsewhere {
        /// `upgrade` or `downgrade`.
        way: &'static str,
        /// `desired` or `actual`.
        goal: &'static str,
        /// Their ids.
        objects: String,
    },
}

/// Makes texts of `desired` those of `actual` where the server reads both as the same.
///
/// The shadow holds the desired side. The pairs that differ in texts only are replayed there, the actual text and the desired one,
/// inside a transaction that is rolled back; what then reads the same is the same.
pub async fn settle(
    shadow: &Connected,
    actual: &Canonical,
    desired: Canonical,
    ledger: &str,
) -> Result<Canonical, Error> {
    // A text that reads what is not there cannot mean the same.
    let is_there = |id: &Id| desired.has(id) || !actual.has(id);
    let is_readable = |object: &Object| object.needs.iter().all(|need| is_there(&need.id));
    let pairs: Vec<Id> = diff(actual, &desired)
        .into_iter()
        .filter_map(|delta| match delta {
            Delta::Alter(id, a, b) if a.body != b.body && differs_in_texts_only(&a.body, &b.body) && is_readable(a) => {
                Some(id.clone())
            }
            _ => None,
        })
        .collect();
    let equal = equal(shadow, actual, &desired, pairs, ledger).await?;
    Ok(desired.map(|desired| {
        for id in equal {
            if let (Some(object), Some(actual)) = (desired.objects.get_mut(&id), actual.get(&id)) {
                let own = object.body.clone();
                object.body.put_texts_of(&actual.body);
                desired.settled.insert(id, own);
            }
        }
    }))
}

/// The pairs that read the same after a replay in the shadow, which holds `there`. Where one cannot be replayed, each half of them is.
async fn equal(
    shadow: &Connected,
    other: &Canonical,
    there: &Canonical,
    pairs: Vec<Id>,
    ledger: &str,
) -> Result<Vec<Id>, Error> {
    if pairs.is_empty() {
        return Ok(pairs);
    }
    let (mut equal, mut open) = (Vec::new(), vec![pairs]);
    let mut with_other = there.clone();
    while let Some(mut pairs) = open.pop() {
        put_texts(&mut with_other, other, &pairs);
        let mut same = replay(shadow, BARE, there, &with_other, &pairs, ledger).await?;
        if same.is_none() && pairs.len() == 1 {
            // Functions that are called on the way may count on names that they find.
            same = replay(shadow, "BEGIN", there, &with_other, &pairs, ledger).await?;
        }
        put_texts(&mut with_other, there, &pairs);
        match same {
            Some(same) => equal.extend(same),
            None if pairs.len() > 1 => {
                let half = pairs.split_off(pairs.len() / 2);
                open.extend([half, pairs]);
            }
            None => {}
        }
    }
    Ok(equal)
}

/// Gives objects the texts that they have elsewhere.
fn put_texts(catalog: &mut Canonical, from: &Canonical, ids: &[Id]) {
    catalog.change(|catalog| {
        for id in ids {
            if let (Some(object), Some(other)) = (catalog.objects.get_mut(id), from.get(id)) {
                object.body.put_texts_of(&other.body);
            }
        }
    });
}

/// Under which what is no name of a schema's is the server's own, as it was when the texts were read.
const BARE: &str = "BEGIN; SET LOCAL search_path = ''";

/// The pairs that read the same after a replay in a transaction that begins so; `None` if the replay failed.
async fn replay(
    shadow: &Connected,
    begin: &str,
    holds: &Canonical,
    other: &Canonical,
    pairs: &[Id],
    ledger: &str,
) -> Result<Option<Vec<Id>>, Error> {
    let (there, back) = (plan::plan(holds, other, Style::Plain), plan::plan(other, holds, Style::Plain));
    let (Ok(there), Ok(back)) = (there, back) else { return Ok(None) };
    shadow.batch_execute(begin).await?;
    let read = async {
        run_inside(shadow, &there).await?;
        let first = read_uncommitted(shadow, ledger).await?;
        run_inside(shadow, &back).await?;
        Ok::<_, Error>((first, read_uncommitted(shadow, ledger).await?))
    }
    .await;
    shadow.batch_execute("ROLLBACK").await?;
    let Ok((first, second)) = read else { return Ok(None) };
    let body = |catalog: &Canonical, id: &Id| catalog.get(id).map(|object| object.body.clone());
    let same = |id: &&Id| {
        let replayed = body(&first, id);
        replayed == body(holds, id) || replayed == body(&second, id)
    };
    Ok(Some(pairs.iter().filter(same).cloned().collect()))
}

/// Plans both ways and runs them in the shadow, which holds the desired side: down, compare, up, compare.
///
/// A text that does not read back as it was is spelled as the server wrote it the second time.
pub async fn prove(
    shadow: &Connected,
    actual: &mut Canonical,
    desired: &mut Canonical,
    scope: &Scope,
    style: Style,
    ledger: &str,
) -> Result<Proven, Failure> {
    let mut as_shown: HashSet<Id> = HashSet::new();
    let unfinished = unfinished(actual);
    loop {
        let plans = |actual: &mut Canonical, desired: &mut Canonical| {
            while_spelled(actual, &as_shown, |actual| {
                while_spelled(desired, &as_shown, |desired| {
                    (plan::plan(actual, desired, style), plan::plan(desired, actual, style))
                })
            })
        };
        set_valid(actual, &unfinished, false);
        let (up, mut down) = plans(actual, desired);
        if !unfinished.is_empty() {
            set_valid(actual, &unfinished, true);
            down = plans(actual, desired).1;
        }
        let proven = Proven { up: up?, down: down? };
        run(shadow, &proven.down).await?;
        let low = differing(&read(shadow, ledger).await?, actual, desired, scope, DOWN)?;
        run(shadow, &proven.up).await?;
        let made = read(shadow, ledger).await?;
        let high = differing(&made, desired, desired, scope, UP)?;
        let before = as_shown.len();
        as_shown.extend(low.iter().chain(&high).cloned());
        if as_shown.len() == before && !part(&low, desired) {
            alike(shadow, &made, desired, high, ledger, UP).await?;
            if !low.is_empty() || !is_exact(&made, desired) {
                run(shadow, &proven.down).await?;
                let made = read(shadow, ledger).await?;
                let low = differing(&made, actual, desired, scope, DOWN)?;
                alike(shadow, &made, actual, low, ledger, DOWN).await?;
                run(shadow, &proven.up).await?;
            }
            set_valid(actual, &unfinished, false);
            return Ok(proven);
        }
    }
}

/// Which way a plan goes, and to which schema.
#[derive(Clone, Copy)]
struct Way(&'static str, &'static str);

const UP: Way = Way("upgrade", "desired");
const DOWN: Way = Way("downgrade", "actual");
const RENAMES: Way = Way("upgrade with its renames", "desired");

impl Way {
    /// It leads elsewhere.
    fn failure(self, now: &Canonical, wanted: &Canonical, ids: &[&Id]) -> Failure {
        let said = |id: &&Id| match (now.get(id), wanted.get(id)) {
            (Some(now), Some(wanted)) => format!("{id} ({})", now.body.unlike(&wanted.body).join(", ")),
            (Some(_), None) => format!("{id} (too much)"),
            _ => format!("{id} (missing)"),
        };
        let objects: Vec<String> = ids.iter().map(said).collect();
        Failure::Elsewhere { way: self.0, goal: self.1, objects: objects.join(", ") }
    }
}

/// What is spelled otherwise than it is wanted, in the shadow, has to mean the same.
async fn alike(
    shadow: &Connected,
    made: &Canonical,
    wanted: &Canonical,
    ids: Vec<Id>,
    ledger: &str,
    way: Way,
) -> Result<(), Failure> {
    let equal = equal(shadow, wanted, made, ids.clone(), ledger).await?;
    let unlike: Vec<&Id> = ids.iter().filter(|id| !equal.contains(id)).collect();
    if unlike.is_empty() { Ok(()) } else { Err(way.failure(made, wanted, &unlike)) }
}

/// Whether nothing was made that only serves as what was wanted, or is an heir's own besides: the way down begins with it.
fn is_exact(made: &Canonical, wanted: &Canonical) -> bool {
    let serves = |made: &Object, wanted: &Object| {
        made.is_inherited() != wanted.is_inherited() || made.body != wanted.body && made.body.serves_as(&wanted.body)
    };
    !wanted.objects.iter().any(|(id, object)| made.get(id).is_some_and(|made| serves(made, object)))
}

/// The indexes whose building failed: the way down builds them like others. That of a partitioned table alone is as it is to be.
pub fn unfinished(actual: &Canonical) -> Vec<Id> {
    let is_unfinished = |index: &Index| !index.valid && !index.definition.as_str().contains(" ON ONLY ");
    let indexes = actual.below(Tag::Index, &[]);
    let found = indexes.filter(|(_, object)| matches!(&object.body, Body::Index(index) if is_unfinished(index)));
    found.map(|(id, _)| id.clone()).collect()
}

/// Says of these indexes that they are valid, or are not.
pub fn set_valid(actual: &mut Canonical, indexes: &[Id], valid: bool) {
    if indexes.is_empty() {
        return;
    }
    actual.change(|actual| {
        for id in indexes {
            if let Some(Object { body: Body::Index(index), .. }) = actual.objects.get_mut(id) {
                index.valid = valid;
            }
        }
    });
}

/// Gives back their own texts to those that do not come back on the way down: a check that the server reads as the same while
/// its column has the new type, and not with the old one. Whether there were any.
fn part(low: &[Id], desired: &mut Canonical) -> bool {
    let mut parted = false;
    desired.change(|desired| {
        for id in low {
            if let (Some(object), Some(own)) = (desired.objects.get_mut(id), desired.settled.remove(id)) {
                object.body = own;
                parted = true;
            }
        }
    });
    parted
}

/// Runs renames in the shadow, which holds the desired side under its old names, and compares.
pub async fn prove_renames(
    shadow: &Connected,
    renames: &[Statement],
    wanted: &Canonical,
    scope: &Scope,
    ledger: &str,
) -> Result<(), Failure> {
    run_each(shadow, renames).await?;
    differing(&read(shadow, ledger).await?, wanted, wanted, scope, RENAMES).map(drop)
}

/// The ids that differ in texts alone, but for those that have what `settled` found to mean the same; anything else is no proof.
fn differing(
    now: &Canonical,
    wanted: &Canonical,
    settled: &Canonical,
    scope: &Scope,
    way: Way,
) -> Result<Vec<Id>, Failure> {
    let mut ids = scope.differing(now, wanted);
    let in_texts = |id: &&Id| match (now.get(id), wanted.get(id)) {
        (Some(a), Some(b)) => scope.same_facets(id, a, b) && differs_in_texts_only(&a.body, &b.body),
        _ => false,
    };
    let hard: Vec<&Id> = ids.iter().filter(|id| !in_texts(id)).collect();
    if !hard.is_empty() {
        return Err(way.failure(now, wanted, &hard));
    }
    ids.retain(|id| settled.settled.get(id) != now.get(id).map(|object| &object.body));
    Ok(ids)
}

/// Looks at a catalog whose texts are, for as long, in the spelling that reads back as they are.
pub fn while_spelled<T>(catalog: &mut Canonical, as_shown: &HashSet<Id>, look: impl FnOnce(&Canonical) -> T) -> T {
    let saved = spell(catalog, as_shown);
    let seen = look(catalog);
    restore(catalog, saved);
    seen
}

/// Puts texts into the spelling that reads back as they are; gives the bodies as they were.
fn spell(catalog: &mut Canonical, as_shown: &HashSet<Id>) -> BTreeMap<Id, Body> {
    let mut saved = BTreeMap::new();
    catalog.change(|catalog| {
        for (id, object) in &mut catalog.objects {
            if as_shown.contains(id) {
                continue;
            }
            let spelled: Vec<Option<String>> =
                object.body.texts().into_iter().map(|text| respell(text.as_str())).collect();
            if spelled.iter().all(Option::is_none) {
                continue;
            }
            saved.insert(id.clone(), object.body.clone());
            for (text, spelled) in object.body.texts().into_iter().zip(spelled) {
                text.0 = spelled.unwrap_or_else(|| std::mem::take(&mut text.0));
            }
        }
    });
    saved
}

fn restore(catalog: &mut Canonical, saved: BTreeMap<Id, Body>) {
    catalog.change(|catalog| {
        for (id, body) in saved {
            if let Some(object) = catalog.objects.get_mut(&id) {
                object.body = body;
            }
        }
    });
}
