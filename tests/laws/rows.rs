//! What must hold of rows: a plan keeps what it does not announce to lose, and fails on none that it does not say it may.

use std::collections::BTreeMap;

use aludel::catalog::Canonical;
use aludel::db::Error;
use aludel::kind::domain::Domain;
use aludel::kind::table::rows::go_over;
use aludel::kind::{Body, Id, Tag};
use aludel::plan::Plan;
use aludel::sql::Sql;
use aludel::statement::{Danger, Statement};
use tokio_postgres::Client;

/// Puts rows where the server takes them.
pub async fn fill(client: &Client, rows: &[String]) {
    let rows: Vec<_> = rows.iter().map(|row| format!("SET CONSTRAINTS ALL IMMEDIATE; {row}")).collect();
    super::law::build(client, &rows).await;
}

/// Whether values of this type, or of one within it, get other attributes or another type: their texts do not stay the same.
fn has_other_attributes(id: &Id, from: &Canonical, to: &Canonical) -> bool {
    let body = |catalog: &Canonical| match catalog.get(id).map(|object| object.body.clone()) {
        Some(Body::Domain(domain)) => Some(Body::Domain(Domain { default: None, not_null: false, ..domain })),
        body => body.filter(|_| id.tag == Tag::Composite),
    };
    let needs = || from.get(id).into_iter().flat_map(|object| &object.needs).map(|need| &need.id);
    let mut types = needs().filter(|of| [Tag::Composite, Tag::Domain].contains(&of.tag));
    let mut rows = needs().filter(|of| of.tag == Tag::Table && !id.path.starts_with(&of.path));
    body(from) != body(to)
        || types.any(|of| has_other_attributes(of, from, to))
        || rows.any(|of| has_other_columns(of, from, to))
}

/// Whether the rows of a table get other columns, or those other values.
fn has_other_columns(table: &Id, from: &Canonical, to: &Canonical) -> bool {
    let columns = |catalog: &Canonical| -> Vec<(Id, Option<Sql>)> {
        catalog.below(Tag::Column, &table.path).map(|(id, _)| (id.clone(), type_of(catalog, id))).collect()
    };
    columns(from) != columns(to) || columns(from).iter().any(|(id, _)| has_other_attributes(id, from, to))
}

/// Whether a column holds rows of a table whose own columns change, which the server refuses, or a circle comes of.
pub fn holds_changed_rows(from: &Canonical, to: &Canonical) -> bool {
    fn holds(id: &Id, from: &Canonical, to: &Canonical) -> bool {
        let needs = || from.get(id).into_iter().flat_map(|object| &object.needs).map(|need| &need.id);
        let mut rows = needs().filter(|of| of.tag == Tag::Table && !id.path.starts_with(&of.path));
        let mut types = needs().filter(|of| [Tag::Composite, Tag::Domain].contains(&of.tag));
        rows.any(|of| has_other_columns(of, from, to)) || types.any(|of| holds(of, from, to))
    }
    from.below(Tag::Column, &[]).any(|(id, _)| holds(id, from, to))
}

fn type_of(catalog: &Canonical, column: &Id) -> Option<Sql> {
    match catalog.get(column).map(|object| &object.body) {
        Some(Body::Column(column)) if column.generated.is_none() => Some(column.r#type.clone()),
        _ => None,
    }
}

/// The columns that a table has before and after, with types of one name, and no expression that fills them.
pub struct Lasting(Vec<(Id, Vec<(Id, Sql)>)>);

impl Lasting {
    pub fn of(from: &Canonical, to: &Canonical) -> Lasting {
        let has_rows = |catalog: &Canonical, id: &Id| match catalog.get(id).map(|object| object.body.clone()) {
            Some(Body::Table(table)) => table.server.is_none() && table.partition_key.is_none(),
            _ => false,
        };
        let tables = from.objects.keys().filter(|id| id.tag == Tag::Table);
        let lasts = |id: &&Id| has_rows(from, id) && has_rows(to, id) || go_over(id, from, to);
        let lasting = tables.filter(lasts).map(|table| {
            let columns = from.below(Tag::Column, &table.path).filter_map(|(id, _)| {
                let of = type_of(from, id)?;
                let lasts = type_of(to, id)? == of && !has_other_attributes(id, from, to);
                lasts.then(|| (id.clone(), of))
            });
            (table.clone(), columns.collect())
        });
        Lasting(lasting.collect())
    }

    /// The rows of each table, in the columns that last.
    pub async fn rows(&self, client: &Client) -> BTreeMap<Id, Vec<String>> {
        let mut all = BTreeMap::new();
        for (table, columns) in &self.0 {
            // As the server puts it out: a cast to text may be somebody's own.
            let columns: Vec<_> = columns.iter().map(|(id, _)| format!("format('%L', {})", id.name())).collect();
            let (of, columns) = (table.relation(), columns.join(", "));
            // A partitioned table has those of its partitions, another one its own alone.
            let query = format!(
                "SELECT ROW({columns})::text FROM {of} AS own WHERE own.tableoid = '{of}'::regclass
                    OR EXISTS (SELECT FROM pg_class WHERE oid = '{of}'::regclass AND relkind = 'p') ORDER BY 1"
            );
            let rows = client.query(&query, &[]).await.expect("rows");
            all.insert(table.clone(), rows.iter().map(|row| row.get(0)).collect());
        }
        all
    }

    /// What is not as it was, and was to be.
    pub fn lost(&self, was: &BTreeMap<Id, Vec<String>>, is: &BTreeMap<Id, Vec<String>>, plan: &Plan) -> Option<String> {
        let loses = |statement: &&Statement| statement.hazards.iter().any(|hazard| hazard.danger == Danger::DataLoss);
        let announced: Vec<_> = plan.statements().filter(loses).map(|statement| statement.sql.as_str()).collect();
        let named = |word: &str| announced.iter().any(|statement| statement.contains(word));
        let lost = self.0.iter().filter(|(table, columns)| {
            !is_within(&was[table], &is[table])
                && !named(table.name().as_str())
                && !columns.iter().any(|(_, of)| named(of.as_str().trim_end_matches("[]")))
        });
        let told: Vec<_> = lost.map(|(table, _)| format!("{table}: {:?} became {:?}", was[table], is[table])).collect();
        (!told.is_empty()).then(|| told.join("\n"))
    }
}

/// Whether all rows are among others: partitions bring theirs along.
fn is_within(rows: &[String], others: &[String]) -> bool {
    let mut left: Vec<&String> = others.iter().collect();
    rows.iter().all(|row| left.iter().position(|other| *other == row).map(|at| left.swap_remove(at)).is_some())
}

/// Whether a plan said of the statement at which it failed that it may; or the query of a materialized view fails on the
/// rows that are there, or the text of a row names its columns by their place, which no statement changes.
pub fn is_foreseen(plan: &Plan, error: &Error) -> bool {
    let Error::Statement { sql, words } = error else { return false };
    let is_query = sql.starts_with("CREATE MATERIALIZED VIEW");
    let is_row = sql.contains("ROW(") && words.contains("cannot cast type record");
    if is_row || is_query && ["(SQLSTATE 22", "(SQLSTATE 23"].iter().any(|class| words.contains(class)) {
        return true;
    }
    let may_fail = |hazard: &aludel::statement::Hazard| hazard.why.contains("fails");
    plan.statements().any(|statement| statement.sql.0 == *sql && statement.hazards.iter().any(may_fail))
}
