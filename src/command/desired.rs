//! The desired side: the models, run in the shadow and read back.

use std::collections::{BTreeMap, HashMap};

use super::{Error, Session};
use crate::catalog::{Canonical, Catalog, Object};
use crate::db::prove::settle;
use crate::db::read::read;
use crate::db::shadow::{Source, build};
use crate::db::shadow_place::Shadow;
use crate::disk::models::{self, Loaded};
use crate::disk::{Mistakes, cache};
use crate::facet::{self, Facets};
use crate::kind::{Body, Id, Tag};
use crate::model;
use crate::model::diagnostic::{Diagnostic, FileId, Span};
use crate::model::lower::{self, Lowered, hints};
use crate::model::models::Models;
use crate::name::Name;
use crate::rename::{self, Asked, Rename, Wish};
use crate::scope::Scope;
use crate::sql::Sql;
use crate::sql::declares::objection;
use crate::sql::split::{self, StatementText};
use crate::sql::token::{Token, tokens};
use crate::{db, plan};

/// Both sides, and the shadow that holds the desired one.
#[derive(Debug)]
pub struct Sides {
    /// The live database.
    pub actual: Canonical,
    /// The models, with what is not managed carried over from the live database.
    pub desired: Canonical,
    /// What is renamed once the desired side is reached, which has the old names until then.
    pub renames: Vec<Rename>,
    /// The desired side under its new names.
    pub renamed: Canonical,
    /// How the models have values change their type.
    pub usings: Vec<Source>,
    /// What is managed.
    pub scope: Scope,
    /// Where the models were run.
    pub shadow: Shadow,
}

/// What the project's files say.
#[derive(Debug)]
pub struct Declared {
    /// The models.
    pub models: Models,
    /// What they say was called otherwise.
    pub wishes: Vec<Wish>,
    /// How they have values change their type: the column, and the expression.
    pub usings: Vec<(Id, Source)>,
    /// The statements that make them: those of models.toml, then the SQL files'.
    pub statements: Vec<Source>,
}

/// Reads models.toml and what it names.
pub fn declared(session: &Session) -> Result<Declared, Error> {
    let Loaded { sources, models, sql } = models::load(&session.root, &session.config.models.path)?;
    let (columns, expressions): (Vec<Id>, Vec<Lowered>) = hints::usings(&models).into_iter().unzip();
    let usings = columns.into_iter().zip(placed(&sources, expressions)).collect();
    match statements_of(&sources, &models, &sql) {
        Ok(statements) => Ok(Declared { wishes: hints::wishes(&models), usings, models, statements }),
        Err(list) => Err(Error::Models(Box::new(Mistakes { sources, list }))),
    }
}

/// The statements that files stand for: those of models.toml, then the SQL files'.
///
/// # Errors
/// What is declared and cannot be made yet, what is no part of a schema, and texts that are more than one statement.
pub fn statements_of(
    sources: &[model::diagnostic::Source],
    models: &Models,
    sql: &[FileId],
) -> Result<Vec<Source>, Vec<Diagnostic>> {
    let lowered = lower::statements(models)?;
    let mut mistakes: Vec<Diagnostic> =
        lowered.iter().filter(|lowered| is_several(&lowered.sql)).map(several).collect();
    let mut statements: Vec<Source> = placed(sources, lowered).collect();
    for file in sql {
        let source = &sources[file.0 as usize];
        mistakes.extend(split::statements(&source.text).iter().filter_map(|statement| undeclared(*file, statement)));
        statements.extend(Source::of_file(&source.path, &source.text));
    }
    if mistakes.is_empty() { Ok(statements) } else { Err(mistakes) }
}

/// Whether a text of the models ends its statement and begins another one.
fn is_several(sql: &Sql) -> bool {
    sql.as_str().contains(';') && split::statements(sql.as_str()).len() > 1
}

fn several(lowered: &Lowered) -> Diagnostic {
    let end = split::statements(lowered.sql.as_str()).get(1).map_or(0, |second| second.start);
    let part = lowered.parts.iter().rfind(|(at, _)| *at < end).or(lowered.parts.first());
    let span = part.map(|(_, span)| *span).unwrap_or_default();
    Diagnostic::new(span, "this is more than one statement: a `;` ends the first").label("one expression is wanted")
}

/// A statement of a file that declares nothing of this database.
fn undeclared(file: FileId, statement: &StatementText) -> Option<Diagnostic> {
    let bare = statement.bare();
    let why = objection(bare)?;
    let start = statement.start + statement.text.len() - bare.len();
    let first = bare.lines().next().unwrap_or_default().len();
    let message = "a file that declares the schema cannot hold this statement";
    Some(Diagnostic::new(Span::new(file, start..start + first), message).help(why))
}

