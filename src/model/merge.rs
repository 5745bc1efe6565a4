//! What was raised, written into models.toml as it is: comments, order and relationships stay, and only what differs changes.

mod layout;
mod loose;

use std::collections::{BTreeMap, BTreeSet};

use toml_edit::{Array, DocumentMut, Item, Table, Value};

pub use self::layout::like;
use self::layout::{empty, is_empty, known_to_servers, laid_out, merge};
use self::loose::without_loose_relationships;

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
                    let is_header = ours.is_table();
                    if let (true, Some(mut key)) = (is_header, table.key_mut(&key)) {
                        key.leaf_decor_mut().clear();
                    }
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
