//! Schemas: <https://www.postgresql.org/docs/current/sql-createschema.html>.

use serde::{Deserialize, Serialize};

use super::options::{USER_SCHEMA, not_member};
use super::{Cx, Id, Kind, dotted};
use crate::sql;
use crate::sql::Sql;
use crate::statement::{Statement, one};

/// A schema has nothing but its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schema {}

impl Kind for Schema {
    const WORD: &'static str = "schema";
    const CATALOG: &'static str = "pg_namespace";
    const LISTED: Option<&'static str> = None;
    const ACL: Option<char> = Some('n');

    fn query(_version: u32) -> Option<String> {
        Some(format!(
            "SELECT n.oid, 0 AS sub, NULL::int AS position, ARRAY[n.nspname]::text[] AS path,
                    pg_get_userbyid(n.nspowner)::text AS owner, n.nspacl::text[] AS acl
             FROM pg_namespace n WHERE {USER_SCHEMA} AND {}",
            not_member("pg_namespace", "n.oid")
        ))
    }

    fn create(&self, cx: &Cx) -> Vec<Statement> {
        one(sql!("CREATE SCHEMA {}", dotted(&cx.id.path)))
    }

    fn grantable(&self, id: &Id) -> Option<Sql> {
        Some(self.designation(id))
    }
}
