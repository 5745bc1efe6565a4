//! Indexes that no constraint made: <https://www.postgresql.org/docs/current/sql-createindex.html>.

use serde::{Deserialize, Serialize};

use super::constraint::text::{duplicates, lists, names, split_at_word};
use super::options::{USER_SCHEMA, not_member, set_and_reset};
use super::retype::{keeps_types, stays};
use super::table::own_rows;
use super::{Alteration, Body, Cx, Id, Kind, Standing, Style, Tag, relation_slot};
use crate::catalog::{Catalog, Need, Object};
use crate::facet::Facets;
use crate::name::Name;
use crate::sql;
use crate::sql::Sql;
use crate::sql::respell::is_no_fixed_point;
use crate::statement::{Danger, Statement, Transaction, one};

/// An index; its path is schema, table (or materialized view), name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Index {
    /// `CREATE INDEX …`, whole, with `ON ONLY` for partitioned tables.
    pub definition: Sql,
    /// Unique.
    pub unique: bool,
    /// False after a failed `CREATE INDEX CONCURRENTLY`, or while partitions lack their part.
    pub valid: bool,
    /// Storage parameters, for a change in place; they stand in the definition too.
    pub options: Vec<String>,
    /// Tablespace, if not the default one.
    pub tablespace: Option<Name>,
    /// `CLUSTER ON` it.
    pub clustered: bool,
    /// It is the replica identity.
    pub replica_identity: bool,
    /// Statistics targets of its expressions: number of the column, target.
    pub statistics: Vec<(i16, i32)>,
}

impl Index {
    /// `CREATE INDEX` as it is written, with where it lies.
    fn text(&self) -> String {
        let mut text = self.definition.as_str().to_owned();
        if let Some(tablespace) = &self.tablespace {
            let clause = format!(" TABLESPACE {tablespace}");
            match text.find(" WHERE ") {
                Some(at) => text.insert_str(at, &clause),
                None => text.push_str(&clause),
            }
        }
        text
    }

    /// What builds it beside the one that has its name, which goes then: queries are never without an index.
    fn successor(&self, cx: &Cx) -> Option<Vec<Statement>> {
        let (schema, name) = (cx.id.part(0), cx.id.part(2));
        let new = name.successor();
        let (head, rest) = self.text().split_once("INDEX ").map(|(head, rest)| (head.to_owned(), rest.to_owned()))?;
        let rest = rest.strip_prefix(&format!("{name} "))?.to_owned();
        if !is_replaceable(cx) || self.replica_identity {
            return None;
        }
        let create = Statement::new(Sql::raw(format!("{head}INDEX CONCURRENTLY {new} {rest}")));
        let mut out = vec![self.on_rows(create, true, cx).in_transaction(Transaction::Outside)];
        out.push(sql!("DROP INDEX {}", Self::name(cx.id)).into());
        out.push(sql!("ALTER INDEX {}.{} RENAME TO {}", schema, new, name).into());
        out.extend(self.markers(None, cx));
        Some(out)
    }

    /// What may fail on the rows: those that are there, or that a materialized view has as soon as it is made.
    fn on_rows(&self, mut create: Statement, existing: bool, cx: &Cx) -> Statement {
        if self.unique {
            create = create.hazard(
                Danger::MayFail,
                format!("{} fails on duplicates", cx.id.name()),
                self.duplicates(cx).filter(|_| existing),
            );
        }
        let needs = cx.after.needs(cx.id);
        for function in needs.map(|need| &need.id).filter(|id| id.tag == Tag::Function) {
            create = create.hazard(Danger::MayFail, format!("fails if {function} does on a row"), None);
        }
        create
    }

    /// Schema and name.
    pub fn name(id: &Id) -> Sql {
        sql!("{}.{}", id.part(0), id.name())
    }

    fn markers(&self, before: Option<&Index>, cx: &Cx) -> Vec<Statement> {
        let id = cx.id;
        let marks = |index: &Index| Marks::new(index.clustered, index.replica_identity);
        let mut out = marks(self).change(before.map(marks), cx);
        let none = Vec::new();
        let old = before.map_or(&none, |index| &index.statistics);
        for (column, target) in self.statistics.iter().filter(|item| !old.contains(item)) {
            out.push(statistics(id, *column, *target));
        }
        for (column, _) in old.iter().filter(|(column, _)| !self.statistics.iter().any(|(new, _)| new == column)) {
            out.push(statistics(id, *column, -1));
        }
        out
    }

    /// Counts the keys that several rows have, where all of them are columns.
    fn duplicates(&self, cx: &Cx) -> Option<Sql> {
        let text = self.essence();
        let (index, condition) = split_at_word(&text, "WHERE");
        let condition = condition.strip_prefix(" WHERE ").map(Sql::raw);
        let columns = names(lists(index).first()?)?;
        let rows = own_rows(&cx.id.path[..2], cx.before);
        Some(duplicates(&rows, &columns, index.contains(" NULLS NOT DISTINCT"), condition))
    }

