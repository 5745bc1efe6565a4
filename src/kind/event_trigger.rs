//! Event triggers: <https://www.postgresql.org/docs/current/sql-createeventtrigger.html>.

use serde::{Deserialize, Serialize};

use super::options::not_member;
use super::trigger::enabling;
use super::{Alteration, Cx, Kind};
use crate::name::Literal;
use crate::sql;
use crate::sql::Sql;
use crate::statement::{Statement, one};

/// An event trigger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventTrigger {
    /// `ddl_command_start`, ….
    pub event: String,
    /// The commands it is for; all if there are none.
    pub tags: Vec<String>,
    /// What it calls.
    pub function: Sql,
    /// `O`, `D`, `R` or `A`: enabled, disabled, on replicas, always.
    pub enabled: String,
}

impl EventTrigger {
    fn switch(&self, cx: &Cx) -> Statement {
        sql!("ALTER EVENT TRIGGER {} {}", cx.id.name(), enabling(&self.enabled)).into()
    }
}

impl Kind for EventTrigger {
    const WORD: &'static str = "event trigger";
    const CATALOG: &'static str = "pg_event_trigger";
    const GLOBAL: bool = true;

    fn query(_version: u32) -> Option<String> {
        Some(format!(
            "SELECT e.oid, 0 AS sub, NULL::int AS position, ARRAY[e.evtname]::text[] AS path,
                    pg_get_userbyid(e.evtowner)::text AS owner, NULL::text[] AS acl, e.evtevent AS event,
                    COALESCE(e.evttags, '{{}}') AS tags, e.evtfoid::regproc::text AS function,
                    e.evtenabled::text AS enabled
             FROM pg_event_trigger e WHERE {}",
            not_member("pg_event_trigger", "e.oid")
        ))
    }

    fn create(&self, cx: &Cx) -> Vec<Statement> {
        let mut text = sql!("CREATE EVENT TRIGGER {} ON {}", cx.id.name(), Sql::raw(self.event.as_str()));
        if !self.tags.is_empty() {
            let tags = self.tags.iter().map(|tag| sql!("{}", Literal(tag)));
            text.push(&sql!("\n    WHEN TAG IN ({})", Sql::join(tags, ", ")));
        }
        text.push(&sql!("\n    EXECUTE FUNCTION {}()", self.function));
        let mut statements = one(text);
        statements.extend((self.enabled != "O").then(|| self.switch(cx)));
        statements
    }

    fn alter(&self, after: &Self, cx: &Cx) -> Alteration {
        if self.event != after.event || self.tags != after.tags || self.function != after.function {
            return Alteration::Rebuild;
        }
        Alteration::in_place(vec![after.switch(cx)])
    }
}
