//! Triggers: <https://www.postgresql.org/docs/current/sql-createtrigger.html>.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::options::{USER_SCHEMA, not_member};
use super::{Alteration, Cx, Id, Kind, Tag, dotted};
use crate::catalog::{Catalog, Need};
use crate::facet;
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
    /// Its copies on partitions, where they have another state, or a comment.
    #[serde(default)]
    pub copies: Vec<Copy>,
}

/// Schema and name of a partition, the state of its copy of a trigger, and the comment on that.
pub type Copy = (Vec<Name>, String, Option<String>);

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

/// The copies of each trigger on partitions, at any depth, whose states are not the trigger's, or that have comments.
const COPIES: &str = "WITH RECURSIVE copy AS (
       SELECT t.oid, t.tgrelid, t.tgenabled, t.tgparentid AS origin, o.tgenabled AS usual
       FROM pg_trigger t JOIN pg_trigger o ON o.oid = t.tgparentid WHERE o.tgparentid = 0 AND NOT o.tgisinternal
       UNION ALL
       SELECT t.oid, t.tgrelid, t.tgenabled, c.origin, c.usual FROM pg_trigger t JOIN copy c ON c.oid = t.tgparentid
     ), copies AS (
       SELECT t.origin, json_agg(json_build_array(json_build_array(n.nspname, c.relname), t.tgenabled, d.description)
                                 ORDER BY n.nspname, c.relname) AS states
       FROM copy t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
       LEFT JOIN pg_description d ON d.classoid = 'pg_trigger'::regclass AND d.objoid = t.oid
       WHERE t.tgenabled <> t.usual OR d.description IS NOT NULL GROUP BY t.origin
     )";

impl Trigger {
    fn is_of_rows(&self) -> bool {
        self.definition.as_str().contains(" FOR EACH ROW ")
    }

    /// The state of a trigger that was just made, and what there is to say of its copies, where those had comments before.
    fn switches(&self, there: &[Copy], id: &Id) -> Vec<Statement> {
        let own = (self.enabled != "O").then(|| switch(id, "TRIGGER", &self.enabled));
        own.into_iter().chain(self.change_copies(&self.following(there), id)).collect()
    }

    /// Copies as they are once they have followed the trigger.
    fn following(&self, there: &[Copy]) -> Vec<Copy> {
        there.iter().map(|(table, _, comment)| (table.clone(), self.enabled.clone(), comment.clone())).collect()
    }

    /// What leads from the copies that are there, of which nothing is said that have the trigger's state, to its own.
    fn change_copies(&self, there: &[Copy], id: &Id) -> Vec<Statement> {
        let of = |copies: &[Copy], table: &[Name]| {
            let copy = copies.iter().find(|copy| copy.0 == table);
            copy.map_or((self.enabled.clone(), None), |(_, enabled, comment)| (enabled.clone(), comment.clone()))
        };
        let tables: BTreeSet<&Vec<Name>> = there.iter().chain(&self.copies).map(|copy| &copy.0).collect();
        let change = |table: &Vec<Name>| {
            let ((old, was), (new, is)) = (of(there, table), of(&self.copies, table));
            let state = (old != new).then(|| switch_copy(table, id, &new));
            let comment =
                (was != is).then(|| facet::remark(&sql!("TRIGGER {} ON {}", id.name(), dotted(table)), is.as_deref()));
            state.into_iter().chain(comment)
        };
        tables.into_iter().flat_map(change).collect()
    }
}

/// Those of a partition's own partitions stay as they are.
fn switch_copy(table: &[Name], id: &Id, enabled: &str) -> Statement {
    sql!("ALTER TABLE ONLY {} {} TRIGGER {}", dotted(table), enabling(enabled), id.name()).into()
}

impl Kind for Trigger {
    const WORD: &'static str = "trigger";
    const CATALOG: &'static str = "pg_trigger";

    fn query(version: u32) -> Option<String> {
        // A partition's copy of its parent's trigger is the parent's.
        let (with, own, copies) = match version {
            130_000.. => (COPIES, "t.tgparentid = 0", "(SELECT c.states FROM copies c WHERE c.origin = t.oid)"),
            _ => ("", "true", "NULL::json"),
        };
        Some(format!(
            "{with} SELECT t.oid, 0 AS sub, NULL::int AS position, ARRAY[n.nspname, c.relname, t.tgname]::text[] AS path,
                    NULL::text AS owner, NULL::text[] AS acl, pg_get_triggerdef(t.oid) AS definition,
                    t.tgenabled::text AS enabled, COALESCE({copies}, '[]') AS copies
             FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE NOT t.tgisinternal AND {own} AND {USER_SCHEMA} AND {}",
            not_member("pg_trigger", "t.oid")
        ))
    }

    fn create(&self, cx: &Cx) -> Vec<Statement> {
        one(self.definition.clone()).into_iter().chain(self.switches(&[], cx.id)).collect()
    }

    fn drop(&self, cx: &Cx) -> Vec<Statement> {
        one(sql!("DROP TRIGGER {} ON {}", cx.id.name(), cx.id.relation()))
    }

    fn alter(&self, after: &Self, cx: &Cx) -> Alteration {
        let lines = cx.after.descent_of(&cx.id.path[..2]);
        let there: Vec<Copy> =
            self.copies.iter().filter(|copy| lines.iter().any(|line| line.path[..2] == copy.0[..])).cloned().collect();
        if self.definition == after.definition {
            if self.enabled != after.enabled {
                // All copies follow.
                let all = switch(cx.id, "TRIGGER", &after.enabled);
                let copies = after.change_copies(&after.following(&there), cx.id);
                return Alteration::in_place([all].into_iter().chain(copies).collect());
            }
            return Alteration::in_place(after.change_copies(&there, cx.id));
        }
        // Those of constraints cannot be replaced.
        let [Some(_), Some(rest)] =
            [self, after].map(|trigger| trigger.definition.as_str().strip_prefix("CREATE TRIGGER "))
        else {
            return Alteration::Rebuild;
        };
        // The copies on partitions, of rows alone, would stay.
        let divided = self.is_of_rows() != after.is_of_rows() && cx.before.is_partitioned(&cx.id.path[..2]);
        if cx.version() < 140_000 || divided {
            return Alteration::Rebuild;
        }
        // The successor is enabled.
        let replaced = one(Sql::raw(format!("CREATE OR REPLACE TRIGGER {rest}")));
        Alteration::in_place(replaced.into_iter().chain(after.switches(&there, cx.id)).collect())
    }

    fn designation(&self, id: &Id) -> Sql {
        sql!("TRIGGER {} ON {}", id.name(), id.relation())
    }

    fn rename(&self, id: &Id, to: &Name) -> Option<Sql> {
        Some(sql!("ALTER TRIGGER {} ON {} RENAME TO {}", id.name(), id.relation(), to))
    }

    /// The partitions whose copies have states of their own have to be there, with theirs, which would get these.
    fn needs(&self, _id: &Id, all: &Catalog) -> Vec<Need> {
        let own = self.copies.iter().flat_map(|(table, ..)| all.below(Tag::Inheritance, table)).map(|(line, _)| line);
        own.flat_map(|line| [line].into_iter().chain(all.descent_of(&line.path[..2])))
            .cloned()
            .map(Need::normal)
            .collect()
    }

    fn texts(&mut self) -> Vec<&mut Sql> {
        vec![&mut self.definition]
    }
}
