//! The parts of a constraint's text, as `pg_get_constraintdef` writes it.

use crate::name::Name;
use crate::sql;
use crate::sql::Sql;
use crate::sql::token::{Token, TokenKind, tokens};

/// Where the list of columns (and `INCLUDE`) of a key or exclusion ends.
pub fn end_of_columns(text: &str) -> usize {
    let mut end = text.len();
    for (token, depth) in deep(text) {
        match token.text {
            ")" if depth == 0 => end = token.start + 1,
            word if depth == 0 && end < text.len() && token.kind == TokenKind::Word && word != "INCLUDE" => return end,
            _ => {}
        }
    }
    end
}

/// What stands before a word that is in no parentheses, and the rest with it.
pub fn split_at_word<'a>(text: &'a str, word: &str) -> (&'a str, &'a str) {
    match deep(text).find(|(token, depth)| *depth == 0 && token.text == word) {
        Some((token, _)) => text.split_at(text[..token.start].trim_end().len()),
        None => (text, ""),
    }
}

/// A constraint without its terms, when it is checked (deferrability), and whether it is.
pub fn terms(text: &str) -> (&str, &str, bool) {
    let enforced = text.strip_suffix(" NOT ENFORCED");
    let (key, timing) = split_at_word(enforced.unwrap_or(text), "DEFERRABLE");
    (key, timing, enforced.is_none())
}

/// The lists in parentheses, each with its elements: a key's columns and what it includes, a foreign key's columns and
/// those that they refer to.
pub fn lists(text: &str) -> Vec<Vec<&str>> {
    let mut lists: Vec<Vec<&str>> = Vec::new();
    let mut begin = 0;
    for (token, depth) in deep(text) {
        match (token.text, depth) {
            ("(", 1) => {
                lists.push(Vec::new());
                begin = token.start + 1;
            }
            (",", 1) | (")", 0) => {
                if let Some(list) = lists.last_mut() {
                    list.push(text[begin..token.start].trim());
                }
                begin = token.start + 1;
            }
            _ => {}
        }
    }
    lists
}

/// What `CREATE TABLE` compares keys by: of two that are the same it makes one.
pub fn key(text: &str) -> Option<(Vec<Vec<&str>>, bool, &str)> {
    let text = text.strip_prefix("CONSTRAINT ").map_or(text, |named| {
        let name = tokens(named).find(Token::is_code).map_or(0, |name| name.start + name.text.len());
        named[name..].trim_start()
    });
    let is_key = ["PRIMARY KEY", "UNIQUE"].iter().any(|word| text.starts_with(word));
    let lists = if text.contains("INCLUDE (") { lists(text) } else { lists(text).into_iter().take(1).collect() };
    is_key.then(|| (lists, nulls_are_equal(text), terms(text).1))
}

/// Counts the keys that several of these rows have, `condition` met; null is a key only where nulls are equal.
pub fn duplicates(rows: &Sql, columns: &[Sql], nulls_are_equal: bool, condition: Option<Sql>) -> Sql {
    let set = columns.iter().filter(|_| !nulls_are_equal).map(|column| sql!("{} IS NOT NULL", column));
    let filters: Vec<Sql> = condition.into_iter().chain(set).collect();
    let filter = if filters.is_empty() { Sql::default() } else { sql!(" WHERE {}", Sql::join(filters, " AND ")) };
    let keys = Sql::join(columns, ", ");
    sql!("SELECT count(*) FROM (SELECT FROM {}{} GROUP BY {} HAVING count(*) > 1) AS duplicate", rows, filter, keys)
}

/// Whether a second null is refused by a key.
pub fn nulls_are_equal(text: &str) -> bool {
    text.starts_with("UNIQUE NULLS NOT DISTINCT")
}

/// Whether a foreign key wants all of its columns, or none, to be set.
pub fn is_full(text: &str) -> bool {
    !split_at_word(text, "FULL").1.is_empty()
}

/// The table that a foreign key refers to.
pub fn referred(text: &str) -> Option<&str> {
    let (at, _) = deep(text).find(|(token, depth)| *depth == 0 && token.text == "REFERENCES")?;
    let rest = &text[at.start + at.text.len()..];
    let (open, _) = deep(rest).find(|(token, _)| token.text == "(")?;
    Some(rest[..open.start].trim())
}

/// The path of a qualified name.
pub fn path(name: &str) -> Vec<Name> {
    tokens(name).filter_map(|token| token.name()).collect()
}

/// The names of a list as SQL; nothing if one of them is more than a name (`WITHOUT OVERLAPS`, `PERIOD`).
pub fn names(list: &[&str]) -> Option<Vec<Sql>> {
    let is_name = |text: &&&str| text.starts_with('"') || !text.contains(' ');
    let names: Vec<Sql> = list.iter().filter(is_name).map(|text| Sql::raw(*text)).collect();
    (names.len() == list.len() && !list.iter().any(|text| text.starts_with('"') && !text.ends_with('"')))
        .then_some(names)
}

/// The words and signs with how many parentheses are open behind each.
fn deep(text: &str) -> impl Iterator<Item = (Token<'_>, i32)> {
    let mut depth = 0;
    tokens(text).filter(Token::is_code).map(move |token| {
        depth += i32::from(token.text == "(") - i32::from(token.text == ")");
        (token, depth)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_keys() {
        assert_eq!(lists(r#"UNIQUE (a, "b, (c") INCLUDE (d)"#), [vec!["a", r#""b, (c""#], vec!["d"]]);
        let foreign = r#"FOREIGN KEY (a, b) REFERENCES "s (x".t(c, "D") ON DELETE SET NULL (a) DEFERRABLE"#;
        assert_eq!(lists(foreign)[..2], [vec!["a", "b"], vec!["c", r#""D""#]]);
        assert_eq!(referred(foreign), Some(r#""s (x".t"#));
        assert_eq!(path(r#""s (x".t"#), ["s (x", "t"].map(Name::from));
        assert_eq!(terms(foreign).1, " DEFERRABLE");
        let odd = r#"FOREIGN KEY ("a DEFERRABLE b") REFERENCES t(a)"#;
        assert_eq!(terms(odd), (odd, "", true));
        assert_eq!(terms(&format!("{odd} DEFERRABLE NOT ENFORCED")), (odd, " DEFERRABLE", false));
        let key = "PRIMARY KEY (a) INCLUDE (b) DEFERRABLE";
        assert_eq!(&key[end_of_columns(key)..], " DEFERRABLE");
        assert_eq!(super::key("CONSTRAINT \"x y\" UNIQUE (a) WITH (fillfactor=70)"), super::key("PRIMARY KEY (a)"));
        assert_ne!(super::key("UNIQUE (a) INCLUDE (b)"), super::key("UNIQUE (a)"));
        assert!(names(&["a", "b WITHOUT OVERLAPS"]).is_none());
        assert!(names(&[r#""a b""#, "c"]).is_some());
    }
}
