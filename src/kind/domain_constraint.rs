//! CHECK constraints of domains: <https://www.postgresql.org/docs/current/sql-alterdomain.html>.

use serde::{Deserialize, Serialize};

use super::constraint::UNVALIDATED;
use super::options::{USER_SCHEMA, not_member};
use super::{Alteration, Cx, Id, Kind, Tag};
use crate::catalog::{Catalog, Need};
use crate::name::Name;
use crate::sql;
use crate::sql::Sql;
use crate::statement::{Danger, Statement, one};

/// One check of a domain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DomainConstraint {
    /// `CHECK (…)`.
    pub definition: Sql,
    /// The values that are there were never looked at.
    #[serde(default)]
    pub not_valid: bool,
}

impl DomainConstraint {
    fn domain(id: &Id) -> Sql {
        id.relation()
    }
}

fn risky(statement: Statement) -> Statement {
    statement.hazard(Danger::MayFail, "fails if a column of this domain holds other values", None)
}

impl Kind for DomainConstraint {
    const WORD: &'static str = "domain constraint";
    const CATALOG: &'static str = "pg_constraint";

    fn query(_version: u32) -> Option<String> {
        Some(format!(
            "SELECT k.oid, 0 AS sub, NULL::int AS position, ARRAY[n.nspname, t.typname, k.conname]::text[] AS path,
                    NULL::text AS owner, NULL::text[] AS acl, {UNVALIDATED}
             FROM pg_constraint k JOIN pg_type t ON t.oid = k.contypid JOIN pg_namespace n ON n.oid = t.typnamespace
             WHERE k.contype = 'c' AND {USER_SCHEMA} AND {}",
            not_member("pg_type", "t.oid")
        ))
    }

    fn create(&self, cx: &Cx) -> Vec<Statement> {
        let end = Sql::raw(if self.not_valid { " NOT VALID" } else { "" });
        let (domain, name) = (Self::domain(cx.id), cx.id.name());
        let add = Statement::new(sql!("ALTER DOMAIN {} ADD CONSTRAINT {} {}{}", domain, name, self.definition, end));
        vec![if self.not_valid { add } else { risky(add) }]
    }

    fn drop(&self, cx: &Cx) -> Vec<Statement> {
        one(sql!("ALTER DOMAIN {} DROP CONSTRAINT {}", Self::domain(cx.id), cx.id.name()))
    }

    fn alter(&self, after: &Self, cx: &Cx) -> Alteration {
        if self.definition == after.definition && self.not_valid {
            let validate = sql!("ALTER DOMAIN {} VALIDATE CONSTRAINT {}", Self::domain(cx.id), cx.id.name());
            return Alteration::in_place(vec![risky(validate.into())]);
        }
        Alteration::Rebuild
    }

    fn designation(&self, id: &Id) -> Sql {
        sql!("CONSTRAINT {} ON DOMAIN {}", id.name(), Self::domain(id))
    }

    fn rename(&self, id: &Id, to: &Name) -> Option<Sql> {
        Some(sql!("ALTER DOMAIN {} RENAME CONSTRAINT {} TO {}", Self::domain(id), id.name(), to))
    }

    fn needs(&self, id: &Id, _all: &Catalog) -> Vec<Need> {
        vec![Need::auto(id.prefix(Tag::Domain, 2))]
    }

    fn without_name(&self, _id: &Id) -> Option<Self> {
        Some(self.clone())
    }

    fn texts(&mut self) -> Vec<&mut Sql> {
        vec![&mut self.definition]
    }
}
