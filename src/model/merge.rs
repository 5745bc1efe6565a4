//! What was raised, written into models.toml as it is: comments, order and relationships stay, and only what differs changes.

use std::collections::{BTreeMap, BTreeSet};

use toml_edit::{Array, DocumentMut, Item, Table, TableLike, Value};

use super::check::check;
use super::collection::{Path, PathText};
use super::diagnostic::{Diagnostic, FileId, Source, Span};
use super::format::{ModelsFile, read};
use super::lower::{Lowered, statements};
use super::models::{Models, finish, place};
use super::raise::{Entry, Written};
use crate::kind::{Id, Tag};
use crate::name::Name;

/// The sections of objects in the order in which a new file has them.
const SECTIONS: &[(&str, Tag)] = &[
    ("schemas", Tag::Schema),
    ("extensions", Tag::Extension),
    ("enums", Tag::Enum),
    ("domains", Tag::Domain),
    ("composites", Tag::Composite),
    ("ranges", Tag::Range),
    ("sequences", Tag::Sequence),
    ("models", Tag::Table),
    ("views", Tag::View),
    ("materialized_views", Tag::MaterializedView),
];

/// What is to be written, and over what.
pub struct Merge<'a> {
    /// The files, the main one first, and each as TOML that can be parsed.
    pub sources: &'a [Source],
    /// What the files say, where that is known.
    pub models: &'a Models,
    /// What the files make, raised in the same way.
    pub base: Vec<Entry>,
    /// What is to be said.
    pub raised: Vec<Entry>,
    /// Entries that are written anew, whatever stood there but relationships.
    pub anew: &'a BTreeSet<Id>,
}

impl Merge<'_> {
    /// The files as they are to be. Entries of objects that are not raised go, if `managed` says that they are ours.
    ///
    /// # Errors
    /// If a file is not TOML: which, and why.
    pub fn write(self, managed: impl Fn(&Id) -> bool) -> Result<Vec<Source>, (usize, String)> {
        let mut documents: Vec<DocumentMut> = Vec::new();
        for (at, source) in self.sources.iter().enumerate() {
            documents
                .push(source.text.parse().map_err(|error: toml_edit::TomlError| (at, error.message().to_owned()))?);
        }
        let base = self.base.iter().filter(|entry| !self.anew.contains(&entry.id));
        let work = Work {
            tables: self.models.models.iter().map(|entry| (&entry.key.value, &entry.table)).collect(),
            base: base.map(|entry| (&entry.id, entry)).collect(),
            wanted: self.raised.iter().map(|entry| (&entry.id, entry)).collect(),
            managed: &managed,
        };
        let mut found: BTreeSet<Id> = BTreeSet::new();
        for document in &mut documents {
            for (section, tag) in SECTIONS {
                work.section(document, section, *tag, &mut found);
            }
        }
        let mut new: BTreeMap<&str, Vec<Entry>> = BTreeMap::new();
        for entry in self.raised.into_iter().filter(|entry| !found.contains(&entry.id)) {
            new.entry(entry.section).or_default().push(entry);
        }
        if let Some(main) = documents.first_mut() {
            for (section, _) in SECTIONS {
                new.remove(section).into_iter().for_each(|entries| add(main, section, entries));
            }
        }
        let text = |(source, document): (&Source, DocumentMut)| {
            let text = document.to_string();
            Source::new(&source.path, like(&source.text, text))
        };
        let sources: Vec<Source> = self.sources.iter().zip(documents).map(text).collect();
        let relate = self.models.models.iter().any(|entry| entry.model.relationships.iter().next().is_some());
        Ok(if relate { without_loose_relationships(sources) } else { sources })
    }
}

/// The same by id.
struct Work<'a> {
    /// Tables by the keys of their models.
    tables: BTreeMap<&'a Path, &'a Path>,
    base: BTreeMap<&'a Id, &'a Entry>,
    wanted: BTreeMap<&'a Id, &'a Entry>,
    managed: &'a dyn Fn(&Id) -> bool,
}

