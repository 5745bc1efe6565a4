//! Text search parsers: <https://www.postgresql.org/docs/current/sql-createtsparser.html>.

use serde::{Deserialize, Serialize};

use super::options::{USER_SCHEMA, not_member};
use super::{Cx, Kind, dotted};
use crate::sql;
use crate::sql::Sql;
use crate::statement::{Statement, one};

/// A text search parser: five functions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextSearchParser {
    /// Begins a text.
    pub start: Sql,
    /// Gives the next token.
    pub gettoken: Sql,
    /// Ends it.
    pub end: Sql,
    /// Cuts excerpts.
    pub headline: Option<Sql>,
    /// Lists the sorts of tokens.
    pub lextypes: Sql,
}

impl Kind for TextSearchParser {
    const WORD: &'static str = "text search parser";
    const CATALOG: &'static str = "pg_ts_parser";

    fn query(_version: u32) -> Option<String> {
        Some(format!(
            "SELECT p.oid, 0 AS sub, NULL::int AS position, ARRAY[n.nspname, p.prsname]::text[] AS path,
                    NULL::text AS owner, NULL::text[] AS acl, p.prsstart::regproc::text AS start,
                    p.prstoken::regproc::text AS gettoken, p.prsend::regproc::text AS end,
                    NULLIF(p.prsheadline, 0)::regproc::text AS headline, p.prslextype::regproc::text AS lextypes
             FROM pg_ts_parser p JOIN pg_namespace n ON n.oid = p.prsnamespace
             WHERE {USER_SCHEMA} AND {}",
            not_member("pg_ts_parser", "p.oid")
        ))
    }

    fn create(&self, cx: &Cx) -> Vec<Statement> {
        let headline =
            self.headline.as_ref().map(|function| sql!(",\n    HEADLINE = {}", function)).unwrap_or_default();
        one(sql!(
            "CREATE TEXT SEARCH PARSER {} (\n    START = {},\n    GETTOKEN = {},\n    END = {},\n    LEXTYPES = {}{}\n)",
            dotted(&cx.id.path),
            self.start,
            self.gettoken,
            self.end,
            self.lextypes,
            headline
        ))
    }
}
