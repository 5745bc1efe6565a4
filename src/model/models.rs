//! All files of models together: who is who, and who refers to whom.

use std::collections::{HashMap, HashSet};

use super::collection::{Map, Path, PathText, Roster};
use super::column::Column;
use super::constraint::{ForeignKey, Reference};
use super::decode::{Ident, Text};
use super::diagnostic::{Diagnostic, FileId, Source, Span, nearest};
use super::format::{ModelsFile, Read, read};
use super::names::table_of;
use super::object::{ByPath, Composite, Domain, Enum, Extension, MaterializedView, Range, Schema, Sequence, View};
use super::table::{Model, Partition};
use crate::name::Name;

/// A model with its table's name worked out.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its key: the Rust struct, with the schema where the key has one.
    pub key: PathText,
    /// Its table.
    pub table: Path,
    /// What was written.
    pub model: Model,
}

impl Entry {
    /// The Rust struct.
    pub fn rust_name(&self) -> &str {
        self.key.name.as_str()
    }

    /// One of its columns.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.model.columns.get(name)
    }

    /// The columns of its primary key.
    pub fn primary_key(&self) -> Vec<Name> {
        let listed = self.model.primary_key.as_ref().map(|key| key.columns.0.as_slice()).unwrap_or_default();
        if !listed.is_empty() {
            return listed.iter().map(|name| name.value.clone()).collect();
        }
        let said = |column: &Column| column.primary_key.as_ref().is_some_and(|flag| flag.value);
        self.model.columns.iter().filter(|(_, column)| said(column)).map(|(name, _)| name.value.clone()).collect()
    }

    /// The models that it is made from: those that it inherits from, or the one that it is a partition of.
    pub fn parents(&self) -> impl Iterator<Item = &Text> {
        self.model.inherits.iter().chain(&self.model.partition_of)
    }

    /// Whether it lists its columns with their types, though it is a partition: it is made apart, and attached.
    pub fn is_attached(&self) -> bool {
        let mut columns = self.model.columns.iter();
        self.model.partition_of.is_some() && columns.any(|(_, column)| column.r#type.is_some())
    }

    /// Its partitions that are no models, each behind the one that it is a partition of.
    pub fn parts(&self) -> Vec<Part<'_>> {
        fn add<'m>(parent: &Path, partitions: &'m Map<PathText, Partition>, out: &mut Vec<Part<'m>>) {
            for (key, body) in partitions.iter() {
                let schema = key.schema.clone().or_else(|| parent.schema.clone());
                let table = Path { schema, name: key.name.clone() };
                out.push(Part { key, table: table.clone(), parent: parent.clone(), body });
                add(&table, &body.partitions, out);
            }
        }
        let mut out = Vec::new();
        add(&self.table, &self.model.partitions, &mut out);
        out
    }
}

/// A partition that is no model, at any depth below one.
#[derive(Clone, Debug)]
pub struct Part<'m> {
    /// Its key.
    pub key: &'m PathText,
    /// Its table.
    pub table: Path,
    /// The table that it is a partition of.
    pub parent: Path,
    /// What was written.
    pub body: &'m Partition,
}

/// A foreign key, however it was written.
#[derive(Clone, Debug)]
pub struct Link {
    /// Where it was written.
    pub at: Span,
    /// Its name, where it has one.
    pub name: Option<Ident>,
    /// The referring columns.
    pub columns: Vec<Name>,
    /// The model referred to, as an index into [`Models::models`].
    pub target: usize,
    /// The columns referred to.
    pub target_columns: Vec<Name>,
    /// Actions, match, deferral and so on.
    pub details: ForeignKey,
}

