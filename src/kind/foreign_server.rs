//! Foreign servers: <https://www.postgresql.org/docs/current/sql-createserver.html>.

use serde::{Deserialize, Serialize};

use super::options::{alter_foreign_options, foreign_options, not_member};
use super::{Alteration, Cx, Id, Kind};
use crate::name::{Literal, Name};
use crate::sql;
use crate::sql::Sql;
use crate::statement::{Statement, one};

/// A foreign server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForeignServer {
    /// Its wrapper.
    pub wrapper: Name,
    /// `TYPE`
    pub r#type: Option<String>,
    /// `VERSION`
    pub version: Option<String>,
    /// Its options.
    pub options: Vec<String>,
}

impl Kind for ForeignServer {
    const WORD: &'static str = "server";
    const CATALOG: &'static str = "pg_foreign_server";
    const ACL: Option<char> = Some('S');
    const GLOBAL: bool = true;

    fn query(_version: u32) -> Option<String> {
        Some(format!(
            "SELECT s.oid, 0 AS sub, NULL::int AS position, ARRAY[s.srvname]::text[] AS path,
                    pg_get_userbyid(s.srvowner)::text AS owner, s.srvacl::text[] AS acl, w.fdwname AS wrapper,
                    s.srvtype AS type, s.srvversion AS version, COALESCE(s.srvoptions, '{{}}') AS options
             FROM pg_foreign_server s JOIN pg_foreign_data_wrapper w ON w.oid = s.srvfdw WHERE {}",
            not_member("pg_foreign_server", "s.oid")
        ))
    }

    fn create(&self, cx: &Cx) -> Vec<Statement> {
        let mut text = sql!("CREATE SERVER {}", cx.id.name());
        if let Some(word) = &self.r#type {
            text.push(&sql!(" TYPE {}", Literal(word)));
        }
        if let Some(version) = &self.version {
            text.push(&sql!(" VERSION {}", Literal(version)));
        }
        text.push(&sql!(" FOREIGN DATA WRAPPER {}", self.wrapper));
        if !self.options.is_empty() {
            text.push(&sql!(" {}", foreign_options(&self.options)));
        }
        one(text)
    }

    fn alter(&self, after: &Self, cx: &Cx) -> Alteration {
        if self.wrapper != after.wrapper || self.r#type != after.r#type {
            return Alteration::Rebuild;
        }
        let mut text = sql!("ALTER SERVER {}", cx.id.name());
        if self.version != after.version {
            let version = after.version.as_ref().map_or(Sql::raw("NULL"), |version| sql!("{}", Literal(version)));
            text.push(&sql!(" VERSION {}", version));
        }
        if let Some(options) = alter_foreign_options(&self.options, &after.options) {
            text.push(&sql!(" {}", options));
        }
        Alteration::in_place(one(text))
    }

    fn grantable(&self, id: &Id) -> Option<Sql> {
        Some(sql!("FOREIGN SERVER {}", id.name()))
    }
}
