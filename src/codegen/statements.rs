//! The statements of a repository that are constants. sea-query builds them; what it has no word for is SQL of our own.

use sea_query::{Alias, Condition, Expr, ExprTrait, JoinType, Order, PostgresQueryBuilder, Query, SelectStatement};

use super::relations::{Relation, Through};
use super::tables::{Column, Table};
use crate::kind::dotted;
use crate::model::table::Cascade;
use crate::name::Name;
use crate::sql;
use crate::sql::Sql;

const TARGET: &str = "target";
const LINK: &str = "link";

/// The columns of a row, as they are read.
pub fn columns(table: &Table) -> Sql {
    Sql::join(table.columns.iter().map(|column| sql!("{}{}", column.name, column.rust.casts.read)), ", ")
}

/// The table, as statements name it.
pub fn relation(table: &Table) -> Sql {
    dotted(&table.path)
}

/// The row of a primary key.
pub fn get(table: &Table) -> Sql {
    let mut select = Query::select();
    read(&mut select, table, None);
    select.from(reference(table)).and_where(by_key(table));
    built(select.to_string(PostgresQueryBuilder))
}

/// Deletes the row of a primary key. What refers to it goes first, or lets go of it, in the same statement.
pub fn delete(at: usize, tables: &[Table], relations: &[Vec<Relation>]) -> Sql {
    let mut first = Vec::new();
    cascade(at, &key_condition(&tables[at]), tables, relations, &mut vec![at], &mut first);
    let delete = sql!("DELETE FROM {} WHERE {}", relation(&tables[at]), key_condition(&tables[at]));
    let parts =
        first.iter().enumerate().map(|(i, part)| sql!("{} AS ({})", Name::from(format!("first_{}", i + 1)), part));
    if first.is_empty() { delete } else { sql!("WITH {} {}", Sql::join(parts, ", "), delete) }
}

/// What has to be done before the rows of `condition` can be deleted. A table is gone through once.
fn cascade(
    at: usize,
    condition: &Sql,
    tables: &[Table],
    relations: &[Vec<Relation>],
    seen: &mut Vec<usize>,
    out: &mut Vec<Sql>,
) {
    for way in &relations[at] {
        let Some(cascade_to) = way.cascade else { continue };
        let (own, theirs): (Vec<&Column>, Vec<&Column>) = way.pairs(at, tables).into_iter().unzip();
        let names = |columns: &[&Column]| Sql::join(columns.iter().map(|column| &column.name), ", ");
        let (here, other) = (relation(&tables[at]), relation(&tables[way.target]));
        let keys = if theirs.len() == 1 { names(&theirs) } else { sql!("({})", names(&theirs)) };
        let rows = sql!("{} IN (SELECT {} FROM {} WHERE {})", keys, names(&own), here, condition);
        match cascade_to {
            Cascade::SetNull => {
                let nulls = Sql::join(theirs.iter().map(|column| sql!("{} = NULL", column.name)), ", ");
                out.push(sql!("UPDATE {} SET {} WHERE {}", other, nulls, rows));
            }
            Cascade::Delete => {
                if !seen.contains(&way.target) {
                    seen.push(way.target);
                    cascade(way.target, &rows, tables, relations, seen, out);
                }
                out.push(sql!("DELETE FROM {} WHERE {}", other, rows));
            }
        }
    }
}

/// What picks the row of a primary key out, with parameters from 1.
pub fn key_condition(table: &Table) -> Sql {
    let tests = key_columns(table).enumerate().map(|(i, column)| sql!("{} = {}", column.name, parameter(i, column)));
    Sql::join(tests, " AND ")
}

