//! Views: <https://www.postgresql.org/docs/current/sql-createview.html>.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::options::{USER_SCHEMA, collate, not_member, parameters};
use super::{Alteration, Cx, Id, Kind, dotted, relation_slot, type_slot};
use crate::name::Name;
use crate::sql;
use crate::sql::Sql;
use crate::sql::token::{Token, tokens};
use crate::statement::{Statement, one};

/// A view.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct View {
    /// Its query, as the server deparses it, without the closing semicolon.
    pub query: Sql,
    /// Names and types of its columns.
    pub columns: Vec<(Name, Sql)>,
    /// Their collations, where they are not those of the types.
    #[serde(default)]
    pub collations: BTreeMap<Name, Sql>,
    /// `security_barrier=…`, `check_option=…`, ….
    pub options: Vec<String>,
}

/// The columns of the relation `c` as pairs of name and type.
pub const COLUMNS: &str = "COALESCE((SELECT json_agg(json_build_array(a.attname, \
     format_type(a.atttypid, a.atttypmod)) ORDER BY a.attnum) FROM pg_attribute a \
     WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped), '[]')";

impl Kind for View {
    const WORD: &'static str = "view";
    const CATALOG: &'static str = "pg_class";
    const ACL: Option<char> = Some('r');

    fn query(_version: u32) -> Option<String> {
        Some(format!(
            "SELECT c.oid, 0 AS sub, NULL::int AS position, ARRAY[n.nspname, c.relname]::text[] AS path,
                    pg_get_userbyid(c.relowner)::text AS owner, c.relacl::text[] AS acl,
                    rtrim(pg_get_viewdef(c.oid), ';') AS query, {COLUMNS} AS columns,
                    COALESCE((SELECT json_object_agg(a.attname, a.attcollation::regcollation::text)
                              FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
                              WHERE a.attrelid = c.oid AND a.attcollation <> t.typcollation), '{{}}') AS collations,
                    COALESCE(c.reloptions, '{{}}') AS options
             FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE c.relkind = 'v' AND c.relpersistence <> 't' AND {USER_SCHEMA} AND {}",
            not_member("pg_class", "c.oid")
        ))
    }

    fn create(&self, cx: &Cx) -> Vec<Statement> {
        one(self.text("CREATE VIEW", cx.id))
    }

    fn alter(&self, after: &Self, cx: &Cx) -> Alteration {
        let keeps = |(name, _): &(Name, Sql)| self.collations.get(name) == after.collations.get(name);
        if !after.columns.starts_with(&self.columns) || !self.columns.iter().all(keeps) {
            return Alteration::Rebuild;
        }
        let mut out = one(after.text("CREATE OR REPLACE VIEW", cx.id));
        let needs = |id: &Id, needed: &Id| cx.after.needs(id).any(|need| need.id == *needed);
        // A function that it reads returns as many columns as it has itself.
        if self.columns != after.columns && cx.after.needs(cx.id).any(|need| needs(&need.id, cx.id)) {
            out.splice(0..0, after.outline(cx.id).map(Statement::new));
        }
        Alteration::in_place(out)
    }

    /// Its columns, without rows or values.
    fn outline(&self, id: &Id) -> Option<Sql> {
        let column = |(name, r#type): &(Name, Sql)| {
            sql!("\n    NULL::{}{} AS {}", r#type, collate(self.collations.get(name)), name)
        };
        let columns = self.columns.iter().map(column);
        Some(sql!("CREATE OR REPLACE VIEW {} AS\n SELECT{}", dotted(&id.path), Sql::join(columns, ",")))
    }

    fn grantable(&self, id: &Id) -> Option<Sql> {
        Some(sql!("TABLE {}", dotted(&id.path)))
    }

    fn slots(&self, id: &Id) -> Vec<String> {
        vec![relation_slot(&id.part(0), &id.part(1)), type_slot(&id.part(0), &id.part(1))]
    }

    fn texts(&mut self) -> Vec<&mut Sql> {
        vec![&mut self.query]
    }
}

impl View {
    fn text(&self, verb: &str, id: &Id) -> Sql {
        let (name, query) = named(id, &self.query, &self.columns);
        let mut head = sql!("{} {}", Sql::raw(verb), name);
        if !self.options.is_empty() {
            head.push(&sql!(" WITH ({})", parameters(&self.options)));
        }
        sql!("{} AS\n{}", head, query)
    }
}

/// The name of a view, with its columns where its query cannot name them, and that query: of `VALUES` alone the server shows
/// a `SELECT` that it would read as another one.
pub fn named(id: &Id, query: &Sql, columns: &[(Name, Sql)]) -> (Sql, Sql) {
    let name = dotted(&id.path);
    match bare_values(query.as_str()) {
        Some(rows) => {
            let columns = Sql::join(columns.iter().map(|(name, _)| sql!("{}", name)), ", ");
            (sql!("{} ({})", name, columns), sql!("VALUES {}", Sql::raw(rows)))
        }
        None => (name, query.clone()),
    }
}

fn bare_values(query: &str) -> Option<&str> {
    let (list, rest) = query.split_once("FROM (VALUES ")?;
    let rows = rest.strip_suffix(") \"*VALUES*\"").filter(|rows| !rows.contains("\"*VALUES*\""))?;
    let listed: Vec<Token> = tokens(list).filter(Token::is_code).collect();
    let (select, items) = listed.split_first()?;
    let mut items = items.split(|token| token.is_punct(","));
    // From 18 on they are not qualified.
    let plain = |(at, item): (usize, &[Token])| {
        let item = match item {
            [values, dot, rest @ ..] if values.text == "\"*VALUES*\"" && dot.is_punct(".") => rest,
            rest => rest,
        };
        let (column, name) = (item.first(), item.get(1));
        column.is_some_and(|column| column.text == format!("column{}", at + 1))
            && name.is_none_or(|name| name.is_word("AS"))
    };
    (select.is_word("SELECT") && (0..).zip(&mut items).all(plain)).then_some(rows)
}
