//! Row security policies: <https://www.postgresql.org/docs/current/sql-createpolicy.html>.

use serde::{Deserialize, Serialize};

use super::options::{USER_SCHEMA, not_member};
use super::{Alteration, Cx, Id, Kind};
use crate::name::Name;
use crate::sql;
use crate::sql::Sql;
use crate::statement::{Statement, one};

/// A policy of a table; its path is schema, table, name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// `ALL`, `SELECT`, `INSERT`, `UPDATE` or `DELETE`.
    pub command: String,
    /// Widens what is allowed, or else narrows it.
    pub permissive: bool,
    /// The roles it is for; none for everybody.
    pub roles: Vec<Name>,
    /// Which rows are seen.
    pub using: Option<Sql>,
    /// Which rows may be written.
    pub check: Option<Sql>,
}

impl Policy {
    fn roles(&self) -> Sql {
        if self.roles.is_empty() { Sql::raw("PUBLIC") } else { Sql::join(&self.roles, ", ") }
    }

    fn expressions(&self) -> Sql {
        let mut text = Sql::default();
        if let Some(using) = &self.using {
            text.push(&sql!("\n    USING ({})", using));
        }
        if let Some(check) = &self.check {
            text.push(&sql!("\n    WITH CHECK ({})", check));
        }
        text
    }
}

impl Kind for Policy {
    const WORD: &'static str = "policy";
    const CATALOG: &'static str = "pg_policy";

    fn query(_version: u32) -> Option<String> {
        Some(format!(
            "SELECT p.oid, 0 AS sub, NULL::int AS position, ARRAY[n.nspname, c.relname, p.polname]::text[] AS path,
                    NULL::text AS owner, NULL::text[] AS acl,
                    CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE'
                                  WHEN 'd' THEN 'DELETE' ELSE 'ALL' END AS command,
                    p.polpermissive AS permissive,
                    COALESCE((SELECT array_agg(r.rolname ORDER BY r.rolname)
                              FROM pg_roles r WHERE r.oid = ANY (p.polroles)), '{{}}') AS roles,
                    pg_get_expr(p.polqual, p.polrelid) AS using, pg_get_expr(p.polwithcheck, p.polrelid) AS check
             FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE {USER_SCHEMA} AND {}",
            not_member("pg_class", "c.oid")
        ))
    }

    fn create(&self, cx: &Cx) -> Vec<Statement> {
        let mut text = sql!("CREATE POLICY {} ON {}", cx.id.name(), cx.id.relation());
        if !self.permissive {
            text.push(&Sql::raw(" AS RESTRICTIVE"));
        }
        if self.command != "ALL" {
            text.push(&sql!(" FOR {}", Sql::raw(self.command.as_str())));
        }
        if !self.roles.is_empty() {
            text.push(&sql!(" TO {}", self.roles()));
        }
        text.push(&self.expressions());
        one(text)
    }

    fn drop(&self, cx: &Cx) -> Vec<Statement> {
        one(sql!("DROP POLICY {} ON {}", cx.id.name(), cx.id.relation()))
    }

    fn alter(&self, after: &Self, cx: &Cx) -> Alteration {
        let loses = |old: &Option<Sql>, new: &Option<Sql>| old.is_some() && new.is_none();
        if self.command != after.command
            || self.permissive != after.permissive
            || loses(&self.using, &after.using)
            || loses(&self.check, &after.check)
        {
            return Alteration::Rebuild;
        }
        let mut text = sql!("ALTER POLICY {} ON {}", cx.id.name(), cx.id.relation());
        if self.roles != after.roles {
            text.push(&sql!(" TO {}", after.roles()));
        }
        text.push(&after.expressions());
        Alteration::in_place(one(text))
    }

    fn designation(&self, id: &Id) -> Sql {
        sql!("POLICY {} ON {}", id.name(), id.relation())
    }

    fn rename(&self, id: &Id, to: &Name) -> Option<Sql> {
        Some(sql!("ALTER POLICY {} ON {} RENAME TO {}", id.name(), id.relation(), to))
    }

    fn texts(&mut self) -> Vec<&mut Sql> {
        self.using.iter_mut().chain(self.check.iter_mut()).collect()
    }
}
