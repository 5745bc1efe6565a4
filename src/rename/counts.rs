//! Counts that are asked before a database goes back to its old names.

use std::collections::HashMap;

use super::{Rename, old_of};
use crate::catalog::Catalog;
use crate::kind::{Id, Tag, dotted};
use crate::sql;
use crate::sql::Sql;
use crate::statement::Statement;

/// Lets the counts of statements that follow [`back`](super::back) be asked before it: they read tables and columns under the names that
/// those have until then, as in `renamed`.
pub fn ask_before<'a>(statements: impl Iterator<Item = &'a mut Statement>, renames: &[Rename], renamed: &Catalog) {
    let hazards = statements.flat_map(|statement| &mut statement.hazards);
    let mut counts = hazards.filter_map(|hazard| hazard.count.as_mut()).peekable();
    if counts.peek().is_none() || renames.is_empty() {
        return;
    }
    let by_new: HashMap<&Id, &Rename> = renames.iter().map(|rename| (&rename.wish.to, rename)).collect();
    let is_successor = |id: &Id| by_new.get(id).is_some_and(|rename| rename.is_successor);
    let own = |column: &Id| by_new.get(column).map(|rename| rename.wish.from.clone());
    let mut tables: Vec<(Sql, Sql, Sql)> = Vec::new();
    let (successors, others): (Vec<&Id>, Vec<&Id>) =
        renamed.below(Tag::Table, &[]).map(|(table, _)| table).partition(|table| is_successor(table));
    // One that takes an old name is read last: that name is nobody else's then.
    for table in others.into_iter().chain(successors) {
        let columns = || renamed.below(Tag::Column, &table.path);
        let all = columns().any(|(column, _)| is_successor(column));
        let names = columns().filter_map(|(column, object)| {
            // Those of heirs change their names along.
            let mut next = (column, object);
            while let Some((leader, object)) = next.1.leader().and_then(|id| renamed.objects.get_key_value(id)) {
                next = (leader, object);
            }
            match own(next.0) {
                Some(old) => Some(sql!("{} AS {}", column.name(), old)),
                None => all.then(|| sql!("{}", column.name())),
            }
        });
        let names: Vec<Sql> = (!all).then(|| Sql::raw("*")).into_iter().chain(names).collect();
        let old = old_of(table, renames);
        if old != *table || all || names.len() > 1 {
            tables.push((old.relation(), table.relation(), Sql::join(names, ", ")));
        }
    }
    let sequences = renamed.below(Tag::Sequence, &[]).map(|(id, _)| (old_of(id, renames), id));
    let sequences = sequences.filter(|(old, id)| old != *id);
    tables.extend(sequences.map(|(old, id)| (dotted(&old.path), dotted(&id.path), Sql::raw("*"))));
    for count in counts {
        for (old, new, columns) in &tables {
            for only in ["", "ONLY "] {
                let other = sql!("(SELECT {} FROM {}{})", columns, Sql::raw(only), new);
                *count = reading(count, &sql!("{}{}", Sql::raw(only), old), &other);
            }
        }
    }
}

/// A query with something else in the place of a table that it reads.
fn reading(query: &Sql, table: &Sql, other: &Sql) -> Sql {
    let from = format!(" FROM {table}");
    let mut parts = query.as_str().split(&from);
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let alias = if part.starts_with(" AS ") { "" } else { " AS renamed" };
        out += &match part.chars().next() {
            None | Some(' ' | ')') => format!(" FROM {other}{alias}{part}"),
            Some(_) => format!("{from}{part}"),
        };
    }
    Sql::raw(out)
}
