//! Publications: <https://www.postgresql.org/docs/current/sql-createpublication.html>.

use serde::{Deserialize, Serialize};

use super::{Alteration, Cx, Kind, Tag};
use crate::catalog::{Catalog, Need};
use crate::kind::{Id, dotted};
use crate::name::{Literal, Name};
use crate::sql;
use crate::sql::Sql;
use crate::statement::{Statement, one};

/// A publication.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Publication {
    /// `FOR ALL TABLES`.
    pub all_tables: bool,
    /// Which changes: `insert, update, delete, truncate`.
    pub publish: String,
    /// Changes of partitions are those of their root.
    pub via_root: bool,
    /// Its tables.
    pub tables: Vec<Member>,
    /// Its schemas.
    pub schemas: Vec<Name>,
}

/// A table of a publication.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Schema and name.
    pub table: Vec<Name>,
    /// Its columns; all if nothing is said.
    pub columns: Option<Vec<Name>>,
    /// Which rows.
    pub condition: Option<Sql>,
}

impl Member {
    fn text(&self) -> Sql {
        let mut text = sql!("TABLE ONLY {}", dotted(&self.table));
        if let Some(columns) = &self.columns {
            text.push(&sql!(" ({})", Sql::join(columns, ", ")));
        }
        if let Some(condition) = &self.condition {
            text.push(&sql!(" WHERE ({})", condition));
        }
        text
    }
}

impl Publication {
    fn objects(&self) -> Vec<Sql> {
        let schemas = self.schemas.iter().map(|schema| sql!("TABLES IN SCHEMA {}", schema));
        self.tables.iter().map(Member::text).chain(schemas).collect()
    }

    fn options(&self) -> Sql {
        let via_root = Sql::raw(if self.via_root { "true" } else { "false" });
        sql!("publish = {}, publish_via_partition_root = {}", Literal(&self.publish), via_root)
    }
}

const DEFAULT_PUBLISH: &str = "insert, update, delete, truncate";

impl Kind for Publication {
    const WORD: &'static str = "publication";
    const CATALOG: &'static str = "pg_publication";
    const GLOBAL: bool = true;

    fn query(version: u32) -> Option<String> {
        let via_root = if version >= 130_000 { "p.pubviaroot" } else { "false" };
        let (columns, condition, schemas) = match version {
            150_000.. => (
                "(SELECT json_agg(a.attname ORDER BY a.attnum) FROM pg_attribute a
                  WHERE a.attrelid = r.prrelid AND a.attnum = ANY (r.prattrs))",
                "pg_get_expr(r.prqual, r.prrelid)",
                "COALESCE((SELECT json_agg(s.nspname ORDER BY s.nspname) FROM pg_publication_namespace m
                  JOIN pg_namespace s ON s.oid = m.pnnspid WHERE m.pnpubid = p.oid), '[]')",
            ),
            _ => ("NULL", "NULL", "'[]'::json"),
        };
        Some(format!(
            "SELECT p.oid, 0 AS sub, NULL::int AS position, ARRAY[p.pubname]::text[] AS path,
                    pg_get_userbyid(p.pubowner)::text AS owner, NULL::text[] AS acl, p.puballtables AS all_tables,
                    concat_ws(', ', CASE WHEN p.pubinsert THEN 'insert' END, CASE WHEN p.pubupdate THEN 'update' END,
                              CASE WHEN p.pubdelete THEN 'delete' END, CASE WHEN p.pubtruncate THEN 'truncate' END) AS publish,
                    {via_root} AS via_root,
                    COALESCE((SELECT json_agg(json_build_object('table', json_build_array(n.nspname, c.relname),
                                'columns', {columns}, 'condition', {condition}) ORDER BY n.nspname, c.relname)
                              FROM pg_publication_rel r JOIN pg_class c ON c.oid = r.prrelid
                              JOIN pg_namespace n ON n.oid = c.relnamespace WHERE r.prpubid = p.oid), '[]') AS tables,
                    {schemas} AS schemas
             FROM pg_publication p"
        ))
    }

    fn create(&self, cx: &Cx) -> Vec<Statement> {
        let mut text = sql!("CREATE PUBLICATION {}", cx.id.name());
        let objects = self.objects();
        if self.all_tables {
            text.push(&Sql::raw(" FOR ALL TABLES"));
        } else if !objects.is_empty() {
            let objects = objects.into_iter().map(|object| sql!("\n    {}", object));
            text.push(&sql!(" FOR{}", Sql::join(objects, ",")));
        }
        if self.publish != DEFAULT_PUBLISH || self.via_root {
            text.push(&sql!("\n    WITH ({})", self.options()));
        }
        one(text)
    }

    fn alter(&self, after: &Self, cx: &Cx) -> Alteration {
        let objects = after.objects();
        let rest = Publication { publish: self.publish.clone(), via_root: self.via_root, ..after.clone() };
        if self.all_tables || after.all_tables || (objects.is_empty() && *self != rest) {
            return Alteration::Rebuild;
        }
        let name = cx.id.name();
        let mut statements: Vec<Statement> = Vec::new();
        if *self != rest {
            statements.push(sql!("ALTER PUBLICATION {} SET {}", name, Sql::join(objects, ", ")).into());
        }
        if self.publish != after.publish || self.via_root != after.via_root {
            statements.push(sql!("ALTER PUBLICATION {} SET ({})", name, after.options()).into());
        }
        Alteration::in_place(statements)
    }

    fn needs(&self, _id: &Id, _all: &Catalog) -> Vec<Need> {
        let table = |member: &Member| Id::new(Tag::Table, member.table.iter().cloned());
        let column = |member: &Member, name: &Name| {
            Id::new(Tag::Column, member.table.iter().cloned().chain([name.clone()]))
        };
        let columns = self.tables.iter().flat_map(|member| {
            member.columns.iter().flatten().map(move |name| column(member, name))
        });
        let schemas = self.schemas.iter().map(Id::schema);
        self.tables.iter().map(table).chain(columns).chain(schemas).map(Need::normal).collect()
    }
}
