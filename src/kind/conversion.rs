//! Conversions: <https://www.postgresql.org/docs/current/sql-createconversion.html>.

use serde::{Deserialize, Serialize};

use super::options::{USER_SCHEMA, not_member};
use super::{Cx, Kind, dotted};
use crate::name::Literal;
use crate::sql;
use crate::sql::Sql;
use crate::statement::{Statement, one};

/// A conversion between encodings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conversion {
    /// Used by default.
    pub default: bool,
    /// From this encoding.
    pub source: String,
    /// To this one.
    pub target: String,
    /// By this function.
    pub function: Sql,
}

impl Kind for Conversion {
    const WORD: &'static str = "conversion";
    const CATALOG: &'static str = "pg_conversion";

    fn query(_version: u32) -> Option<String> {
        Some(format!(
            "SELECT c.oid, 0 AS sub, NULL::int AS position, ARRAY[n.nspname, c.conname]::text[] AS path,
                    pg_get_userbyid(c.conowner)::text AS owner, NULL::text[] AS acl, c.condefault AS default,
                    pg_encoding_to_char(c.conforencoding) AS source, pg_encoding_to_char(c.contoencoding) AS target,
                    c.conproc::regproc::text AS function
             FROM pg_conversion c JOIN pg_namespace n ON n.oid = c.connamespace
             WHERE {USER_SCHEMA} AND {}",
            not_member("pg_conversion", "c.oid")
        ))
    }

    fn create(&self, cx: &Cx) -> Vec<Statement> {
        one(sql!(
            "CREATE {}CONVERSION {} FOR {} TO {} FROM {}",
            Sql::raw(if self.default { "DEFAULT " } else { "" }),
            dotted(&cx.id.path),
            Literal(&self.source),
            Literal(&self.target),
            self.function
        ))
    }
}
