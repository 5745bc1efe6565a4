//! Extended statistics: <https://www.postgresql.org/docs/current/sql-createstatistics.html>.

use serde::{Deserialize, Serialize};

use super::options::{USER_SCHEMA, not_member};
use super::{Alteration, Cx, Id, Kind};
use crate::sql;
use crate::sql::Sql;
use crate::statement::{Statement, one};

/// A statistics object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statistics {
    /// `CREATE STATISTICS …`, whole.
    pub definition: Sql,
    /// Its target, where it was set.
    pub target: Option<i32>,
}

impl Statistics {
    fn set_target(&self, id: &Id) -> Statement {
        sql!("ALTER {} SET STATISTICS {}", self.designation(id), self.target.unwrap_or(-1)).into()
    }
}

impl Kind for Statistics {
    const WORD: &'static str = "statistics";
    const CATALOG: &'static str = "pg_statistic_ext";

    fn query(_version: u32) -> Option<String> {
        // The server lists columns by their numbers, and these do not count.
        let columns = |order: &str| {
            format!(
                "(SELECT ' ON ' || string_agg(quote_ident(a.attname), ', ' ORDER BY a.{order}) FROM pg_attribute a
                  WHERE a.attrelid = s.stxrelid AND a.attnum = ANY (s.stxkeys))"
            )
        };
        let (shown, sorted) = (columns("attnum"), columns("attname"));
        Some(format!(
            "SELECT s.oid, 0 AS sub, NULL::int AS position, ARRAY[n.nspname, s.stxname]::text[] AS path,
                    pg_get_userbyid(s.stxowner)::text AS owner, NULL::text[] AS acl,
                    COALESCE(replace(pg_get_statisticsobjdef(s.oid), {shown}, {sorted}),
                             pg_get_statisticsobjdef(s.oid)) AS definition,
                    CASE WHEN s.stxstattarget >= 0 THEN s.stxstattarget END AS target
             FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace
             WHERE {USER_SCHEMA} AND {}",
            not_member("pg_statistic_ext", "s.oid")
        ))
    }

    fn create(&self, cx: &Cx) -> Vec<Statement> {
        let mut statements = one(self.definition.clone());
        statements.extend(self.target.map(|_| self.set_target(cx.id)));
        statements
    }

    fn alter(&self, after: &Self, cx: &Cx) -> Alteration {
        if self.definition != after.definition {
            return Alteration::Rebuild;
        }
        Alteration::in_place(vec![after.set_target(cx.id)])
    }

    fn texts(&mut self) -> Vec<&mut Sql> {
        vec![&mut self.definition]
    }
}
