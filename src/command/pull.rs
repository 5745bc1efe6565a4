//! `pull`: the live database as models.
//!
//! What models.toml can say goes there, the rest into SQL files. Which is which nobody has to know: what was written is
//! built in a shadow and compared, and whatever did not come back as it was is written in its next [`Form`](raise::Form).

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::PathBuf;

use serde::Serialize;
use toml_edit::{Array, DocumentMut};

use super::declared::{placed, scope_of, statements_of};
use super::{Error, Session};
use crate::catalog::{Canonical, Catalog};
use crate::db::prove::{set_valid, settle, unfinished, while_spelled};
use crate::db::read::{differs_in_texts_only, read};
use crate::db::shadow::{Refused, Source, build};
use crate::db::shadow_place::Shadow;
use crate::disk::models::{self, Loaded};
use crate::disk::{Mistakes, sources, write_atomic};
use crate::kind::{Id, Tag};
use crate::model::diagnostic::{Diagnostic, Source as ModelSource};
use crate::model::merge::{self, Merge};
use crate::model::models::Models;
use crate::model::raise::{self, Forms, Raised, raise};
use crate::scope::Scope;
use crate::{disk, plan};

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
    let written = load(session)?;
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
        report.files = write(session, &project, &attempt.draft)?;
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

/// The files of models and what they say, if there are any.
fn load(session: &Session) -> Result<Option<(Loaded, Vec<Source>)>, Error> {
    let path = &session.config.models.path;
    if !session.root.join(path).exists() {
        return Ok(None);
    }
    let loaded = models::load(&session.root, path)?;
    match statements_of(&loaded.sources, &loaded.models, &loaded.sql) {
        Ok(statements) => Ok(Some((loaded, statements))),
        Err(list) => Err(Error::Models(Box::new(Mistakes { sources: loaded.sources, list }))),
    }
}

/// The files that are there.
struct Project {
    /// What is managed.
    scope: Scope,
    /// The files of models, the main one first.
    toml: Vec<ModelSource>,
    /// What they say.
    models: Models,
    /// The objects that have entries.
    declared: BTreeSet<Id>,
    /// SQL files that a person wrote.
    sql: Vec<ModelSource>,
    /// Those that an earlier pull wrote.
    pulled: BTreeSet<PathBuf>,
    /// What all of them make; nothing for what the server refuses.
    made: Canonical,
    /// There were files.
    is_written: bool,
}

impl Project {
    fn empty(session: &Session, scope: Scope, actual: &Canonical) -> Project {
        let shown = session.config.models.path.to_string_lossy().replace('\\', "/");
        Project {
            scope,
            toml: vec![ModelSource::new(&shown, String::new())],
            models: Models::default(),
            declared: BTreeSet::new(),
            sql: Vec::new(),
            pulled: BTreeSet::new(),
            made: Canonical::nothing(actual.server.clone()),
            is_written: false,
        }
    }

    async fn build(
        session: &Session,
        scope: Scope,
        loaded: Loaded,
        statements: Vec<Source>,
        actual: &Canonical,
    ) -> Result<Project, Error> {
        let Loaded { sources, models, sql } = loaded;
        let shadow = session.shadow().await?;
        let built = async {
            build(&shadow.connected, statements).await?;
            let made = read(&shadow.connected, session.ledger()).await?.map(|catalog| {
                scope.keep(catalog);
            });
            settle(&shadow.connected, actual, made, session.ledger()).await
        }
        .await;
        shadow.close().await?;
        let is_sql = |at: usize| sql.iter().any(|file| file.0 as usize == at);
        let (sql, toml): (Vec<_>, Vec<_>) = sources.into_iter().enumerate().partition(|(at, _)| is_sql(*at));
        let toml = toml.into_iter().map(|(_, source)| source).collect();
        let (pulled, sql): (Vec<_>, Vec<_>) =
            sql.into_iter().map(|(_, source)| source).partition(|source| source.text.starts_with(sources::PULLED));
        let pulled = pulled.into_iter().map(|source| PathBuf::from(source.path)).collect();
        let entries = merge::objects(&models).into_iter().map(|(_, id)| id);
        let declared = entries.chain(merge::parts(&models)).collect();
        Ok(Project { scope, toml, models, declared, sql, pulled, made: built?, is_written: true })
    }

    /// What a person's SQL files make: all that is there and stands neither in models.toml nor in a pulled file.
    fn by_hand(&self, actual: &Canonical) -> BTreeSet<Id> {
        if self.sql.is_empty() {
            return BTreeSet::new();
        }
        let own = self
            .made
            .objects
            .keys()
            .map(|id| self.made.whole(id))
            .filter(|id| actual.has(id) && !self.declares(id) && !self.pulled.contains(&file_of(id, &self.made)));
        own.collect()
    }

    /// Whether an object has an entry in models.toml.
    fn declares(&self, id: &Id) -> bool {
        self.declared.contains(id)
    }
}

/// What the attempts so far have taught.
#[derive(Default)]
struct Course {
    forms: Forms,
    /// Entries that are written anew instead of being changed.
    anew: BTreeSet<Id>,
    /// What a person's SQL files make.
    by_hand: BTreeSet<Id>,
    attempts: usize,
}

impl Course {
    /// What a person says in SQL stays there.
    fn new(by_hand: BTreeSet<Id>) -> Course {
        let mut course = Course { by_hand, ..Course::default() };
        course.by_hand.iter().for_each(|id| course.forms.to_sql(id));
        course
    }

