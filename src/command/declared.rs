//! What the project's files say: the models as DDL, and SQL files, each statement with its place.

use std::sync::Arc;

use super::{Error, Session};
use crate::db::shadow::Source;
use crate::disk::models::{self, Loaded};
use crate::disk::{Mistakes, cache};
use crate::kind::Id;
use crate::model;
use crate::model::diagnostic::{Diagnostic, FileId, Span};
use crate::model::lower::{self, Lowered, hints};
use crate::model::models::Models;
use crate::name::Name;
use crate::rename::Wish;
use crate::scope::Scope;
use crate::sql::Sql;
use crate::sql::declares::{Rights, objection, rights};
use crate::sql::split::{self, StatementText};
use crate::sql::token::{Token, tokens};

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
        let parts = split::statements(&source.text);
        mistakes.extend(parts.iter().filter_map(|statement| undeclared(*file, statement)));
        statements.extend(Source::of_file(&source.path, &parts));
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
        let parts = lines.map(|(at, (_, line))| (at, line)).collect();
        Source { file, line, sql: lowered.sql.0, parts, settings: Arc::default() }
    })
}

impl Declared {
    /// What is managed.
    pub fn scope(&self, session: &Session) -> Scope {
        scope_of(session, &self.models, &self.statements)
    }

    /// Statements of SQL files about owners or privileges, which are not managed.
    pub fn without_effect(&self, session: &Session) -> Vec<String> {
        let scope = session.config.scope();
        let of_files = self.statements.iter().filter(|source| source.file.ends_with(".sql"));
        let unheard = of_files.filter_map(|source| {
            let (what, key) = match rights(&source.sql)? {
                Rights::Owner if !scope.owners => ("owners", "owner"),
                Rights::Privileges if !scope.privileges => ("privileges", "privileges"),
                _ => return None,
            };
            Some(format!(
                "{}:{} has no effect: {what} are managed where `manage` of aludel.toml asks for them, or where `{key}` stands \
                 at an object in models.toml",
                source.file, source.line
            ))
        });
        unheard.collect()
    }

    /// One hash of what is declared, and of what else decides what becomes of it.
    pub fn key(&self, session: &Session, more: &str) -> String {
        let (scope, style, ledger) = (session.config.scope(), session.style(), session.ledger());
        let settings = format!("{scope:?} {style:?} {ledger:?} {:?} {:?}", self.wishes, self.usings);
        let sql = self.statements.iter().map(|source| source.sql.as_str());
        cache::key([env!("CARGO_PKG_VERSION"), more, &settings].into_iter().chain(sql))
    }
}

/// What is managed: what aludel.toml says, the schemas that the models make, and the owners and privileges that they state.
pub fn scope_of(session: &Session, models: &Models, statements: &[Source]) -> Scope {
    let mut scope = Scope { stated: hints::stated(models), ..session.config.scope() };
    for name in statements.iter().filter_map(|source| schema_made_by(&source.sql)) {
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