    /// The definition without its storage parameters and its name.
    pub fn essence(&self) -> String {
        let text = self.definition.as_str();
        let text = text.split_once(" ON ").map_or(text, |(_, rest)| rest);
        match (text.find(" WITH ("), self.options.is_empty()) {
            (Some(at), false) => {
                let end = text[at..].find(')').map_or(text.len(), |end| at + end + 1);
                format!("{}{}", &text[..at], &text[end..])
            }
            _ => text.to_owned(),
        }
    }
}

/// What a table says of one of its indexes, that of a constraint included.
#[derive(Clone, Copy, Default)]
pub(super) struct Marks {
    clustered: bool,
    replica_identity: bool,
}

impl Marks {
    pub(super) fn new(clustered: bool, replica_identity: bool) -> Self {
        Marks { clustered, replica_identity }
    }

    /// The statements that lead from other marks to these.
    pub(super) fn change(self, before: Option<Marks>, cx: &Cx) -> Vec<Statement> {
        let id = cx.id;
        let (before, table, name) = (before.unwrap_or_default(), id.relation(), id.name());
        let mut out = Vec::new();
        match (before.clustered, self.clustered) {
            (false, true) => out.push(sql!("ALTER TABLE {} CLUSTER ON {}", table, name).into()),
            (true, false) if !has_clustered(cx.after, &id.path[..2]) => {
                out.push(sql!("ALTER TABLE {} SET WITHOUT CLUSTER", table).into())
            }
            _ => {}
        }
        if self.replica_identity && !before.replica_identity {
            out.push(sql!("ALTER TABLE {} REPLICA IDENTITY USING INDEX {}", table, name).into());
        }
        out
    }
}

