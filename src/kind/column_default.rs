//! Defaults of columns, of tables and of views: objects of their own, because they need other objects than the column does.

use serde::{Deserialize, Serialize};

use super::column::column_of;
use super::inheritance::in_table;
use super::options::{USER_SCHEMA, not_member};
use super::sequence::{Counter, identity_instead};
use super::{Alteration, Body, Cx, Id, Kind, Tag, dotted};
use crate::catalog::{Catalog, Need};
use crate::name::Name;
use crate::sql;
use crate::sql::Sql;
use crate::statement::{Statement, one};

/// `DEFAULT expression`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnDefault {
    /// The expression.
    pub expression: Sql,
}

fn alter_column(cx: &Cx, action: &Sql) -> Sql {
    let only = Sql::raw(if reaches_heirs(cx.id, cx.before, cx.after) { "" } else { "ONLY " });
    sql!("ALTER TABLE {}{} ALTER COLUMN {} {}", only, cx.id.relation(), cx.id.name(), action)
}

/// Whether all heirs and partitions of the table, at any depth, are to have the same default: the server gives it to those that
/// are there.
pub fn reaches_heirs(id: &Id, before: &Catalog, after: &Catalog) -> bool {
    let default = |id: &Id| after.get(id).map(|object| &object.body);
    let is_computed = |side: &Catalog, column: &Id| {
        column_of(side, column).is_some_and(|column| column.generated.is_some() || column.identity.is_some())
    };
    let takes = |line: &&Id| {
        let own = in_table(id, &line.path);
        let column = Id { tag: Tag::Column, path: own.path.clone() };
        !after.has(&line.prefix(Tag::Table, 2))
            || default(&own) == default(id) && ![before, after].iter().any(|side| is_computed(side, &column))
    };
    let table = &id.path[..2];
    [before, after].iter().all(|side| side.descent_of(table).iter().all(takes))
}

impl Kind for ColumnDefault {
    const WORD: &'static str = "column default";
    const CATALOG: &'static str = "pg_attrdef";

    fn query(_version: u32) -> Option<String> {
        Some(format!(
            "SELECT x.oid, 0 AS sub, NULL::int AS position, ARRAY[n.nspname, c.relname, a.attname]::text[] AS path,
                    NULL::text AS owner, NULL::text[] AS acl, pg_get_expr(x.adbin, x.adrelid) AS expression
             FROM pg_attrdef x JOIN pg_class c ON c.oid = x.adrelid JOIN pg_namespace n ON n.oid = c.relnamespace
             JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = x.adnum
             WHERE a.attgenerated = '' AND c.relkind IN ('r', 'p', 'f', 'v') AND c.relpersistence <> 't'
               AND {USER_SCHEMA} AND {}",
            not_member("pg_class", "c.oid")
        ))
    }

    fn create(&self, cx: &Cx) -> Vec<Statement> {
        self.set(None, cx)
    }

    fn drop(&self, cx: &Cx) -> Vec<Statement> {
        one(alter_column(cx, &Sql::raw("DROP DEFAULT")))
    }

    fn alter(&self, after: &Self, cx: &Cx) -> Alteration {
        let sequence = |need: &Need| match &cx.before.get(&need.id)?.body {
            Body::Sequence(sequence) => Some((dotted(&need.id.path), sequence.counter.clone())),
            _ => None,
        };
        Alteration::in_place(after.set(cx.before.needs(cx.id).find_map(sequence), cx))
    }

    fn designation(&self, id: &Id) -> Sql {
        sql!("COLUMN {}", dotted(&id.path))
    }

    fn rename(&self, _id: &Id, _to: &Name) -> Option<Sql> {
        None
    }

    fn needs(&self, id: &Id, all: &Catalog) -> Vec<Need> {
        let column = Id { tag: Tag::Column, path: id.path.clone() };
        let holder = if all.has(&column) { column } else { id.prefix(Tag::View, 2) };
        vec![Need::auto(holder)]
    }

    fn texts(&mut self) -> Vec<&mut Sql> {
        vec![&mut self.expression]
    }
}

impl ColumnDefault {
    /// A new sequence goes on from where the `old` one is that the column had, or behind its values.
    fn set(&self, old: Option<(Sql, Counter)>, cx: &Cx) -> Vec<Statement> {
        let mut out = one(alter_column(cx, &sql!("SET DEFAULT {}", self.expression)));
        let column = Id { tag: Tag::Column, path: cx.id.path.clone() };
        let needs = cx.after.needs(cx.id);
        let is_new = |id: &Id| !cx.before.has(id) && identity_instead(id, cx.after, cx.before).is_none();
        for need in needs.filter(|need| cx.before.has(&column) && is_new(&need.id)) {
            if let Some(Body::Sequence(sequence)) = cx.after.get(&need.id).map(|object| &object.body) {
                let (name, counter) = (need.id.relation(), &sequence.counter);
                out.extend(match old.as_ref().filter(|(_, old)| old.runs_with(counter)) {
                    Some((old, _)) => Some(counter.go_on_from(old, &name)),
                    None => counter.go_on(&name, &column, cx.after),
                });
            }
        }
        out
    }
}
