//! Materialized views: <https://www.postgresql.org/docs/current/sql-creatematerializedview.html>.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::options::{USER_SCHEMA, not_member, parameters, set_and_reset};
use super::table::identify;
use super::tuning::Tuning;
use super::view::{COLUMNS, named};
use super::{Alteration, Body, Cx, Id, Incidental, Kind, Tag, dotted, relation_slot, type_slot};
use crate::catalog::{Catalog, Need};
use crate::name::Name;
use crate::sql;
use crate::sql::Sql;
use crate::sql::token::{Token, tokens};
use crate::statement::{Statement, one};

/// A materialized view.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MaterializedView {
    /// Its query, without the closing semicolon.
    pub query: Sql,
    /// Names and types of its columns.
    pub columns: Vec<(Name, Sql)>,
    /// How columns are stored, where it was set.
    #[serde(default)]
    pub tunings: BTreeMap<Name, Tuning>,
    /// Storage parameters.
    pub options: Vec<String>,
    /// Where it is stored, if not in the default tablespace.
    pub tablespace: Option<Name>,
    /// Its access method, if not the default one.
    pub access_method: Option<Name>,
    /// Which values of a row are written for replication, as in `pg_class`: `d` the key's, `f` all, `n` none, `i` an index's.
    #[serde(default = "by_key")]
    pub replica_identity: String,
    /// Whether it is filled: data.
    #[serde(default)]
    pub filled: Incidental<bool>,
}

fn by_key() -> String {
    "d".to_owned()
}

