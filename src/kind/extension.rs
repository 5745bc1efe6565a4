//! Extensions: <https://www.postgresql.org/docs/current/sql-createextension.html>.

use serde::{Deserialize, Serialize};

use super::function::routine;
use super::{Alteration, Cx, Id, Incidental, Kind, Tag, relation_slot, type_slot};
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
    /// The comment that it comes with.
    #[serde(default)]
    pub remark: Incidental<Option<String>>,
    /// What belongs to it: sort (`routine`, `type`, `relation`), schema, name, types of arguments.
    #[serde(default)]
    pub members: Incidental<Vec<(String, Name, Name, String)>>,
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
                    x.extversion IS NOT DISTINCT FROM a.default_version AS usual, a.comment AS remark,
                    COALESCE((SELECT json_agg(json_build_array(m.sort, s.nspname, m.name, m.arguments)) FROM
                      (SELECT 'routine' AS sort, p.oid, p.tableoid, p.pronamespace AS schema, p.proname AS name,
                              oidvectortypes(p.proargtypes) AS arguments FROM pg_proc p
                       UNION ALL SELECT 'type', t.oid, t.tableoid, t.typnamespace, t.typname, '' FROM pg_type t
                       UNION ALL SELECT 'relation', c.oid, c.tableoid, c.relnamespace, c.relname, '' FROM pg_class c) m
                      JOIN pg_depend d ON d.classid = m.tableoid AND d.objid = m.oid AND d.deptype = 'e'
                      JOIN pg_namespace s ON s.oid = m.schema
                      WHERE d.refclassid = x.tableoid AND d.refobjid = x.oid), '[]') AS members
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

    /// The names of its members are nobody else's.
    fn slots(&self, _id: &Id) -> Vec<String> {
        let slot = |(sort, schema, name, arguments): &(String, Name, Name, String)| match sort.as_str() {
            "routine" => {
                routine("routine", &Id::new(Tag::Function, [schema.clone(), name.clone(), arguments.as_str().into()])).0
            }
            "type" => type_slot(schema, name),
            _ => relation_slot(schema, name),
        };
        self.members.0.iter().map(slot).collect()
    }
}
