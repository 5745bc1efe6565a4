//! Keys, checks and references of models.

use super::collection::{Map, Some1};
use super::column::Setting;
use super::decode::{Flag, Ident, Text};
use super::diagnostic::Spanned;
use super::shape::{shape, words};

words! {
    /// What happens to a row when the one it refers to goes or changes its key.
    pub enum ReferenceAction {
        /// An error, at the end of the statement or transaction.
        NoAction = "no action",
        /// An error at once.
        Restrict = "restrict",
        /// The row goes too, or its key changes too.
        Cascade = "cascade",
        /// The referring columns become null.
        SetNull = "set null",
        /// The referring columns get their defaults.
        SetDefault = "set default",
    }
}

words! {
    /// How nulls in a key of several columns count.
    pub enum MatchType {
        /// One null is enough to refer to nothing.
        Simple = "simple",
        /// All columns are null or none is.
        Full = "full",
    }
}

/// When a constraint is checked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Initially {
    /// At once, always.
    #[default]
    NotDeferrable,
    /// At once unless the transaction says otherwise.
    Immediate,
    /// At the end of the transaction unless it says otherwise.
    Deferred,
}

impl Initially {
    /// From the two keys.
    pub fn of(deferrable: Option<&Flag>, deferred: Option<&Flag>) -> Initially {
        match (deferrable.is_some_and(|flag| flag.value), deferred.is_some_and(|flag| flag.value)) {
            (_, true) => Initially::Deferred,
            (true, false) => Initially::Immediate,
            (false, false) => Initially::NotDeferrable,
        }
    }
}

shape! {
    /// What one column refers to. A string is `Model.column`, or `Model` for its primary key.
    pub struct Reference | Text = reference_of {
        /// `Model.column`, or `Model` for its primary key.
        to: Text,
        /// The constraint's name; the server's own would be `<table>_<column>_fkey`.
        name: Option<Ident>,
        /// What happens when the row referred to is deleted.
        on_delete: Option<Spanned<ReferenceAction>>,
        /// What happens when the key referred to changes.
        on_update: Option<Spanned<ReferenceAction>>,
        /// How nulls in a key count.
        r#match: Option<Spanned<MatchType>>,
        /// It can be checked at the end of the transaction.
        deferrable: Option<Flag>,
        /// It is checked at the end of the transaction unless told otherwise.
        initially_deferred: Option<Flag>,
        /// Rows from before it was made are not checked.
        not_valid: Option<Flag>,
        /// It is noted and never checked (PostgreSQL 18).
        not_enforced: Option<Flag>,
        /// A comment.
        comment: Option<Text>,
        /// What it was called before.
        renamed_from: Option<Ident>,
    }
}

fn reference_of(to: Text) -> Reference {
    Reference { to, ..Default::default() }
}

shape! {
    /// A foreign key of the table. For one column `references` at the column is shorter.
    pub struct ForeignKey {
        /// The referring columns.
        columns: Some1<Ident>,
        /// The model referred to.
        references: Text,
        /// The columns referred to; its primary key unless given.
        referenced: Some1<Ident>,
        /// What happens when the row referred to is deleted.
        on_delete: Option<Spanned<ReferenceAction>>,
        /// Only these columns become null or default on delete (PostgreSQL 15).
        on_delete_columns: Vec<Ident>,
        /// What happens when the key referred to changes.
        on_update: Option<Spanned<ReferenceAction>>,
        /// How nulls in a key count.
        r#match: Option<Spanned<MatchType>>,
        /// It can be checked at the end of the transaction.
        deferrable: Option<Flag>,
        /// It is checked at the end of the transaction unless told otherwise.
        initially_deferred: Option<Flag>,
        /// The last column is a range, and it has to be covered (PostgreSQL 18).
        period: Option<Flag>,
        /// Rows from before it was made are not checked.
        not_valid: Option<Flag>,
        /// It is noted and never checked (PostgreSQL 18).
        not_enforced: Option<Flag>,
        /// A comment.
        comment: Option<Text>,
        /// What it was called before.
        renamed_from: Option<Ident>,
    }
}

