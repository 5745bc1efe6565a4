//! Publications: <https://www.postgresql.org/docs/current/sql-createpublication.html>.

use serde::{Deserialize, Serialize};

use super::{Alteration, Body, Cx, Kind};
use crate::name::Literal;
use crate::sql;
use crate::sql::Sql;
use crate::statement::{Statement, one};

/// A publication; its tables and schemas are objects of their own, which come and go while it stays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Publication {
    /// `FOR ALL TABLES`.
    pub all_tables: bool,
    /// Which changes: `insert, update, delete, truncate`.
    pub publish: String,
    /// Changes of partitions are those of their root.
    pub via_root: bool,
    /// Stored generated columns too (PostgreSQL 18).
    pub generated_columns: bool,
}

const DEFAULT_PUBLISH: &str = "insert, update, delete, truncate";

impl Publication {
    /// What is another than in `other`.
    fn options(&self, other: &Self) -> Vec<Sql> {
        let mut options = Vec::new();
        if self.publish != other.publish {
            options.push(sql!("publish = {}", Literal(&self.publish)));
        }
        if self.via_root != other.via_root {
            let value = Sql::raw(if self.via_root { "true" } else { "false" });
            options.push(sql!("publish_via_partition_root = {}", value));
        }
        if self.generated_columns != other.generated_columns {
            let value = Sql::raw(if self.generated_columns { "stored" } else { "none" });
            options.push(sql!("publish_generated_columns = {}", value));
        }
        options
    }
}

impl Kind for Publication {
    const WORD: &'static str = "publication";
    const CATALOG: &'static str = "pg_publication";
    const GLOBAL: bool = true;

    fn query(version: u32) -> Option<String> {
        let via_root = if version >= 130_000 { "p.pubviaroot" } else { "false" };
        let generated_columns = if version >= 180_000 { "p.pubgencols = 's'" } else { "false" };
        Some(format!(
            "SELECT p.oid, 0 AS sub, NULL::int AS position, ARRAY[p.pubname]::text[] AS path,
                    pg_get_userbyid(p.pubowner)::text AS owner, NULL::text[] AS acl, p.puballtables AS all_tables,
                    concat_ws(', ', CASE WHEN p.pubinsert THEN 'insert' END, CASE WHEN p.pubupdate THEN 'update' END,
                              CASE WHEN p.pubdelete THEN 'delete' END, CASE WHEN p.pubtruncate THEN 'truncate' END) AS publish,
                    {via_root} AS via_root, {generated_columns} AS generated_columns
             FROM pg_publication p"
        ))
    }

    fn create(&self, cx: &Cx) -> Vec<Statement> {
        let mut text = sql!("CREATE PUBLICATION {}", cx.id.name());
        // The word is said once: PostgreSQL 14 knows it no other way.
        let mut word = "TABLE ";
        let tables = cx.members.iter().filter_map(|id| match &cx.after.get(id)?.body {
            Body::PublicationTable(table) => {
                Some(sql!("\n    {}{}", Sql::raw(std::mem::take(&mut word)), table.element(id)))
            }
            _ => None,
        });
        let tables: Vec<Sql> = tables.collect();
        let schemas = cx.members.iter().filter_map(|id| match &cx.after.get(id)?.body {
            Body::PublicationSchema(schema) => Some(sql!("\n    {}", schema.element(id))),
            _ => None,
        });
        let members: Vec<Sql> = tables.into_iter().chain(schemas).collect();
        if self.all_tables {
            text.push(&Sql::raw(" FOR ALL TABLES"));
        } else if !members.is_empty() {
            text.push(&sql!(" FOR{}", Sql::join(members, ",")));
        }
        let standard = Publication {
            publish: DEFAULT_PUBLISH.into(),
            via_root: false,
            generated_columns: false,
            all_tables: self.all_tables,
        };
        let options = self.options(&standard);
        if !options.is_empty() {
            text.push(&sql!("\n    WITH ({})", Sql::join(options, ", ")));
        }
        one(text)
    }

    fn alter(&self, after: &Self, cx: &Cx) -> Alteration {
        if self.all_tables != after.all_tables {
            return Alteration::Rebuild;
        }
        let options = Sql::join(after.options(self), ", ");
        Alteration::in_place(one(sql!("ALTER PUBLICATION {} SET ({})", cx.id.name(), options)))
    }
}