impl Work<'_> {
    /// Brings the entries of one section up to date, and takes out those whose object is gone.
    fn section(&self, document: &mut DocumentMut, section: &str, tag: Tag, found: &mut BTreeSet<Id>) {
        let (wanted, managed) = (&self.wanted, self.managed);
        let Some(item) = document.get_mut(section) else { return };
        if let Some(names) = item.as_array_mut() {
            // A list of names: those that need more than a name make a table of it.
            let id = |value: &Value| value.as_str().map(|name| Id::new(tag, [Name::from(name)]));
            let plain = |id: &Id| wanted.get(id).is_none_or(|entry| is_empty(&entry.item));
            if names.iter().filter_map(id).all(|id| plain(&id)) {
                names.retain(|value| id(value).is_none_or(|id| wanted.contains_key(&id) || !managed(&id)));
                found.extend(names.iter().filter_map(id));
                return;
            }
            let table: Table = names.iter().filter_map(Value::as_str).map(|name| (name, empty())).collect();
            *item = Item::Table(table);
        }
        let Some(table) = item.as_table_like_mut() else { return };
        let keys: Vec<String> = table.iter().map(|(key, _)| key.to_owned()).collect();
        for key in keys {
            let Some(id) = table.get(&key).and_then(|item| self.id(tag, &key, item)) else { continue };
            match (wanted.get(&id), table.get_mut(&key)) {
                (Some(entry), Some(ours)) => {
                    let base = self.base.get(&id).map_or_else(|| known_to_servers(ours), |base| base.item.clone());
                    merge(ours, &base, &entry.item);
                    found.insert(id);
                }
                (None, _) if managed(&id) => {
                    table.remove(&key);
                }
                _ => {
                    found.insert(id);
                }
            }
        }
    }

    /// The object of an entry.
    fn id(&self, tag: Tag, key: &str, item: &Item) -> Option<Id> {
        if matches!(tag, Tag::Schema | Tag::Extension) {
            return Some(Id::new(tag, [Name::from(key)]));
        }
        let path = Path::parse(key)?;
        let path = match tag {
            Tag::Table => (*self.tables.get(&path)?).clone(),
            _ => Path { schema: item.get("schema").and_then(Item::as_str).map(Name::from).or(path.schema), ..path },
        };
        Some(id_of(tag, &path))
    }
}

fn id_of(tag: Tag, path: &Path) -> Id {
    Id::new(tag, [path.home(), path.name.clone()])
}

/// What a person may say otherwise, and says so.
pub fn written(models: &Models) -> Written {
    let place = |path: &Path| (path.home(), path.name.clone());
    let pinned = models.extensions.iter().filter(|(_, extension)| extension.version.is_some());
    Written {
        keys: models.models.iter().map(|entry| (place(&entry.table), entry.key.value.clone())).collect(),
        pinned: pinned.map(|(name, _)| name.value.clone()).collect(),
    }
}

/// Every object that has an entry, and where.
pub fn objects(models: &Models) -> Vec<(Span, Id)> {
    let mut all: Vec<(Span, Id)> = Vec::new();
    let top = |tag, name: &super::decode::Ident| (name.span, Id::new(tag, [name.value.clone()]));
    all.extend(models.schemas.iter().map(|(name, _)| top(Tag::Schema, name)));
    all.extend(models.extensions.iter().map(|(name, _)| top(Tag::Extension, name)));
    all.extend(models.models.iter().map(|entry| (entry.key.span, id_of(Tag::Table, &entry.table))));
    let mut add = |tag: Tag, key: &PathText, schema| all.push((key.span, id_of(tag, &place(key, schema))));
    models.enums.iter().for_each(|(key, item)| add(Tag::Enum, key, item.schema.as_ref()));
    models.domains.iter().for_each(|(key, item)| add(Tag::Domain, key, item.schema.as_ref()));
    models.composites.iter().for_each(|(key, item)| add(Tag::Composite, key, item.schema.as_ref()));
    models.ranges.iter().for_each(|(key, item)| add(Tag::Range, key, item.schema.as_ref()));
    models.sequences.iter().for_each(|(key, item)| add(Tag::Sequence, key, item.schema.as_ref()));
    models.views.iter().for_each(|(key, item)| add(Tag::View, key, item.schema.as_ref()));
    models.materialized_views.iter().for_each(|(key, item)| add(Tag::MaterializedView, key, item.schema.as_ref()));
    all
}

/// Every partition that stands in the entry of another table.
pub fn parts(models: &Models) -> impl Iterator<Item = Id> {
    models.models.iter().flat_map(|entry| entry.parts()).map(|part| id_of(Tag::Table, &part.table))
}