/// Statements of models with their file and line.
pub fn placed(sources: &[model::diagnostic::Source], lowered: Vec<Lowered>) -> impl Iterator<Item = Source> {
    lowered.into_iter().map(|lowered| {
        let mut lines = lowered.parts.iter().map(|(at, span)| (*at, place(sources, *span)));
        let (_, (file, line)) = lines.next().unwrap_or_default();
        Source { file, line, sql: lowered.sql.0, parts: lines.map(|(at, (_, line))| (at, line)).collect() }
    })
}

impl Declared {
    /// One hash of what is declared, and of what else decides what becomes of it.
    pub fn key(&self, session: &Session, more: &str) -> String {
        let (scope, style, ledger) = (session.config.scope(), session.style(), session.ledger());
        let settings = format!("{scope:?} {style:?} {ledger:?} {:?} {:?}", self.wishes, self.usings);
        let sql = self.statements.iter().map(|source| source.sql.as_str());
        cache::key([env!("CARGO_PKG_VERSION"), more, &settings].into_iter().chain(sql))
    }
}

/// What is managed: what aludel.toml says, and the schemas that the models make or rename.
pub fn scope_of(session: &Session, statements: &[Source], wishes: &[Wish]) -> Scope {
    let mut scope = session.config.scope();
    let made = statements.iter().filter_map(|source| schema_made_by(&source.sql));
    let renamed = wishes.iter().filter(|wish| wish.to.tag == Tag::Schema).map(|wish| wish.from.clone());
    for name in made.chain(renamed) {
        if !scope.schemas.iter().any(|known| known == name.as_str()) {
            scope.schemas.push(name.as_str().to_owned());
        }
    }
    scope
}

/// The name in `CREATE SCHEMA`.
fn schema_made_by(sql: &str) -> Option<Name> {
    let mut words = tokens(sql).filter(Token::is_code);
    let is_schema = words.next()?.is_word("CREATE") && words.next()?.is_word("SCHEMA");
    let is_name = |word: &Token| !["IF", "NOT", "EXISTS"].iter().any(|other| word.is_word(other));
    words.filter(|_| is_schema).find(is_name)?.name()
}

/// File and line of a span.
fn place(sources: &[model::diagnostic::Source], span: Span) -> (String, usize) {
    let source = &sources[span.file.0 as usize];
    (source.path.clone(), source.line_column(span.start).0)
}

/// Reads the live database, and the models by way of a new shadow. Close the shadow afterwards.
///
/// `asked` are renames besides those that the models declare.
pub async fn sides(session: &Session, declared: Declared, asked: &[Asked]) -> Result<Sides, Error> {
    let Declared { statements, mut wishes, usings, models } = declared;
    drop(models);
    let scope = scope_of(session, &statements, &wishes);
    let asked = rename::under_new_names(asked);
    let shadow = session.shadow().await?;
    let desired = async {
        // Two servers' processes, and often two cores.
        let (actual, renamed) = tokio::join!(read(&session.live, session.ledger()), made(session, &shadow, statements));
        let (actual, renamed) = (scope.leave_owner(actual?), renamed?);
        wishes.extend(asked.iter().filter_map(|asked| asked.wish(&actual, &renamed)));
        let (desired, renames) = under_old_names(session, &shadow, &actual, &renamed, &wishes).await?;
        let unheard =
            |asked: &&Asked| !renames.iter().any(|rename| asked.wish(&actual, &renamed).as_ref() == Some(&rename.wish));
        if let Some(asked) = asked.iter().find(unheard) {
            return Err(Error::NoSuchRename(asked.to_string()));
        }
        if let Some(wish) = rename::blocked(&wishes, &renames, &actual, &renamed) {
            return Err(Error::RenameBlocked { to: wish.to.clone().into(), from: wish.from.to_string() });
        }
        let desired = carried_over(session, &shadow, &actual, &session.ledger.schema, &scope, desired).await?;
        let desired = desired.map(|desired| say_usings(desired, &usings, &renames));
        let renamed = if renames.is_empty() { Canonical::default() } else { renamed };
        Ok::<_, Error>((actual, desired, renames, renamed))
    };
    match desired.await {
        Ok((actual, desired, renames, renamed)) => {
            let usings = usings.into_iter().map(|(_, expression)| expression).collect();
            Ok(Sides { actual, desired, renames, renamed, usings, scope, shadow })
        }
        Err(error) => {
            shadow.close().await?;
            Err(error)
        }
    }
}