/// Whether an index, or a key, is all that there is to it: nothing refers to it or hangs on it, its table is in use, and
/// its columns stay as they are.
pub fn is_replaceable<'a>(cx: &Cx<'a>) -> bool {
    let table = &cx.id.path[..2];
    let goes_by_it = |key: &Object| key.needs.iter().any(|need| need.id == *cx.id);
    let is_referred_to =
        |side: &Catalog| side.referring_to(table).into_iter().filter_map(|key| side.get(key)).any(goes_by_it);
    let view = cx.id.prefix(Tag::MaterializedView, 2);
    let stays_materialized = cx.before.has(&view) && stays(&view, cx.before, cx.after);
    let is_in_use = |side: &Catalog| {
        let object = side.get(cx.id).is_some_and(|object| *object.facets == Facets::default());
        let stands = object && !side.is_stood_on(cx.id) && !is_referred_to(side);
        stands && (stays_materialized || side.is_ordinary_table(table) && !side.has_kin(table))
    };
    let column = |side: &'a Catalog, id: &Id| match &side.get(id)?.body {
        Body::Column(column) => Some((&column.r#type, &column.collation, column.not_null)),
        _ => None,
    };
    let needs = cx.before.needs(cx.id);
    let mut columns = needs.map(|need| &need.id).filter(|id| id.tag == Tag::Column);
    let keeps = |id: &Id| column(cx.before, id) == column(cx.after, id) && keeps_types(id, cx.before, cx.after);
    let stays = columns.all(|id| cx.after.has(id) && keeps(id));
    cx.style == Style::Online && is_in_use(cx.before) && is_in_use(cx.after) && stays
}

/// Whether a table is ordered by one of its indexes: to name that one is enough, whatever it was before.
fn has_clustered(catalog: &Catalog, table: &[Name]) -> bool {
    let indexes = catalog.below(Tag::Index, table).chain(catalog.below(Tag::Constraint, table));
    indexes.map(|(_, object)| &object.body).any(|body| match body {
        Body::Index(index) => index.clustered,
        Body::Constraint(constraint) => constraint.clustered,
        _ => false,
    })
}

fn statistics(id: &Id, column: i16, target: i32) -> Statement {
    sql!("ALTER INDEX {} ALTER COLUMN {} SET STATISTICS {}", Index::name(id), column, target).into()
}

impl Kind for Index {
    const WORD: &'static str = "index";
    const CATALOG: &'static str = "pg_class";

    fn query(_version: u32) -> Option<String> {
        Some(format!(
            "SELECT ic.oid, 0 AS sub, NULL::int AS position, ARRAY[n.nspname, c.relname, ic.relname]::text[] AS path,
                    NULL::text AS owner, NULL::text[] AS acl, pg_get_indexdef(ic.oid) AS definition,
                    i.indisunique AS unique, i.indisvalid OR ic.relkind = 'I' AS valid,
                    COALESCE(ic.reloptions, '{{}}') AS options,
                    (SELECT s.spcname FROM pg_tablespace s WHERE s.oid = ic.reltablespace) AS tablespace,
                    i.indisclustered AS clustered, i.indisreplident AS replica_identity,
                    CASE WHEN i.indexprs IS NULL THEN '[]' ELSE
                      COALESCE((SELECT json_agg(json_build_array(a.attnum, a.attstattarget) ORDER BY a.attnum)
                                FROM pg_attribute a WHERE a.attrelid = ic.oid AND a.attstattarget >= 0), '[]')
                    END AS statistics
             FROM pg_index i JOIN pg_class ic ON ic.oid = i.indexrelid JOIN pg_class c ON c.oid = i.indrelid
             JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE c.relkind IN ('r', 'p', 'm') AND c.relpersistence <> 't' AND {USER_SCHEMA} AND {}
               AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = i.indrelid AND k.conindid = ic.oid
                                 AND k.contype IN ('p', 'u', 'x'))",
            not_member("pg_class", "c.oid")
        ))
    }

    fn create(&self, cx: &Cx) -> Vec<Statement> {
        let text = self.text();
        let existing =
            cx.before.has(&cx.id.prefix(Tag::Table, 2)) || cx.before.has(&cx.id.prefix(Tag::MaterializedView, 2));
        let partitioned = cx.after.is_partitioned(&cx.id.path[..2]);
        let mut create = Statement::new(Sql::raw(text.as_str()));
        if existing && cx.style == Style::Online && !partitioned {
            let concurrent = text.replacen("INDEX ", "INDEX CONCURRENTLY ", 1);
            create = Statement::new(Sql::raw(concurrent)).in_transaction(Transaction::Outside);
        }
        if existing || cx.after.has(&cx.id.prefix(Tag::MaterializedView, 2)) {
            create = self.on_rows(create, existing, cx);
        }
        let mut statements = vec![create];
        statements.extend(self.markers(None, cx));
        statements
    }

    fn drop(&self, cx: &Cx) -> Vec<Statement> {
        let partitioned = cx.before.is_partitioned(&cx.id.path[..2]);
        let stays = [Tag::Table, Tag::MaterializedView].iter().any(|tag| cx.after.has(&cx.id.prefix(*tag, 2)));
        if cx.style == Style::Online && !partitioned && stays {
            let drop = sql!("DROP INDEX CONCURRENTLY {}", Self::name(cx.id));
            return vec![Statement::new(drop).in_transaction(Transaction::Outside)];
        }
        one(sql!("DROP INDEX {}", Self::name(cx.id)))
    }

    fn alter(&self, after: &Self, cx: &Cx) -> Alteration {
        if self.essence() != after.essence() || self.unique != after.unique || self.valid != after.valid {
            return match after.successor(cx) {
                Some(statements) if self.valid => Alteration::in_place(statements),
                _ => Alteration::Rebuild,
            };
        }
        if self.options != after.options && cx.after.is_partitioned(&cx.id.path[..2]) {
            return Alteration::Rebuild;
        }
        let name = Self::name(cx.id);
        let actions = set_and_reset(&self.options, &after.options).into_iter();
        let mut statements: Vec<Statement> =
            actions.map(|action| sql!("ALTER INDEX {} {}", name, action).into()).collect();
        if self.tablespace != after.tablespace {
            statements.push(sql!("ALTER INDEX {} SET TABLESPACE {}", name, cx.tablespace(&after.tablespace)).into());
        }
        statements.extend(after.markers(Some(self), cx));
        Alteration::in_place(statements)
    }

    fn designation(&self, id: &Id) -> Sql {
        sql!("INDEX {}", Self::name(id))
    }

    fn slots(&self, id: &Id) -> Vec<String> {
        vec![relation_slot(&id.part(0), &id.part(2))]
    }

    fn needs(&self, id: &Id, all: &Catalog) -> Vec<Need> {
        let table = id.prefix(Tag::Table, 2);
        vec![Need::auto(if all.has(&table) { table } else { id.prefix(Tag::MaterializedView, 2) })]
    }

    fn without_name(&self, _id: &Id) -> Option<Self> {
        Some(Index { definition: Sql::raw(self.essence()), ..self.clone() })
    }

    /// The server forgets targets, and the parts of a partitioned table's get other names.
    fn under_retyping(&self) -> Standing {
        match self.definition.as_str() {
            text if is_no_fixed_point(text) => Standing::Misread,
            text if !self.statistics.is_empty() || text.contains(" ON ONLY ") => Standing::GivesWay,
            _ => Standing::Stays,
        }
    }

    fn texts(&mut self) -> Vec<&mut Sql> {
        vec![&mut self.definition]
    }
}
