//! Identifiers and literals, and how PostgreSQL quotes them.
//!
//! Rules: <https://www.postgresql.org/docs/current/sql-syntax-lexical.html>.

use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// The longest identifier PostgreSQL keeps, in bytes (`NAMEDATALEN - 1`).
pub const MAX_BYTES: usize = 63;

/// One identifier as the catalog stores it: unquoted, case preserved. Displays quoted where SQL needs quotes.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Name(Arc<str>);

impl Name {
    /// Wraps an unquoted identifier.
    pub fn new(text: impl AsRef<str>) -> Self {
        Name(Arc::from(text.as_ref()))
    }

    /// The identifier without quotes.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name of something while its successor takes its place.
    pub fn aside(&self) -> Self {
        self.with_end("__old")
    }

    /// The name of something that is about to take the place of this.
    pub fn successor(&self) -> Self {
        self.with_end("__new")
    }

    fn with_end(&self, end: &str) -> Self {
        Name(Arc::from(self.0[..self.0.floor_char_boundary(MAX_BYTES - end.len())].to_owned() + end))
    }
}

impl From<&str> for Name {
    fn from(text: &str) -> Self {
        Name::new(text)
    }
}

impl From<String> for Name {
    fn from(text: String) -> Self {
        Name(Arc::from(text))
    }
}

impl Borrow<str> for Name {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if is_plain(&self.0) { f.write_str(&self.0) } else { write!(f, "\"{}\"", self.0.replace('"', "\"\"")) }
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A string constant; displays as a quoted SQL literal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Literal<'a>(pub &'a str);

impl fmt::Display for Literal<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.contains('\\') {
            write!(f, "E'{}'", self.0.replace('\\', "\\\\").replace('\'', "''"))
        } else {
            write!(f, "'{}'", self.0.replace('\'', "''"))
        }
    }
}

fn is_plain(text: &str) -> bool {
    let mut bytes = text.bytes();
    let Some(first) = bytes.next() else { return false };
    (first.is_ascii_lowercase() || first == b'_')
        && bytes.all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        && KEYWORDS.binary_search(&text).is_err()
}

/// Every key word that `quote_ident` quotes (all but the unreserved ones), sorted.
/// Source: `pg_get_keywords()` of PostgreSQL 15 to 18, `catcode <> 'U'`.
const KEYWORDS: &[&str] = &[
    "all",
    "analyse",
    "analyze",
    "and",
    "any",
    "array",
    "as",
    "asc",
    "asymmetric",
    "authorization",
    "between",
    "bigint",
    "binary",
    "bit",
    "boolean",
    "both",
    "case",
    "cast",
    "char",
    "character",
    "check",
    "coalesce",
    "collate",
    "collation",
    "column",
    "concurrently",
    "constraint",
    "create",
    "cross",
    "current_catalog",
    "current_date",
    "current_role",
    "current_schema",
    "current_time",
    "current_timestamp",
    "current_user",
    "dec",
    "decimal",
    "default",
    "deferrable",
    "desc",
    "distinct",
    "do",
    "else",
    "end",
    "except",
    "exists",
    "extract",
    "false",
    "fetch",
    "float",
    "for",
    "foreign",
    "freeze",
    "from",
    "full",
    "grant",
    "greatest",
    "group",
    "grouping",
    "having",
    "ilike",
    "in",
    "initially",
    "inner",
    "inout",
    "int",
    "integer",
    "intersect",
    "interval",
    "into",
    "is",
    "isnull",
    "join",
    "json",
    "json_array",
    "json_arrayagg",
    "json_exists",
    "json_object",
    "json_objectagg",
    "json_query",
    "json_scalar",
    "json_serialize",
    "json_table",
    "json_value",
    "lateral",
    "leading",
    "least",
    "left",
    "like",
    "limit",
    "localtime",
    "localtimestamp",
    "merge_action",
    "national",
    "natural",
    "nchar",
    "none",
    "normalize",
    "not",
    "notnull",
    "null",
    "nullif",
    "numeric",
    "offset",
    "on",
    "only",
    "or",
    "order",
    "out",
    "outer",
    "overlaps",
    "overlay",
    "placing",
    "position",
    "precision",
    "primary",
    "real",
    "references",
    "returning",
    "right",
    "row",
    "select",
    "session_user",
    "setof",
    "similar",
    "smallint",
    "some",
    "substring",
    "symmetric",
    "system_user",
    "table",
    "tablesample",
    "then",
    "time",
    "timestamp",
    "to",
    "trailing",
    "treat",
    "trim",
    "true",
    "union",
    "unique",
    "user",
    "using",
    "values",
    "varchar",
    "variadic",
    "verbose",
    "when",
    "where",
    "window",
    "with",
    "xmlattributes",
    "xmlconcat",
    "xmlelement",
    "xmlexists",
    "xmlforest",
    "xmlnamespaces",
    "xmlparse",
    "xmlpi",
    "xmlroot",
    "xmlserialize",
    "xmltable",
];