/// All of the models.
#[derive(Clone, Debug, Default)]
pub struct Models {
    /// Schemas besides `public`.
    pub schemas: Roster<Schema>,
    /// Extensions.
    pub extensions: Roster<Extension>,
    /// Enums.
    pub enums: ByPath<Enum>,
    /// Domains.
    pub domains: ByPath<Domain>,
    /// Composite types.
    pub composites: ByPath<Composite>,
    /// Range types.
    pub ranges: ByPath<Range>,
    /// Sequences that stand alone.
    pub sequences: ByPath<Sequence>,
    /// Models, in the order of the files.
    pub models: Vec<Entry>,
    /// Views.
    pub views: ByPath<View>,
    /// Materialized views.
    pub materialized_views: ByPath<MaterializedView>,
    /// Files or patterns of SQL files, each relative to the file that names it.
    pub sql: Vec<Text>,
    by_key: HashMap<String, Vec<usize>>,
}

/// Reads files of models that belong together, the first of which is the main one; every mistake is reported.
pub fn parse(sources: &[Source]) -> Result<Models, Vec<Diagnostic>> {
    finish((0..).map(FileId).zip(sources).map(|(id, source)| read::<ModelsFile>(id, source)).collect())
}

/// Puts decoded files together and checks the whole.
pub fn finish(files: Vec<Read<ModelsFile>>) -> Result<Models, Vec<Diagnostic>> {
    let mut mistakes = Vec::new();
    let mut broken = HashSet::new();
    let take = |file: Read<ModelsFile>| {
        mistakes.extend(file.mistakes);
        broken.extend(file.broken);
        file.value
    };
    let models = Models::assemble(files.into_iter().map(take).collect::<Vec<_>>());
    let follows = |mistake: &Diagnostic| broken.contains(&Span::new(mistake.file, mistake.span.clone()));
    mistakes.extend(super::check::check(&models).into_iter().filter(|mistake| !follows(mistake)));
    if mistakes.is_empty() {
        return Ok(models);
    }
    mistakes.sort_by_key(|mistake| (mistake.file, mistake.span.start));
    mistakes.dedup();
    Err(mistakes)
}

impl Models {
    /// Puts files together, in their order.
    pub fn assemble(files: impl IntoIterator<Item = ModelsFile>) -> Models {
        let mut all = Models::default();
        for file in files {
            all.schemas.0.extend(file.schemas.0);
            all.extensions.0.extend(file.extensions.0);
            all.enums.0.extend(file.enums.0);
            all.domains.0.extend(file.domains.0);
            all.composites.0.extend(file.composites.0);
            all.ranges.0.extend(file.ranges.0);
            all.sequences.0.extend(file.sequences.0);
            all.views.0.extend(file.views.0);
            all.materialized_views.0.extend(file.materialized_views.0);
            all.sql.extend(file.sql.into_iter().flat_map(|sql| sql.files.0));
            all.models.extend(file.models.0.into_iter().map(|(key, model)| Entry {
                table: table(&key, &model),
                key,
                model,
            }));
        }
        for (at, entry) in all.models.iter().enumerate() {
            all.by_key.entry(entry.key.name.as_str().into()).or_default().push(at);
        }
        all
    }

    /// The model of a name: its key, or the struct's name alone where that is enough.
    pub fn find(&self, name: &str) -> Option<usize> {
        let path = Path::parse(name)?;
        let candidates = self.by_key.get(path.name.as_str())?;
        match (&path.schema, candidates.as_slice()) {
            (None, [only]) => Some(*only),
            (schema, many) => many.iter().copied().find(|at| self.models[*at].key.schema == *schema),
        }
    }

    /// The model of a name, or the mistake.
    pub fn resolve(&self, name: &Text) -> Result<usize, Diagnostic> {
        self.find(name).ok_or_else(|| {
            let mistake = Diagnostic::new(name.span, format!("there is no model `{name}`"));
            if let Some(entry) = self.models.iter().find(|entry| entry.table.name.as_str() == name.as_str()) {
                let help = format!("models are named by their key: `{}` is the model of this table", entry.rust_name());
                return mistake.label("a table's name").help(help);
            }
            match nearest(name, self.by_key.keys().map(String::as_str)) {
                Some(near) => mistake.label(format!("did you mean `{near}`?")),
                None => mistake.label("unknown model").help("name a key below [models]"),
            }
        })
    }

