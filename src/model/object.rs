//! Objects that stand on their own: schemas, extensions, types, sequences and views.

use super::collection::{Map, Named, PathText, Some1};
use super::column::{DefaultValue, Setting, TypeText};
use super::constraint::Check;
use super::decode::{Flag, Ident, Integer, Text};
use super::diagnostic::Spanned;
use super::index::Index;
use super::shape::{shape, words};

shape! {
    /// A schema.
    pub struct Schema {
        /// A comment.
        comment: Option<Text>,
        /// The role that owns it: managed where it is stated.
        owner: Option<Ident>,
        /// Who may do what with it: managed where it is stated. `{ app = ["select", "update (name)"], public = [] }`
        privileges: Option<Privileges>,
        /// What it was called before.
        renamed_from: Option<Ident>,
    }
}

shape! {
    /// An extension: its version, or a table.
    pub struct Extension | Text = extension_of {
        /// Its version; the newest that the server has unless given.
        version: Option<Text>,
        /// The schema of its objects.
        schema: Option<Ident>,
        /// A comment.
        comment: Option<Text>,
    }
}

fn extension_of(version: Text) -> Extension {
    Extension { version: Some(version), ..Default::default() }
}

shape! {
    /// An enum: its values in order, or a table.
    pub struct Enum | Vec<Text> = enum_of {
        /// Its values, in order.
        values: Vec<Text>,
        /// Its schema.
        schema: Option<Ident>,
        /// A comment.
        comment: Option<Text>,
        /// The role that owns it: managed where it is stated.
        owner: Option<Ident>,
        /// Who may do what with it: managed where it is stated. `{ app = ["select", "update (name)"], public = [] }`
        privileges: Option<Privileges>,
        /// What it was called before.
        renamed_from: Option<PathText>,
        /// Values that have a new name: the new name to the old one.
        renamed_values: Map<Text, Text>,
    }
}

fn enum_of(values: Vec<Text>) -> Enum {
    Enum { values, ..Default::default() }
}

shape! {
    /// A domain: its type (`?` behind it: nullable), or a table.
    pub struct Domain | TypeText = domain_of {
        /// The type that it narrows.
        r#type: TypeText,
        /// Its schema.
        schema: Option<Ident>,
        /// Nulls are refused. They are not unless said so.
        not_null: Option<Flag>,
        /// Its default.
        default: Option<DefaultValue>,
        /// Its collation.
        collation: Option<Text>,
        /// Conditions on `value`, by name.
        checks: Named<Check>,
        /// A comment.
        comment: Option<Text>,
        /// The role that owns it: managed where it is stated.
        owner: Option<Ident>,
        /// Who may do what with it: managed where it is stated. `{ app = ["select", "update (name)"], public = [] }`
        privileges: Option<Privileges>,
        /// What it was called before.
        renamed_from: Option<PathText>,
    }
}

