//! Triggers: <https://www.postgresql.org/docs/current/sql-createtrigger.html>.

use serde::{Deserialize, Serialize};

use super::options::{USER_SCHEMA, not_member};
use super::{Alteration, Cx, Id, Kind};
use crate::name::Name;
use crate::sql;
use crate::sql::Sql;
use crate::statement::{Statement, one};

/// A trigger of a table or view; its path is schema, relation, name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trigger {
    /// `CREATE [CONSTRAINT] TRIGGER …`, whole.
    pub definition: Sql,
    /// `O`, `D`, `R` or `A`: enabled, disabled, on replicas, always.
    pub enabled: String,
}

/// The verb of an enabled state: `O`, `D`, `R` or `A`.
pub fn enabling(enabled: &str) -> Sql {
    Sql::raw(match enabled {
        "D" => "DISABLE",
        "R" => "ENABLE REPLICA",
        "A" => "ENABLE ALWAYS",
        _ => "ENABLE",
    })
}

/// `ALTER TABLE … ENABLE REPLICA TRIGGER …` and its like.
pub fn switch(id: &Id, word: &str, enabled: &str) -> Statement {
    sql!("ALTER TABLE {} {} {} {}", id.relation(), enabling(enabled), Sql::raw(word), id.name()).into()
}

impl Kind for Trigger {
    const WORD: &'static str = "trigger";
    const CATALOG: &'static str = "pg_trigger";

    fn query(version: u32) -> Option<String> {
        // A partition's copy of its parent's trigger is the parent's.
        let own = if version >= 130_000 { "t.tgparentid = 0" } else { "true" };
        Some(format!(
            "SELECT t.oid, 0 AS sub, NULL::int AS position, ARRAY[n.nspname, c.relname, t.tgname]::text[] AS path,
                    NULL::text AS owner, NULL::text[] AS acl, pg_get_triggerdef(t.oid) AS definition,
                    t.tgenabled::text AS enabled
             FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE NOT t.tgisinternal AND {own} AND {USER_SCHEMA} AND {}",
            not_member("pg_trigger", "t.oid")
        ))
    }

    fn create(&self, cx: &Cx) -> Vec<Statement> {
        let mut statements = one(self.definition.clone());
        statements.extend((self.enabled != "O").then(|| switch(cx.id, "TRIGGER", &self.enabled)));
        statements
    }

    fn drop(&self, cx: &Cx) -> Vec<Statement> {
        one(sql!("DROP TRIGGER {} ON {}", cx.id.name(), cx.id.relation()))
    }

    fn alter(&self, after: &Self, cx: &Cx) -> Alteration {
        if self.definition == after.definition {
            return Alteration::in_place(vec![switch(cx.id, "TRIGGER", &after.enabled)]);
        }
        // Those of constraints cannot be replaced.
        let [Some(_), Some(rest)] =
            [self, after].map(|trigger| trigger.definition.as_str().strip_prefix("CREATE TRIGGER "))
        else {
            return Alteration::Rebuild;
        };
        if cx.version() < 140_000 {
            return Alteration::Rebuild;
        }
        let mut statements = one(Sql::raw(format!("CREATE OR REPLACE TRIGGER {rest}")));
        // Its successor is enabled.
        statements.extend((after.enabled != "O").then(|| switch(cx.id, "TRIGGER", &after.enabled)));
        Alteration::in_place(statements)
    }

    fn designation(&self, id: &Id) -> Sql {
        sql!("TRIGGER {} ON {}", id.name(), id.relation())
    }

    fn rename(&self, id: &Id, to: &Name) -> Option<Sql> {
        Some(sql!("ALTER TRIGGER {} ON {} RENAME TO {}", id.name(), id.relation(), to))
    }

    fn texts(&mut self) -> Vec<&mut Sql> {
        vec![&mut self.definition]
    }
}
