//! Extensions: <https://www.postgresql.org/docs/current/sql-createextension.html>.

use serde::{Deserialize, Serialize};

use super::{Alteration, Cx, Id, Kind};
use crate::name::{Literal, Name};
use crate::sql;
use crate::sql::Sql;
use crate::statement::{Statement, one};

/// An installed extension. What belongs to it is read with it and never compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extension {
    /// Where its objects are.
    pub schema: Name,
    /// Its version.
    pub version: String,
    /// Whether it may move to another schema.
    pub relocatable: bool,
}

impl Kind for Extension {
    const WORD: &'static str = "extension";
    const CATALOG: &'static str = "pg_extension";
    const GLOBAL: bool = true;

    fn query(_version: u32) -> Option<String> {
        // plpgsql comes with every database. A schema that the extension itself makes is not named again.
        Some(
            "SELECT x.oid, 0 AS sub, NULL::int AS position, ARRAY[x.extname]::text[] AS path,
                    NULL::text AS owner, NULL::text[] AS acl,
                    n.nspname AS schema, x.extversion AS version, x.extrelocatable AS relocatable
             FROM pg_extension x JOIN pg_namespace n ON n.oid = x.extnamespace
             WHERE x.extname <> 'plpgsql'"
                .into(),
        )
    }

    fn create(&self, cx: &Cx) -> Vec<Statement> {
        let schema = match self.schema.as_str() {
            "pg_catalog" => sql!(""),
            _ => sql!(" SCHEMA {}", self.schema),
        };
        one(sql!(
            "CREATE EXTENSION {}{}",
            cx.id.name(),
            if cx.after.has(&Id::schema(&self.schema)) { schema } else { sql!("") }
        ))
    }

    fn alter(&self, after: &Self, cx: &Cx) -> Alteration {
        let mut statements = Vec::new();
        if self.version != after.version {
            statements.push(sql!("ALTER EXTENSION {} UPDATE TO {}", cx.id.name(), Literal(&after.version)).into());
        }
        if self.schema != after.schema {
            if !self.relocatable {
                return Alteration::Rebuild;
            }
            statements.push(sql!("ALTER EXTENSION {} SET SCHEMA {}", cx.id.name(), after.schema).into());
        }
        Alteration::in_place(statements)
    }

    fn rename(&self, _id: &Id, _to: &Name) -> Option<Sql> {
        None
    }
}
