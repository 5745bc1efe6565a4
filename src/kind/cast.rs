//! Casts: <https://www.postgresql.org/docs/current/sql-createcast.html>.

use serde::{Deserialize, Serialize};

use super::options::not_member;
use super::{Cx, Id, Kind};
use crate::name::Name;
use crate::sql;
use crate::sql::Sql;
use crate::statement::{Statement, one};

/// A cast; its path is the source type and the target type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cast {
    /// `FUNCTION …`, `INOUT`, or nothing for binary-coercible types.
    pub method: Sql,
    /// `e` explicit, `a` in assignments, `i` everywhere.
    pub context: String,
}

impl Kind for Cast {
    const WORD: &'static str = "cast";
    const CATALOG: &'static str = "pg_cast";
    const NAMES_TYPES: bool = true;
    const GLOBAL: bool = true;

    fn query(_version: u32) -> Option<String> {
        Some(format!(
            "SELECT c.oid, 0 AS sub, NULL::int AS position,
                    ARRAY[format_type(c.castsource, NULL), format_type(c.casttarget, NULL)]::text[] AS path,
                    NULL::text AS owner, NULL::text[] AS acl,
                    CASE c.castmethod WHEN 'f' THEN 'WITH FUNCTION ' || c.castfunc::regprocedure::text
                         WHEN 'i' THEN 'WITH INOUT' ELSE 'WITHOUT FUNCTION' END AS method,
                    c.castcontext::text AS context
             FROM pg_cast c
             WHERE c.oid >= 16384 AND {}
               AND NOT EXISTS (SELECT FROM pg_depend i WHERE i.classid = 'pg_cast'::regclass
                               AND i.objid = c.oid AND i.deptype = 'i')",
            not_member("pg_cast", "c.oid")
        ))
    }

    fn create(&self, cx: &Cx) -> Vec<Statement> {
        let context = match self.context.as_str() {
            "a" => " AS ASSIGNMENT",
            "i" => " AS IMPLICIT",
            _ => "",
        };
        one(sql!("CREATE {} {}{}", self.designation(cx.id), self.method, Sql::raw(context)))
    }

    fn designation(&self, id: &Id) -> Sql {
        sql!("CAST ({} AS {})", Sql::raw(id.part(0).as_str()), Sql::raw(id.part(1).as_str()))
    }

    fn rename(&self, _id: &Id, _to: &Name) -> Option<Sql> {
        None
    }
}
