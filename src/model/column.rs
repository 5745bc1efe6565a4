//! Columns of models, and the values in them.

use toml::de::DeValue;

use super::collection::{Map, Some1};
use super::constraint::{Check, Initially, MatchType, Reference, ReferenceAction};
use super::decode::{
    ARRAY, Accepts, BOOLEAN, Cx, DATETIME, FLOAT, Flag, INTEGER, Ident, Integer, Node, STRING, Shape, TABLE, Text,
};
use super::diagnostic::{Diagnostic, Span, Spanned};
use super::form::Form;
use super::index::Index;
use super::object::SequenceOptions;
use super::shape::{shape, words};

/// A type as it was written: `varchar(50)`; a `?` at its end says nullable.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct TypeText {
    /// The type without the `?`.
    pub text: Text,
    /// There was a `?`.
    pub nullable: bool,
}

impl Shape for TypeText {
    const ACCEPTS: Accepts = STRING;

    fn form() -> Form {
        Form::Text("type of PostgreSQL, `?` behind it: nullable")
    }

    fn decode(node: Node<'_>, cx: &mut Cx) -> Self {
        let text = Text::decode(node, cx);
        let (value, nullable) = match text.value.trim().strip_suffix('?') {
            Some(without) => (without.trim_end(), true),
            None => (text.value.trim(), false),
        };
        if value.is_empty() && node.is(STRING) {
            cx.report(Diagnostic::new(node.span, "a type is empty").help("write a type of PostgreSQL: \"text\""));
        }
        TypeText { text: Text { value: value.into(), span: text.span }, nullable }
    }
}

/// A value in TOML that stands for a constant of PostgreSQL.
#[derive(Clone, Debug, PartialEq)]
pub enum Constant {
    /// A string.
    Text(String),
    /// A number, as text.
    Number(String),
    /// A boolean.
    Boolean(bool),
    /// A date or time, as text.
    Moment(String),
    /// An array.
    List(Vec<Constant>),
}

/// The default of a column or domain: a TOML value is a constant, `{ sql = "…" }` an expression.
#[derive(Clone, Debug, PartialEq)]
pub enum DefaultValue {
    /// A constant.
    Constant(Spanned<Constant>),
    /// An expression.
    Expression(Text),
}

impl Default for DefaultValue {
    fn default() -> Self {
        DefaultValue::Expression(Text::default())
    }
}

impl DefaultValue {
    /// Where it stands.
    pub fn span(&self) -> Span {
        match self {
            DefaultValue::Constant(constant) => constant.span,
            DefaultValue::Expression(text) => text.span,
        }
    }
}

shape! {
    /// An expression in SQL, where a plain value would be a constant.
    pub struct SqlText {
        /// The expression: `now()`.
        sql: Text,
    }
}

impl Shape for DefaultValue {
    const ACCEPTS: Accepts = STRING | BOOLEAN | INTEGER | FLOAT | DATETIME | ARRAY | TABLE;

    fn form() -> Form {
        let scalars = || vec![Form::Text("constant"), Form::Flag, Form::Integer, Form::Float, Form::Moment];
        let list = Form::List(Box::new(Form::Either(scalars())));
        Form::either(scalars().into_iter().chain([list, SqlText::form()]).collect())
    }

    fn decode(node: Node<'_>, cx: &mut Cx) -> Self {
        if node.is(TABLE) {
            return DefaultValue::Expression(SqlText::decode(node, cx).sql);
        }
        let value = constant(node, cx).unwrap_or(Constant::Boolean(false));
        DefaultValue::Constant(Spanned { value, span: node.span })
    }
}

fn constant(node: Node<'_>, cx: &mut Cx) -> Option<Constant> {
    Some(match node.value {
        DeValue::String(_) => Constant::Text(Text::decode(node, cx).value),
        DeValue::Integer(_) => Constant::Number(Integer::decode(node, cx).to_string()),
        // PostgreSQL spells infinities and NaN as text.
        DeValue::Float(number) => match number.as_str().trim_start_matches(['+', '-']) {
            "inf" if number.as_str().starts_with('-') => Constant::Text("-Infinity".into()),
            "inf" => Constant::Text("Infinity".into()),
            "nan" => Constant::Text("NaN".into()),
            _ => Constant::Number(number.as_str().into()),
        },
        DeValue::Boolean(value) => Constant::Boolean(*value),
        DeValue::Datetime(moment) => Constant::Moment(moment.to_string()),
        DeValue::Array(items) => {
            let item = |item: &toml::Spanned<DeValue<'_>>| {
                let span = Span::new(cx.file, item.span());
                constant(Node { value: item.get_ref(), span, key: span }, cx)
            };
            Constant::List(items.iter().filter_map(item).collect())
        }
        DeValue::Table(_) => {
            cx.report(Diagnostic::new(node.span, "an array's default holds constants only, found a table"));
            return None;
        }
    })
}