/// Files as the statements that they stand for.
///
/// # Errors
/// Every mistake, with the object in whose entry it is.
pub fn lower(sources: &[Source]) -> Result<Vec<Lowered>, Vec<(Diagnostic, Option<Id>)>> {
    let decoded = || (0..).map(FileId).zip(sources).map(|(id, source)| read::<ModelsFile>(id, source));
    let found = match finish(decoded().collect()) {
        Ok(models) => match statements(&models) {
            Ok(lowered) => return Ok(lowered),
            Err(mistakes) => mistakes,
        },
        Err(mistakes) => mistakes,
    };
    let objects = objects(&Models::assemble(decoded().map(|file| file.value).collect::<Vec<_>>()));
    let of = |mistake: &Diagnostic| {
        let before = objects.iter().filter(|(span, _)| span.file == mistake.file && span.start <= mistake.span.start);
        before.max_by_key(|(span, _)| span.start).map(|(_, id)| id.clone())
    };
    Err(found.into_iter().map(|mistake| (of(&mistake), mistake)).map(|(id, mistake)| (mistake, id)).collect())
}

/// Adds entries to a section of a document, which may not have it yet.
fn add(document: &mut DocumentMut, section: &str, entries: Vec<Entry>) {
    let is_roster = matches!(section, "schemas" | "extensions");
    if is_roster && entries.iter().all(|entry| is_empty(&entry.item)) {
        let list = document.entry(section).or_insert_with(|| toml_edit::value(Array::new()));
        if let Some(list) = list.as_array_mut() {
            entries.into_iter().for_each(|entry| list.push(entry.key));
            return;
        }
    }
    if let Some(list) = document.get(section).and_then(Item::as_array) {
        let table: Table = list.iter().filter_map(Value::as_str).map(|name| (name, empty())).collect();
        document.insert(section, Item::Table(table));
    }
    let table = document.entry(section).or_insert_with(|| {
        let mut table = Table::new();
        table.set_implicit(true);
        Item::Table(table)
    });
    let Some(table) = table.as_table_like_mut() else { return };
    for entry in entries {
        table.insert(&entry.key, laid_out(entry.item));
    }
}

fn empty() -> Item {
    toml_edit::value(toml_edit::InlineTable::new())
}

fn is_empty(item: &Item) -> bool {
    item.as_table_like().is_some_and(TableLike::is_empty)
}

/// A new table without headers that say nothing, its columns in line.
fn laid_out(mut item: Item) -> Item {
    if let Item::Table(table) = &mut item {
        for (_, item) in table.iter_mut().filter(|(_, item)| item.is_table()) {
            *item = laid_out(std::mem::take(item));
        }
        table.set_implicit(!table.is_empty() && table.iter().all(|(_, item)| item.is_table()));
        if let Some(Item::Table(columns)) = table.get_mut("columns") {
            let width = columns.iter().filter_map(|(key, _)| columns.key(key)).map(shown_width).max().unwrap_or(0);
            for (mut key, _) in columns.iter_mut() {
                let pad = " ".repeat(width + 1 - key.display_repr().chars().count());
                key.leaf_decor_mut().set_suffix(pad);
            }
        }
    }
    item
}

fn shown_width(key: &toml_edit::Key) -> usize {
    key.display_repr().chars().count()
}

/// A document with the line ends that it had.
pub fn like(old: &str, text: String) -> String {
    if old.contains("\r\n") && !text.contains('\r') { text.replace('\n', "\r\n") } else { text }
}

/// The keys whose tables have names of the user's choice.
const NAMED: [&str; 12] = [
    "attributes",
    "checks",
    "columns",
    "exclusions",
    "foreign_keys",
    "indexes",
    "partitions",
    "policies",
    "rules",
    "statistics",
    "triggers",
    "uniques",
];

/// An entry without what no database knows.
fn known_to_servers(item: &Item) -> Item {
    fn known(mut item: Item, are_names: bool) -> Item {
        if let Some(table) = item.as_table_like_mut() {
            if !are_names {
                ["relationships", "renamed_from", "renamed_values", "renamed_columns", "using", "with_data"]
                    .into_iter()
                    .for_each(|key| drop(table.remove(key)));
            }
            for (key, inner) in table.iter_mut() {
                *inner = known(std::mem::take(inner), !are_names && NAMED.contains(&key.get()));
            }
        }
        item
    }
    known(item.clone(), false)
}

