//! How objects are written: each takes the next form until it comes back as it was.

use std::collections::{BTreeMap, BTreeSet};

use super::text::Literals;
use crate::catalog::Catalog;
use crate::kind::{Body, Id, Tag};
use crate::sql::respell::respell;

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
    pub(super) fn is_persons(self) -> bool {
        self <= Form::Typed
    }

    /// A text in a person's spelling, or as the server shows it.
    pub(super) fn text(self, shown: &str, spelling: fn(&str, Literals) -> String) -> String {
        match self {
            Form::Person => spelling(shown, Literals::Bare),
            Form::Typed => spelling(shown, Literals::Typed),
            _ => shown.to_owned(),
        }
    }

    /// The same of a text that can be respelled.
    pub(super) fn respelled(self, shown: &str, spelling: fn(&str, Literals) -> String) -> String {
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
    pub(super) fn own(&self, id: &Id) -> Form {
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