    /// The model and column of `Model.column`, or of `Model` with a primary key of one column.
    pub fn resolve_column(&self, to: &Text) -> Result<(usize, Name), Diagnostic> {
        if let Some(at) = self.find(to) {
            let key = self.models[at].primary_key();
            return match <[Name; 1]>::try_from(key) {
                Ok([only]) => Ok((at, only)),
                Err(_) => Err(Diagnostic::new(to.span, format!("`{to}` has no primary key of one column"))
                    .help(format!("name the column: \"{to}.…\", or use [models.….foreign_keys]"))),
            };
        }
        let (model, column) = match to.rsplit_once('.') {
            Some((model, column)) => (Text { value: model.into(), span: to.span }, column),
            None => return Err(self.resolve(to).err().unwrap_or_else(|| Diagnostic::new(to.span, "unknown model"))),
        };
        let at = self.resolve(&model)?;
        match self.columns(at) {
            Some(columns) if !columns.iter().any(|name| name.as_str() == column) => {
                Err(unknown_column(column, to.span, &model, &columns))
            }
            _ => Ok((at, Name::new(column))),
        }
    }

    /// Every column of a model, those of its parents included; `None` where they are not known here.
    pub fn columns(&self, at: usize) -> Option<Vec<Name>> {
        self.columns_below(at, &mut Vec::new())
    }

    fn columns_below(&self, at: usize, seen: &mut Vec<usize>) -> Option<Vec<Name>> {
        let entry = &self.models[at];
        if seen.contains(&at) {
            return None;
        }
        seen.push(at);
        let mut columns: Vec<Name> = entry.model.columns.iter().map(|(name, _)| name.value.clone()).collect();
        if let Some(of_type) = &entry.model.of_type {
            columns.extend(self.composite(of_type)?.attributes.iter().map(|(name, _)| name.value.clone()));
        }
        for parent in entry.parents() {
            columns.extend(self.columns_below(self.find(parent)?, seen)?);
        }
        seen.pop();
        Some(columns)
    }

    /// The composite type of a name, where it is declared in TOML.
    pub fn composite(&self, name: &str) -> Option<&Composite> {
        let wanted = Path::parse(name)?;
        let is_it = |(key, item): &&(PathText, Composite)| {
            let place = place(key, item.schema.as_ref());
            (place.home(), &place.name) == (wanted.home(), &wanted.name)
        };
        self.composites.iter().find(is_it).map(|(_, item)| item)
    }