/// The rows of a relation of table `at` for many keys at once. The keys come last.
pub fn load(at: usize, relation: &Relation, tables: &[Table]) -> Sql {
    let target = &tables[relation.target];
    let mut select = Query::select();
    match &relation.through {
        None => {
            read(&mut select, target, None);
            select.from(reference(target));
            select.exprs(keys(at, relation, tables, None));
            select.and_where(among(at, relation, tables, None));
        }
        Some(through) => {
            read(&mut select, target, Some(TARGET));
            select.exprs(keys(at, relation, tables, Some(LINK)));
            join(&mut select, relation, through, tables);
            select.and_where(among(at, relation, tables, Some(LINK)));
        }
    }
    let qualified = relation.through.is_some();
    match &relation.order {
        Some(order) => {
            select.order_by_expr(Expr::cust(order.as_str().to_owned()), Order::Asc);
            // The order has its own direction; sea-query would add another.
            return built(select.to_string(PostgresQueryBuilder).trim_end_matches(" ASC").to_owned());
        }
        None if relation.many => {
            for column in key_columns(target) {
                let name = Alias::new(column.name.as_str());
                if qualified {
                    select.order_by((Alias::new(TARGET), name), Order::Asc);
                } else {
                    select.order_by(name, Order::Asc);
                }
            }
        }
        None => {}
    }
    built(select.to_string(PostgresQueryBuilder))
}

fn join(select: &mut SelectStatement, relation: &Relation, through: &Through, tables: &[Table]) {
    let (target, link) = (&tables[relation.target], &tables[through.table]);
    let mut meet = Condition::all();
    for (theirs, far) in relation.theirs.iter().zip(&through.theirs) {
        let theirs = Expr::col((Alias::new(TARGET), Alias::new(target.columns[*theirs].name.as_str())));
        meet = meet.add(theirs.equals((Alias::new(LINK), Alias::new(link.columns[*far].name.as_str()))));
    }
    select.from_as(reference(target), Alias::new(TARGET)).join_as(
        JoinType::InnerJoin,
        reference(link),
        Alias::new(LINK),
        meet,
    );
}

fn is_same(own: &Column, far: &Column) -> bool {
    own.rust.text == far.rust.text
}

/// The keys of the rows that are loaded, as the type of this table's columns.
fn keys(at: usize, relation: &Relation, tables: &[Table], qualifier: Option<&str>) -> Vec<Expr> {
    let key = |(own, far): (&Column, &Column)| match is_same(own, far) {
        true => read_one(far, qualifier),
        false => Expr::cust(sql!("{}::{}{}", qualified(far, qualifier), own.sql_type, own.rust.casts.read).0),
    };
    relation.pairs(at, tables).into_iter().map(key).collect()
}

fn read(select: &mut SelectStatement, table: &Table, qualifier: Option<&str>) {
    select.exprs(table.columns.iter().map(|column| read_one(column, qualifier)));
}

fn read_one(column: &Column, qualifier: Option<&str>) -> Expr {
    Expr::cust(sql!("{}{}", qualified(column, qualifier), column.rust.casts.read).0)
}

fn qualified(column: &Column, qualifier: Option<&str>) -> Sql {
    qualifier.map_or_else(|| sql!("{}", column.name), |table| sql!("{}.{}", Name::from(table), column.name))
}

fn reference(table: &Table) -> (Alias, Alias) {
    (Alias::new(table.path[0].as_str()), Alias::new(table.path[1].as_str()))
}

fn key_columns(table: &Table) -> impl Iterator<Item = &Column> {
    table.key.iter().map(|number| &table.columns[*number])
}

fn parameter(index: usize, column: &Column) -> Sql {
    sql!("${}{}", index + 1, column.rust.casts.write)
}

fn by_key(table: &Table) -> Expr {
    Expr::cust(key_condition(table).0)
}

/// The keys are among those of the parameters, which are arrays of one length and of this table's types.
fn among(at: usize, relation: &Relation, tables: &[Table], qualifier: Option<&str>) -> Expr {
    let pairs = relation.pairs(at, tables);
    let single = pairs.len() == 1;
    let arrays = pairs.iter().enumerate().map(|(i, (own, far))| {
        let casts = &own.rust.casts.write_many;
        let is_inferred = single && is_same(own, far);
        let of_type = if casts.is_empty() && !is_inferred { sql!("::{}[]", own.sql_type) } else { casts.clone() };
        sql!("${}{}", i + 1, of_type)
    });
    let arrays = Sql::join(arrays, ", ");
    let names = Sql::join(pairs.iter().map(|(_, far)| qualified(far, qualifier)), ", ");
    Expr::cust(if single {
        sql!("{} = ANY({})", names, arrays).0
    } else {
        sql!("({}) IN (SELECT * FROM unnest({}))", names, arrays).0
    })
}

fn built(text: String) -> Sql {
    Sql(text)
}
