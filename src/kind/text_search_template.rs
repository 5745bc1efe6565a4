//! Text search templates: <https://www.postgresql.org/docs/current/sql-createtstemplate.html>.

use serde::{Deserialize, Serialize};

use super::options::{USER_SCHEMA, not_member};
use super::{Cx, Kind, dotted};
use crate::sql;
use crate::sql::Sql;
use crate::statement::{Statement, one};

/// A text search template: the functions that dictionaries are made from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextSearchTemplate {
    /// Reads the options of a dictionary.
    pub init: Option<Sql>,
    /// Makes lexemes of a token.
    pub lexize: Sql,
}

impl Kind for TextSearchTemplate {
    const WORD: &'static str = "text search template";
    const CATALOG: &'static str = "pg_ts_template";

    fn query(_version: u32) -> Option<String> {
        Some(format!(
            "SELECT t.oid, 0 AS sub, NULL::int AS position, ARRAY[n.nspname, t.tmplname]::text[] AS path,
                    NULL::text AS owner, NULL::text[] AS acl, NULLIF(t.tmplinit, 0)::regproc::text AS init,
                    t.tmpllexize::regproc::text AS lexize
             FROM pg_ts_template t JOIN pg_namespace n ON n.oid = t.tmplnamespace
             WHERE {USER_SCHEMA} AND {}",
            not_member("pg_ts_template", "t.oid")
        ))
    }

    fn create(&self, cx: &Cx) -> Vec<Statement> {
        let init = self.init.as_ref().map(|function| sql!("INIT = {}, ", function)).unwrap_or_default();
        let name = dotted(&cx.id.path);
        one(sql!("CREATE TEXT SEARCH TEMPLATE {} ({}LEXIZE = {})", name, init, self.lexize))
    }
}