    /// Takes another way for what did not come back; false if there is none left.
    fn advance(&mut self, attempt: &Attempt, project: &Project, actual: &Canonical) -> bool {
        self.attempts += 1;
        let mut moved = false;
        for id in attempt.mistakes.iter().filter_map(|(_, id)| id.as_ref()) {
            if self.forms.of(id, actual) < raise::Form::SqlSpelled {
                self.forms.to_sql(id);
                moved = true;
            }
        }
        let differing: BTreeSet<&Id> = attempt.differing.iter().map(|(id, _)| id).collect();
        // What needs something that differs itself may well be innocent.
        let is_root = |id: &Id| {
            let own = actual.get(id).into_iter();
            // Foreign keys stand in the statement that makes their table.
            let keys =
                actual.below(Tag::Constraint, &id.path).filter(|_| id.tag == Tag::Table).map(|(_, object)| object);
            let mut needs = own.chain(keys).flat_map(|object| &object.needs);
            !needs.any(|need| {
                need.id != *id && (id.tag != Tag::Table || need.id.anchor() != *id) && differing.contains(&need.id)
            })
        };
        let mut suspects: Vec<&Id> = differing.iter().copied().filter(|id| is_root(id)).collect();
        if suspects.is_empty() || self.attempts > 12 {
            suspects = differing.iter().copied().collect();
        }
        let (mut anew, mut next) = (BTreeSet::new(), BTreeSet::new());
        for id in suspects {
            let owner = actual.whole(id);
            // A column has no form in SQL of its own.
            let last = if id.tag == Tag::Column { raise::Form::Shown } else { raise::Form::Sql };
            if project.declares(&owner) && !self.anew.contains(&owner) {
                anew.insert(owner);
            } else if actual.has(id) && self.forms.of(id, actual) < last {
                next.insert(id.clone());
            } else {
                next.insert(owner);
            }
        }
        // What takes the next form takes its parts along.
        for id in &next {
            let owner = actual.whole(id);
            moved |= (owner == *id || !next.contains(&owner)) && self.forms.advance(id, actual);
        }
        moved |= !anew.is_empty();
        self.anew.extend(anew);
        if !moved && !attempt.refused.is_empty() {
            // What was changed in an entry does not go with what stayed in it.
            let touched = project.scope.differing(&project.made, actual).into_iter().map(|id| actual.whole(&id));
            for owner in touched.filter(|owner| project.declares(owner)) {
                moved |= self.anew.insert(owner);
            }
        }
        moved
    }
}

/// What is to be written.
struct Draft {
    toml: Vec<ModelSource>,
    sql: Files,
}

type Files = BTreeMap<PathBuf, String>;

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
        statements.extend(Source::of_file(&source.path, &source.text));
    }
    for (file, text) in &attempt.draft.sql {
        statements.extend(Source::of_file(&file.to_string_lossy(), text));
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
    let sql = files(&while_spelled(actual, &as_shown, |spelled| plan::creation(&said, spelled))?, actual);
    Ok(Draft { toml, sql })
}

/// One file an object, with all that hangs on it.
fn files(statements: &[(Id, crate::statement::Statement)], catalog: &Catalog) -> Files {
    let mut files = Files::new();
    for (id, statement) in statements {
        let file = file_of(&catalog.whole(id), catalog);
        let text = files.entry(file).or_insert_with(|| format!("{}\n", sources::PULLED));
        text.push_str(&format!("\n{};\n", statement.sql));
    }
    files
}

/// `sql/kind/schema.name.sql`; the argument types of functions are in it where there are several of one name.
fn file_of(anchor: &Id, catalog: &Catalog) -> PathBuf {
    let kind = anchor.tag.word().replace(' ', "_");
    let named = &anchor.path[..(anchor.home().len() + 1).min(anchor.path.len())];
    let is_only = catalog.below(anchor.tag, named).nth(1).is_none();
    let names: Vec<&str> = if is_only { named } else { &anchor.path }.iter().map(|name| name.as_str()).collect();
    let safe = |c: char| if c.is_alphanumeric() || "._-".contains(c) { c } else { '_' };
    let mut stem: String = names.join(".").chars().map(safe).collect();
    if stem != names.join(".") || stem.len() > 150 {
        // Two names may become one: tell them apart.
        let hash = names
            .join("\u{1f}")
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325_u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3));
        stem = format!("{}.{:08x}", stem.chars().take(100).collect::<String>(), hash >> 32);
    }
    ["sql", &kind, &format!("{stem}.sql")].iter().collect()
}

/// Writes what is not on the disk as it should be, and gives the names.
fn write(session: &Session, project: &Project, draft: &Draft) -> Result<Vec<PathBuf>, Error> {
    let mut written = sources::replace_pulled(&session.root, &draft.sql)?;
    for (at, (old, new)) in project.toml.iter().zip(&draft.toml).enumerate() {
        let mut text = new.text.clone();
        if at == 0 && !draft.sql.is_empty() {
            text = with_sql_files(&text, &new.path)?;
        }
        if text != old.text || !project.is_written {
            write_atomic(&session.root.join(&new.path), text.as_bytes())?;
            written.push(PathBuf::from(&new.path));
        }
    }
    Ok(written)
}

/// models.toml with the SQL files named in it.
fn with_sql_files(text: &str, path: &str) -> Result<String, Error> {
    const PATTERN: &str = "sql/**/*.sql";
    let parsed = text.parse::<DocumentMut>();
    let not_toml = |error| disk::Error::NotToml { path: PathBuf::from(path), message: format!("{error}") };
    let mut document = parsed.map_err(not_toml)?;
    let table = document.entry("sql").or_insert(toml_edit::table());
    let files = table.as_table_like_mut().map(|sql| sql.entry("files").or_insert(toml_edit::value(Array::new())));
    if let Some(list) = files.and_then(|files| files.as_array_mut())
        && !list.iter().any(|item| item.as_str() == Some(PATTERN))
    {
        list.push(PATTERN);
        return Ok(merge::like(text, document.to_string()));
    }
    Ok(text.to_owned())
}