/// Notes how values change their type, at the columns and at those of heirs, which change with them.
fn say_usings(desired: &mut Catalog, usings: &[(Id, Source)], renames: &[Rename]) {
    let mut said: BTreeMap<Id, Sql> = BTreeMap::new();
    for (column, expression) in usings {
        said.insert(rename::old_of(column, renames), Sql::raw(expression.sql.as_str()));
    }
    while !said.is_empty() {
        let mut next = BTreeMap::new();
        for (id, object) in &mut desired.objects {
            let leader = object.leader().and_then(|leader| said.get(leader)).cloned();
            let (own, Body::Column(column)) = (said.get(id).cloned(), &mut object.body) else { continue };
            if let Some(expression) = own.or(leader.filter(|_| column.using.0.is_none())) {
                next.extend((!said.contains_key(id)).then(|| (id.clone(), expression.clone())));
                column.using.0.get_or_insert(expression);
            }
        }
        said = next;
    }
}

/// Gives what was renamed its old name back in the shadow: what was asked for, then what follows from that.
async fn under_old_names(
    session: &Session,
    shadow: &Shadow,
    actual: &Canonical,
    made: &Canonical,
    wishes: &[Wish],
) -> Result<(Canonical, Vec<Rename>), Error> {
    let (mut desired, mut renames) = (made.clone(), Vec::new());
    let mut next = rename::resolve(wishes, actual, &desired);
    next.extend(rename::moved_extensions(actual, &desired));
    for _ in 0..2 {
        if !next.is_empty() {
            for statement in rename::back(&next) {
                shadow.connected.batch_execute(statement.sql.as_str()).await.map_err(db::Error::from)?;
            }
            desired = read(&shadow.connected, session.ledger()).await?;
            // What comes later is renamed first, under the old names that the others still have.
            next.append(&mut renames);
            renames = next;
        }
        next = rename::resolve(&rename::unasked(actual, &desired), actual, &desired);
    }
    Ok((desired, renames))
}

/// What the statements make in an empty shadow, to be compared with `actual`; `home` is the schema of the ledger there.
pub(super) async fn beside(
    session: &Session,
    shadow: &Shadow,
    actual: &Canonical,
    home: &Name,
    scope: &Scope,
    statements: Vec<Source>,
) -> Result<Canonical, Error> {
    let desired = made(session, shadow, statements).await?;
    carried_over(session, shadow, actual, home, scope, desired).await
}

async fn carried_over(
    session: &Session,
    shadow: &Shadow,
    actual: &Canonical,
    home: &Name,
    scope: &Scope,
    desired: Canonical,
) -> Result<Canonical, Error> {
    let home = Id::schema(home);
    let without_home = (!desired.has(&home)).then(|| desired.clone());
    let made = other_facets(actual, &desired);
    let desired = scope.carry_over(actual, desired, &home);
    hand_over(shadow, &made, actual, &desired).await;
    if let Some(made) = without_home {
        // The ledger's schema stays, whatever the models say, and so the shadow has it too.
        for (_, statement) in plan::creation(&made, &desired)?.into_iter().filter(|(id, _)| *id == home) {
            shadow.connected.batch_execute(statement.sql.as_str()).await.map_err(db::Error::from)?;
        }
    }
    Ok(settle(&shadow.connected, actual, desired, session.ledger()).await?)
}

/// The facets of what was made and has others in the live database.
fn other_facets(actual: &Catalog, made: &Catalog) -> HashMap<Id, Facets> {
    let other = |(id, object): (&Id, &Object)| {
        let mut facets = Facets::clone(&object.facets);
        facets.owner = facets.owner.filter(|owner| *owner != made.server.role);
        (facets != *actual.get(id)?.facets).then(|| (id.clone(), facets))
    };
    made.objects.iter().filter_map(other).collect()
}

/// Gives what a change may touch to those in the shadow whom it belongs to, and who may use it: a view is read with the rights of
/// its owner. What the server refuses stays as it is.
async fn hand_over(shadow: &Shadow, made: &HashMap<Id, Facets>, actual: &Canonical, desired: &Canonical) {
    if made.is_empty() {
        return;
    }
    for id in plan::touched(actual, desired) {
        let Some((before, object)) = made.get(&id).zip(desired.get(&id)) else { continue };
        for statement in facet::change(&id, &object.body, before, &object.facets) {
            let _ = shadow.connected.batch_execute(statement.sql.as_str()).await;
        }
    }
}

/// What the statements make in an empty database, without a look at the live one's schema.
pub async fn alone(session: &Session, statements: Vec<Source>) -> Result<Canonical, Error> {
    let shadow = session.shadow().await?;
    let made = made(session, &shadow, statements).await;
    shadow.close().await?;
    made
}

async fn made(session: &Session, shadow: &Shadow, statements: Vec<Source>) -> Result<Canonical, Error> {
    let refused = build(&shadow.connected, statements).await?;
    if !refused.is_empty() {
        return Err(Error::Refused(refused));
    }
    Ok(read(&shadow.connected, session.ledger()).await?)
}
