//! A catalog as models.toml: what [`lower`](super::lower) makes into DDL, the other way round.
//!
//! How much of it a person would leave out is a proposal that only a server can judge: who calls builds what was raised,
//! and asks again with another [`Form`] for what did not come back as it was.

use std::collections::{BTreeMap, BTreeSet};

use toml_edit::{Array, InlineTable, Item, Table, Value};

use self::family::Origin;
use self::text::Literals;
use super::collection::Path;
use super::names::model_of;
use crate::catalog::{Catalog, Object};
use crate::facet::Facets;
use crate::kind::{Body, Id, Tag};
use crate::name::Name;
use crate::sql::respell::respell;

mod column;
mod constraint;
mod family;
mod hanger;
mod index;
mod object;
mod rights;
mod scan;
mod table;
pub mod text;

/// How an object is written, from what reads best to what is surest to come back as it was.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// In TOML, as a person would.
    #[default]
    Person,
    /// The same, but that constants keep the casts that say their types.
    Typed,
    /// In TOML with every name said, and texts respelled.
    Spelled,
    /// In TOML with every name said, and texts as the server shows them.
    Shown,
    /// In SQL, texts respelled.
    SqlSpelled,
    /// In SQL, texts as the server shows them.
    Sql,
}

impl Form {
    /// Whether a person would say and leave out the same.
    fn is_persons(self) -> bool {
        self <= Form::Typed
    }

    /// A text in a person's spelling, or as the server shows it.
    fn text(self, shown: &str, spelling: fn(&str, Literals) -> String) -> String {
        match self {
            Form::Person => spelling(shown, Literals::Bare),
            Form::Typed => spelling(shown, Literals::Typed),
            _ => shown.to_owned(),
        }
    }

    /// The same of a text that can be respelled.
    fn respelled(self, shown: &str, spelling: fn(&str, Literals) -> String) -> String {
        let respelled = if self == Form::Spelled { respell(shown) } else { None };
        respelled.unwrap_or_else(|| self.text(shown, spelling))
    }
}

/// The forms of objects; the first one is that of all that are not named. A part has at least that of its whole.
#[derive(Clone, Debug, Default)]
pub struct Forms(BTreeMap<Id, Form>);

impl Forms {
    /// The form of an object of this catalog.
    pub fn of(&self, id: &Id, catalog: &Catalog) -> Form {
        self.own(id).max(self.own(&catalog.whole(id)))
    }

    /// The form that it has taken itself.
    fn own(&self, id: &Id) -> Form {
        self.0.get(id).copied().unwrap_or_default()
    }

    /// Takes the next form; false if there is none.
    pub fn advance(&mut self, id: &Id, catalog: &Catalog) -> bool {
        let now = self.of(id, catalog);
        let is_any = |fits: fn(&str) -> bool| {
            let mut body = catalog.get(id).map(|object| object.body.clone());
            body.iter_mut().flat_map(Body::texts).any(|text| fits(text.as_str()))
        };
        let respelled = is_any(|text| respell(text).is_some());
        let next = match now {
            // The texts of a table are those of its parts.
            Form::Person if id.tag == Tag::Table || is_any(|text| text.contains("'::")) => Form::Typed,
            Form::Person | Form::Typed if respelled => Form::Spelled,
            Form::Person | Form::Typed | Form::Spelled => Form::Shown,
            Form::Shown if respelled => Form::SqlSpelled,
            Form::Shown | Form::SqlSpelled => Form::Sql,
            Form::Sql => return false,
        };
        self.0.insert(id.clone(), next);
        true
    }

    /// Writes it in SQL.
    pub fn to_sql(&mut self, id: &Id) {
        self.0.insert(id.clone(), Form::SqlSpelled);
    }

    /// What is in SQL as the server shows it.
    pub fn as_shown(&self, catalog: &Catalog) -> BTreeSet<Id> {
        catalog.objects.keys().filter(|id| self.of(id, catalog) == Form::Sql).cloned().collect()
    }
}

/// One entry of models.toml.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The object.
    pub id: Id,
    /// `models`, `enums`, …
    pub section: &'static str,
    /// Its key in the section.
    pub key: String,
    /// Its value.
    pub item: Item,
}

/// What was raised.
#[derive(Clone, Debug, Default)]
pub struct Raised {
    /// In the order in which a person would read them.
    pub entries: Vec<Entry>,
    /// What the entries make, if all goes well; what it lacks is to be said elsewhere.
    pub said: BTreeMap<Id, Said>,
}

/// What an entry says of an object.
#[derive(Clone, Debug)]
pub struct Said {
    /// Its definition, where it is another one than the object's.
    body: Option<Box<Body>>,
    facets: Facet,
}

