//! Mistakes in columns.

use super::super::column::{Column, Constant, DefaultValue};
use super::super::decode::Ident;
use super::super::diagnostic::{Diagnostic, Span};
use super::super::models::{Entry, Models};
use super::{deferral, exclude, is_primary, is_true};

/// Every column of a model.
pub fn check(models: &Models, at: usize, found: &mut Vec<Diagnostic>) {
    let entry = &models.models[at];
    for (name, column) in entry.model.columns.iter() {
        r#type(models, at, name, column, found);
        keys(entry, name, column, found);
        nullability(entry, name, column, found);
        reference(models, name, column, found);
    }
}

fn what(entry: &Entry, name: &Ident) -> String {
    format!("the column `{}.{}`", entry.rust_name(), name.as_str())
}

fn r#type(models: &Models, at: usize, name: &Ident, column: &Column, found: &mut Vec<Diagnostic>) {
    let entry = &models.models[at];
    if models.is_given(at, name.as_str()) {
        given(entry, name, column, found);
        return;
    }
    if column.r#type.is_some() || models.column_type(at, name.as_str()).is_some() {
        return;
    }
    if column.references.is_none() {
        let message = format!("{} has no type", what(entry, name));
        let help = "give `type = \"…\"`, or `references = \"Model.column\"`, whose type it then has";
        found.push(Diagnostic::new(name.span, message).help(help));
    } else if let Some(reference) = &column.references
        && let Ok((target, target_column)) = models.resolve_column(&reference.to)
        && models.models[target].column(target_column.as_str()).is_some()
    {
        let message = format!("the type of {} cannot be found: what it refers to has none either", what(entry, name));
        found.push(Diagnostic::new(reference.to.span, message).help("give `type = \"…\"`"));
    }
}

/// What cannot be said of a column that comes from a parent or a type.
fn given(entry: &Entry, name: &Ident, column: &Column, found: &mut Vec<Diagnostic>) {
    let mut cannot = |key: &str, span: Option<Span>| {
        if let Some(span) = span {
            let message = format!("{} comes from elsewhere, and its `{key}` with it", what(entry, name));
            found.push(Diagnostic::new(span, message).help("drop this key, or give the column a `type` of its own"));
        }
    };
    cannot("nullable", column.nullable.as_ref().filter(|flag| flag.value).map(|flag| flag.span));
    if entry.model.of_type.is_some() || !entry.model.inherits.is_empty() {
        cannot("collation", column.collation.as_ref().map(|text| text.span));
    }
    if !entry.model.inherits.is_empty() {
        cannot("generated", column.generated.as_ref().map(|generated| generated.at));
    }
}

fn keys(entry: &Entry, name: &Ident, column: &Column, found: &mut Vec<Diagnostic>) {
    let what = what(entry, name);
    let identity = column.identity.as_ref().map(|identity| identity.at);
    let generated = column.generated.as_ref().map(|generated| generated.at);
    let default = column.default.as_ref().map(DefaultValue::span);
    exclude(("identity", identity.is_some()), ("default", default), &what, found);
    exclude(("identity", identity.is_some()), ("generated", generated), &what, found);
    exclude(("default", default.is_some()), ("generated", generated), &what, found);
    if let (Some(DefaultValue::Constant(constant)), Some(r#type)) = (&column.default, &column.r#type)
        && is_moment(&r#type.text)
        && let Constant::Text(text) = &constant.value
        && is_moving(text)
    {
        let message = format!("{what} would have the time of the migration as its default, for ever");
        found.push(Diagnostic::new(constant.span, message).help("an expression is written `{ sql = \"now()\" }`"));
    }
    if let Some(generated) = &column.generated {
        let r#virtual = generated.r#virtual.as_ref().map(|text| text.span);
        exclude(("stored", generated.stored.is_some()), ("virtual", r#virtual), &what, found);
        if generated.stored.is_none() && r#virtual.is_none() {
            let message = format!("{what} is generated from nothing");
            found.push(Diagnostic::new(generated.at, message).help("give `stored = \"…\"` or `virtual = \"…\"`"));
        }
    }
    if let Some(unique) = &column.unique {
        deferral(unique.deferrable.as_ref(), unique.initially_deferred.as_ref(), found);
    }
}

fn is_moment(r#type: &str) -> bool {
    ["date", "time"].iter().any(|word| r#type.trim().to_lowercase().starts_with(word))
}

/// What the server reads as the moment at which it reads it.
fn is_moving(text: &str) -> bool {
    let text = text.trim().to_lowercase();
    ["now", "today", "tomorrow", "yesterday"].contains(&text.trim_end_matches("()"))
}

fn nullability(entry: &Entry, name: &Ident, column: &Column, found: &mut Vec<Diagnostic>) {
    let what = what(entry, name);
    let mark = column.r#type.as_ref().filter(|r#type| r#type.nullable);
    if let (Some(_), Some(flag)) = (mark, column.nullable.as_ref().filter(|flag| !flag.value)) {
        let message = format!("{what} is nullable by the `?` of its type and not by this key");
        found.push(Diagnostic::new(flag.span, message).help("keep one of them"));
    }
    let said = column.nullable.as_ref().filter(|flag| flag.value).map(|flag| flag.span);
    let Some(span) = mark.map(|r#type| r#type.text.span).or(said) else { return };
    let in_key = is_primary(column) || entry.primary_key().contains(&name.value);
    if in_key {
        found.push(Diagnostic::new(span, format!("{what} is in the primary key and cannot be nullable")));
    } else if column.identity.is_some() {
        found.push(Diagnostic::new(span, format!("{what} is an identity and cannot be nullable")));
    } else if let Some(not_null) = &column.not_null {
        found.push(Diagnostic::new(not_null.at, format!("{what} is nullable and has a not-null constraint")));
    }
}

fn reference(models: &Models, name: &Ident, column: &Column, found: &mut Vec<Diagnostic>) {
    if let Some(reference) = column.reference() {
        if let Err(mistake) = models.resolve_column(&reference.to) {
            found.push(mistake);
        }
        deferral(reference.deferrable.as_ref(), reference.initially_deferred.as_ref(), found);
        return;
    }
    let alone = [
        ("on_delete", column.on_delete.as_ref().map(|word| word.span)),
        ("on_update", column.on_update.as_ref().map(|word| word.span)),
        ("match", column.r#match.as_ref().map(|word| word.span)),
        ("deferrable", column.deferrable.as_ref().filter(|flag| is_true(Some(flag))).map(|flag| flag.span)),
        ("initially_deferred", column.initially_deferred.as_ref().map(|flag| flag.span)),
    ];
    for (key, span) in alone.into_iter().filter_map(|(key, span)| Some((key, span?))) {
        let message = format!("`{key}` without `references` at the column `{}`", name.as_str());
        found.push(Diagnostic::new(span, message).help("add `references = \"Model.column\"`"));
    }
}
