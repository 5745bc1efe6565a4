//! Collations: <https://www.postgresql.org/docs/current/sql-createcollation.html>.

use serde::{Deserialize, Serialize};

use super::options::{USER_SCHEMA, not_member};
use super::{Cx, Kind, dotted};
use crate::name::Literal;
use crate::sql;
use crate::sql::Sql;
use crate::statement::{Statement, one};

/// A collation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Collation {
    /// `libc`, `icu` or `builtin`.
    pub provider: String,
    /// `LC_COLLATE`, for libc.
    pub collate: Option<String>,
    /// `LC_CTYPE`, for libc.
    pub ctype: Option<String>,
    /// The locale, for the others.
    pub locale: Option<String>,
    /// Equal strings are equal bytes.
    pub deterministic: bool,
    /// ICU's tailoring rules.
    pub rules: Option<String>,
}

impl Kind for Collation {
    const WORD: &'static str = "collation";
    const CATALOG: &'static str = "pg_collation";

    fn query(version: u32) -> Option<String> {
        let locale = match version {
            170_000.. => "c.colllocale",
            150_000.. => "c.colliculocale",
            _ => "CASE WHEN c.collprovider = 'i' THEN c.collcollate END",
        };
        let rules = if version >= 160_000 { "c.collicurules" } else { "NULL" };
        Some(format!(
            "SELECT c.oid, 0 AS sub, NULL::int AS position, ARRAY[n.nspname, c.collname]::text[] AS path,
                    pg_get_userbyid(c.collowner)::text AS owner, NULL::text[] AS acl,
                    CASE c.collprovider WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' ELSE 'libc' END AS provider,
                    CASE WHEN c.collprovider = 'c' THEN c.collcollate END AS collate,
                    CASE WHEN c.collprovider = 'c' THEN c.collctype END AS ctype,
                    {locale} AS locale, c.collisdeterministic AS deterministic, {rules} AS rules
             FROM pg_collation c JOIN pg_namespace n ON n.oid = c.collnamespace
             WHERE c.collprovider <> 'd' AND {USER_SCHEMA} AND {}",
            not_member("pg_collation", "c.oid")
        ))
    }

    fn create(&self, cx: &Cx) -> Vec<Statement> {
        let mut items = vec![sql!("provider = {}", Sql::raw(self.provider.as_str()))];
        let mut push = |word: &'static str, value: &Option<String>| {
            items.extend(value.as_ref().map(|value| sql!("{} = {}", Sql::raw(word), Literal(value))));
        };
        if self.collate == self.ctype {
            push("locale", &self.collate);
        } else {
            push("lc_collate", &self.collate);
            push("lc_ctype", &self.ctype);
        }
        push("locale", &self.locale);
        push("rules", &self.rules);
        if !self.deterministic {
            items.push(Sql::raw("deterministic = false"));
        }
        one(sql!("CREATE COLLATION {} ({})", dotted(&cx.id.path), Sql::join(items, ", ")))
    }
}