    /// Whether a column that a model speaks of comes from its parents or its type: the model only adds to it.
    pub fn is_given(&self, at: usize, column: &str) -> bool {
        let entry = &self.models[at];
        let typed = entry.column(column).is_some_and(|column| column.r#type.is_some());
        let has = |parent: &Text| {
            let known = self.find(parent).and_then(|at| self.columns(at));
            known.is_none_or(|columns| columns.iter().any(|name| name.as_str() == column))
        };
        !typed && !entry.is_attached() && (entry.model.of_type.is_some() || entry.parents().any(has))
    }

    /// The type of a column; one that only refers has its target's. `None` where it is not known here.
    pub fn column_type(&self, at: usize, column: &str) -> Option<String> {
        let (mut at, mut column) = (at, Name::new(column));
        // A ring of references without a type ends here.
        for step in 0..=self.models.len().min(64) {
            let entry = &self.models[at];
            let found = entry.column(column.as_str());
            if let Some(r#type) = found.and_then(|found| found.r#type.as_ref()) {
                let text = r#type.text.value.as_str();
                // What refers to a column that counts does not count itself.
                let counted = match text.to_lowercase().as_str() {
                    "smallserial" | "serial2" => "smallint",
                    "serial" | "serial4" => "integer",
                    "bigserial" | "serial8" => "bigint",
                    _ => text,
                };
                return Some(if step > 0 { counted.into() } else { text.into() });
            }
            let of_type = entry.model.of_type.as_ref().and_then(|name| self.composite(name));
            if let Some(attribute) = of_type.and_then(|item| item.attributes.get(column.as_str())) {
                return Some(attribute.r#type.text.value.clone());
            }
            let has = |at: &usize| self.columns(*at).is_some_and(|columns| columns.contains(&column));
            let parent = entry.parents().filter_map(|parent| self.find(parent)).find(has);
            match (parent, found) {
                (Some(parent), _) => at = parent,
                (None, found) => (at, column) = self.resolve_column(&found?.references.as_ref()?.to).ok()?,
            }
        }
        None
    }

    /// Whether a foreign key can stand in the statement that makes its table: the primary key that it refers to is there by then.
    pub fn is_there_for(&self, at: usize, link: &Link) -> bool {
        let is_plain = |entry: &Entry| {
            entry.model.inherits.is_empty() && entry.model.partition_of.is_none() && entry.model.of_type.is_none()
        };
        let (own, target) = (&self.models[at], &self.models[link.target]);
        let is_checked = !link.details.not_valid.as_ref().is_some_and(|flag| flag.value);
        link.target <= at
            && is_plain(own)
            && is_plain(target)
            && is_checked
            && link.target_columns == target.primary_key()
    }

    /// Every foreign key of a model that can be resolved.
    pub fn links(&self, at: usize) -> Vec<Link> {
        let model = &self.models[at].model;
        let short = model.columns.iter().filter_map(|(name, column)| Some((name, column.reference()?)));
        let short = short.filter_map(|(name, reference)| {
            let (target, column) = self.resolve_column(&reference.to).ok()?;
            let columns = vec![name.value.clone()];
            let (at, link_name) = (reference.at, reference.name.clone());
            Some(Link {
                at,
                name: link_name,
                columns,
                target,
                target_columns: vec![column],
                details: key_of(reference, name),
            })
        });
        let long = model.foreign_keys.iter().filter_map(|(name, key)| {
            let target = self.find(&key.references)?;
            let referenced: Vec<Name> = key.referenced.iter().map(|name| name.value.clone()).collect();
            let target_columns = if referenced.is_empty() { self.models[target].primary_key() } else { referenced };
            let columns = key.columns.iter().map(|name| name.value.clone()).collect();
            Some(Link { at: key.at, name: name.clone(), columns, target, target_columns, details: key.clone() })
        });
        short.chain(long).collect()
    }
}

/// What a reference at a column would be below `foreign_keys`.
fn key_of(reference: Reference, column: &Ident) -> ForeignKey {
    ForeignKey {
        at: reference.at,
        columns: super::collection::Some1(vec![column.clone()]),
        references: reference.to,
        on_delete: reference.on_delete,
        on_update: reference.on_update,
        r#match: reference.r#match,
        deferrable: reference.deferrable,
        initially_deferred: reference.initially_deferred,
        not_valid: reference.not_valid,
        not_enforced: reference.not_enforced,
        comment: reference.comment,
        renamed_from: reference.renamed_from,
        ..Default::default()
    }
}

fn table(key: &PathText, model: &Model) -> Path {
    let named = model.table.as_ref().map(|table| table.value.clone());
    let mut table = named.unwrap_or_else(|| Path { schema: None, name: table_of(key.name.as_str()).into() });
    let said = model.schema.as_ref().map(|schema| schema.value.clone());
    table.schema = table.schema.or(said).or_else(|| key.schema.clone());
    table
}

/// The mistake of a column that a model does not have.
pub fn unknown_column(column: &str, span: Span, model: &str, columns: &[Name]) -> Diagnostic {
    let mistake = Diagnostic::new(span, format!("`{model}` has no column `{column}`"));
    match nearest(column, columns.iter().map(Name::as_str)) {
        Some(near) => mistake.label(format!("did you mean `{near}`?")),
        None => mistake.label("unknown column"),
    }
}

/// The schema and name of an object, from its key and its `schema`.
pub fn place(key: &PathText, schema: Option<&Ident>) -> Path {
    Path { schema: schema.map(|schema| schema.value.clone()).or_else(|| key.schema.clone()), name: key.name.clone() }
}
