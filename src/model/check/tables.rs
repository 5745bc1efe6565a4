//! Mistakes in what hangs on a table.

use super::super::collection::Named;
use super::super::decode::Text;
use super::super::diagnostic::{Diagnostic, Span, nearest};
use super::super::element::{Element, element};
use super::super::models::{Entry, Models};
use super::{all_known, deferral, exclude, is_primary, unknown_column};
use crate::name::Name;

/// Everything of a model but its columns and relationships.
pub fn check(models: &Models, at: usize, found: &mut Vec<Diagnostic>) {
    let entry = &models.models[at];
    let columns = models.columns(at);
    let columns = columns.as_deref();
    primary_key(entry, columns, found);
    keys(entry, columns, found);
    foreign_keys(models, at, columns, found);
    for (_, index) in entry.model.indexes.iter() {
        elements(&index.columns, index.at, "index", entry, columns, found);
        all_known(index.include.iter(), entry.rust_name(), columns, found);
    }
    for (_, statistics) in entry.model.statistics.iter() {
        elements(&statistics.columns, statistics.at, "statistics", entry, columns, found);
    }
    family(models, at, found);
    repeated_names(entry, found);
}

fn primary_key(entry: &Entry, columns: Option<&[Name]>, found: &mut Vec<Diagnostic>) {
    let marked: Vec<_> = entry.model.columns.iter().filter(|(_, column)| is_primary(column)).collect();
    let listed = entry.model.primary_key.as_ref().filter(|key| !key.columns.is_empty());
    if let (Some(key), Some((name, _))) = (listed, marked.first()) {
        let message =
            format!("`{}` says its primary key twice: here and at the column `{}`", entry.rust_name(), name.as_str());
        found.push(Diagnostic::new(key.at, message).help("keep one of them"));
    }
    if let [_, second, ..] = marked.as_slice() {
        let names: Vec<String> = marked.iter().map(|(name, _)| format!("\"{}\"", name.as_str())).collect();
        let message = format!("`{}` has more than one column that is the primary key alone", entry.rust_name());
        let help = format!("for a key of several columns write `primary_key = [{}]` at the model", names.join(", "));
        let span = second.1.primary_key.as_ref().map_or(second.0.span, |flag| flag.span);
        found.push(Diagnostic::new(span, message).help(help));
    }
    if let Some(key) = &entry.model.primary_key {
        all_known(key.columns.iter(), entry.rust_name(), columns, found);
        all_known(key.include.iter(), entry.rust_name(), columns, found);
        deferral(key.deferrable.as_ref(), key.initially_deferred.as_ref(), found);
        if key.columns.is_empty() && marked.is_empty() {
            found.push(Diagnostic::new(key.at, format!("the primary key of `{}` has no columns", entry.rust_name())));
        }
    }
}

fn keys(entry: &Entry, columns: Option<&[Name]>, found: &mut Vec<Diagnostic>) {
    for (_, unique) in entry.model.uniques.iter() {
        all_known(unique.columns.iter(), entry.rust_name(), columns, found);
        all_known(unique.include.iter(), entry.rust_name(), columns, found);
        deferral(unique.deferrable.as_ref(), unique.initially_deferred.as_ref(), found);
        if unique.columns.is_empty() {
            found.push(Diagnostic::new(
                unique.at,
                format!("a unique constraint of `{}` has no columns", entry.rust_name()),
            ));
        }
    }
    for (_, exclusion) in entry.model.exclusions.iter() {
        elements(&exclusion.elements, exclusion.at, "exclusion", entry, columns, found);
        deferral(exclusion.deferrable.as_ref(), exclusion.initially_deferred.as_ref(), found);
        for text in exclusion.elements.iter() {
            if !text.to_lowercase().contains(" with ") {
                let help = "an element and its operator: \"room with =\"";
                found.push(Diagnostic::new(text.span, format!("`{text}` names no operator")).help(help));
            }
        }
    }
}

