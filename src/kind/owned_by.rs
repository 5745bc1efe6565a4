//! Which column a sequence belongs to (`ALTER SEQUENCE … OWNED BY`): dropped with the column.

use serde::{Deserialize, Serialize};

use super::options::USER_SCHEMA;
use super::{Alteration, Cx, Id, Kind, Tag, dotted};
use crate::catalog::{Catalog, Need};
use crate::name::Name;
use crate::sql;
use crate::sql::Sql;
use crate::statement::{Statement, one};

/// The ownership of one sequence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnedBy {
    /// Schema, table and column.
    pub column: Vec<Name>,
}

impl Kind for OwnedBy {
    const WORD: &'static str = "sequence ownership";
    const CATALOG: &'static str = "";

    fn query(_version: u32) -> Option<String> {
        Some(format!(
            "SELECT c.oid, 0 AS sub, NULL::int AS position, ARRAY[n.nspname, c.relname]::text[] AS path,
                    NULL::text AS owner, NULL::text[] AS acl,
                    ARRAY[tn.nspname, t.relname, a.attname]::text[] AS column
             FROM pg_depend d
             JOIN pg_class c ON c.oid = d.objid AND c.relkind = 'S' JOIN pg_namespace n ON n.oid = c.relnamespace
             JOIN pg_class t ON t.oid = d.refobjid JOIN pg_namespace tn ON tn.oid = t.relnamespace
             JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
             WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass
               AND d.deptype = 'a' AND d.objsubid = 0 AND {USER_SCHEMA}"
        ))
    }

    fn create(&self, cx: &Cx) -> Vec<Statement> {
        one(sql!("ALTER SEQUENCE {} OWNED BY {}", dotted(&cx.id.path), dotted(&self.column)))
    }

    fn drop(&self, cx: &Cx) -> Vec<Statement> {
        one(sql!("ALTER SEQUENCE {} OWNED BY NONE", dotted(&cx.id.path)))
    }

    fn alter(&self, after: &Self, cx: &Cx) -> Alteration {
        let owner = |side: &Catalog| side.get(&cx.id.anchor()).and_then(|sequence| sequence.facets.owner.clone());
        // One that belongs to a column has the owner of its table, and gets another only in between.
        match owner(cx.before) == owner(cx.after) {
            true => Alteration::in_place(after.create(cx)),
            false => Alteration::Rebuild,
        }
    }

    fn rename(&self, _id: &Id, _to: &Name) -> Option<Sql> {
        None
    }

    fn needs(&self, id: &Id, _all: &Catalog) -> Vec<Need> {
        let column = Id::new(Tag::Column, self.column.iter().cloned());
        vec![Need::auto(id.prefix(Tag::Sequence, 2)), Need::auto(column.prefix(Tag::Table, 2)), Need::auto(column)]
    }
}
