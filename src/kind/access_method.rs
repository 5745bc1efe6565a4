//! Access methods of tables and indexes: <https://www.postgresql.org/docs/current/sql-create-access-method.html>.

use serde::{Deserialize, Serialize};

use super::options::not_member;
use super::{Cx, Id, Kind};
use crate::name::Name;
use crate::sql;
use crate::sql::Sql;
use crate::statement::{Statement, one};

/// An access method that no extension owns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessMethod {
    /// `TABLE` or `INDEX`.
    pub serves: String,
    /// The function that describes it to the server.
    pub handler: Sql,
}

impl Kind for AccessMethod {
    const WORD: &'static str = "access method";
    const CATALOG: &'static str = "pg_am";
    const GLOBAL: bool = true;

    fn query(_version: u32) -> Option<String> {
        Some(format!(
            "SELECT a.oid, 0 AS sub, NULL::int AS position, ARRAY[a.amname]::text[] AS path,
                    NULL::text AS owner, NULL::text[] AS acl,
                    CASE a.amtype WHEN 't' THEN 'TABLE' ELSE 'INDEX' END AS serves, a.amhandler::regproc::text AS handler
             FROM pg_am a WHERE a.oid >= 16384 AND {}",
            not_member("pg_am", "a.oid")
        ))
    }

    fn create(&self, cx: &Cx) -> Vec<Statement> {
        let serves = Sql::raw(self.serves.as_str());
        one(sql!("CREATE ACCESS METHOD {} TYPE {} HANDLER {}", cx.id.name(), serves, self.handler))
    }

    fn rename(&self, _id: &Id, _to: &Name) -> Option<Sql> {
        None
    }
}