impl MaterializedView {
    /// Whether a column has values of this type, or rows of this table.
    pub fn holds(&self, of: &Id) -> bool {
        let name = dotted(&of.path);
        self.columns.iter().any(|(_, r#type)| r#type.as_str().trim_end_matches("[]") == name.as_str())
    }
}

impl Kind for MaterializedView {
    const WORD: &'static str = "materialized view";
    const CATALOG: &'static str = "pg_class";
    const ACL: Option<char> = Some('r');

    fn query(version: u32) -> Option<String> {
        let tuning = Tuning::fields(version);
        Some(format!(
            "SELECT c.oid, 0 AS sub, NULL::int AS position, ARRAY[n.nspname, c.relname]::text[] AS path,
                    pg_get_userbyid(c.relowner)::text AS owner, c.relacl::text[] AS acl,
                    rtrim(pg_get_viewdef(c.oid), ';') AS query, {COLUMNS} AS columns,
                    COALESCE((SELECT json_object_agg(x.attname, to_json(x)) FROM
                      (SELECT a.attname, {tuning} FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
                       WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) x
                      WHERE num_nonnulls(x.storage, x.compression, x.statistics) > 0 OR x.options <> '{{}}'), '{{}}')
                      AS tunings,
                    COALESCE(c.reloptions, '{{}}') AS options,
                    (SELECT s.spcname FROM pg_tablespace s WHERE s.oid = c.reltablespace) AS tablespace,
                    CASE WHEN am.amname <> current_setting('default_table_access_method') THEN am.amname END
                      AS access_method, c.relreplident::text AS replica_identity, c.relispopulated AS filled
             FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_am am ON am.oid = c.relam
             WHERE c.relkind = 'm' AND {USER_SCHEMA} AND {}",
            not_member("pg_class", "c.oid")
        ))
    }

    fn create(&self, cx: &Cx) -> Vec<Statement> {
        let (name, query) = named(cx.id, &self.query, &self.columns);
        let mut text = sql!("CREATE MATERIALIZED VIEW {}", name);
        if let Some(method) = &self.access_method {
            text.push(&sql!(" USING {}", method));
        }
        if !self.options.is_empty() {
            text.push(&sql!(" WITH ({})", parameters(&self.options)));
        }
        if let Some(tablespace) = &self.tablespace {
            text.push(&sql!(" TABLESPACE {}", tablespace));
        }
        text.push(&sql!(" AS\n{}", query));
        if !is_readable(cx.id, cx, &mut BTreeSet::new()) {
            text.push(&Sql::raw("\nWITH NO DATA"));
        }
        let mut out = one(text);
        out.extend(self.tune(&BTreeMap::new(), cx.id));
        out.extend(identify("d", &self.replica_identity, &dotted(&cx.id.path)));
        out
    }

    fn alter(&self, after: &Self, cx: &Cx) -> Alteration {
        if self.query != after.query || self.columns != after.columns || self.access_method != after.access_method {
            return Alteration::Rebuild;
        }
        let mut actions = set_and_reset(&self.options, &after.options);
        if self.tablespace != after.tablespace {
            actions.push(sql!("SET TABLESPACE {}", cx.tablespace(&after.tablespace)));
        }
        let view = self.designation(cx.id);
        let mut out: Vec<Statement> =
            actions.into_iter().map(|action| sql!("ALTER {} {}", view, action).into()).collect();
        out.extend(after.tune(&self.tunings, cx.id));
        out.extend(identify(&self.replica_identity, &after.replica_identity, &dotted(&cx.id.path)));
        Alteration::in_place(out)
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

/// The path of the materialized view that a statement makes, and the statement where it is to make it without rows; `None` for
/// other statements.
pub fn without_rows(statement: &str) -> Option<(Vec<Name>, Option<String>)> {
    let code = || tokens(statement).filter(Token::is_code);
    let mut next = code();
    if !["CREATE", "MATERIALIZED", "VIEW"].iter().all(|word| next.next().is_some_and(|token| token.is_word(word))) {
        return None;
    }
    let mut next = next.skip_while(|token| ["IF", "NOT", "EXISTS"].iter().any(|word| token.is_word(word)));
    let mut path = vec![next.next()?.name()?];
    if next.next()?.is_punct(".") {
        path.push(next.next()?.name()?);
    }
    let words: Vec<Token> = code().collect();
    let end = |words: &[Token], end: &[&str]| {
        let tail = words.len().checked_sub(end.len()).map(|at| &words[at..]);
        tail.is_some_and(|tail| tail.iter().zip(end).all(|(token, word)| token.is_word(word)))
    };
    let filling = match () {
        () if end(&words, &["WITH", "NO", "DATA"]) => None,
        () if end(&words, &["WITH", "DATA"]) => Some(&statement[..words[words.len() - 2].start]),
        () => Some(statement),
    };
    Some((path, filling.map(|text| format!("{text}\nWITH NO DATA"))))
}

/// Whether a relation can be read afterwards, or a function called: a materialized view that was filled, or is to be, where all that
/// it reads is.
fn is_readable(id: &Id, cx: &Cx, seen: &mut BTreeSet<Id>) -> bool {
    let filled = |catalog: &Catalog, id: &Id| match catalog.get(id).map(|object| &object.body) {
        Some(Body::MaterializedView(view)) => view.filled.0,
        _ => false,
    };
    let was = filled(cx.before, id) && reads_nothing_new(id, cx, &mut BTreeSet::new());
    let stays_empty = |id: &Id| match (cx.before.get(id), cx.after.get(id)) {
        (Some(old), Some(new)) => id.tag == Tag::MaterializedView && old.body == new.body && !filled(cx.before, id),
        _ => false,
    };
    let mut needs = cx.after.needs(id).filter(|need| is_read(need)).map(|need| &need.id);
    (id.tag != Tag::MaterializedView || was || filled(cx.after, id))
        && needs.all(|id| !seen.insert(id.clone()) || !stays_empty(id) && is_readable(id, cx, seen))
}

/// Whether all that it reads, and those read, was there before.
fn reads_nothing_new(id: &Id, cx: &Cx, seen: &mut BTreeSet<Id>) -> bool {
    let mut needs = cx.after.needs(id);
    needs.all(|need| {
        let goes_on = is_read(need) && seen.insert(need.id.clone());
        cx.before.has(&need.id) && (!goes_on || reads_nothing_new(&need.id, cx, seen))
    })
}

fn is_read(need: &Need) -> bool {
    matches!(need.id.tag, Tag::View | Tag::MaterializedView | Tag::Function)
}

impl MaterializedView {
    /// Brings the settings of columns to this one's.
    fn tune(&self, before: &BTreeMap<Name, Tuning>, id: &Id) -> Vec<Statement> {
        let view = self.designation(id);
        let standard = |old: &Tuning| Tuning { type_storage: old.type_storage.clone(), ..Tuning::default() };
        let gone = before.iter().filter(|(column, _)| !self.tunings.contains_key(*column));
        let gone = gone.map(|(column, old)| (column, standard(old)));
        let set = self.tunings.iter().map(|(column, new)| (column, new.clone()));
        let all = gone
            .chain(set)
            .flat_map(|(column, new)| new.actions(before.get(column)).into_iter().map(move |action| (column, action)));
        all.map(|(column, action)| sql!("ALTER {} ALTER COLUMN {} {}", view, column, action).into()).collect()
    }
}
