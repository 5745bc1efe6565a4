//! The statements of a repository that are constants. sea-query builds them; what it has no word for is SQL of our own.

use sea_query::{Alias, Condition, Expr, ExprTrait, JoinType, Order, PostgresQueryBuilder, Query, SelectStatement};

use super::relations::{Relation, Through};
use super::tables::{Column, Table};
use crate::kind::dotted;
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

/// Deletes the row of a primary key.
pub fn delete(table: &Table) -> Sql {
    let delete = Query::delete().from_table(reference(table)).and_where(by_key(table)).to_owned();
    built(delete.to_string(PostgresQueryBuilder))
}

/// What picks the row of a primary key out, with parameters from 1.
pub fn key_condition(table: &Table) -> Sql {
    let tests = key_columns(table).enumerate().map(|(i, column)| sql!("{} = {}", column.name, parameter(i, column)));
    Sql::join(tests, " AND ")
}

/// The rows of a relation for many keys at once; a link's columns come last.
pub fn load(relation: &Relation, tables: &[Table]) -> Sql {
    let target = &tables[relation.target];
    let mut select = Query::select();
    match &relation.through {
        None => {
            read(&mut select, target, None);
            select.from(reference(target));
            let keys: Vec<&Column> = relation.theirs.iter().map(|number| &target.columns[*number]).collect();
            select.and_where(among(&keys, None));
        }
        Some(through) => {
            read(&mut select, target, Some(TARGET));
            join(&mut select, relation, through, tables);
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
    let near: Vec<&Column> = through.own.iter().map(|number| &link.columns[*number]).collect();
    for column in &near {
        select.expr(read_one(column, Some(LINK)));
    }
    select
        .from_as(reference(target), Alias::new(TARGET))
        .join_as(JoinType::InnerJoin, reference(link), Alias::new(LINK), meet)
        .and_where(among(&near, Some(LINK)));
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

/// The columns' values are among those of the parameters, which are arrays of one length.
fn among(columns: &[&Column], qualifier: Option<&str>) -> Expr {
    if let [column] = columns {
        let test = sql!("{} = ANY($1{})", qualified(column, qualifier), column.rust.casts.write_many);
        return Expr::cust(test.0);
    }
    let names = Sql::join(columns.iter().map(|column| qualified(column, qualifier)), ", ");
    let arrays = columns.iter().enumerate().map(|(i, column)| {
        let casts = &column.rust.casts.write_many;
        let of_type = if casts.is_empty() { sql!("::{}[]", column.sql_type) } else { casts.clone() };
        sql!("${}{}", i + 1, of_type)
    });
    Expr::cust(sql!("({}) IN (SELECT * FROM unnest({}))", names, Sql::join(arrays, ", ")).0)
}

fn built(text: String) -> Sql {
    Sql(text)
}
