//! Indexes and extended statistics.

use super::super::collection::{Named, Path};
use super::super::decode::{Ident, Text};
use super::super::diagnostic::Span;
use super::super::element::{Element, element};
use super::super::index::Index;
use super::super::models::Models;
use super::super::names::{Suffix, choose, index_columns};
use super::super::table::Statistics;
use super::{Lowering, is, list, qualified, raw, settings};
use crate::name::Name;
use crate::sql;
use crate::sql::Sql;

impl Lowering {
    pub(super) fn indexes(&mut self, models: &Models, at: usize) {
        let entry = &models.models[at];
        let table = &entry.table;
        let own = || entry.model.columns.iter().map(|(name, _)| name.value.clone()).collect();
        let columns: Vec<Name> = models.columns(at).unwrap_or_else(own);
        for (name, column) in entry.model.columns.iter() {
            if let Some(index) =
                column.index.as_ref().filter(|index| index.enabled.as_ref().is_none_or(|flag| flag.value))
            {
                let body = index.as_index(&name.value.to_string());
                self.index(table, index.name.as_ref(), &body, name.span, &columns);
            }
        }
        for (name, index) in entry.model.indexes.iter() {
            self.index(table, name.as_ref(), index, name.as_ref().map_or(index.at, |name| name.span), &columns);
        }
    }

    /// One index of a table or materialized view, whose columns are known for tables.
    pub(super) fn index(&mut self, table: &Path, name: Option<&Ident>, index: &Index, span: Span, columns: &[Name]) {
        let elements = index.columns.iter().map(|text| match element(&text.value, columns) {
            Element::Column { name, rest } => sql!("{} {}", name, Sql::raw(rest.trim())),
            Element::Expression(_) | Element::Unknown(_) | Element::Empty => raw(text),
        });
        let only = Sql::raw(if is(&index.only) { "ONLY " } else { "" });
        let unique = Sql::raw(if is(&index.unique) { "UNIQUE " } else { "" });
        let method = index.method.as_ref().map(|method| sql!(" USING {}", method.value)).unwrap_or_default();
        let shown = name.map(|name| sql!("{} ", name.value)).unwrap_or_default();
        let mut text = sql!("CREATE {}INDEX {}ON {}{}{}", unique, shown, only, qualified(table), method);
        text.push(&sql!(" ({})", Sql::join(elements, ", ")));
        text.push(&list(" INCLUDE", &index.include.iter().map(|name| sql!("{}", name.value)).collect::<Vec<_>>()));
        if is(&index.nulls_not_distinct) {
            text.push(&Sql::raw(" NULLS NOT DISTINCT"));
        }
        text.push(&list(" WITH", &settings(&index.with)));
        if let Some(tablespace) = &index.tablespace {
            text.push(&sql!(" TABLESPACE {}", tablespace.value));
        }
        if let Some(condition) = &index.r#where {
            text.push(&sql!(" WHERE {}", raw(condition)));
        }
        self.later(span, text);
        let schema = table.home();
        let chosen =
            sql!("{}.{}", schema, name.map_or_else(|| index_name(&table.name, index), |name| name.value.clone()));
        self.comment(&sql!("INDEX {}", chosen), index.comment.as_ref());
        for (number, target) in index.statistics.iter() {
            let column = Sql::raw(number.value.as_str());
            let text = sql!("ALTER INDEX {} ALTER COLUMN {} SET STATISTICS {}", chosen, column, target.value);
            self.later(target.span, text);
        }
        if let Some(parent) = &index.partition_of {
            let home = parent.schema.as_ref().unwrap_or(&schema);
            self.later(parent.span, sql!("ALTER INDEX {}.{} ATTACH PARTITION {}", home, parent.name, chosen));
        }
    }

    /// The extended statistics of a table or materialized view.
    pub(super) fn statistics(&mut self, table: &Path, all: &Named<Statistics>) {
        for (name, item) in all.iter() {
            let columns = item.columns.iter().map(raw);
            let chosen =
                name.as_ref().map(|name| name.value.clone()).unwrap_or_else(|| statistics_name(&table.name, item));
            let kinds = list("", &item.kinds.iter().map(|kind| sql!("{}", kind.value)).collect::<Vec<_>>());
            let object = sql!("{}.{}", table.home(), chosen);
            let text =
                sql!("CREATE STATISTICS {}{} ON {} FROM {}", object, kinds, Sql::join(columns, ", "), qualified(table));
            self.later(item.at, text);
            if let Some(target) = &item.target {
                self.later(target.span, sql!("ALTER STATISTICS {} SET STATISTICS {}", object, target.value));
            }
            self.comment(&sql!("STATISTICS {}", object), item.comment.as_ref());
        }
    }
}

/// The name that the server chooses for an index.
pub(super) fn index_name(table: &Name, index: &Index) -> Name {
    let word = |text: &Text| text.value.split_whitespace().next().unwrap_or_default().trim_matches('"').to_owned();
    let columns: Vec<String> =
        index.columns.iter().map(word).chain(index.include.iter().map(|name| name.to_string())).collect();
    let columns = index_columns(columns.iter().map(String::as_str));
    Name::from(choose(table.as_str(), columns.iter().map(String::as_str), Suffix::Index, |_| false))
}

/// The name that the server chooses for extended statistics.
pub(super) fn statistics_name(table: &Name, item: &Statistics) -> Name {
    let columns = index_columns(item.columns.iter().map(|text| text.value.as_str()));
    Name::from(choose(table.as_str(), columns.iter().map(String::as_str), Suffix::Statistics, |_| false))
}
