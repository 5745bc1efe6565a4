//! Tables, partitioned tables and foreign tables: <https://www.postgresql.org/docs/current/sql-createtable.html>.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::composite::grows_into;
use super::options::{USER_SCHEMA, alter_foreign_options, foreign_options, not_member, parameters, set_and_reset};
use super::{Alteration, Body, Cx, Id, Kind, Parts, Tag, dotted, relation_slot, type_slot};
use crate::catalog::Catalog;
use crate::name::Name;
use crate::sql;
use crate::sql::Sql;
use crate::statement::{Danger, Statement, one};

pub mod rows;

/// A table without its columns and constraints, which are objects of their own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// `r` ordinary, `p` partitioned, `f` foreign.
    pub form: String,
    /// Not written to the log.
    pub unlogged: bool,
    /// `RANGE (a, b)`, for partitioned tables.
    pub partition_key: Option<Sql>,
    /// The columns that its partition key reads, with their types, which can never change.
    #[serde(default)]
    pub key_types: BTreeMap<Name, Sql>,
    /// Storage parameters, those of its TOAST table with the prefix `toast.`.
    pub options: Vec<String>,
    /// Where it is stored, if not in the default tablespace.
    pub tablespace: Option<Name>,
    /// Its access method, if not the default one.
    pub access_method: Option<Name>,
    /// `d` default, `n` nothing, `f` full, `i` the index that says so.
    pub replica_identity: String,
    /// Row security is on.
    pub row_security: bool,
    /// And for its owner too.
    pub force_row_security: bool,
    /// Its columns in order, where that is the order of the type that it is made of.
    #[serde(default)]
    pub type_order: Option<Vec<Name>>,
    /// The foreign server.
    pub server: Option<Name>,
    /// Options for the foreign server.
    pub foreign_options: Vec<String>,
}

impl Table {
    /// One of this form about which there is nothing to say.
    pub fn plain(form: &str) -> Table {
        Table {
            form: form.to_owned(),
            unlogged: false,
            partition_key: None,
            key_types: BTreeMap::new(),
            options: Vec::new(),
            tablespace: None,
            access_method: None,
            replica_identity: "d".into(),
            row_security: false,
            force_row_security: false,
            type_order: None,
            server: None,
            foreign_options: Vec::new(),
        }
    }