impl Said {
    /// The object as the entry makes it.
    pub fn object(self, own: &Object) -> Object {
        let (comment, rights) = (self.facets >= Facet::Comment, self.facets == Facet::Rights);
        let (own_facets, is_column) = (&own.facets, own.body.tag() == Tag::Column);
        let mut facets = Facets::default();
        if comment {
            facets.comment = own_facets.comment.clone();
            facets.column_comments = own_facets.column_comments.clone();
        }
        if rights {
            facets.owner = own_facets.owner.clone();
            facets.grants = own_facets.grants.clone();
        }
        // Those on the sequence of an identity column have no words.
        if rights && !is_column {
            facets.column_grants = own_facets.column_grants.clone();
        }
        let body = self.body.map_or_else(|| own.body.clone(), |body| *body);
        Object { body, facets: facets.into(), position: own.position, needs: own.needs.clone() }
    }
}

/// Keys of models that are there already, by schema and name of the table.
pub type Keys = BTreeMap<(Name, Name), Path>;

/// What files of models say, of that which a person may say otherwise.
#[derive(Clone, Debug, Default)]
pub struct Written {
    /// Keys of models.
    pub keys: Keys,
    /// Extensions with a version.
    pub pinned: BTreeSet<Name>,
}

/// Raises what can be, in the way in which it is `written` already; the rest is in no entry.
pub fn raise(catalog: &Catalog, forms: &Forms, written: &Written) -> Raised {
    let mut raising = Raising {
        catalog,
        forms,
        written,
        models: BTreeMap::new(),
        origins: BTreeMap::new(),
        statistics: BTreeMap::new(),
        out: Raised::default(),
    };
    for (id, object) in catalog.below(Tag::Statistics, &[]) {
        let tables: BTreeSet<&[Name]> = object.needs.iter().filter_map(|need| need.id.path.get(..2)).collect();
        tables.into_iter().for_each(|table| raising.statistics.entry(table).or_default().push((id, object)));
    }
    raising.origins = raising.find_origins(&written.keys);
    raising.name_models(&written.keys);
    raising.objects();
    raising.tables();
    raising.views();
    raising.out
}

struct Raising<'a> {
    catalog: &'a Catalog,
    forms: &'a Forms,
    written: &'a Written,
    /// The keys of the tables that become models, by schema and name.
    models: Keys,
    /// The tables that models.toml says, and how.
    origins: BTreeMap<Id, Origin>,
    /// Extended statistics by table.
    statistics: BTreeMap<&'a [Name], Vec<(&'a Id, &'a Object)>>,
    out: Raised,
}

impl<'a> Raising<'a> {
    fn form(&self, id: &Id) -> Form {
        self.forms.of(id, self.catalog)
    }

    /// Whether TOML is to say it.
    fn wanted(&self, id: &Id) -> bool {
        self.form(id) < Form::SqlSpelled
    }

    /// Notes that an object is said just as it is, with its comment or without.
    fn say(&mut self, id: &Id, facets: Facet) {
        if self.catalog.has(id) {
            self.out.said.insert(id.clone(), Said { body: None, facets });
        }
    }

    /// Notes what is said of an object.
    fn say_as(&mut self, id: &Id, body: Body, facets: Facet) {
        self.out.said.insert(id.clone(), Said { body: Some(Box::new(body)), facets });
    }

    fn comment(&self, id: &Id) -> Option<&'a str> {
        self.catalog.get(id)?.facets.comment.as_deref()
    }

    /// All of a kind, in order of their path.
    fn all(&self, tag: Tag) -> Vec<(&'a Id, &'a Object)> {
        self.all_below(tag, &[])
    }

    /// All of a kind whose path begins so, in order of their path.
    fn all_below(&self, tag: Tag, path: &[Name]) -> Vec<(&'a Id, &'a Object)> {
        self.catalog.below(tag, path).collect()
    }

    fn entry(&mut self, id: &Id, section: &'static str, key: String, item: Item) {
        self.out.entries.push(Entry { id: id.clone(), section, key, item });
    }

    /// Which tables become models, and under which keys.
    fn name_models(&mut self, keys: &Keys) {
        let mut taken: BTreeSet<(Option<Name>, String)> = BTreeSet::new();
        let is_model = |(_, origin): &(&Id, &Origin)| !matches!(origin, Origin::Part(_));
        let tables: Vec<Id> = self.origins.iter().filter(is_model).map(|(id, _)| id.clone()).collect();
        for id in &tables {
            if let Some(path) = keys.get(&(id.part(0), id.part(1))) {
                taken.insert((path.schema.clone(), path.name.as_str().into()));
                self.models.insert((id.part(0), id.part(1)), path.clone());
            }
        }
        for id in tables {
            let place = (id.part(0), id.part(1));
            if self.models.contains_key(&place) {
                continue;
            }
            let schema = Some(id.part(0)).filter(|schema| schema.as_str() != "public");
            let plain = model_of(id.part(1).as_str());
            let numbered = (2..).map(|number| format!("{plain}{number}"));
            let free = |name: &String| taken.insert((schema.clone(), name.clone()));
            let name = [plain.clone()].into_iter().chain(numbered).find(free).unwrap_or(plain);
            self.models.insert(place, Path { schema, name: Name::from(name) });
        }
    }

    /// The key of a table's model, if it is one.
    fn model(&self, schema: &Name, table: &Name) -> Option<String> {
        self.models.get(&(schema.clone(), table.clone())).map(|path| key(path.schema.as_ref(), &path.name))
    }

    /// An expression in the form of its object.
    fn expression(&self, id: &Id, shown: &str) -> String {
        self.form(id).respelled(shown, text::expression)
    }
}

