//! Foreign-data wrappers: <https://www.postgresql.org/docs/current/sql-createforeigndatawrapper.html>.

use serde::{Deserialize, Serialize};

use super::options::{alter_foreign_options, foreign_options, not_member};
use super::{Alteration, Cx, Id, Kind};
use crate::sql;
use crate::sql::Sql;
use crate::statement::{Statement, one};

/// A foreign-data wrapper that no extension owns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForeignDataWrapper {
    /// Its handler.
    pub handler: Option<Sql>,
    /// What checks its options.
    pub validator: Option<Sql>,
    /// Its options.
    pub options: Vec<String>,
}

impl Kind for ForeignDataWrapper {
    const WORD: &'static str = "foreign data wrapper";
    const CATALOG: &'static str = "pg_foreign_data_wrapper";
    const ACL: Option<char> = Some('F');
    const GLOBAL: bool = true;

    fn query(_version: u32) -> Option<String> {
        Some(format!(
            "SELECT w.oid, 0 AS sub, NULL::int AS position, ARRAY[w.fdwname]::text[] AS path,
                    pg_get_userbyid(w.fdwowner)::text AS owner, w.fdwacl::text[] AS acl,
                    NULLIF(w.fdwhandler, 0)::regproc::text AS handler,
                    NULLIF(w.fdwvalidator, 0)::regproc::text AS validator, COALESCE(w.fdwoptions, '{{}}') AS options
             FROM pg_foreign_data_wrapper w WHERE {}",
            not_member("pg_foreign_data_wrapper", "w.oid")
        ))
    }

    fn create(&self, cx: &Cx) -> Vec<Statement> {
        let mut text = sql!("CREATE FOREIGN DATA WRAPPER {}", cx.id.name());
        if let Some(handler) = &self.handler {
            text.push(&sql!(" HANDLER {}", handler));
        }
        if let Some(validator) = &self.validator {
            text.push(&sql!(" VALIDATOR {}", validator));
        }
        if !self.options.is_empty() {
            text.push(&sql!(" {}", foreign_options(&self.options)));
        }
        one(text)
    }

    fn alter(&self, after: &Self, cx: &Cx) -> Alteration {
        let mut text = sql!("ALTER FOREIGN DATA WRAPPER {}", cx.id.name());
        for (word, old, new) in
            [("HANDLER", &self.handler, &after.handler), ("VALIDATOR", &self.validator, &after.validator)]
        {
            if old != new {
                let none = || sql!(" NO {}", Sql::raw(word));
                text.push(&new.as_ref().map_or_else(none, |name| sql!(" {} {}", Sql::raw(word), name)));
            }
        }
        if let Some(options) = alter_foreign_options(&self.options, &after.options) {
            text.push(&sql!(" {}", options));
        }
        Alteration::in_place(one(text))
    }

    fn grantable(&self, id: &Id) -> Option<Sql> {
        Some(self.designation(id))
    }
}
