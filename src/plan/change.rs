//! What happens to an object, and what is asked about it.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::Catalog;
use crate::facet::{self, Grant};
use crate::kind::{Body, Id, Tag, table};
use crate::name::Name;
use crate::statement::{Statement, Transaction};

/// What happens to one object.
#[derive(Debug)]
pub enum Change {
    /// It is made.
    Create,
    /// It goes.
    Drop,
    /// It is changed where it is; dependants of these kinds cannot stand meanwhile.
    InPlace(Vec<Statement>, &'static [Tag]),
    /// It is dropped and made again.
    Rebuild,
    /// A type: the new one is made beside the old one, columns move over, the old one goes.
    Swap,
    /// A type that goes: it is put under another name first, since one of another kind takes its own.
    Aside,
    /// A column whose type, or collation, is swapped.
    Retype,
    /// A column that holds rows of a table whose columns change: it is a text meanwhile.
    Lift,
}

impl Change {
    /// Whether it is made where it is, by a statement that runs like this.
    pub(super) fn runs(&self, transaction: Transaction) -> bool {
        matches!(self, Change::InPlace(statements, _) if statements.iter().any(|own| own.transaction == transaction))
    }
}

/// All changes by id, dependants included.
pub type Changes<'a> = BTreeMap<&'a Id, Change>;

/// What changes of a kind below a path.
pub(super) fn below<'a>(
    changes: &'a Changes<'a>,
    tag: Tag,
    prefix: &[Name],
) -> impl Iterator<Item = (&'a Id, &'a Change)> + use<'a> {
    let first = Id::new(tag, prefix.iter().cloned());
    let changes = changes.range::<Id, _>(&first..).map(|(id, change)| (*id, change));
    changes.take_while(move |(id, _)| id.tag == tag && id.path.starts_with(&first.path))
}

/// Whether this is code, or says who owns a sequence, and to be changed where it is, though it might as well be made again.
pub(super) fn can_be_rebuilt(id: &Id, changes: &Changes) -> bool {
    const CODE: &[Tag] = &[
        Tag::View,
        Tag::Policy,
        Tag::Rule,
        Tag::Trigger,
        Tag::ColumnDefault,
        Tag::Function,
        Tag::Aggregate,
        Tag::OwnedBy,
    ];
    CODE.contains(&id.tag) && matches!(changes.get(id), Some(Change::InPlace(..)))
}

/// Whether a table that becomes logged or unlogged will be unlogged; `None` where it stays what it is.
pub(super) fn switched(table: &Id, before: &Catalog, after: &Catalog) -> Option<bool> {
    match (&before.get(table)?.body, &after.get(table)?.body) {
        (Body::Table(old), Body::Table(new)) => (old.unlogged != new.unlogged).then_some(new.unlogged),
        _ => None,
    }
}

/// What is left of what was granted on a column once the facets of its table have changed.
pub(super) fn left_on_column(
    column: &Id,
    grants: &BTreeSet<Grant>,
    before: &Catalog,
    after: &Catalog,
) -> Option<BTreeSet<Grant>> {
    let (old, new) = (before.get(&table::of(column))?, after.get(&table::of(column))?);
    (*old.facets != *new.facets).then(|| facet::left_on_column(grants, &old.body, &old.facets, &new.facets))
}

/// Whether it stands on the attributes of a composite type as they are: made of them, or with a value in an expression.
pub(super) fn writes_values(body: &Body) -> bool {
    match body {
        Body::OfType(_) => true,
        Body::Function(function) => function.parsed().contains("ROW("),
        _ => body.clone().texts().into_iter().any(|text| text.as_str().contains("ROW(")),
    }
}

/// What is called, and may have namesakes that take other arguments.
const ROUTINES: &[Tag] = &[Tag::Function, Tag::Aggregate];

/// The types of arguments that take values of any type.
const POLYMORPHIC: [&str; 12] = [
    "\"any\"",
    "anyarray",
    "anycompatible",
    "anycompatiblearray",
    "anycompatiblemultirange",
    "anycompatiblenonarray",
    "anycompatiblerange",
    "anyelement",
    "anyenum",
    "anymultirange",
    "anynonarray",
    "anyrange",
];

/// Whether a routine that goes and one that comes could both be meant by a call.
pub(super) fn is_overloaded(routine: &Id, changes: &Changes) -> bool {
    ROUTINES.contains(&routine.tag) && rivals(routine, changes).next().is_some()
}

/// Routines that come under the name of one, and that take other numbers of arguments or arguments of any type.
pub(super) fn rivals<'a>(routine: &'a Id, changes: &'a Changes) -> impl Iterator<Item = &'a Id> {
    let count = |id: &Id| id.part(2).as_str().split(", ").filter(|argument| !argument.is_empty()).count();
    let takes_any = |id: &Id| id.part(2).as_str().split(", ").any(|argument| POLYMORPHIC.contains(&argument));
    let alike = below(changes, routine.tag, &routine.path[..routine.path.len().min(2)]);
    let comes = alike.filter(|(_, change)| matches!(change, Change::Create)).map(|(id, _)| id);
    comes.filter(move |id| count(id) != count(routine) || takes_any(id) || takes_any(routine))
}