/// Puts into `ours` what differs between `base` and `theirs`.
fn merge(ours: &mut Item, base: &Item, theirs: &Item) {
    if plain(base) == plain(theirs) {
        return;
    }
    let (base, theirs) = (in_long_form(base, ours), in_long_form(theirs, ours));
    let base = if base.is_table_like() { base } else { known_to_servers(ours) };
    match (ours, &theirs) {
        (ours, theirs) if ours.is_table_like() && theirs.is_table_like() => {
            if let (Some(own), Some(base), Some(theirs)) =
                (ours.as_table_like_mut(), base.as_table_like(), theirs.as_table_like())
            {
                merge_tables(own, base, theirs);
            }
            if let Item::Value(Value::InlineTable(table)) = ours {
                table.fmt();
            }
        }
        (Item::Value(Value::Array(ours)), Item::Value(Value::Array(theirs))) => merge_arrays(ours, theirs),
        (Item::Value(ours), Item::Value(theirs)) => {
            let decor = ours.decor().clone();
            *ours = theirs.clone();
            *ours.decor_mut() = decor;
        }
        (ours, theirs) => *ours = laid_out(theirs.clone()),
    }
}

/// Keys whose value alone may stand for the table.
const SHORT: &[&str] = &[
    "type",
    "values",
    "subtype",
    "query",
    "columns",
    "version",
    "for_values",
    "server",
    "expression",
    "definition",
    "to",
];

/// An item that stands for a table, as the table, where `ours` is one.
fn in_long_form(item: &Item, ours: &Item) -> Item {
    match (item, SHORT.iter().find(|key| ours.get(key).is_some())) {
        (Item::Value(value), Some(key)) if !value.is_inline_table() => {
            Item::Value(Value::InlineTable([(*key, value.clone())].into_iter().collect()))
        }
        _ => item.clone(),
    }
}

/// Makes one list of elements into another; those that stay keep their comments, and the list its layout.
fn merge_arrays(ours: &mut Array, theirs: &Array) {
    let text = |value: &Value| plain(&Item::Value(value.clone()));
    let line = |value: &Value| {
        let prefix = value.decor().prefix().and_then(|prefix| prefix.as_str()).unwrap_or_default();
        prefix.rfind('\n').map(|at| prefix[at..].to_owned())
    };
    let layout = ours.iter().find_map(line);
    let mut old: Vec<Option<Value>> = ours.iter().cloned().map(Some).collect();
    ours.clear();
    for (at, value) in theirs.iter().enumerate() {
        let known = old.iter_mut().find(|old| old.as_ref().is_some_and(|old| text(old) == text(value)));
        let mut value = known
            .and_then(Option::take)
            .unwrap_or_else(|| value.clone().decorated(layout.clone().unwrap_or_default(), ""));
        // On one line, what becomes the first, or ceases to be it, has another space in front.
        if layout.is_none() {
            value.decor_mut().set_prefix(if at == 0 { "" } else { " " });
        }
        ours.push_formatted(value);
    }
}

fn merge_tables(ours: &mut dyn TableLike, base: &dyn TableLike, theirs: &dyn TableLike) {
    let gone: Vec<String> =
        base.iter().map(|(key, _)| key.to_owned()).filter(|key| !theirs.contains_key(key)).collect();
    for key in gone {
        ours.remove(&key);
    }
    for (key, item) in theirs.iter() {
        let before = base.get(key);
        if before.is_some_and(|before| plain(before) == plain(item)) {
            continue;
        }
        match ours.get_mut(key) {
            Some(own) => {
                let before = before.cloned().unwrap_or_else(|| own.clone());
                merge(own, &before, item);
            }
            None => insert(ours, key, item),
        }
    }
}

