//! Which index of a partition is part of which index of its parent (`ALTER INDEX … ATTACH PARTITION`).

use serde::{Deserialize, Serialize};

use super::constraint::index_behind;
use super::inheritance::line;
use super::options::{USER_SCHEMA, not_member};
use super::{Cx, Id, Kind};
use crate::catalog::{Catalog, Need};
use crate::name::Name;
use crate::sql;
use crate::sql::Sql;
use crate::statement::{Statement, one};

/// One attached index; its path is the partition's schema and name, then the index's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndexPartition {
    /// Schema, table and name of the parent's index.
    pub parent: Vec<Name>,
}

impl Kind for IndexPartition {
    const WORD: &'static str = "index partition";
    const CATALOG: &'static str = "";

    fn query(_version: u32) -> Option<String> {
        Some(format!(
            "SELECT ic.oid, 0 AS sub, NULL::int AS position, ARRAY[n.nspname, c.relname, ic.relname]::text[] AS path,
                    NULL::text AS owner, NULL::text[] AS acl, ARRAY[pn.nspname, pc.relname, pi.relname]::text[] AS parent
             FROM pg_inherits h JOIN pg_class ic ON ic.oid = h.inhrelid JOIN pg_index i ON i.indexrelid = ic.oid
             JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
             JOIN pg_index p ON p.indexrelid = h.inhparent JOIN pg_class pi ON pi.oid = p.indexrelid
             JOIN pg_class pc ON pc.oid = p.indrelid JOIN pg_namespace pn ON pn.oid = pc.relnamespace
             WHERE {USER_SCHEMA} AND {}",
            not_member("pg_class", "c.oid")
        ))
    }

    fn create(&self, cx: &Cx) -> Vec<Statement> {
        let parent = sql!("{}.{}", self.parent[0], self.parent[2]);
        one(sql!("ALTER INDEX {} ATTACH PARTITION {}.{}", parent, cx.id.part(0), cx.id.part(2)))
    }

    fn drop(&self, _cx: &Cx) -> Vec<Statement> {
        Vec::new() // goes with either index, and with the partition's detachment
    }

    fn rename(&self, _id: &Id, _to: &Name) -> Option<Sql> {
        None
    }

    fn needs(&self, id: &Id, all: &Catalog) -> Vec<Need> {
        let parent_table = &self.parent[..2];
        let child = index_behind(all, &id.path[..2], &id.part(2));
        let parent = index_behind(all, parent_table, &self.parent[2]);
        let line = line(&id.path, parent_table);
        // With the detachment of the partition its indexes are on their own.
        [child, parent].into_iter().flatten().map(Need::normal).chain([Need::auto(line)]).collect()
    }
}
