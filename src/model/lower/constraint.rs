//! The constraints of a model as DDL.

use super::super::constraint::{Check, ForeignKey, Initially, MatchType, ReferenceAction};
use super::super::decode::{Flag, Ident};
use super::super::diagnostic::Span;
use super::super::models::Entry;
use super::{Lowered, deferral, is, list, names, raw, settings};
use crate::sql;
use crate::sql::Sql;

/// Primary key, uniques, checks and exclusions as lines of `CREATE TABLE`.
pub(super) fn constraints(entry: &Entry) -> Vec<Lowered> {
    let model = &entry.model;
    let mut out = Vec::new();
    let key = entry.primary_key();
    if !key.is_empty() {
        let body = model.primary_key.as_ref();
        let name = body.and_then(|key| key.name.as_ref());
        let overlaps = body.is_some_and(|key| is(&key.without_overlaps));
        let mut line = sql!("{}PRIMARY KEY ({}{})", named(name), Sql::join(&key, ", "), without_overlaps(overlaps));
        if let Some(body) = body {
            line.push(&include(&body.include));
            line.push(&list(" WITH", &settings(&body.with)));
            line.push(&tablespace(body.tablespace.as_ref()));
            line.push(&deferral(Initially::of(body.deferrable.as_ref(), body.initially_deferred.as_ref())));
        }
        out.push(Lowered::new(body.map_or(entry.key.span, |key| key.at), line));
    }
    for (name, column) in model.columns.iter() {
        if let Some(unique) =
            column.unique.as_ref().filter(|unique| unique.enabled.as_ref().is_none_or(|flag| flag.value))
        {
            let nulls = Sql::raw(if is(&unique.nulls_not_distinct) { " NULLS NOT DISTINCT" } else { "" });
            let deferral = deferral(Initially::of(unique.deferrable.as_ref(), unique.initially_deferred.as_ref()));
            let line = sql!("{}UNIQUE{} ({}){}", named(unique.name.as_ref()), nulls, name.value, deferral);
            out.push(Lowered::new(name.span, line));
        }
        out.extend(column.check.iter().filter(|check| !is(&check.not_valid)).map(|check| placed(None, check)));
    }
    for (name, unique) in model.uniques.iter() {
        let nulls = Sql::raw(if is(&unique.nulls_not_distinct) { " NULLS NOT DISTINCT" } else { "" });
        let overlaps = without_overlaps(is(&unique.without_overlaps));
        let mut line = sql!("{}UNIQUE{} ({}{})", named(name.as_ref()), nulls, names(&unique.columns), overlaps);
        line.push(&include(&unique.include));
        line.push(&list(" WITH", &settings(&unique.with)));
        line.push(&tablespace(unique.tablespace.as_ref()));
        line.push(&deferral(Initially::of(unique.deferrable.as_ref(), unique.initially_deferred.as_ref())));
        out.push(Lowered::new(unique.at, line));
    }
    let valid = model.checks.iter().filter(|(_, check)| !is(&check.not_valid));
    out.extend(valid.map(|(name, check)| placed(name.as_ref(), check)));
    for (name, item) in model.exclusions.iter() {
        let method = item.method.as_ref().map_or(Sql::raw("gist"), |method| sql!("{}", method.value));
        let elements = Sql::join(item.elements.iter().map(raw), ", ");
        let mut line = sql!("{}EXCLUDE USING {} ({})", named(name.as_ref()), method, elements);
        line.push(&include(&item.include));
        line.push(&list(" WITH", &settings(&item.with)));
        line.push(&tablespace(item.tablespace.as_ref()));
        if let Some(condition) = &item.r#where {
            line.push(&sql!(" WHERE ({})", raw(condition)));
        }
        line.push(&deferral(Initially::of(item.deferrable.as_ref(), item.initially_deferred.as_ref())));
        out.push(Lowered::new(item.at, line));
    }
    out
}

/// Checks that do not look at the rows that are there: `CREATE TABLE` would make them valid at once.
pub(super) fn unvalidated(entry: &Entry) -> Vec<(Span, Sql)> {
    let at_columns = entry.model.columns.iter().flat_map(|(_, column)| column.check.iter().map(|check| (None, check)));
    let of_table = entry.model.checks.iter().map(|(name, check)| (name.as_ref(), check));
    let all = at_columns.chain(of_table).filter(|(_, check)| is(&check.not_valid));
    all.map(|(name, check)| (check.at, check_line(name, check))).collect()
}

pub(super) fn named(name: Option<&Ident>) -> Sql {
    name.map(|name| sql!("CONSTRAINT {} ", name.value)).unwrap_or_default()
}

fn without_overlaps(is: bool) -> Sql {
    Sql::raw(if is { " WITHOUT OVERLAPS" } else { "" })
}

fn include(columns: &[Ident]) -> Sql {
    list(" INCLUDE", &columns.iter().map(|name| sql!("{}", name.value)).collect::<Vec<_>>())
}

fn tablespace(name: Option<&Ident>) -> Sql {
    name.map(|name| sql!(" USING INDEX TABLESPACE {}", name.value)).unwrap_or_default()
}

fn placed(name: Option<&Ident>, check: &Check) -> Lowered {
    Lowered::new(check.expression.span, check_line(name, check))
}

pub(super) fn check_line(name: Option<&Ident>, check: &Check) -> Sql {
    let mut line = sql!("{}CHECK ({})", named(name.or(check.name.as_ref())), raw(&check.expression));
    for (flag, words) in
        [(&check.no_inherit, " NO INHERIT"), (&check.not_enforced, " NOT ENFORCED"), (&check.not_valid, " NOT VALID")]
    {
        line.push(&Sql::raw(if is(flag) { words } else { "" }));
    }
    line
}

pub(super) fn actions(details: &ForeignKey) -> Sql {
    let mut text = Sql::default();
    if details.r#match.as_ref().is_some_and(|word| word.value == MatchType::Full) {
        text.push(&Sql::raw(" MATCH FULL"));
    }
    for (word, action) in [(" ON UPDATE ", &details.on_update), (" ON DELETE ", &details.on_delete)] {
        if let Some(action) = action {
            text.push(&Sql::raw(word));
            text.push(&Sql::raw(match action.value {
                ReferenceAction::NoAction => "NO ACTION",
                ReferenceAction::Restrict => "RESTRICT",
                ReferenceAction::Cascade => "CASCADE",
                ReferenceAction::SetNull => "SET NULL",
                ReferenceAction::SetDefault => "SET DEFAULT",
            }));
        }
    }
    if !details.on_delete_columns.is_empty() {
        text.push(&sql!(" ({})", names(&details.on_delete_columns)));
    }
    text.push(&deferral(Initially::of(details.deferrable.as_ref(), details.initially_deferred.as_ref())));
    let said = |flag: &Option<Flag>, words| Sql::raw(if is(flag) { words } else { "" });
    text.push(&said(&details.not_enforced, " NOT ENFORCED"));
    text.push(&said(&details.not_valid, " NOT VALID"));
    text
}
