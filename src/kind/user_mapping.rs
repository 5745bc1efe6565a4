//! User mappings: <https://www.postgresql.org/docs/current/sql-createusermapping.html>.
//!
//! Options that are secrets are neither read nor written: a mapping is made without them, and set by hand.

use serde::{Deserialize, Serialize};

use super::options::{alter_foreign_options, foreign_options};
use super::{Alteration, Cx, Id, Kind, Tag};
use crate::catalog::{Catalog, Need};
use crate::name::Name;
use crate::sql;
use crate::sql::Sql;
use crate::statement::{Statement, one};

/// A user mapping; its path is the server and the role (`public` for everybody).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserMapping {
    /// Its options, without secrets.
    pub options: Vec<String>,
}

impl Kind for UserMapping {
    const WORD: &'static str = "user mapping";
    const CATALOG: &'static str = "pg_user_mapping";
    // Only superusers may look into its own.
    const LISTED: Option<&'static str> = Some("pg_foreign_server");
    const GLOBAL: bool = true;

    fn query(_version: u32) -> Option<String> {
        Some(
            "SELECT m.umid AS oid, 0 AS sub, NULL::int AS position, ARRAY[m.srvname, m.usename]::text[] AS path,
                    NULL::text AS owner, NULL::text[] AS acl,
                    COALESCE((SELECT array_agg(o) FROM unnest(m.umoptions) o
                              WHERE split_part(o, '=', 1) !~* 'pass|secret|token|key'), '{}') AS options
             FROM pg_user_mappings m"
                .into(),
        )
    }

    fn create(&self, cx: &Cx) -> Vec<Statement> {
        let mut text = sql!("CREATE {}", self.designation(cx.id));
        if !self.options.is_empty() {
            text.push(&sql!(" {}", foreign_options(&self.options)));
        }
        one(text)
    }

    fn alter(&self, after: &Self, cx: &Cx) -> Alteration {
        let options = alter_foreign_options(&self.options, &after.options).into_iter();
        Alteration::in_place(options.map(|text| sql!("ALTER {} {}", self.designation(cx.id), text).into()).collect())
    }

    fn designation(&self, id: &Id) -> Sql {
        let role = match id.part(1).as_str() {
            "public" => Sql::raw("PUBLIC"),
            _ => sql!("{}", id.part(1)),
        };
        sql!("USER MAPPING FOR {} SERVER {}", role, id.part(0))
    }

    fn rename(&self, _id: &Id, _to: &Name) -> Option<Sql> {
        None
    }

    fn needs(&self, id: &Id, _all: &Catalog) -> Vec<Need> {
        vec![Need::normal(id.prefix(Tag::ForeignServer, 1))]
    }
}
