//! Building models in the shadow: statements whose right order is not known.

use std::collections::BTreeMap;

use tokio_postgres::Client;
use tokio_postgres::error::ErrorPosition;

use super::{Error, server_words};
use crate::sql::split::{first_words, statements};
use crate::sql::token::tokens;

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
}

impl Source {
    /// The statements of a file.
    pub fn of_file<'a>(file: &'a str, text: &str) -> impl Iterator<Item = Source> + use<'a> {
        statements(text).into_iter().map(move |part| Source {
            file: file.to_owned(),
            line: part.code_line(),
            sql: part.bare().to_owned(),
            parts: Vec::new(),
        })
    }

    /// The line of the file that a byte of the statement stands for.
    fn line_at(&self, byte: usize) -> usize {
        match self.parts.iter().rfind(|(at, _)| *at <= byte) {
            Some((_, line)) => *line,
            None if self.parts.is_empty() => self.line + self.sql[..byte].matches('\n').count(),
            None => self.line,
        }
    }

    /// The part of a line around a byte of the statement, and a mark below that byte.
    fn excerpt(&self, byte: usize) -> String {
        const WIDTH: usize = 70;
        let start = self.sql[..byte].rfind('\n').map_or(0, |at| at + 1);
        let before: Vec<char> = self.sql[start..byte].trim_start().chars().collect();
        let before: String = before[before.len().saturating_sub(WIDTH)..].iter().collect();
        let after: String = self.sql[byte..].chars().take_while(|char| *char != '\n').take(WIDTH).collect();
        format!("    {before}{after}\n    {}^", " ".repeat(before.chars().count()))
    }
}

/// A statement that the server refused, whatever was tried before it.
#[derive(Clone, Debug)]
pub struct Refused {
    /// The statement.
    pub source: Source,
    /// The line of its file that the server speaks of.
    pub line: usize,
    /// What the server said.
    pub words: String,
}

impl Refused {
    /// What the server said of it, when it was sent alone.
    fn new(source: &Source, error: &tokio_postgres::Error) -> Refused {
        let words = server_words(error);
        let Some(ErrorPosition::Original(position)) = error.as_db_error().and_then(|error| error.position()) else {
            return Refused { line: source.line, words, source: source.clone() };
        };
        let before = (*position as usize).saturating_sub(1);
        let byte = source.sql.char_indices().nth(before).map_or(source.sql.len(), |(at, _)| at);
        let words = format!("{words}\n{}", source.excerpt(byte));
        Refused { line: source.line_at(byte), words, source: source.clone() }
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
    for source in sources {
        stages.entry(Stage::of(&source.sql)).or_default().push(source);
    }
    for sources in stages.into_values() {
        let mut waiting: Vec<Source> = refused.into_iter().map(|refused| refused.source).chain(sources).collect();
        loop {
            let before = waiting.len();
            refused = Vec::new();
            for chunk in waiting.chunks(CHUNK) {
                refused.extend(build_chunk(client, chunk).await?);
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
    const BEGIN: &str = "BEGIN; SET LOCAL check_function_bodies = off; SET LOCAL client_min_messages = error;";
    let all: String = chunk.iter().flat_map(|source| [source.sql.as_str(), ";\n"]).collect();
    if client.batch_execute(&format!("{BEGIN} {all}")).await.is_ok() {
        client.batch_execute("COMMIT").await?;
        return Ok(Vec::new());
    }
    client.batch_execute(&format!("ROLLBACK; {BEGIN}")).await?;
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
