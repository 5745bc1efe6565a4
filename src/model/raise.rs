//! A catalog as models.toml: what [`lower`](super::lower) makes into DDL, the other way round.
//!
//! How much of it a person would leave out is a proposal that only a server can judge: who calls builds what was raised,
//! and asks again with another [`Form`] for what did not come back as it was.

use std::collections::{BTreeMap, BTreeSet};

use toml_edit::Item;

use self::family::Origin;
use self::fields::{Fields, Named, query_value, settings, strings};
pub use self::form::{Form, Forms};
use super::collection::Path;
use super::names::model_of;
use crate::catalog::{Catalog, Object};
use crate::facet::Facets;
use crate::kind::{Body, Id, Tag};
use crate::name::Name;

mod column;
mod constraint;
mod family;
mod fields;
mod form;
mod hanger;
mod index;
mod object;
mod rights;
mod scan;
mod table;
pub mod text;

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
        let owner = rights || self.facets == Facet::Owner;
        let (own_facets, is_column) = (&own.facets, own.body.tag() == Tag::Column);
        let mut facets = Facets::default();
        if comment {
            facets.comment = own_facets.comment.clone();
        }
        if owner {
            facets.owner = own_facets.owner.clone();
        }
        if rights {
            facets.grants = own_facets.grants.clone();
        }
        // What is said of the sequence of an identity column has no words.
        if comment && !is_column {
            facets.column_comments = own_facets.column_comments.clone();
        }
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
    /// Its owner, who is that of what owns it.
    Owner,
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