words! {
    /// When an identity column takes a value that was given.
    pub enum IdentityKind {
        /// Only with `OVERRIDING SYSTEM VALUE`.
        Always = "always",
        /// Whenever one is given.
        ByDefault = "by default",
    }
}

shape! {
    /// An identity column: its numbers come from a sequence of its own.
    pub struct Identity | Spanned<IdentityKind> = identity_of {
        /// When a value that was given is taken.
        generated: Spanned<IdentityKind>,
        /// The sequence's name, where it is not the server's own.
        sequence: Option<Ident>,
        /// Options of the sequence.
        options: Option<SequenceOptions>,
    }
}

fn identity_of(generated: Spanned<IdentityKind>) -> Identity {
    Identity { generated, ..Default::default() }
}

shape! {
    /// A column computed from others.
    pub struct Generated | Text = generated_of {
        /// The expression, stored with the row.
        stored: Option<Text>,
        /// The expression, computed when read (PostgreSQL 18).
        r#virtual: Option<Text>,
    }
}

fn generated_of(expression: Text) -> Generated {
    Generated { stored: Some(expression), ..Default::default() }
}

shape! {
    /// That a column alone is unique.
    pub struct ColumnUnique | Flag = unique_of_flag | Ident = unique_of_name {
        /// The constraint's name; the server's own would be `<table>_<column>_key`.
        name: Option<Ident>,
        /// Two nulls are equal (PostgreSQL 15).
        nulls_not_distinct: Option<Flag>,
        /// It can be checked at the end of the transaction.
        deferrable: Option<Flag>,
        /// It is checked at the end of the transaction unless told otherwise.
        initially_deferred: Option<Flag>,
        /// A comment.
        comment: Option<Text>,
        /// False: not unique.
        enabled: Option<Flag>,
    }
}

fn unique_of_flag(enabled: Flag) -> ColumnUnique {
    ColumnUnique { enabled: Some(enabled), ..Default::default() }
}

fn unique_of_name(name: Ident) -> ColumnUnique {
    ColumnUnique { name: Some(name), ..Default::default() }
}

shape! {
    /// An index on one column.
    pub struct ColumnIndex | Flag = index_of_flag | Ident = index_of_name {
        /// The index's name; the server's own would be `<table>_<column>_idx`.
        name: Option<Ident>,
        /// What stands behind the column: `desc nulls last`, `text_pattern_ops`.
        order: Option<Text>,
        /// `btree` unless given.
        method: Option<Ident>,
        /// Two rows may not have the same value.
        unique: Option<Flag>,
        /// Only rows for which this holds.
        r#where: Option<Text>,
        /// Further columns that the index carries along.
        include: Some1<Ident>,
        /// A comment.
        comment: Option<Text>,
        /// False: no index.
        enabled: Option<Flag>,
    }
}

fn index_of_flag(enabled: Flag) -> ColumnIndex {
    ColumnIndex { enabled: Some(enabled), ..Default::default() }
}

fn index_of_name(name: Ident) -> ColumnIndex {
    ColumnIndex { name: Some(name), ..Default::default() }
}

impl ColumnIndex {
    /// The same as an index of the table, whose text for the column is given.
    pub fn as_index(&self, column: &str) -> Index {
        let order = self.order.as_ref().map(|order| format!(" {order}")).unwrap_or_default();
        Index {
            at: self.at,
            columns: Some1(vec![Text { value: format!("{column}{order}"), span: self.at }]),
            method: self.method.clone(),
            unique: self.unique.clone(),
            r#where: self.r#where.clone(),
            include: self.include.clone(),
            comment: self.comment.clone(),
            ..Default::default()
        }
    }
}

words! {
    /// How large values are stored.
    pub enum Storage {
        /// In the row, as they are.
        Plain = "plain",
        /// Outside the row, not compressed.
        External = "external",
        /// In the row, compressed, and outside it as a last resort.
        Main = "main",
        /// Compressed, or outside the row.
        Extended = "extended",
    }
}

shape! {
    /// A constraint that a column is not null, where more than its being there matters (PostgreSQL 18).
    pub struct NotNull | Ident = not_null_of_name {
        /// Its name.
        name: Option<Ident>,
        /// Rows from before it was made are not checked.
        not_valid: Option<Flag>,
        /// Children do not inherit it.
        no_inherit: Option<Flag>,
        /// A comment.
        comment: Option<Text>,
    }
}

fn not_null_of_name(name: Ident) -> NotNull {
    NotNull { name: Some(name), ..Default::default() }
}