    fn word(&self) -> &'static str {
        if self.form == "f" { "FOREIGN TABLE" } else { "TABLE" }
    }

    /// The type that it is made of, where that is part of the statement.
    fn of_type(cx: &Cx) -> Option<Sql> {
        let types = cx.members.iter().filter_map(|id| match &cx.after.get(id)?.body {
            Body::OfType(of_type) => Some(dotted(&of_type.r#type)),
            _ => None,
        });
        types.last()
    }

    /// The lines between the parentheses, and the parents that stand behind them.
    fn lines(&self, cx: &Cx) -> (Vec<Sql>, Vec<Sql>) {
        let of_type = Self::of_type(cx);
        let find = |id: &Id| cx.after.get(id).map(|object| (id.clone(), object));
        let members: Vec<_> = cx.members.iter().filter_map(|id| find(id)).collect();
        let mut lines: Vec<_> =
            members.iter().filter(|(_, object)| matches!(object.body, Body::Inheritance(_))).collect();
        lines.sort_by_key(|(_, object)| object.position);
        let parents: Vec<Sql> = lines.iter().map(|(id, _)| dotted(&id.path[2..])).collect();
        let own = |object: &crate::catalog::Object| parents.is_empty() || !object.is_inherited();
        let mut columns: Vec<_> = members.iter().filter(|(_, object)| own(object)).collect();
        columns.sort_by_key(|(_, object)| object.position);
        let column_lines = columns.iter().filter_map(|(id, object)| match &object.body {
            Body::Column(column) if of_type.is_none() => Some(column.definition(id, cx)),
            Body::Column(column) => column.typed_definition(id, cx),
            _ => None,
        });
        let constraint_lines = columns.iter().filter_map(|(id, object)| match &object.body {
            Body::Constraint(constraint) => Some(constraint.inline(id)),
            _ => None,
        });
        (column_lines.collect::<Vec<_>>().into_iter().chain(constraint_lines).collect(), parents)
    }
}

impl Kind for Table {
    const WORD: &'static str = "table";
    const CATALOG: &'static str = "pg_class";
    const ACL: Option<char> = Some('r');

    fn query(_version: u32) -> Option<String> {
        Some(format!(
            "SELECT c.oid, 0 AS sub, NULL::int AS position, ARRAY[n.nspname, c.relname]::text[] AS path,
                    pg_get_userbyid(c.relowner)::text AS owner, c.relacl::text[] AS acl,
                    c.relkind::text AS form, c.relpersistence = 'u' AS unlogged,
                    CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END AS partition_key,
                    COALESCE((SELECT json_object_agg(a.attname, concat(format_type(a.atttypid, a.atttypmod),
                                CASE WHEN a.attcollation <> y.typcollation THEN ' COLLATE ' || a.attcollation::regcollation END))
                              FROM pg_depend k JOIN pg_type y ON true JOIN pg_attribute a ON y.oid = a.atttypid AND a.attrelid = k.objid AND a.attnum = k.objsubid
                              WHERE k.classid = 'pg_class'::regclass AND k.objid = c.oid AND k.deptype = 'i'
                              AND k.refclassid = 'pg_class'::regclass AND k.refobjid = c.oid), '{{}}') AS key_types,
                    COALESCE(c.reloptions, '{{}}') ||
                      COALESCE((SELECT array_agg('toast.' || o) FROM unnest(t.reloptions) o), '{{}}') AS options,
                    (SELECT s.spcname FROM pg_tablespace s WHERE s.oid = c.reltablespace) AS tablespace,
                    CASE WHEN c.relkind = 'p' OR am.amname <> current_setting('default_table_access_method') THEN am.amname END
                      AS access_method,
                    c.relreplident::text AS replica_identity, c.relrowsecurity AS row_security,
                    c.relforcerowsecurity AS force_row_security,
                    CASE WHEN c.reloftype <> 0 THEN
                      (SELECT json_agg(a.attname ORDER BY a.attnum) FROM pg_attribute a
                       WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) END AS type_order,
                    fs.srvname AS server, COALESCE(ft.ftoptions, '{{}}') AS foreign_options
             FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
             LEFT JOIN pg_class t ON t.oid = c.reltoastrelid AND t.reloptions IS NOT NULL
             LEFT JOIN pg_am am ON am.oid = c.relam
             LEFT JOIN pg_foreign_table ft ON ft.ftrelid = c.oid LEFT JOIN pg_foreign_server fs ON fs.oid = ft.ftserver
             WHERE c.relkind IN ('r', 'p', 'f') AND c.relpersistence <> 't' AND {USER_SCHEMA} AND {}",
            not_member("pg_class", "c.oid")
        ))
    }

    fn create(&self, cx: &Cx) -> Vec<Statement> {
        let name = dotted(&cx.id.path);
        let (lines, parents) = self.lines(cx);
        let mut text =
            sql!("CREATE {}{} {}", Sql::raw(if self.unlogged { "UNLOGGED " } else { "" }), Sql::raw(self.word()), name);
        let of_type = Self::of_type(cx);
        if let Some(of_type) = &of_type {
            text.push(&sql!(" OF {}", of_type));
        }
        if !lines.is_empty() || of_type.is_none() {
            let end = Sql::raw(if lines.is_empty() { "" } else { "\n" });
            let lines = lines.iter().map(|line| sql!("\n    {}", line));
            text.push(&sql!(" ({}{})", Sql::join(lines, ","), end));
        }
        let mut clause = |part: Sql| text.push(&sql!("\n{}", part));
        if !parents.is_empty() {
            clause(sql!("INHERITS ({})", Sql::join(parents, ", ")));
        }
        if let Some(key) = &self.partition_key {
            clause(sql!("PARTITION BY {}", key));
        }
        if let Some(method) = &self.access_method {
            clause(sql!("USING {}", method));
        }
        if !self.options.is_empty() {
            clause(sql!("WITH ({})", parameters(&self.options)));
        }
        if let Some(tablespace) = &self.tablespace {
            clause(sql!("TABLESPACE {}", tablespace));
        }
        if let Some(server) = &self.server {
            clause(sql!("SERVER {}", server));
            if !self.foreign_options.is_empty() {
                clause(foreign_options(&self.foreign_options));
            }
        }
        let mut statements = one(text);
        statements.extend(self.switches(None, &name));
        let extras = cx.members.iter().filter_map(|id| match &cx.after.get(id)?.body {
            Body::Column(column) => Some(column.extras(id)),
            Body::Constraint(constraint) => Some(constraint.extras(None, &Cx { id, ..*cx })),
            _ => None,
        });
        statements.extend(extras.flatten());
        statements
    }

    fn drop(&self, cx: &Cx) -> Vec<Statement> {
        let statement = Statement::new(sql!("DROP {}", self.designation(cx.id)));
        let stays = |line: &Id| cx.after.has(&line.prefix(Tag::Table, 2));
        let (table, lines) = (dotted(&cx.id.path), cx.before.heirs_of(&cx.id.path));
        let rows = || Some(sql!("SELECT count(*) FROM {}", table));
        vec![match self.form.as_str() {
            "f" => statement,
            // The rows are those of partitions, which have left by then.
            "p" if lines.iter().all(stays) => match cx.after.has(cx.id) && lines.iter().any(|line| !cx.after.has(line))
            {
                true => {
                    let why = format!("the rows of {table} stay in partitions that are none of the new one");
                    statement.hazard(Danger::DataLoss, why, rows())
                }
                false => statement,
            },
            _ if rows::go_over(cx.id, cx.before, cx.after) => Statement { hazards: rows::losses(cx), ..statement },
            _ if rows::go_with_whole(cx.id, cx.before, cx.after) => statement,
            _ => statement.hazard(Danger::DataLoss, format!("drops table {table} with all its rows"), rows()),
        }]
    }

    fn alter(&self, after: &Self, cx: &Cx) -> Alteration {
        if self.is_made_again(after, cx.version()) {
            return Alteration::Rebuild;
        }
        let name = sql!("{} {}", Sql::raw(self.word()), dotted(&cx.id.path));
        let mut statements: Vec<Statement> = Vec::new();
        let alter = |action: Sql| Statement::new(sql!("ALTER {} {}", name, action));
        // What is partitioned has no rows of its own.
        let rewrite = |action: Sql| match self.form.as_str() {
            "p" => alter(action),
            _ => alter(action).hazard(Danger::Rewrite, format!("every row of {} is written anew", cx.id.name()), None),
        };
        // What serves as a catalog is not written anew.
        let (set, reset): (Vec<Sql>, Vec<Sql>) =
            set_and_reset(&self.options, &after.options).into_iter().partition(|act| act.as_str().starts_with("SET"));
        statements.extend(reset.into_iter().map(alter));
        if self.unlogged != after.unlogged {
            statements.push(rewrite(Sql::raw(if after.unlogged { "SET UNLOGGED" } else { "SET LOGGED" })));
        }
        if self.tablespace != after.tablespace {
            statements.push(rewrite(sql!("SET TABLESPACE {}", cx.tablespace(&after.tablespace))));
        }
        if self.access_method != after.access_method {
            let standard = Sql::raw(if self.form == "p" { "DEFAULT" } else { "heap" });
            let to = after.access_method.as_ref().map_or(standard, |method| sql!("{}", method));
            statements.push(rewrite(sql!("SET ACCESS METHOD {}", to)));
        }
        statements.extend(set.into_iter().map(alter));
        let options = alter_foreign_options(&self.foreign_options, &after.foreign_options);
        statements.extend(options.map(alter));
        statements.extend(after.switches(Some(self), &dotted(&cx.id.path)));
        Alteration::in_place(statements)
    }

    fn designation(&self, id: &Id) -> Sql {
        sql!("{} {}", Sql::raw(self.word()), dotted(&id.path))
    }

    fn grantable(&self, id: &Id) -> Option<Sql> {
        Some(sql!("TABLE {}", dotted(&id.path)))
    }

    /// There is a TOAST table as soon as a column may need one.
    fn after_parts(&self, id: &Id) -> Vec<Parts> {
        let toast = self.options.iter().any(|option| option.starts_with("toast."));
        toast.then(|| (Tag::Column, id.path.to_vec())).into_iter().collect()
    }

    fn slots(&self, id: &Id) -> Vec<String> {
        vec![relation_slot(&id.part(0), &id.part(1)), type_slot(&id.part(0), &id.part(1))]
    }
}

impl Table {
    /// The table of this id.
    pub fn of<'a>(id: &Id, catalog: &'a Catalog) -> Option<&'a Table> {
        match &catalog.get(id)?.body {
            Body::Table(table) => Some(table),
            _ => None,
        }
    }

    /// Whether no statement makes this of the table that it is to be.
    pub fn is_made_again(&self, after: &Table, version: u32) -> bool {
        self.form != after.form
            || (&self.partition_key, &self.key_types) != (&after.partition_key, &after.key_types)
            || self.server != after.server
            || matches!((&self.type_order, &after.type_order), (Some(old), Some(new)) if !grows_into(old, new))
            || (self.access_method != after.access_method && version < 150_000)
            // The server says yes to it, and does nothing.
            || self.form == "p" && self.unlogged != after.unlogged && version < 180_000
    }

    /// Row security and replica identity, which `CREATE TABLE` cannot say.
    fn switches(&self, before: Option<&Table>, name: &Sql) -> Vec<Statement> {
        let mut out = Vec::new();
        let mut act = |action: &'static str| out.push(sql!("ALTER TABLE {} {}", name, Sql::raw(action)).into());
        if self.row_security != before.is_some_and(|table| table.row_security) {
            act(if self.row_security { "ENABLE ROW LEVEL SECURITY" } else { "DISABLE ROW LEVEL SECURITY" });
        }
        if self.force_row_security != before.is_some_and(|table| table.force_row_security) {
            act(if self.force_row_security { "FORCE ROW LEVEL SECURITY" } else { "NO FORCE ROW LEVEL SECURITY" });
        }
        if self.form != "f" {
            let old = before.map_or("d", |table| table.replica_identity.as_str());
            out.extend(identify(old, &self.replica_identity, name));
        }
        out
    }
}

