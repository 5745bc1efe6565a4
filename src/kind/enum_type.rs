//! Enum types: <https://www.postgresql.org/docs/current/sql-createtype.html>.

use serde::{Deserialize, Serialize};

use super::options::{USER_SCHEMA, not_member};
use super::{Alteration, Cx, Id, Kind, dotted, type_slot};
use crate::name::Literal;
use crate::sql;
use crate::sql::Sql;
use crate::statement::{Statement, Transaction, one};

/// An enum type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enum {
    /// Its values, in their order.
    pub labels: Vec<String>,
}

impl Kind for Enum {
    const WORD: &'static str = "type";
    const CATALOG: &'static str = "pg_type";
    const ACL: Option<char> = Some('T');
    const PUBLIC: Option<&'static str> = Some("USAGE");

    fn query(_version: u32) -> Option<String> {
        Some(format!(
            "SELECT t.oid, 0 AS sub, NULL::int AS position, ARRAY[n.nspname, t.typname]::text[] AS path,
                    pg_get_userbyid(t.typowner)::text AS owner, t.typacl::text[] AS acl,
                    COALESCE((SELECT array_agg(e.enumlabel::text ORDER BY e.enumsortorder)
                              FROM pg_enum e WHERE e.enumtypid = t.oid), '{{}}') AS labels
             FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
             WHERE t.typtype = 'e' AND {USER_SCHEMA} AND {}",
            not_member("pg_type", "t.oid")
        ))
    }

    fn create(&self, cx: &Cx) -> Vec<Statement> {
        let labels = self.labels.iter().map(|label| sql!("\n    {}", Literal(label)));
        let end = if self.labels.is_empty() { "" } else { "\n" };
        one(sql!("CREATE TYPE {} AS ENUM ({}{})", dotted(&cx.id.path), Sql::join(labels, ","), Sql::raw(end)))
    }

    fn alter(&self, after: &Self, cx: &Cx) -> Alteration {
        let kept: Vec<&String> = after.labels.iter().filter(|label| self.labels.contains(label)).collect();
        if !kept.iter().copied().eq(&self.labels) {
            return Alteration::Rebuild; // a value goes or moves: a new type takes its place
        }
        let name = dotted(&cx.id.path);
        let mut statements = Vec::new();
        for (i, label) in after.labels.iter().enumerate() {
            if self.labels.contains(label) {
                continue;
            }
            let place = match (i, after.labels.iter().find(|label| self.labels.contains(label))) {
                (0, Some(first)) => sql!(" BEFORE {}", Literal(first)),
                (0, None) => sql!(""),
                _ => sql!(" AFTER {}", Literal(&after.labels[i - 1])),
            };
            let add = sql!("ALTER TYPE {} ADD VALUE {}{}", name, Literal(label), place);
            statements.push(Statement::new(add).in_transaction(Transaction::EndsIt));
        }
        Alteration::in_place(statements)
    }

    fn grantable(&self, id: &Id) -> Option<Sql> {
        Some(self.designation(id))
    }

    fn slots(&self, id: &Id) -> Vec<String> {
        vec![type_slot(&id.part(0), &id.part(1))]
    }
}