fn domain_of(r#type: TypeText) -> Domain {
    Domain { r#type, ..Default::default() }
}

shape! {
    /// An attribute of a composite type: its type, or a table.
    pub struct Attribute | TypeText = attribute_of {
        /// Its type.
        r#type: TypeText,
        /// Its collation.
        collation: Option<Text>,
        /// A comment.
        comment: Option<Text>,
        /// What it was called before.
        renamed_from: Option<Ident>,
    }
}

fn attribute_of(r#type: TypeText) -> Attribute {
    Attribute { r#type, ..Default::default() }
}

shape! {
    /// A composite type.
    pub struct Composite {
        /// Its attributes, in order.
        attributes: Map<Ident, Attribute>,
        /// Its schema.
        schema: Option<Ident>,
        /// A comment.
        comment: Option<Text>,
        /// The role that owns it: managed where it is stated.
        owner: Option<Ident>,
        /// Who may do what with it: managed where it is stated. `{ app = ["select", "update (name)"], public = [] }`
        privileges: Option<Privileges>,
        /// What it was called before.
        renamed_from: Option<PathText>,
    }
}

shape! {
    /// A range type: the type of its bounds, or a table.
    pub struct Range | TypeText = range_of {
        /// The type of its bounds.
        subtype: TypeText,
        /// Its schema.
        schema: Option<Ident>,
        /// The operator class of its order.
        operator_class: Option<Text>,
        /// Its collation.
        collation: Option<Text>,
        /// The function that makes equal ranges look the same.
        canonical: Option<Text>,
        /// The function that subtracts two bounds.
        subtype_diff: Option<Text>,
        /// The name of its multirange type (PostgreSQL 14).
        multirange: Option<Text>,
        /// A comment.
        comment: Option<Text>,
        /// The role that owns it: managed where it is stated.
        owner: Option<Ident>,
        /// Who may do what with it: managed where it is stated. `{ app = ["select", "update (name)"], public = [] }`
        privileges: Option<Privileges>,
        /// What it was called before.
        renamed_from: Option<PathText>,
    }
}

fn range_of(subtype: TypeText) -> Range {
    Range { subtype, ..Default::default() }
}

shape! {
    /// How a sequence counts.
    pub struct SequenceOptions {
        /// The first number.
        start: Option<Integer>,
        /// The step.
        increment: Option<Integer>,
        /// The smallest number.
        min: Option<Integer>,
        /// The largest number.
        max: Option<Integer>,
        /// How many numbers a session takes at once.
        cache: Option<Integer>,
        /// It begins anew after the last one.
        cycle: Option<Flag>,
    }
}

shape! {
    /// A sequence.
    pub struct Sequence {
        /// Its schema.
        schema: Option<Ident>,
        /// `smallint`, `integer` or `bigint` (which it is unless given).
        r#type: Option<TypeText>,
        /// The first number.
        start: Option<Integer>,
        /// The step.
        increment: Option<Integer>,
        /// The smallest number.
        min: Option<Integer>,
        /// The largest number.
        max: Option<Integer>,
        /// How many numbers a session takes at once.
        cache: Option<Integer>,
        /// It begins anew after the last one.
        cycle: Option<Flag>,
        /// The column with which it goes: `Model.column`.
        owned_by: Option<Text>,
        /// It is not written to the log (PostgreSQL 15).
        unlogged: Option<Flag>,
        /// A comment.
        comment: Option<Text>,
        /// The role that owns it: managed where it is stated.
        owner: Option<Ident>,
        /// Who may do what with it: managed where it is stated. `{ app = ["select", "update (name)"], public = [] }`
        privileges: Option<Privileges>,
        /// What it was called before.
        renamed_from: Option<PathText>,
    }
}

words! {
    /// Which rows can be written through a view.
    pub enum CheckOption {
        /// Those that the view itself shows.
        Local = "local",
        /// Those that it and all views below it show.
        Cascaded = "cascaded",
    }
}

shape! {
    /// A view: its query, or a table.
    pub struct View | Text = view_of {
        /// Its query.
        query: Text,
        /// Its schema.
        schema: Option<Ident>,
        /// Names of its columns, where the query's are not wanted.
        columns: Vec<Ident>,
        /// Its query refers to itself.
        recursive: Option<Flag>,
        /// Conditions of its users are kept from rows that it hides.
        security_barrier: Option<Flag>,
        /// Its tables are read with the rights of who asks (PostgreSQL 15).
        security_invoker: Option<Flag>,
        /// Which rows can be written through it.
        check_option: Option<Spanned<CheckOption>>,
        /// Defaults of its columns for rows written through it.
        defaults: Map<Ident, DefaultValue>,
        /// A comment.
        comment: Option<Text>,
        /// The role that owns it: managed where it is stated.
        owner: Option<Ident>,
        /// Who may do what with it: managed where it is stated. `{ app = ["select", "update (name)"], public = [] }`
        privileges: Option<Privileges>,
        /// Comments on its columns.
        column_comments: Map<Ident, Text>,
        /// What it was called before.
        renamed_from: Option<PathText>,
        /// Columns that have a new name: the new name to the old one.
        renamed_columns: Map<Ident, Ident>,
        /// Its triggers, by name.
        triggers: Map<Ident, super::table::Trigger>,
        /// Its rules, by name.
        rules: Map<Ident, super::table::Rule>,
    }
}

fn view_of(query: Text) -> View {
    View { query, ..Default::default() }
}

shape! {
    /// A materialized view: its query, or a table.
    pub struct MaterializedView | Text = materialized_view_of {
        /// Its query.
        query: Text,
        /// Its schema.
        schema: Option<Ident>,
        /// Names of its columns, where the query's are not wanted.
        columns: Vec<Ident>,
        /// Its indexes.
        indexes: Named<Index>,
        /// It is filled when it is made. It is unless said otherwise.
        with_data: Option<Flag>,
        /// Storage parameters.
        with: Map<Text, Setting>,
        /// Where it is stored.
        tablespace: Option<Ident>,
        /// Its access method.
        access_method: Option<Ident>,
        /// The index by which `CLUSTER` sorts it.
        cluster_on: Option<Ident>,
        /// Extended statistics.
        statistics: Named<super::table::Statistics>,
        /// A comment.
        comment: Option<Text>,
        /// The role that owns it: managed where it is stated.
        owner: Option<Ident>,
        /// Who may do what with it: managed where it is stated. `{ app = ["select", "update (name)"], public = [] }`
        privileges: Option<Privileges>,
        /// Comments on its columns.
        column_comments: Map<Ident, Text>,
        /// What it was called before.
        renamed_from: Option<PathText>,
        /// Columns that have a new name: the new name to the old one.
        renamed_columns: Map<Ident, Ident>,
    }
}

fn materialized_view_of(query: Text) -> MaterializedView {
    MaterializedView { query, ..Default::default() }
}

shape! {
    /// Objects written in SQL: functions, aggregates, operators and all that is not written in TOML.
    pub struct SqlFiles | Some1<Text> = sql_files_of {
        /// Files or patterns, relative to the file that names them: `sql/*.sql`. They run in the order of their names; what one has
        /// `SET` holds below that in the same file.
        files: Some1<Text>,
    }
}

fn sql_files_of(files: Some1<Text>) -> SqlFiles {
    SqlFiles { files, ..Default::default() }
}

/// Things with a schema, by name.
pub type ByPath<V> = Map<PathText, V>;

/// What roles may do with an object, `public` being everybody: `select`, `update (name)`, `usage with grant option`.
pub type Privileges = Map<Ident, Some1<Text>>;