shape! {
    /// The primary key: a list of columns, or a table. For one column `primary_key = true` at the column is shorter.
    pub struct PrimaryKey | Some1<Ident> = primary_key_of {
        /// Its columns; those that say `primary_key = true` unless given.
        columns: Some1<Ident>,
        /// Its name; the server's own would be `<table>_pkey`.
        name: Option<Ident>,
        /// Further columns that its index carries along.
        include: Some1<Ident>,
        /// The last column is a range, and no two overlap (PostgreSQL 18).
        without_overlaps: Option<Flag>,
        /// It can be checked at the end of the transaction.
        deferrable: Option<Flag>,
        /// It is checked at the end of the transaction unless told otherwise.
        initially_deferred: Option<Flag>,
        /// Storage parameters of its index.
        with: Map<Text, Setting>,
        /// Where its index is stored.
        tablespace: Option<Ident>,
        /// A comment.
        comment: Option<Text>,
        /// What it was called before.
        renamed_from: Option<Ident>,
    }
}

fn primary_key_of(columns: Some1<Ident>) -> PrimaryKey {
    PrimaryKey { columns, ..Default::default() }
}

shape! {
    /// Columns that are unique together: a list of columns, or a table.
    pub struct Unique | Some1<Ident> = unique_of {
        /// Its columns.
        columns: Some1<Ident>,
        /// Two nulls are equal (PostgreSQL 15).
        nulls_not_distinct: Option<Flag>,
        /// Further columns that its index carries along.
        include: Some1<Ident>,
        /// The last column is a range, and no two overlap (PostgreSQL 18).
        without_overlaps: Option<Flag>,
        /// It can be checked at the end of the transaction.
        deferrable: Option<Flag>,
        /// It is checked at the end of the transaction unless told otherwise.
        initially_deferred: Option<Flag>,
        /// Storage parameters of its index.
        with: Map<Text, Setting>,
        /// Where its index is stored.
        tablespace: Option<Ident>,
        /// A comment.
        comment: Option<Text>,
        /// What it was called before.
        renamed_from: Option<Ident>,
    }
}

fn unique_of(columns: Some1<Ident>) -> Unique {
    Unique { columns, ..Default::default() }
}

shape! {
    /// A condition that every row meets: the expression, or a table.
    pub struct Check | Text = check_of {
        /// The condition.
        expression: Text,
        /// Its name, for a check at a column.
        name: Option<Ident>,
        /// Rows from before it was made are not checked.
        not_valid: Option<Flag>,
        /// Children do not inherit it.
        no_inherit: Option<Flag>,
        /// It is noted and never checked (PostgreSQL 18).
        not_enforced: Option<Flag>,
        /// A comment.
        comment: Option<Text>,
        /// What it was called before.
        renamed_from: Option<Ident>,
    }
}

fn check_of(expression: Text) -> Check {
    Check { expression, ..Default::default() }
}

shape! {
    /// That no two rows conflict by the given operators.
    pub struct Exclusion {
        /// Columns or expressions, each with its operator: `room with =`, `during with &&`.
        elements: Some1<Text>,
        /// The index's method: `gist` unless given.
        method: Option<Ident>,
        /// Only rows for which this holds.
        r#where: Option<Text>,
        /// Further columns that its index carries along.
        include: Some1<Ident>,
        /// It can be checked at the end of the transaction.
        deferrable: Option<Flag>,
        /// It is checked at the end of the transaction unless told otherwise.
        initially_deferred: Option<Flag>,
        /// Storage parameters of its index.
        with: Map<Text, Setting>,
        /// Where its index is stored.
        tablespace: Option<Ident>,
        /// A comment.
        comment: Option<Text>,
        /// What it was called before.
        renamed_from: Option<Ident>,
    }
}