fn foreign_keys(models: &Models, at: usize, columns: Option<&[Name]>, found: &mut Vec<Diagnostic>) {
    let entry = &models.models[at];
    for (_, key) in entry.model.foreign_keys.iter() {
        all_known(key.columns.iter(), entry.rust_name(), columns, found);
        all_known(key.on_delete_columns.iter(), entry.rust_name(), columns, found);
        deferral(key.deferrable.as_ref(), key.initially_deferred.as_ref(), found);
        if key.references.is_empty() {
            continue;
        }
        let target = match models.resolve(&key.references) {
            Ok(target) => target,
            Err(mistake) => {
                found.push(mistake);
                continue;
            }
        };
        let target_entry = &models.models[target];
        all_known(key.referenced.iter(), target_entry.rust_name(), models.columns(target).as_deref(), found);
        let count = if key.referenced.is_empty() { target_entry.primary_key().len() } else { key.referenced.len() };
        if count == 0 {
            let message = format!("`{}` has no primary key to refer to", target_entry.rust_name());
            found.push(Diagnostic::new(key.references.span, message).help("name the columns: `referenced = [\"…\"]`"));
        } else if count != key.columns.len() {
            let message = format!("{} columns refer to {count} of `{}`", key.columns.len(), target_entry.rust_name());
            found.push(Diagnostic::new(key.at, message).help("each column refers to one"));
        }
    }
}

/// Elements of an index: plain names must be columns; expressions are the server's to judge.
fn elements(
    texts: &[Text],
    at: Span,
    what: &str,
    entry: &Entry,
    columns: Option<&[Name]>,
    found: &mut Vec<Diagnostic>,
) {
    if texts.is_empty() {
        found.push(Diagnostic::new(at, format!("an {what} of `{}` has no columns", entry.rust_name())));
    }
    let Some(columns) = columns else { return };
    for text in texts {
        match element(text, columns) {
            Element::Unknown(name) => found.push(unknown_column(&name, text.span, entry.rust_name(), columns)),
            Element::Empty => found.push(Diagnostic::new(text.span, format!("an {what} has an empty column"))),
            Element::Column { .. } | Element::Expression(_) => {}
        }
    }
}

/// Whether a model is another one, or made from it.
fn is_made_from(models: &Models, at: usize, wanted: usize) -> bool {
    let (mut seen, mut next) = (Vec::new(), vec![at]);
    while let Some(at) = next.pop() {
        if at == wanted {
            return true;
        }
        if !seen.contains(&at) {
            seen.push(at);
            next.extend(models.models[at].parents().filter_map(|parent| models.find(parent)));
        }
    }
    false
}

/// Parents, partitions and their bounds.
fn family(models: &Models, at: usize, found: &mut Vec<Diagnostic>) {
    let entry = &models.models[at];
    let model = &entry.model;
    for parent in entry.parents() {
        match models.resolve(parent) {
            Err(mistake) => found.push(mistake),
            Ok(other) if is_made_from(models, other, at) => {
                let message = format!("`{}` would come before itself", entry.rust_name());
                found.push(Diagnostic::new(parent.span, message).label("which is made from it"));
            }
            Ok(_) => {}
        }
    }
    match (&model.partition_of, &model.for_values) {
        (Some(parent), None) => {
            let message = format!("the partition `{}` does not say which rows are its", entry.rust_name());
            found.push(Diagnostic::new(parent.span, message).help("add `for_values = \"in (1, 2)\"` or `\"default\"`"));
        }
        (None, Some(bounds)) => {
            let message = format!("`{}` has the bounds of a partition and is none", entry.rust_name());
            found.push(Diagnostic::new(bounds.span, message).help("add `partition_of = \"Model\"`"));
        }
        (Some(parent), Some(_)) => {
            let divided = models.find(parent).map(|at| models.models[at].model.partition_by.is_some());
            if divided == Some(false) {
                let message = format!("`{parent}` is not partitioned");
                found.push(Diagnostic::new(parent.span, message).help("give it `partition_by = \"…\"`"));
            }
        }
        (None, None) => {}
    }
    if let Some((name, _)) = model.partitions.first().filter(|_| model.partition_by.is_none()) {
        divided_without_key(entry.rust_name(), name.span, found);
    }
    for part in entry.parts() {
        if let Some((name, _)) = part.body.partitions.first().filter(|_| part.body.partition_by.is_none()) {
            divided_without_key(part.key.name.as_str(), name.span, found);
        }
    }
    exclude(
        ("inherits", !model.inherits.is_empty()),
        ("partition_of", model.partition_of.as_ref().map(|parent| parent.span)),
        &format!("`{}`", entry.rust_name()),
        found,
    );
    of_type(models, entry, found);
    if let Some(identity) = &model.replica_identity
        && identity.index.is_some() == identity.rows.is_some()
    {
        let message = "`replica_identity` is a word or `{ index = \"…\" }`";
        found.push(Diagnostic::new(identity.at, message));
    }
}

