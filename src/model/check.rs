//! Mistakes that show only when all models are there. Each rule is a function; none stops another.

use std::collections::HashMap;

use super::collection::{Path, PathText};
use super::column::Column;
use super::decode::{Flag, Ident, Text};
use super::diagnostic::{Diagnostic, Span, Spanned};
use super::models::{Entry, Models, place, unknown_column};
use super::object::View;
use crate::name::{MAX_BYTES, Name, is_word};

mod columns;
mod relationships;
mod tables;

/// Every mistake in models that could be decoded.
pub fn check(models: &Models) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    names(models, &mut found);
    values(models, &mut found);
    for at in 0..models.models.len() {
        tables::check(models, at, &mut found);
        columns::check(models, at, &mut found);
        relationships::check(models, at, &mut found);
    }
    found
}

/// Names that share a name space: relations and types of a schema, and models.
fn names(models: &Models, found: &mut Vec<Diagnostic>) {
    let mut relations = Seen::new("relation");
    let mut types = Seen::new("type");
    let mut structs = Seen::new("model");
    for entry in &models.models {
        structs.add(&entry.key.value, entry.key.span, "model", found);
        rust_name(entry, found);
        let span = entry.model.table.as_ref().map_or(entry.key.span, |table| table.span);
        relations.add(&entry.table, span, "table", found);
        for part in entry.parts() {
            relations.add(&part.table, part.key.span, "partition", found);
        }
        let said = entry.model.table.as_ref().and_then(|table| table.schema.as_ref());
        two_schemas(said.or(entry.key.schema.as_ref()), entry.model.schema.as_ref(), found);
    }
    let views = models.views.iter().map(|(key, view)| (key, view.schema.as_ref(), "view"));
    let materialized =
        models.materialized_views.iter().map(|(key, view)| (key, view.schema.as_ref(), "materialized view"));
    let sequences = models.sequences.iter().map(|(key, sequence)| (key, sequence.schema.as_ref(), "sequence"));
    for (key, schema, what) in views.chain(materialized).chain(sequences) {
        relations.add(&place(key, schema), key.span, what, found);
        two_schemas(key.schema.as_ref(), schema, found);
    }
    let enums = models.enums.iter().map(|(key, object)| (key, object.schema.as_ref(), "enum"));
    let domains = models.domains.iter().map(|(key, object)| (key, object.schema.as_ref(), "domain"));
    let composites = models.composites.iter().map(|(key, object)| (key, object.schema.as_ref(), "composite type"));
    let ranges = models.ranges.iter().map(|(key, object)| (key, object.schema.as_ref(), "range type"));
    for (key, schema, what) in enums.chain(domains).chain(composites).chain(ranges) {
        types.add(&place(key, schema), key.span, what, found);
        two_schemas(key.schema.as_ref(), schema, found);
    }
    once(models.schemas.iter().map(|(name, _)| name), "schema", found);
    once(models.extensions.iter().map(|(name, _)| name), "extension", found);
}

/// Names that were seen in a name space, and where.
struct Seen {
    space: &'static str,
    places: HashMap<(Name, Name), (Span, &'static str)>,
}

impl Seen {
    fn new(space: &'static str) -> Self {
        Seen { space, places: HashMap::new() }
    }

    fn add(&mut self, path: &Path, span: Span, what: &'static str, found: &mut Vec<Diagnostic>) {
        let schema = path.home();
        if path.name.as_str().is_empty() {
            return;
        }
        if let Some((_, other)) = self.places.get(&(schema.clone(), path.name.clone())) {
            let message = format!("the {what} `{}` is declared twice", path.name.as_str());
            let message = if *other == what { message } else { format!("{message}, the first time as a {other}") };
            let help = format!("each {} of a schema has a name of its own", self.space);
            found.push(Diagnostic::new(span, message).label("the second one").help(help));
        } else {
            self.places.insert((schema, path.name.clone()), (span, what));
        }
    }
}

fn once<'a>(names: impl Iterator<Item = &'a Ident>, what: &'static str, found: &mut Vec<Diagnostic>) {
    let mut seen = Seen::new(what);
    for name in names {
        seen.add(&Path { schema: None, name: name.value.clone() }, name.span, what, found);
    }
}

fn two_schemas(in_key: Option<&Name>, said: Option<&Ident>, found: &mut Vec<Diagnostic>) {
    if let (Some(in_key), Some(said)) = (in_key, said)
        && *in_key != said.value
    {
        let message =
            format!("two schemas for one object: `{}` in its name and `{}` here", in_key.as_str(), said.as_str());
        found.push(Diagnostic::new(said.span, message).help("name the schema once"));
    }
}

