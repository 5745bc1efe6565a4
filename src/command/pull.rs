//! `pull`: the live database as models.
//!
//! What models.toml can say goes there, the rest into SQL files. Which is which nobody has to know: what was written is
//! built in a shadow and compared, and whatever did not come back as it was is written in its next form (`course`).

use std::collections::{BTreeSet, HashSet};
use std::path::PathBuf;

use serde::Serialize;

use super::declared::{placed, scope_of};
use super::{Error, Session};
use crate::catalog::Canonical;
use crate::db::prove::{set_valid, unfinished, while_spelled};
use crate::db::read::{differs_in_texts_only, read};
use crate::db::shadow::{Refused, Source, build};
use crate::db::shadow_place::Shadow;
use crate::disk::Mistakes;
use crate::kind::Id;
use crate::model::diagnostic::{Diagnostic, Source as ModelSource};
use crate::model::merge::{self, Merge};
use crate::model::models::Models;
use crate::model::raise::{Raised, raise};
use crate::sql::split;
use crate::{disk, plan};
use course::Course;
use files::Files;
use project::Project;

mod course;
mod files;
mod project;

/// What was pulled.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    /// The files that were written; none where the models say already what the database has.
    pub files: Vec<PathBuf>,
    /// Objects that `schemas` and `exclude` of aludel.toml leave out.
    pub not_managed: Vec<String>,
    /// Objects that the files do not make as they are.
    pub not_carried: Vec<String>,
    /// Indexes whose building failed: the models have them as they should be.
    pub invalid: Vec<String>,
    /// Objects whose texts the server would write otherwise; they mean the same.
    pub respelled: Vec<String>,
}

/// Writes the models of the live database, after building them in a shadow and comparing the two.
pub async fn pull(session: &Session) -> Result<Report, Error> {
    let written = project::load(session)?;
    let scope = match &written {
        Some((loaded, statements)) => scope_of(session, &loaded.models, statements),
        None => scope_of(session, &Models::default(), &[]),
    };
    let (mut report, mut strays) = (Report::default(), BTreeSet::new());
    let mut actual = read(&session.live, session.ledger()).await?.map(|catalog| {
        let left_out = catalog.objects.keys().filter(|id| !scope.covers(id) && id.anchor() == **id);
        report.not_managed = left_out.map(Id::to_string).collect();
        strays = scope.strays(catalog);
        scope.keep(catalog);
    });
    report.not_carried = actual.strangers.clone();
    let invalid = unfinished(&actual);
    report.invalid = invalid.iter().map(Id::to_string).collect();
    set_valid(&mut actual, &invalid, true);
    let project = match written {
        Some((loaded, statements)) => Project::build(session, scope, loaded, statements, &actual).await?,
        None => Project::empty(session, scope, &actual),
    };
    if project.is_written && project.scope.differing(&project.made, &actual).is_empty() {
        return Ok(report);
    }
    let mut course = Course::new(project.by_hand(&actual));
    loop {
        let shadow = session.shadow().await?;
        let attempt = attempt(session, &shadow, &project, &mut actual, &course).await;
        shadow.close().await?;
        let attempt = attempt?;
        if course.advance(&attempt, &project, &actual) {
            continue;
        }
        if !attempt.mistakes.is_empty() {
            let list = attempt.mistakes.into_iter().map(|(mistake, _)| mistake).collect();
            return Err(Error::Models(Box::new(Mistakes { sources: attempt.draft.toml, list })));
        }
        if !attempt.refused.is_empty() && !strays.is_empty() {
            return Err(Error::Strays(strays.into_iter().collect()));
        }
        if !attempt.refused.is_empty() {
            return Err(Error::Refused(as_drafted(attempt.refused, session)));
        }
        report.files = files::write(session, &project, &attempt.draft)?;
        for (id, texts) in &attempt.differing {
            if *texts { &mut report.respelled } else { &mut report.not_carried }.push(id.to_string());
        }
        return Ok(report);
    }
}

