//! What the server refuses while models are built, as a person reads it: where, which part, and what else is wrong there.

use std::collections::HashSet;

use tokio_postgres::Client;
use tokio_postgres::error::{ErrorPosition, SqlState};

use super::Source;
use crate::db::{Error, server_words};
use crate::sql::token::{Token, tokens};

/// A statement that the server refused, whatever was tried before it.
#[derive(Clone, Debug)]
pub struct Refused {
    /// The statement.
    pub source: Source,
    /// The line of its file that the server speaks of.
    pub line: usize,
    /// What the server said.
    pub words: String,
    /// The byte of the statement at which it stumbled.
    at: Option<usize>,
}

impl Refused {
    /// What the server said of a statement that has a place in a file, and of no byte of it.
    pub fn whole(source: Source, words: String) -> Refused {
        Refused { line: source.line, source, words, at: None }
    }

    /// What the server said of it, when it was sent alone.
    pub(super) fn new(source: &Source, error: &tokio_postgres::Error) -> Refused {
        let words = server_words(error);
        let Some(ErrorPosition::Original(position)) = error.as_db_error().and_then(|error| error.position()) else {
            return Refused::whole(source.clone(), words);
        };
        let before = (*position as usize).saturating_sub(1);
        let byte = source.sql.char_indices().nth(before).map_or(source.sql.len(), |(at, _)| at);
        let words = format!("{words}\n{}", source.excerpt(byte));
        Refused { line: source.line_at(byte), words, at: Some(byte), source: source.clone() }
    }
}

impl Source {
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
        let line = format!("{before}{after}");
        format!("    {}\n    {}^", line.trim_end(), " ".repeat(before.chars().count()))
    }
}

/// How many refused statements are looked at again, for what else is wrong with them.
const LOOKED_AT: usize = 100;

/// Everything that a person has to mend, in the order of the files: without what only lacks what another statement was to
/// make, and with what stands behind the first mistake of a statement.
pub async fn explained(client: &Client, mut refused: Vec<Refused>) -> Result<Vec<Refused>, Error> {
    let lacking: HashSet<String> = refused.iter().filter_map(|refused| made_by(&refused.source.sql)).collect();
    refused.retain(|one| {
        let lacks = one.words.split_once("\" does not exist").and_then(|(before, _)| before.rsplit('"').next());
        lacks.is_none_or(|name| !lacking.contains(name) || made_by(&one.source.sql).as_deref() == Some(name))
    });
    let mut more = Vec::new();
    for refused in refused.iter().take(LOOKED_AT) {
        more.extend(behind(client, refused).await?);
    }
    refused.extend(more);
    refused.sort_by(|a, b| (&a.source.file, a.line).cmp(&(&b.source.file, b.line)));
    Ok(refused)
}

/// The name that `CREATE` gives, as the server's messages have it.
fn made_by(sql: &str) -> Option<String> {
    const MAKES: &[&str] =
        &["TABLE", "UNLOGGED", "FOREIGN", "TYPE", "DOMAIN", "VIEW", "MATERIALIZED", "SEQUENCE", "FUNCTION"];
    let head = sql.split(['(', '\n']).next()?.strip_prefix("CREATE ")?;
    let name = head.split(' ').skip(1).find(|piece| piece.contains('.'))?;
    MAKES.iter().any(|word| head.starts_with(word)).then(|| name.replace('"', ""))
}

/// What else the server does not take of a list of columns and constraints: it stops at the first.
async fn behind(client: &Client, first: &Refused) -> Result<Vec<Refused>, Error> {
    let (mut found, mut at) = (Vec::new(), first.at);
    let mut source = first.source.clone();
    while let Some(rest) = at.and_then(|at| without_element(&source.sql, at)) {
        source.sql = rest;
        client.batch_execute("BEGIN; SET LOCAL client_min_messages = error").await?;
        let error = client.batch_execute(&source.sql).await.err();
        client.batch_execute("ROLLBACK").await?;
        let Some(error) = error else { break };
        let refused = Refused::new(&source, &error);
        at = refused.at;
        // It may be one that was just left out.
        if error.code() != Some(&SqlState::UNDEFINED_COLUMN) && at.is_some() {
            found.push(refused);
        }
    }
    Ok(found)
}

/// A statement with blanks in the place of one element of its first list, and of a comma beside it.
fn without_element(sql: &str, at: usize) -> Option<String> {
    let (mut depth, mut start, mut is_first) = (0, None, true);
    for token in tokens(sql).filter(Token::is_code) {
        let is_in = start.filter(|start| (*start..token.start).contains(&at));
        match (token.text, depth, is_in) {
            ("(", 0, _) => start = Some(token.start + 1),
            (",", 1, Some(start)) => return Some(blanked(sql, start, token.start + 1)),
            (",", 1, None) => (start, is_first) = (Some(token.start + 1), false),
            (")", 1, Some(start)) if !is_first => return Some(blanked(sql, start - 1, token.start)),
            (")", 1, _) => return None,
            _ => {}
        }
        depth += match token.text {
            "(" | "[" => 1,
            ")" | "]" => -1,
            _ => 0,
        };
    }
    None
}

fn blanked(sql: &str, from: usize, to: usize) -> String {
    let blank: String = sql[from..to].bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }).collect();
    format!("{}{blank}{}", &sql[..from], &sql[to..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_element_goes_with_a_comma_and_the_rest_stays_where_it_is() {
        let sql = "CREATE TABLE t (a int, b \"ä,\"(1, 2), CHECK (f(a, b)))";
        let without = |part: &str| without_element(sql, sql.find(part).unwrap());
        let shown = |part: &str| without(part).unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(shown("int"), "CREATE TABLE t ( b \"ä,\"(1, 2), CHECK (f(a, b)))");
        assert_eq!(shown("2)"), "CREATE TABLE t (a int, CHECK (f(a, b)))");
        assert_eq!(shown("f("), "CREATE TABLE t (a int, b \"ä,\"(1, 2) )");
        assert!(["int", "2)", "f("].iter().all(|part| without(part).unwrap().len() == sql.len()));
        assert_eq!(without("t "), None);
        assert_eq!(without_element("CREATE TABLE t (a int)", 17), None);
    }
}
