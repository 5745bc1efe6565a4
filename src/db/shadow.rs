//! Building models in the shadow: statements whose right order is not known.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use tokio_postgres::Client;

pub use self::refused::{Refused, explained};
use super::apply_plan::in_shadow;
use super::{Error, server_words};
use crate::sql::settings;
use crate::sql::split::{StatementText, first_words};
use crate::sql::token::tokens;

mod refused;

/// A statement for the shadow, with where it comes from.
#[derive(Clone, Debug)]
pub struct Source {
    /// The file.
    pub file: String,
    /// The line of the file, from 1.
    pub line: usize,
    /// The statement.
    pub sql: String,
    /// Where parts of it begin (bytes of the statement) that stand on other lines of the file, in their order.
    pub parts: Vec<(usize, usize)>,
    /// What its file has `SET` above it, for one transaction.
    pub settings: Arc<str>,
}

impl Source {
    /// The statements of a file.
    pub fn of_file(file: &str, parts: &[StatementText]) -> Vec<Source> {
        let mut settings: Arc<str> = Arc::default();
        let one = |part: &StatementText| {
            let mut source = Source {
                file: file.to_owned(),
                line: part.code_line(),
                sql: part.bare().to_owned(),
                parts: Vec::new(),
                settings: settings.clone(),
            };
            if let Some(setting) = settings::for_a_transaction(part.bare()) {
                settings = format!("{settings}{setting};\n").into();
                source.sql = setting;
            }
            source
        };
        parts.iter().map(one).collect()
    }

    /// Whether what one sets, or has set above it, is nothing to the other.
    fn goes_with(&self, next: &Source) -> bool {
        self.settings == next.settings && settings::for_a_transaction(&self.sql).is_none()
    }
}

/// How many statements share a transaction while the shadow is built: below what a default lock table holds.
const CHUNK: usize = 200;

/// Runs statements whose right order is not known: what fails waits until the others are there.
///
/// What is left in the end is the user's to mend.
pub async fn build(client: &Client, sources: Vec<Source>) -> Result<Vec<Refused>, Error> {
    let mut refused: Vec<Refused> = Vec::new();
    let mut stages: BTreeMap<Stage, Vec<Source>> = BTreeMap::new();
    for mut source in sources {
        if let Cow::Owned(sql) = in_shadow(&source.sql) {
            source.sql = sql;
        }
        stages.entry(Stage::of(&source.sql)).or_default().push(source);
    }
    for sources in stages.into_values() {
        let mut waiting: Vec<Source> = refused.into_iter().map(|refused| refused.source).chain(sources).collect();
        loop {
            let before = waiting.len();
            refused = Vec::new();
            for alike in waiting.chunk_by(Source::goes_with) {
                for chunk in alike.chunks(CHUNK) {
                    refused.extend(build_chunk(client, chunk).await?);
                }
            }
            if refused.is_empty() || refused.len() == before {
                break;
            }
            waiting = refused.into_iter().map(|refused| refused.source).collect();
        }
    }
    Ok(refused)
}

/// When a statement is run, beside its place in the files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    /// A name for others to use. A function that returns a type that is not there would make the shell of it itself.
    Announces,
    /// It can give a text another meaning: an expression takes the best function, cast and operator that are there.
    GivesMeaning,
    /// The most.
    Plain,
    /// It has an effect on statements that come after it.
    ActsOnOthers,
}

impl Stage {
    fn of(sql: &str) -> Stage {
        let words = first_words(sql);
        let words: Vec<&str> =
            words.iter().map(String::as_str).filter(|word| !["OR", "REPLACE"].contains(word)).collect();
        match words[..] {
            ["ALTER", "DEFAULT", "PRIVILEGES", ..] | ["CREATE" | "ALTER", "EVENT", ..] => Stage::ActsOnOthers,
            ["CREATE", "SCHEMA", ..] => Stage::Announces,
            ["CREATE", "TYPE", ..] if !tokens(sql).any(|token| token.is_punct("(")) => Stage::Announces,
            ["CREATE", "EXTENSION" | "LANGUAGE" | "TYPE" | "DOMAIN" | "COLLATION", ..]
            | ["CREATE", "FUNCTION" | "PROCEDURE" | "AGGREGATE" | "OPERATOR" | "CAST" | "TRANSFORM", ..] => {
                Stage::GivesMeaning
            }
            _ => Stage::Plain,
        }
    }
}

async fn build_chunk(client: &Client, chunk: &[Source]) -> Result<Vec<Refused>, Error> {
    let Some(Source { settings, .. }) = chunk.first() else { return Ok(Vec::new()) };
    let begin =
        format!("BEGIN; {settings} SET LOCAL check_function_bodies = off; SET LOCAL client_min_messages = error;");
    let all: String = chunk.iter().flat_map(|source| [source.sql.as_str(), ";\n"]).collect();
    if client.batch_execute(&format!("{begin} {all}")).await.is_ok() {
        client.batch_execute("COMMIT").await?;
        return Ok(Vec::new());
    }
    client.batch_execute("ROLLBACK").await?;
    if let Err(error) = client.batch_execute(&begin).await {
        client.batch_execute("ROLLBACK").await?;
        return Ok(chunk.iter().map(|source| Refused::whole(source.clone(), server_words(&error))).collect());
    }
    let mut refused = Vec::new();
    for source in chunk {
        // A text that does not parse is refused whole, so the savepoint has to stand outside of it. One that is not
        // released would nest the next one deeper.
        client.batch_execute("SAVEPOINT aludel").await?;
        let guarded = format!("{}\n; RELEASE aludel", source.sql);
        if let Err(error) = client.batch_execute(&guarded).await {
            client.batch_execute("ROLLBACK TO aludel").await?;
            // By itself, so that the server does not speak of what was put behind it.
            let error = client.batch_execute(&source.sql).await.err().unwrap_or(error);
            refused.push(Refused::new(source, &error));
            client.batch_execute("ROLLBACK TO aludel; RELEASE aludel").await?;
        }
    }
    client.batch_execute("COMMIT").await?;
    Ok(refused)
}