/// The name that the server makes of two and a word: the longer of the two is cut until all fits into 63 bytes
/// (`makeObjectName`).
pub fn object_name(name1: &str, name2: Option<&str>, label: &str) -> String {
    let overhead = label.len() + 1 + if name2.is_some() { 1 } else { 0 };
    let room = MAX_BYTES.saturating_sub(overhead);
    let (mut first, mut second) = (name1.len(), name2.map_or(0, str::len));
    while first + second > room {
        if first > second { first -= 1 } else { second -= 1 }
    }
    let name1 = clip(name1, first);
    match name2 {
        Some(name2) => format!("{name1}_{}_{label}", clip(name2, second)),
        None => format!("{name1}_{label}"),
    }
}

/// Whether it may stand in an identifier of Rust: those of ASCII, and the letters of Latin-1, which unlike others have no
/// second spelling that a compiler takes for the same.
pub fn is_word(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, 'À'..='ÿ') && !matches!(letter, '×' | '÷')
}

/// A word with a capital.
pub fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// The names between dots; one with a dot or a quote in it stands in double quotes. `None` where those do not fit.
pub fn parts(text: &str) -> Option<Vec<Name>> {
    let mut parts = Vec::new();
    let mut rest = text;
    loop {
        let (part, after) = match rest.strip_prefix('"') {
            Some(quoted) => quoted_part(quoted)?,
            None => {
                let end = rest.find('.').unwrap_or(rest.len());
                (rest[..end].to_string(), &rest[end..])
            }
        };
        parts.push(Name::from(part));
        match after.strip_prefix('.') {
            Some(next) => rest = next,
            None => return after.is_empty().then_some(parts),
        }
    }
}

/// What stands up to the closing quote, and what comes after it.
fn quoted_part(text: &str) -> Option<(String, &str)> {
    let mut part = String::new();
    let mut rest = text;
    loop {
        let end = rest.find('"')?;
        part.push_str(&rest[..end]);
        rest = &rest[end + 1..];
        match rest.strip_prefix('"') {
            Some(after) => {
                part.push('"');
                rest = after;
            }
            None => return Some((part, rest)),
        }
    }
}

/// What stands before and behind the first such sign that is in no double quotes.
pub fn split_unquoted(text: &str, sign: char) -> Option<(&str, &str)> {
    let mut quoted = false;
    let is_it = |(_, letter): &(usize, char)| {
        quoted ^= *letter == '"';
        *letter == sign && !quoted
    };
    let (at, _) = text.char_indices().find(is_it)?;
    Some((&text[..at], &text[at + sign.len_utf8()..]))
}

/// At most so many bytes, and whole characters.
pub fn clip(text: &str, bytes: usize) -> &str {
    &text[..text.floor_char_boundary(bytes)]
}

/// Bytes in lower-case hexadecimal digits: what a name has of a hash.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_quoted_where_sql_needs_it() {
        let shown = |text: &str| Name::from(text).to_string();
        assert_eq!(shown("users"), "users");
        assert_eq!(shown("Users"), "\"Users\"");
        assert_eq!(shown("order"), "\"order\"");
        assert_eq!(shown("a\"b.c"), "\"a\"\"b.c\"");
        assert_eq!(shown("1st"), "\"1st\"");
        assert_eq!(shown(""), "\"\"");
    }

    #[test]
    fn literals_escape_quotes_and_backslashes() {
        assert_eq!(Literal("it's").to_string(), "'it''s'");
        assert_eq!(Literal("a\\b'").to_string(), "E'a\\\\b'''");
    }

    #[test]
    fn keywords_are_sorted() {
        assert!(KEYWORDS.is_sorted());
    }
}
