//! Rules: <https://www.postgresql.org/docs/current/sql-createrule.html>.

use serde::{Deserialize, Serialize};

use super::options::{USER_SCHEMA, not_member};
use super::trigger::switch;
use super::{Alteration, Cx, Id, Kind};
use crate::name::Name;
use crate::sql;
use crate::sql::Sql;
use crate::statement::{Statement, one};

/// A rule of a table or view; its path is schema, relation, name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// `CREATE RULE …`, whole, without the closing semicolon.
    pub definition: Sql,
    /// `O`, `D`, `R` or `A`: enabled, disabled, on replicas, always.
    pub enabled: String,
}

impl Kind for Rule {
    const WORD: &'static str = "rule";
    const CATALOG: &'static str = "pg_rewrite";

    fn query(_version: u32) -> Option<String> {
        Some(format!(
            "SELECT r.oid, 0 AS sub, NULL::int AS position, ARRAY[n.nspname, c.relname, r.rulename]::text[] AS path,
                    NULL::text AS owner, NULL::text[] AS acl, rtrim(pg_get_ruledef(r.oid), ';') AS definition,
                    r.ev_enabled::text AS enabled
             FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE r.rulename <> '_RETURN' AND {USER_SCHEMA} AND {}",
            not_member("pg_class", "c.oid")
        ))
    }

    fn create(&self, cx: &Cx) -> Vec<Statement> {
        let mut statements = one(self.definition.clone());
        statements.extend((self.enabled != "O").then(|| switch(cx.id, "RULE", &self.enabled)));
        statements
    }

    fn drop(&self, cx: &Cx) -> Vec<Statement> {
        one(sql!("DROP RULE {} ON {}", cx.id.name(), cx.id.relation()))
    }

    fn alter(&self, after: &Self, cx: &Cx) -> Alteration {
        let mut statements = Vec::new();
        if self.definition != after.definition {
            let replace = after.definition.as_str().replacen("CREATE RULE", "CREATE OR REPLACE RULE", 1);
            statements.push(Sql::raw(replace).into());
        }
        if self.enabled != after.enabled {
            statements.push(switch(cx.id, "RULE", &after.enabled));
        }
        Alteration::in_place(statements)
    }

    fn designation(&self, id: &Id) -> Sql {
        sql!("RULE {} ON {}", id.name(), id.relation())
    }

    fn rename(&self, id: &Id, to: &Name) -> Option<Sql> {
        Some(sql!("ALTER RULE {} ON {} RENAME TO {}", id.name(), id.relation(), to))
    }

    fn texts(&mut self) -> Vec<&mut Sql> {
        vec![&mut self.definition]
    }
}
