//! The parts of a constraint's text, as `pg_get_constraintdef` writes it.

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

/// A foreign key's text without and with its deferrability.
pub fn split_deferrable(text: &str) -> (&str, &str) {
    match text.find(" DEFERRABLE") {
        Some(at) => text.split_at(at),
        None => (text, ""),
    }
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

/// The table that a foreign key refers to.
pub fn referred(text: &str) -> Option<&str> {
    let (at, _) = deep(text).find(|(token, depth)| *depth == 0 && token.text == "REFERENCES")?;
    let rest = &text[at.start + at.text.len()..];
    let (open, _) = deep(rest).find(|(token, _)| token.text == "(")?;
    Some(rest[..open.start].trim())
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
        assert_eq!(split_deferrable(foreign).1, " DEFERRABLE");
        let key = "PRIMARY KEY (a) INCLUDE (b) DEFERRABLE";
        assert_eq!(&key[end_of_columns(key)..], " DEFERRABLE");
        assert!(names(&["a", "b WITHOUT OVERLAPS"]).is_none());
        assert!(names(&[r#""a b""#, "c"]).is_some());
    }
}
