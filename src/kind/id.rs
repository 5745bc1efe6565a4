//! What an object is called: its kind and its path.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Tag;
use crate::name::Name;
use crate::sql::Sql;

/// A kind and a path, `column public.users.email`.
///
/// The path begins with the schema for all that lives in one. A last element may be a list of argument types.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Id {
    /// Which kind.
    pub tag: Tag,
    /// From the outside in.
    pub path: Arc<[Name]>,
}

impl Id {
    /// An id from its parts.
    pub fn new(tag: Tag, path: impl IntoIterator<Item = Name>) -> Self {
        Id { tag, path: path.into_iter().collect() }
    }

    /// The id of a schema.
    pub fn schema(name: &Name) -> Self {
        Id::new(Tag::Schema, [name.clone()])
    }

    /// The id of kind `tag` with the first `length` elements of this path.
    pub fn prefix(&self, tag: Tag, length: usize) -> Id {
        Id { tag, path: self.path.iter().take(length).cloned().collect() }
    }

    /// The object that a person would name instead: the table of a column, of an index, ….
    pub fn anchor(&self) -> Id {
        match self.tag {
            Tag::Column
            | Tag::ColumnDefault
            | Tag::Constraint
            | Tag::Index
            | Tag::Trigger
            | Tag::Policy
            | Tag::Rule => self.prefix(Tag::Table, 2),
            Tag::Inheritance | Tag::IndexPartition | Tag::OfType => self.prefix(Tag::Table, 2),
            Tag::OwnedBy => self.prefix(Tag::Sequence, 2),
            Tag::DomainConstraint => self.prefix(Tag::Domain, 2),
            _ => self.clone(),
        }
    }

    /// The same id with another name.
    pub fn renamed(&self, name: Name) -> Id {
        self.with(self.place_of_name(), name)
    }

    /// The same id in another schema.
    pub fn moved(&self, schema: Name) -> Id {
        self.with(0, schema)
    }

    fn with(&self, index: usize, name: Name) -> Id {
        let mut path = self.path.to_vec();
        path.get_mut(index).into_iter().for_each(|part| *part = name.clone());
        Id::new(self.tag, path)
    }

    /// Where its own name is: a signature, or an access method, stands behind that of some.
    fn place_of_name(&self) -> usize {
        match self.tag {
            Tag::Function | Tag::Aggregate | Tag::Operator | Tag::OperatorClass | Tag::OperatorFamily => 1,
            _ => self.path.len().saturating_sub(1),
        }
    }

    /// What stands in front of its name.
    pub fn home(&self) -> &[Name] {
        self.path.get(..self.place_of_name()).unwrap_or_default()
    }

    /// The element at `index`, or the empty name.
    pub fn part(&self, index: usize) -> Name {
        self.path.get(index).cloned().unwrap_or_else(|| Name::new(""))
    }

    /// Its own name.
    pub fn name(&self) -> Name {
        self.part(self.place_of_name())
    }

    /// `schema.relation`, quoted, for ids whose path begins with those.
    pub fn relation(&self) -> Sql {
        dotted(&self.path[..self.path.len().min(2)])
    }
}

/// A path as SQL writes it.
pub fn dotted(path: &[Name]) -> Sql {
    Sql::join(path, ".")
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.tag, &self.path[..]) {
            (Tag::Function | Tag::Aggregate, [name @ .., types]) => {
                write!(f, "{} {}({})", self.tag.word(), dotted(name), types.as_str())
            }
            (tag, path) => write!(f, "{} {}", tag.word(), dotted(path)),
        }
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
