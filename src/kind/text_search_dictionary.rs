//! Text search dictionaries: <https://www.postgresql.org/docs/current/sql-createtsdictionary.html>.

use serde::{Deserialize, Serialize};

use super::options::{USER_SCHEMA, not_member};
use super::{Cx, Kind, dotted};
use crate::sql;
use crate::sql::Sql;
use crate::statement::{Statement, one};

/// A text search dictionary.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextSearchDictionary {
    /// Its template.
    pub template: Sql,
    /// `name = 'value', …`, as the server keeps it.
    pub options: Option<Sql>,
}

impl Kind for TextSearchDictionary {
    const WORD: &'static str = "text search dictionary";
    const CATALOG: &'static str = "pg_ts_dict";

    fn query(_version: u32) -> Option<String> {
        Some(format!(
            "SELECT d.oid, 0 AS sub, NULL::int AS position, ARRAY[n.nspname, d.dictname]::text[] AS path,
                    pg_get_userbyid(d.dictowner)::text AS owner, NULL::text[] AS acl,
                    (SELECT format('%I.%I', tn.nspname, t.tmplname) FROM pg_ts_template t
                     JOIN pg_namespace tn ON tn.oid = t.tmplnamespace WHERE t.oid = d.dicttemplate) AS template,
                    d.dictinitoption AS options
             FROM pg_ts_dict d JOIN pg_namespace n ON n.oid = d.dictnamespace
             WHERE {USER_SCHEMA} AND {}",
            not_member("pg_ts_dict", "d.oid")
        ))
    }

    fn create(&self, cx: &Cx) -> Vec<Statement> {
        let options = self.options.as_ref().map(|options| sql!(",\n    {}", options)).unwrap_or_default();
        let name = dotted(&cx.id.path);
        one(sql!("CREATE TEXT SEARCH DICTIONARY {} (\n    TEMPLATE = {}{}\n)", name, self.template, options))
    }
}