fn divided_without_key(what: &str, at: Span, found: &mut Vec<Diagnostic>) {
    let message = format!("`{what}` has partitions and is not partitioned");
    found.push(Diagnostic::new(at, message).help("add `partition_by = \"…\"`"));
}

/// The type of a table: its columns are the type's, and nobody else's.
fn of_type(models: &Models, entry: &Entry, found: &mut Vec<Diagnostic>) {
    let Some(of_type) = &entry.model.of_type else { return };
    let what = format!("`{}`", entry.rust_name());
    for (key, parent) in
        [("inherits", entry.model.inherits.first()), ("partition_of", entry.model.partition_of.as_ref())]
    {
        exclude(("of_type", true), (key, parent.map(|parent| parent.span)), &what, found);
    }
    let Some(composite) = models.composite(of_type) else {
        // It may be in an SQL file, or an extension's.
        if models.sql.is_empty() && models.extensions.is_empty() && !of_type.is_empty() {
            let mistake = Diagnostic::new(of_type.span, format!("there is no composite type `{of_type}`"));
            let known = models.composites.iter().map(|(key, _)| key.name.as_str());
            found.push(match nearest(of_type, known) {
                Some(near) => mistake.label(format!("did you mean `{near}`?")),
                None => mistake.label("unknown type").help("name a key below [composites]"),
            });
        }
        return;
    };
    let known: Vec<Name> = composite.attributes.iter().map(|(name, _)| name.value.clone()).collect();
    for (name, column) in entry.model.columns.iter() {
        if !known.contains(&name.value) {
            found.push(unknown_column(name.as_str(), name.span, of_type, &known));
        } else if let Some(r#type) = &column.r#type {
            let message = format!("the column `{}.{}` has the type of the attribute", entry.rust_name(), name.as_str());
            found.push(Diagnostic::new(r#type.text.span, message).help("drop the type"));
        }
    }
}

/// Constraints of one table have names of their own.
fn repeated_names(entry: &Entry, found: &mut Vec<Diagnostic>) {
    let model = &entry.model;
    let mut seen: Vec<(&str, &str)> = Vec::new();
    let named = (names(&model.uniques).map(|name| (name, "unique")))
        .chain(names(&model.foreign_keys).map(|name| (name, "foreign key")))
        .chain(names(&model.checks).map(|name| (name, "check")))
        .chain(names(&model.exclusions).map(|name| (name, "exclusion")));
    for ((name, span), what) in named {
        if let Some((_, other)) = seen.iter().find(|(known, _)| *known == name) {
            let message = format!("`{}` has two constraints `{name}`: a {other} and a {what}", entry.rust_name());
            found.push(Diagnostic::new(span, message).label("the second one"));
        }
        seen.push((name, what));
    }
}

fn names<V>(named: &Named<V>) -> impl Iterator<Item = (&str, Span)> {
    named.iter().filter_map(|(name, _)| name.as_ref()).map(|name| (name.value.as_str(), name.span))
}