shape! {
    /// A column. A string is its type; `?` behind it says nullable. Not null unless said so.
    pub struct Column | TypeText = column_of {
        /// Any type of PostgreSQL by its own name. May be left out where `references`, `inherits`, `of_type` or `partition_of`
        /// gives it.
        r#type: Option<TypeText>,
        /// It may be null. Where the column comes from elsewhere: false, it may not here.
        nullable: Option<Flag>,
        /// Its name as a constraint, or more about it (PostgreSQL 18).
        not_null: Option<Box<NotNull>>,
        /// A TOML value is a constant; `{ sql = "now()" }` an expression.
        default: Option<DefaultValue>,
        /// Numbers from a sequence of its own: `"always"`, `"by default"`, or a table.
        identity: Option<Box<Identity>>,
        /// Computed from other columns; a string is a stored expression.
        generated: Option<Box<Generated>>,
        /// It alone is the primary key.
        primary_key: Option<Flag>,
        /// It alone is unique: true, the constraint's name, or a table.
        unique: Option<Box<ColumnUnique>>,
        /// An index on it: true, the index's name, or a table.
        index: Option<Box<ColumnIndex>>,
        /// A check on it, or several.
        check: Some1<Check>,
        /// The column it refers to: `Model.column`, or `Model` for its primary key.
        references: Option<Box<Reference>>,
        /// What happens when the row referred to is deleted.
        on_delete: Option<Spanned<ReferenceAction>>,
        /// What happens when the key referred to changes.
        on_update: Option<Spanned<ReferenceAction>>,
        /// How nulls in a key count.
        r#match: Option<Spanned<MatchType>>,
        /// The reference can be checked at the end of the transaction.
        deferrable: Option<Flag>,
        /// The reference is checked at the end of the transaction unless told otherwise.
        initially_deferred: Option<Flag>,
        /// Its collation.
        collation: Option<Text>,
        /// A comment.
        comment: Option<Text>,
        /// How large values are stored.
        storage: Option<Spanned<Storage>>,
        /// How they are compressed: `pglz`, `lz4`.
        compression: Option<Ident>,
        /// How much `ANALYZE` keeps about it.
        statistics: Option<Integer>,
        /// `n_distinct`, `n_distinct_inherited`.
        options: Map<Text, Setting>,
        /// Options for the foreign server.
        foreign_options: Map<Text, Text>,
        /// The expression that makes values of a new type from those of the old, under the names that columns had:
        /// `price::integer`. It is used when the type changes, and may stay.
        using: Option<Text>,
        /// What it was called before.
        renamed_from: Option<Ident>,
    }
}

fn column_of(r#type: TypeText) -> Column {
    Column { r#type: Some(r#type), ..Default::default() }
}

impl Column {
    /// It may be null.
    pub fn is_nullable(&self) -> bool {
        self.r#type.as_ref().is_some_and(|r#type| r#type.nullable)
            || self.nullable.as_ref().is_some_and(|flag| flag.value)
    }

    /// Its reference with what was written beside it.
    pub fn reference(&self) -> Option<Reference> {
        let mut reference = self.references.as_deref()?.clone();
        reference.on_delete = reference.on_delete.or_else(|| self.on_delete.clone());
        reference.on_update = reference.on_update.or_else(|| self.on_update.clone());
        reference.r#match = reference.r#match.or_else(|| self.r#match.clone());
        reference.deferrable = reference.deferrable.or_else(|| self.deferrable.clone());
        reference.initially_deferred = reference.initially_deferred.or_else(|| self.initially_deferred.clone());
        Some(reference)
    }

    /// Whether and how its reference can wait for the end of the transaction.
    pub fn initially(&self) -> Initially {
        Initially::of(self.deferrable.as_ref(), self.initially_deferred.as_ref())
    }
}

/// A storage parameter: a string, number or boolean, as text.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Setting(pub Text);

impl Shape for Setting {
    const ACCEPTS: Accepts = STRING | BOOLEAN | INTEGER | FLOAT;

    fn form() -> Form {
        Form::Either(vec![Form::Text("value"), Form::Flag, Form::Integer, Form::Float])
    }

    fn decode(node: Node<'_>, cx: &mut Cx) -> Self {
        let value = match node.value {
            DeValue::String(_) => return Setting(Text::decode(node, cx)),
            DeValue::Boolean(value) => value.to_string(),
            DeValue::Integer(_) => Integer::decode(node, cx).to_string(),
            DeValue::Float(number) => number.as_str().into(),
            _ => {
                cx.wrong_type(node, &Self::form());
                String::new()
            }
        };
        Setting(Text { value, span: node.span })
    }
}
