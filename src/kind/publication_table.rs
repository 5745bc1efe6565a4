//! Which tables a publication has (`ALTER PUBLICATION … ADD TABLE`), with their columns and rows.

use serde::{Deserialize, Serialize};

use super::{Cx, Id, Kind, Standing, dotted};
use crate::name::Name;
use crate::sql;
use crate::sql::Sql;
use crate::statement::{Statement, one};

/// A table of a publication; its path is the publication, then schema and table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicationTable {
    /// Its columns; all if nothing is said.
    pub columns: Option<Vec<Name>>,
    /// Which rows.
    pub condition: Option<Sql>,
}

impl PublicationTable {
    /// `ONLY schema.table (columns) WHERE (condition)`.
    pub fn element(&self, id: &Id) -> Sql {
        let mut text = table(id);
        if let Some(columns) = &self.columns {
            text.push(&sql!(" ({})", Sql::join(columns, ", ")));
        }
        if let Some(condition) = &self.condition {
            text.push(&sql!(" WHERE ({})", condition));
        }
        text
    }
}

fn table(id: &Id) -> Sql {
    sql!("ONLY {}", dotted(&id.path[1..]))
}

impl Kind for PublicationTable {
    const WORD: &'static str = "publication table";
    const CATALOG: &'static str = "pg_publication_rel";
    const GLOBAL: bool = true;

    fn query(version: u32) -> Option<String> {
        let (columns, condition) = match version {
            150_000.. => (
                "(SELECT json_agg(a.attname ORDER BY a.attname) FROM pg_attribute a
                  WHERE a.attrelid = r.prrelid AND a.attnum = ANY (r.prattrs))",
                "pg_get_expr(r.prqual, r.prrelid)",
            ),
            _ => ("NULL", "NULL"),
        };
        Some(format!(
            "SELECT r.oid, 0 AS sub, NULL::int AS position, ARRAY[p.pubname, n.nspname, c.relname]::text[] AS path,
                    NULL::text AS owner, NULL::text[] AS acl, {columns} AS columns, {condition} AS condition
             FROM pg_publication_rel r JOIN pg_publication p ON p.oid = r.prpubid
             JOIN pg_class c ON c.oid = r.prrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
        ))
    }

    fn create(&self, cx: &Cx) -> Vec<Statement> {
        one(sql!("ALTER PUBLICATION {} ADD TABLE {}", cx.id.part(0), self.element(cx.id)))
    }

    fn drop(&self, cx: &Cx) -> Vec<Statement> {
        one(sql!("ALTER PUBLICATION {} DROP TABLE {}", cx.id.part(0), table(cx.id)))
    }

    fn rename(&self, _id: &Id, _to: &Name) -> Option<Sql> {
        None
    }

    fn under_retyping(&self) -> Standing {
        if self.condition.is_some() || self.columns.is_some() { Standing::GivesWay } else { Standing::Stays }
    }

    fn texts(&mut self) -> Vec<&mut Sql> {
        self.condition.iter_mut().collect()
    }
}
