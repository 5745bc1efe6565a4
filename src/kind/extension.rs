//! Extensions: <https://www.postgresql.org/docs/current/sql-createextension.html>.

use serde::{Deserialize, Serialize};

use super::{Alteration, Cx, Id, Incidental, Kind};
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
    /// Whether the server makes this version where none is named.
    pub usual: Incidental<bool>,
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
                    n.nspname AS schema, x.extversion AS version, x.extrelocatable AS relocatable,
                    x.extversion IS NOT DISTINCT FROM a.default_version AS usual
             FROM pg_extension x JOIN pg_namespace n ON n.oid = x.extnamespace
             LEFT JOIN pg_available_extensions a ON a.name = x.extname
             WHERE x.extname <> 'plpgsql'"
                .into(),
        )
    }

    fn create(&self, cx: &Cx) -> Vec<Statement> {
        let named = match self.schema.as_str() {
            "pg_catalog" => self.relocatable,
            _ => cx.after.has(&Id::schema(&self.schema)),
        };
        let schema = if named { sql!(" SCHEMA {}", self.schema) } else { Sql::default() };
        let version = if self.usual.0 { Sql::default() } else { sql!(" VERSION {}", Literal(&self.version)) };
        one(sql!("CREATE EXTENSION {}{}{}", cx.id.name(), schema, version))
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