/// Adds a key, in line with those before it.
fn insert(ours: &mut dyn TableLike, key: &str, item: &Item) {
    let known: Vec<String> = ours.iter().filter(|(_, item)| item.is_value()).map(|(key, _)| key.to_owned()).collect();
    let place = |key: &toml_edit::Key| {
        let gap = key.leaf_decor().suffix().and_then(|gap| gap.as_str()).map_or(0, str::len);
        (gap > 0).then(|| shown_width(key) + gap)
    };
    let width = known.first().and_then(|key| ours.key(key)).and_then(place);
    let item = if item.is_table() { laid_out(item.clone()) } else { beside_headers(ours, item) };
    let is_value = item.is_value();
    ours.insert(key, item);
    if let (Some(width), true, Some(mut key)) = (width, is_value, ours.key_mut(key)) {
        let pad = " ".repeat(width.saturating_sub(key.display_repr().chars().count()).max(1));
        key.leaf_decor_mut().set_suffix(pad);
    }
}

/// A new item as one with a header, where the others of its table have theirs: a value would stand in front of them.
fn beside_headers(others: &dyn TableLike, item: &Item) -> Item {
    let has_header = |item: &Item| item.as_table().is_some_and(|table| !table.is_dotted());
    if others.is_empty() || !others.iter().all(|(_, other)| has_header(other)) {
        return item.clone();
    }
    match item {
        Item::Value(Value::InlineTable(table)) => Item::Table(table.clone().into_table()),
        Item::Value(Value::String(_)) if others.iter().all(|(_, other)| other.get("type").is_some()) => {
            Item::Table([("type", item.clone())].into_iter().collect())
        }
        _ => item.clone(),
    }
}

/// A value without the way in which it is written.
fn plain(item: &Item) -> String {
    fn value_text(value: &Value) -> String {
        match value {
            Value::Array(list) => format!("[{}]", list.iter().map(value_text).collect::<Vec<_>>().join(",")),
            Value::InlineTable(table) => table_text(table),
            Value::String(text) => format!("{:?}", text.value()),
            other => other.clone().decorated("", "").to_string(),
        }
    }
    fn table_text(table: &dyn TableLike) -> String {
        let pairs: BTreeMap<&str, String> = table.iter().map(|(key, item)| (key, plain(item))).collect();
        format!("{pairs:?}")
    }
    match item {
        Item::Value(value) => value_text(value),
        Item::Table(table) => table_text(table),
        Item::None | Item::ArrayOfTables(_) => item.to_string(),
    }
}

/// Takes out relationships whose other end, or whose foreign key, is gone.
fn without_loose_relationships(sources: Vec<Source>) -> Vec<Source> {
    let files = (0..).map(FileId).zip(&sources).map(|(id, source)| read::<ModelsFile>(id, source).value);
    let models = Models::assemble(files.collect::<Vec<_>>());
    let mistakes = check(&models);
    let wrong =
        |span: Span| mistakes.iter().any(|mistake: &Diagnostic| Span::new(mistake.file, mistake.span.clone()) == span);
    let mut loose: Vec<(usize, Path, String)> = Vec::new();
    for entry in &models.models {
        for (name, relationship) in entry.model.relationships.iter() {
            let ends = [&relationship.has_many, &relationship.has_one, &relationship.belongs_to, &relationship.through];
            let mut spans = vec![name.span];
            spans.extend(ends.into_iter().flatten().map(|text| text.span));
            spans.extend(relationship.via.iter().map(|column| column.span));
            if spans.into_iter().any(wrong) {
                loose.push((entry.key.span.file.0 as usize, entry.key.value.clone(), name.as_str().to_owned()));
            }
        }
    }
    let without = |(at, source): (usize, Source)| {
        if !loose.iter().any(|(file, ..)| *file == at) {
            return source;
        }
        let Ok(mut document) = source.text.parse::<DocumentMut>() else { return source };
        for (_, path, name) in loose.iter().filter(|(file, ..)| *file == at) {
            let models = document.get_mut("models").and_then(Item::as_table_like_mut);
            let mut entries = models.into_iter().flat_map(|models| models.iter_mut());
            let model = entries.find(|(key, _)| Path::parse(key).as_ref() == Some(path)).map(|(_, model)| model);
            let Some(model) = model.and_then(Item::as_table_like_mut) else { continue };
            let all = model.get_mut("relationships").and_then(Item::as_table_like_mut);
            let left = all.map(|all| {
                all.remove(name);
                all.is_empty()
            });
            if left == Some(true) {
                model.remove("relationships");
            }
        }
        Source::new(&source.path, like(&source.text, document.to_string()))
    };
    sources.into_iter().enumerate().map(without).collect()
}