/// A model's key becomes a Rust struct.
fn rust_name(entry: &Entry, found: &mut Vec<Diagnostic>) {
    let name = entry.rust_name();
    let fits = name.starts_with(|letter: char| is_word(letter) && !letter.is_ascii_digit())
        && name.chars().all(|letter| is_word(letter) || letter == '_')
        && name != "Self";
    if !fits && !name.is_empty() {
        let message = format!("`{name}` cannot be the name of a Rust struct");
        let help = "name the model as the struct and its table with `table = \"…\"`";
        found.push(Diagnostic::new(entry.key.span, message).help(help));
    }
    if entry.model.table.is_none() && entry.table.name.as_str().len() > MAX_BYTES {
        let message = format!("the table's name `{}` has more than {MAX_BYTES} bytes", entry.table.name.as_str());
        found.push(Diagnostic::new(entry.key.span, message).help("give a shorter one with `table = \"…\"`"));
    }
}

/// What is wrong inside of single objects.
fn values(models: &Models, found: &mut Vec<Diagnostic>) {
    for (key, object) in models.enums.iter() {
        enum_values(key, &object.values, found);
        for (new, _) in object.renamed_values.iter() {
            if !object.values.iter().any(|value| value.value == new.value) {
                let message = format!("the enum `{}` has no value `{new}`", key.name.as_str());
                found.push(Diagnostic::new(new.span, message).help("the new name stands left, the old one right"));
            }
        }
    }
    models.views.iter().for_each(|(key, view)| query(key, &view.query, found, Some(view)));
    models.materialized_views.iter().for_each(|(key, view)| query(key, &view.query, found, None));
}

fn enum_values(key: &PathText, values: &[Text], found: &mut Vec<Diagnostic>) {
    let mut seen: HashMap<&str, ()> = HashMap::new();
    for value in values {
        if seen.insert(value, ()).is_some() {
            let message = format!("the enum `{}` has the value `{value}` twice", key.name.as_str());
            found.push(Diagnostic::new(value.span, message));
        }
        if value.len() > MAX_BYTES {
            let message = format!("the value `{value}` has {} bytes", value.len());
            found.push(Diagnostic::new(value.span, message).label(format!("an enum's value has at most {MAX_BYTES}")));
        }
    }
}

fn query(key: &PathText, text: &Text, found: &mut Vec<Diagnostic>, view: Option<&View>) {
    if text.trim().is_empty() && text.span != Span::default() {
        found.push(Diagnostic::new(text.span, format!("the query of `{}` is empty", key.name.as_str())));
    }
    if let Some(view) = view
        && view.recursive.as_ref().is_some_and(|flag| flag.value)
        && view.columns.is_empty()
    {
        let message = format!("the recursive view `{}` needs the names of its columns", key.name.as_str());
        found.push(Diagnostic::new(key.span, message).help("add `columns = [\"…\"]`"));
    }
}

/// Reports columns that are not among the known ones.
fn all_known<'a>(
    names: impl IntoIterator<Item = &'a Ident>,
    model: &str,
    known: Option<&[Name]>,
    found: &mut Vec<Diagnostic>,
) {
    let Some(known) = known else { return };
    let mut seen: Vec<&Name> = Vec::new();
    for name in names {
        if !known.contains(&name.value) && !name.as_str().is_empty() {
            found.push(unknown_column(name.as_str(), name.span, model, known));
        } else if seen.contains(&&name.value) {
            found.push(Diagnostic::new(name.span, format!("the column `{}` stands here twice", name.as_str())));
        }
        seen.push(&name.value);
    }
}

/// Two keys that exclude each other.
fn exclude(one: (&str, bool), other: (&str, Option<Span>), what: &str, found: &mut Vec<Diagnostic>) {
    if let ((one, true), (other, Some(span))) = (one, other) {
        let message = format!("{what} has both `{one}` and `{other}`");
        found.push(Diagnostic::new(span, message).label("these exclude each other").help("keep one of them"));
    }
}

/// `deferrable = false` beside `initially_deferred = true`.
fn deferral(deferrable: Option<&Flag>, deferred: Option<&Flag>, found: &mut Vec<Diagnostic>) {
    if let (Some(Spanned { value: false, span }), Some(Spanned { value: true, .. })) = (deferrable, deferred) {
        found.push(
            Diagnostic::new(*span, "a constraint that is initially deferred is deferrable").help("drop this key"),
        );
    }
}

fn is_true(flag: Option<&Flag>) -> bool {
    flag.is_some_and(|flag| flag.value)
}

fn is_primary(column: &Column) -> bool {
    is_true(column.primary_key.as_ref())
}