/// What changes the `relreplident` of a table or materialized view.
pub fn identify(before: &str, after: &str, name: &Sql) -> Option<Statement> {
    let identity = match after {
        _ if before == after => return None,
        "n" => "NOTHING",
        "f" => "FULL",
        "d" => "DEFAULT",
        _ => return None, // the index says it
    };
    Some(sql!("ALTER TABLE {} REPLICA IDENTITY {}", name, Sql::raw(identity)).into())
}

/// Whether the columns of a table, of which new ones come last, come to stand in the order that they have `after`.
pub fn keeps_order(table: &[Name], before: &Catalog, after: &Catalog) -> bool {
    let [before, after] =
        [before, after].map(|side| side.columns_of(table).into_iter().map(|(id, _)| id.name()).collect::<Vec<_>>());
    grows_into(&before, &after)
}

/// Where a query finds the rows of a table without those of its heirs.
pub fn own_rows(table: &[Name], all: &Catalog) -> Sql {
    let only = Sql::raw(if all.has_heirs(table) && !all.is_partitioned(table) { "ONLY " } else { "" });
    sql!("{}{}", only, dotted(table))
}

/// The id of the table that an id below it (column, constraint, index, …) belongs to.
pub fn of(id: &Id) -> Id {
    id.prefix(Tag::Table, 2)
}
