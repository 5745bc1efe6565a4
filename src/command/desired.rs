//! The desired side: the models, run in the shadow and read back.

use super::{Error, Session};
use crate::catalog::Canonical;
use crate::db::prove::settle;
use crate::db::read::read;
use crate::db::shadow::{Source, build};
use crate::db::shadow_place::Shadow;
use crate::disk::Mistakes;
use crate::disk::models::{self, Loaded};
use crate::kind::Id;
use crate::model;
use crate::model::diagnostic::{Diagnostic, FileId, Span};
use crate::model::lower::{self, Lowered};
use crate::model::models::Models;
use crate::{db, plan};

/// Both sides, and the shadow that holds the desired one.
#[derive(Debug)]
pub struct Sides {
    /// The live database.
    pub actual: Canonical,
    /// The models, with what is not managed carried over from the live database.
    pub desired: Canonical,
    /// Where the models were run.
    pub shadow: Shadow,
}

/// What the project's files say.
#[derive(Debug)]
pub struct Declared {
    /// The models.
    pub models: Models,
    /// The statements that make them: those of models.toml, then the SQL files'.
    pub statements: Vec<Source>,
}

/// Reads models.toml and what it names.
pub fn declared(session: &Session) -> Result<Declared, Error> {
    let Loaded { sources, models, sql } = models::load(&session.root, &session.config.models.path)?;
    match statements_of(&sources, &models, &sql) {
        Ok(statements) => Ok(Declared { models, statements }),
        Err(list) => Err(Error::Models(Box::new(Mistakes { sources, list }))),
    }
}

/// The statements that files stand for: those of models.toml, then the SQL files'.
///
/// # Errors
/// What is declared and cannot be made yet.
pub fn statements_of(
    sources: &[model::diagnostic::Source],
    models: &Models,
    sql: &[FileId],
) -> Result<Vec<Source>, Vec<Diagnostic>> {
    let mut statements: Vec<Source> = placed(sources, lower::statements(models)?).collect();
    for file in sql {
        let source = &sources[file.0 as usize];
        statements.extend(Source::of_file(&source.path, &source.text));
    }
    Ok(statements)
}

/// Statements of models with their file and line.
pub fn placed(sources: &[model::diagnostic::Source], lowered: Vec<Lowered>) -> impl Iterator<Item = Source> {
    lowered.into_iter().map(|lowered| {
        let (file, line) = place(sources, lowered.span);
        Source { file, line, sql: lowered.sql.0 }
    })
}

/// File and line of a span.
fn place(sources: &[model::diagnostic::Source], span: Span) -> (String, usize) {
    let source = &sources[span.file.0 as usize];
    (source.path.clone(), source.line_column(span.start).0)
}

/// Reads the live database, and the models by way of a new shadow. Close the shadow afterwards.
pub async fn sides(session: &Session) -> Result<Sides, Error> {
    let Declared { statements, .. } = declared(session)?;
    let actual = read(&session.live, session.ledger()).await?;
    let shadow = session.shadow().await?;
    match desired(session, &actual, &shadow, statements).await {
        Ok(desired) => Ok(Sides { actual, desired, shadow }),
        Err(error) => {
            shadow.close().await?;
            Err(error)
        }
    }
}

async fn desired(
    session: &Session,
    actual: &Canonical,
    shadow: &Shadow,
    statements: Vec<Source>,
) -> Result<Canonical, Error> {
    let desired = made(session, shadow, statements).await?;
    let home = Id::schema(&session.run_ledger().schema);
    let without_home = (!desired.has(&home)).then(|| desired.clone());
    let desired = session.config.scope().carry_over(actual, desired, &home);
    if let Some(made) = without_home {
        // The ledger's schema stays, whatever the models say, and so the shadow has it too.
        for (_, statement) in plan::creation(&made, &desired)?.into_iter().filter(|(id, _)| *id == home) {
            shadow.connected.batch_execute(statement.sql.as_str()).await.map_err(db::Error::from)?;
        }
    }
    Ok(settle(&shadow.connected, actual, desired, session.ledger()).await?)
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
