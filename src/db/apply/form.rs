//! Statements that run concurrently with others, and what a crash in the middle of them leaves behind.

use tokio_postgres::Client;

use crate::name::Name;
use crate::sql;
use crate::sql::Sql;
use crate::sql::split::first_words;
use crate::sql::token::{Token, TokenKind, tokens};

/// How a statement waits, and how its traces are found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Form {
    /// Anything else.
    Plain,
    /// `CALL` and `DO`: may commit inside, so that an error does not tell that nothing happened.
    Procedure,
    /// `CREATE INDEX CONCURRENTLY`: waits for all older transactions; leaves an invalid index when it fails.
    CreateIndex {
        /// The index, where the statement names it.
        index: Option<Name>,
        /// The table, as written.
        table: String,
    },
    /// `DROP INDEX CONCURRENTLY`.
    DropIndex {
        /// The index, as written.
        index: String,
    },
    /// Any other concurrent form.
    Concurrent,
}

impl Form {
    /// The form of a statement.
    pub fn of(statement: &str) -> Form {
        let words = first_words(statement);
        let concurrently = words.iter().position(|word| word == "CONCURRENTLY");
        let is_concurrent =
            concurrently.is_some() || (word_is(&words, 0, "REINDEX") && has_word(statement, "concurrently"));
        let kind = words.iter().position(|word| word == "INDEX");
        match (words.first().map(String::as_str), kind, concurrently) {
            (Some("CREATE"), Some(index), Some(at)) if at == index + 1 => create_index(statement),
            (Some("DROP"), Some(1), Some(2)) => Form::DropIndex { index: after_concurrently(statement).0 },
            (Some("CALL" | "DO"), ..) => Form::Procedure,
            _ if is_concurrent || is_detach_concurrently(&words, statement) => Form::Concurrent,
            _ => Form::Plain,
        }
    }

    /// Whether it waits for other transactions, so that no timeout may cut it off.
    pub fn is_concurrent(&self) -> bool {
        !matches!(self, Form::Plain | Form::Procedure)
    }
}

/// What is left of an index by that name on that table: its full name, and whether it is valid.
pub async fn find_index(
    client: &Client,
    index: &Name,
    table: &str,
) -> Result<Option<(Sql, bool)>, tokio_postgres::Error> {
    let query = "SELECT n.nspname::text, c.relname::text, i.indisvalid FROM pg_catalog.pg_index i \
        JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
        WHERE i.indrelid = pg_catalog.to_regclass($1::text) AND c.relname = $2";
    let row = client.query_opt(query, &[&table, &index.as_str()]).await?;
    Ok(row.map(|row| {
        let (schema, name): (String, String) = (row.get(0), row.get(1));
        (sql!("{}.{}", Name::from(schema), Name::from(name)), row.get(2))
    }))
}

/// Whether a relation is there.
pub async fn exists(client: &Client, relation: &str) -> Result<bool, tokio_postgres::Error> {
    let row = client.query_one("SELECT pg_catalog.to_regclass($1::text) IS NOT NULL", &[&relation]).await?;
    Ok(row.get(0))
}

fn word_is(words: &[String], i: usize, word: &str) -> bool {
    words.get(i).is_some_and(|found| found == word)
}

fn has_word(statement: &str, word: &str) -> bool {
    tokens(statement).any(|token| token.is_word(word))
}

/// `ALTER TABLE … DETACH PARTITION … CONCURRENTLY`: the word comes last.
fn is_detach_concurrently(words: &[String], statement: &str) -> bool {
    word_is(words, 0, "ALTER") && has_word(statement, "detach") && has_word(statement, "concurrently")
}

fn create_index(statement: &str) -> Form {
    let (first, rest) = after_concurrently(statement);
    if first.eq_ignore_ascii_case("on") {
        let table = skip_only(&rest);
        return Form::CreateIndex { index: None, table };
    }
    let on = rest.iter().position(|token| token.is_word("ON")).map_or(rest.len(), |at| at + 1);
    Form::CreateIndex { index: Some(unquoted(&first)), table: skip_only(&rest[on..]) }
}

/// The name after `CONCURRENTLY [IF [NOT] EXISTS]`, as written, and the tokens after it.
fn after_concurrently(statement: &str) -> (String, Vec<Token<'_>>) {
    let mut code = tokens(statement).filter(Token::is_code).skip_while(|token| !token.is_word("CONCURRENTLY")).skip(1);
    let mut rest: Vec<Token<'_>> = code.by_ref().collect();
    if rest.first().is_some_and(|token| token.is_word("IF")) {
        let exists = rest.iter().position(|token| token.is_word("EXISTS")).map_or(0, |at| at + 1);
        rest.drain(..exists);
    }
    let length = name_length(&rest);
    (rest[..length].iter().map(|token| token.text).collect(), rest[length..].to_vec())
}

fn skip_only(tokens: &[Token<'_>]) -> String {
    let tokens = if tokens.first().is_some_and(|token| token.is_word("ONLY")) { &tokens[1..] } else { tokens };
    tokens[..name_length(tokens)].iter().map(|token| token.text).collect()
}

/// How many tokens the dotted name at the beginning has.
fn name_length(tokens: &[Token<'_>]) -> usize {
    let is_name = |token: &Token<'_>| matches!(token.kind, TokenKind::Word | TokenKind::QuotedIdent);
    let mut length = usize::from(tokens.first().is_some_and(is_name));
    while length > 0
        && tokens.get(length).is_some_and(|t| t.is_punct("."))
        && tokens.get(length + 1).is_some_and(is_name)
    {
        length += 2;
    }
    length
}

fn unquoted(text: &str) -> Name {
    match text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(inner) => Name::from(inner.replace("\"\"", "\"")),
        None => Name::from(text.to_lowercase()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_told_apart() {
        let create = |index: Option<&str>, table: &str| Form::CreateIndex {
            index: index.map(Name::from),
            table: table.to_owned(),
        };
        let cases = [
            ("CREATE INDEX i ON t (x)", Form::Plain),
            ("create unique index concurrently I on only s.t using btree (x)", create(Some("i"), "s.t")),
            ("CREATE INDEX CONCURRENTLY IF NOT EXISTS \"A\"\"b\" ON \"T\" (x)", create(Some("A\"b"), "\"T\"")),
            ("CREATE INDEX CONCURRENTLY ON t (x)", create(None, "t")),
            ("DROP INDEX CONCURRENTLY IF EXISTS s.\"I\"", Form::DropIndex { index: "s.\"I\"".into() }),
            ("REINDEX (VERBOSE) INDEX CONCURRENTLY i", Form::Concurrent),
            ("REFRESH MATERIALIZED VIEW CONCURRENTLY v", Form::Concurrent),
            ("ALTER TABLE t DETACH PARTITION p CONCURRENTLY", Form::Concurrent),
            ("VACUUM t", Form::Plain),
            ("call refill(10)", Form::Procedure),
            ("DO $$ BEGIN COMMIT; END $$", Form::Procedure),
        ];
        for (statement, form) in cases {
            assert_eq!(Form::of(statement), form, "{statement}");
        }
    }
}