/// What is refused of files that were to be written: nobody finds these on the disk.
fn as_drafted(mut refused: Vec<Refused>, session: &Session) -> Vec<Refused> {
    for source in refused.iter_mut().map(|refused| &mut refused.source) {
        if !session.root.join(&source.file).exists() {
            let first = source.sql.lines().next().unwrap_or_default();
            source.file = format!("{first} … (not written to {})", source.file);
        }
    }
    refused
}

/// What is to be written.
struct Draft {
    toml: Vec<ModelSource>,
    sql: Files,
}

/// What became of a draft.
struct Attempt {
    draft: Draft,
    /// Ids that are not as they should be, and whether it is only a matter of spelling.
    differing: Vec<(Id, bool)>,
    refused: Vec<Refused>,
    /// What is wrong with the files of models, and the objects concerned.
    mistakes: Vec<(Diagnostic, Option<Id>)>,
}

async fn attempt(
    session: &Session,
    shadow: &Shadow,
    project: &Project,
    actual: &mut Canonical,
    course: &Course,
) -> Result<Attempt, Error> {
    let scope = &project.scope;
    let empty = read(&shadow.connected, session.ledger()).await?.map(|catalog| {
        scope.strip(catalog);
    });
    let draft = draft(project, empty, actual, course)?;
    let mut attempt = Attempt { draft, differing: Vec::new(), refused: Vec::new(), mistakes: Vec::new() };
    let lowered = merge::lower(&attempt.draft.toml);
    let mut statements: Vec<Source> = Vec::new();
    match lowered {
        Ok(lowered) => statements.extend(placed(&attempt.draft.toml, lowered)),
        Err(mistakes) => {
            attempt.mistakes = mistakes;
            return Ok(attempt);
        }
    }
    for source in &project.sql {
        statements.extend(Source::of_file(&source.path, &split::statements(&source.text)));
    }
    for (file, text) in &attempt.draft.sql {
        statements.extend(Source::of_file(&file.to_string_lossy(), &split::statements(text)));
    }
    attempt.refused = build(&shadow.connected, statements).await?;
    let built = read(&shadow.connected, session.ledger()).await?;
    let texts_only = |id: &Id| match (built.get(id), actual.get(id)) {
        (Some(a), Some(b)) => scope.same_facets(id, a, b) && differs_in_texts_only(&a.body, &b.body),
        _ => false,
    };
    let differing = scope.differing(&built, actual).into_iter();
    attempt.differing = differing.map(|id| (id.clone(), texts_only(&id))).collect();
    Ok(attempt)
}

/// The files as they say the actual catalog by what was learnt so far, on top of an `empty` database.
fn draft(project: &Project, empty: Canonical, actual: &mut Canonical, course: &Course) -> Result<Draft, Error> {
    let written = merge::written(&project.models);
    let Raised { entries: raised, said } = raise(actual, &course.forms, &written);
    let base = raise(&project.made, &course.forms, &written).entries;
    let toml = Merge { sources: &project.toml, models: &project.models, base, raised, anew: &course.anew }
        .write(|id| project.scope.covers(id))
        .map_err(|(at, message)| disk::Error::NotToml { path: PathBuf::from(&project.toml[at].path), message })?;
    // What is said already is not looked at; what is in SQL as it is shown is not respelled.
    let as_shown: HashSet<Id> = course.forms.as_shown(actual).into_iter().chain(said.keys().cloned()).collect();
    let said = empty.map(|catalog| {
        catalog.objects.extend(said.into_iter().filter_map(|(id, said)| {
            let object = said.object(actual.get(&id)?);
            Some((id, object))
        }));
        let own = actual.objects.iter().filter(|(id, _)| course.by_hand.contains(&actual.whole(id)));
        catalog.objects.extend(own.map(|(id, object)| (id.clone(), object.clone())));
    });
    let sql = files::of(&while_spelled(actual, &as_shown, |spelled| plan::creation(&said, spelled))?, actual);
    Ok(Draft { toml, sql })
}