/// What of an object is said besides its definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Facet {
    /// Nothing.
    None,
    /// Its comment.
    Comment,
    /// Its comment, its owner, and who may do what with it.
    Rights,
}

/// A type in the form of its object.
fn type_text(form: Form, shown: &str) -> String {
    if form.is_persons() { text::r#type(shown) } else { shown.to_owned() }
}

/// `name` or `schema.name` as a key of models.toml; `public` is not said.
pub(super) fn key(schema: Option<&Name>, name: &Name) -> String {
    let part = |name: &Name| {
        let text = name.as_str();
        if text.contains(['.', '"']) || text.is_empty() {
            format!("\"{}\"", text.replace('"', "\"\""))
        } else {
            text.into()
        }
    };
    match schema.filter(|schema| schema.as_str() != "public") {
        Some(schema) => format!("{}.{}", part(schema), part(name)),
        None => part(name),
    }
}

/// The key of an object in a schema.
fn key_of(id: &Id) -> String {
    key(Some(&id.part(0)), &id.part(1))
}

/// Keys and values in the order in which they are put.
#[derive(Clone, Debug, Default)]
struct Fields(InlineTable);

impl Fields {
    fn put(&mut self, key: &str, value: impl Into<Value>) {
        self.0.insert(key, value.into());
    }

    fn some(&mut self, key: &str, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            self.put(key, value);
        }
    }

    /// `true`, where it is.
    fn flag(&mut self, key: &str, is: bool) {
        if is {
            self.put(key, true);
        }
    }

    fn list<T: Into<Value>>(&mut self, key: &str, items: impl IntoIterator<Item = T>) {
        let array: Array = items.into_iter().collect();
        if !array.is_empty() {
            self.put(key, array);
        }
    }

    /// The value of `short` alone, if there is no other; else all of it.
    fn short(self, short: &str) -> Value {
        match (self.0.len(), self.0.get(short)) {
            (1, Some(value)) => {
                let mut value = value.clone();
                value.decor_mut().clear();
                value
            }
            _ => Value::InlineTable(self.0),
        }
    }

    /// On one line where that is short, else as a table of its own.
    fn item(self, short: &str) -> Item {
        match self.short(short) {
            Value::InlineTable(table) if table.to_string().len() > 100 => Item::Table(table.into_table()),
            value => Item::Value(value),
        }
    }
}

fn strings(names: &[Name]) -> impl Iterator<Item = &str> {
    names.iter().map(Name::as_str)
}

/// A query of several lines stands between lines of quotes; what reads models.toml does not mind the line end behind it.
fn query_value(text: &str) -> Value {
    let shown = format!("'''\n{text}\n'''");
    match shown.parse::<Value>() {
        Ok(value) if text.contains('\n') && value.as_str().is_some_and(|read| read.trim_end() == text) => value,
        _ => Value::from(text),
    }
}

/// Storage parameters and options: numbers and booleans without quotes.
fn settings(options: &[String]) -> Option<Value> {
    let mut table = InlineTable::new();
    for option in options {
        let (name, value) = option.split_once('=')?;
        let number = value.parse::<i64>().ok().filter(|number| number.to_string() == value);
        let boolean = value.parse::<bool>().ok();
        let value = number.map(Value::from).or(boolean.map(Value::from)).unwrap_or_else(|| Value::from(value));
        table.insert(name, value);
    }
    (!options.is_empty()).then_some(Value::InlineTable(table))
}

/// Things of a table that may have a name: a list where each has the name that the server would give it, else by name.
#[derive(Default)]
struct Named(Vec<(Name, bool, Value)>);

impl Named {
    /// Adds one; `usual`: it has the name that the server would choose.
    fn add(&mut self, name: Name, usual: bool, value: Value) {
        self.0.push((name, usual, value));
    }

    fn item(self) -> Option<Item> {
        if self.0.is_empty() {
            return None;
        }
        if self.0.iter().all(|(_, usual, _)| *usual) {
            return Some(Item::Value(Value::Array(self.0.into_iter().map(|(_, _, value)| value).collect())));
        }
        let mut table = Table::new();
        for (name, _, value) in self.0 {
            table.insert(name.as_str(), Item::Value(value));
        }
        Some(Item::Table(table))
    }
}
