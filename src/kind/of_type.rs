//! The composite type that a table is made of (`OF`): it follows the type's attributes.
//!
//! <https://www.postgresql.org/docs/current/sql-createtable.html>

use serde::{Deserialize, Serialize};

use super::options::{USER_SCHEMA, not_member};
use super::{Alteration, Cx, Id, Kind, Parts, Tag, dotted, table};
use crate::catalog::{Catalog, Need};
use crate::name::Name;
use crate::sql;
use crate::sql::Sql;
use crate::statement::{Danger, Statement, one};

/// What one table is made of; its path is the table's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfType {
    /// Schema and name of the type.
    pub r#type: Vec<Name>,
}

impl Kind for OfType {
    const WORD: &'static str = "type of table";
    const CATALOG: &'static str = "";

    fn query(_version: u32) -> Option<String> {
        Some(format!(
            "SELECT c.oid, 0 AS sub, NULL::int AS position, ARRAY[n.nspname, c.relname]::text[] AS path,
                    NULL::text AS owner, NULL::text[] AS acl, ARRAY[tn.nspname, t.typname]::text[] AS type
             FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
             JOIN pg_type t ON t.oid = c.reloftype JOIN pg_namespace tn ON tn.oid = t.typnamespace
             WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't' AND {USER_SCHEMA} AND {}",
            not_member("pg_class", "c.oid")
        ))
    }

    fn create(&self, cx: &Cx) -> Vec<Statement> {
        let (name, of) = (dotted(&cx.id.path), dotted(&self.r#type));
        let statement = Statement::new(sql!("ALTER TABLE {} OF {}", name, of));
        vec![match table::keeps_order(&cx.id.path, cx.before, cx.after) {
            true => statement,
            false => {
                let why = format!("fails, since columns of {name} stand in another order than the attributes of {of}");
                statement.hazard(Danger::MayFail, why, None)
            }
        }]
    }

    fn drop(&self, cx: &Cx) -> Vec<Statement> {
        one(sql!("ALTER TABLE {} NOT OF", dotted(&cx.id.path)))
    }

    fn alter(&self, _after: &Self, _cx: &Cx) -> Alteration {
        Alteration::Rebuild
    }

    fn rename(&self, _id: &Id, _to: &Name) -> Option<Sql> {
        None
    }

    fn needs(&self, id: &Id, _all: &Catalog) -> Vec<Need> {
        vec![Need::auto(id.prefix(Tag::Table, 2)), Need::normal(Id::new(Tag::Composite, self.r#type.iter().cloned()))]
    }

    /// The columns of a table that is made of a type are the type's.
    fn after_parts(&self, id: &Id) -> Vec<Parts> {
        vec![(Tag::Column, id.path.to_vec())]
    }
}
