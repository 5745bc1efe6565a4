//! Domains: <https://www.postgresql.org/docs/current/sql-createdomain.html>.

use serde::{Deserialize, Serialize};

use super::options::{USER_SCHEMA, not_member};
use super::{Alteration, Cx, Id, Kind, dotted, type_slot};
use crate::sql;
use crate::sql::Sql;
use crate::statement::{Danger, Statement, one};

/// A domain without its constraints, which are objects of their own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Domain {
    /// The type below it.
    pub base: Sql,
    /// Its collation, where it is not the type's.
    pub collation: Option<Sql>,
    /// Its default.
    pub default: Option<Sql>,
    /// Null is no value of it.
    pub not_null: bool,
}

impl Kind for Domain {
    const WORD: &'static str = "domain";
    const CATALOG: &'static str = "pg_type";
    const ACL: Option<char> = Some('T');
    const PUBLIC: Option<&'static str> = Some("USAGE");

    fn query(_version: u32) -> Option<String> {
        Some(format!(
            "SELECT t.oid, 0 AS sub, NULL::int AS position, ARRAY[n.nspname, t.typname]::text[] AS path,
                    pg_get_userbyid(t.typowner)::text AS owner, t.typacl::text[] AS acl,
                    format_type(t.typbasetype, t.typtypmod) AS base,
                    CASE WHEN t.typcollation <> b.typcollation THEN t.typcollation::regcollation::text END AS collation,
                    pg_get_expr(t.typdefaultbin, 0) AS default, t.typnotnull AS not_null
             FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace JOIN pg_type b ON b.oid = t.typbasetype
             WHERE t.typtype = 'd' AND {USER_SCHEMA} AND {}",
            not_member("pg_type", "t.oid")
        ))
    }

    fn create(&self, cx: &Cx) -> Vec<Statement> {
        let mut text = sql!("CREATE DOMAIN {} AS {}", dotted(&cx.id.path), self.base);
        if let Some(collation) = &self.collation {
            text.push(&sql!(" COLLATE {}", collation));
        }
        if let Some(default) = &self.default {
            text.push(&sql!(" DEFAULT {}", default));
        }
        if self.not_null {
            text.push(&Sql::raw(" NOT NULL"));
        }
        for id in cx.members {
            if let Some(super::Body::DomainConstraint(check)) = cx.after.get(id).map(|object| &object.body) {
                text.push(&sql!("\n    CONSTRAINT {} {}", id.name(), check.definition));
            }
        }
        one(text)
    }

    fn alter(&self, after: &Self, cx: &Cx) -> Alteration {
        if self.base != after.base || self.collation != after.collation {
            return Alteration::Rebuild;
        }
        let domain = self.designation(cx.id);
        let mut statements = Vec::new();
        if self.default != after.default {
            statements.push(match &after.default {
                Some(default) => sql!("ALTER {} SET DEFAULT {}", domain, default).into(),
                None => sql!("ALTER {} DROP DEFAULT", domain).into(),
            });
        }
        if self.not_null != after.not_null {
            let action = Sql::raw(if after.not_null { "SET NOT NULL" } else { "DROP NOT NULL" });
            let statement = Statement::new(sql!("ALTER {} {}", domain, action));
            statements.push(match after.not_null {
                true => statement.hazard(Danger::MayFail, "fails if a column of this domain holds null", None),
                false => statement,
            });
        }
        Alteration::in_place(statements)
    }

    fn grantable(&self, id: &Id) -> Option<Sql> {
        Some(self.designation(id))
    }

    fn slots(&self, id: &Id) -> Vec<String> {
        vec![type_slot(&id.part(0), &id.part(1))]
    }

    fn texts(&mut self) -> Vec<&mut Sql> {
        self.default.iter_mut().collect()
    }
}
