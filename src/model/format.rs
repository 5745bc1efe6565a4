//! One file of models, as it is written.

use super::collection::{Roster, Some1};
use super::decode::{Cx, Shape, Text};
use super::diagnostic::{Diagnostic, FileId, Source, Span};
use super::object::{
    ByPath, Composite, Domain, Enum, Extension, MaterializedView, Range, Schema, Sequence, SqlFiles, View,
};
use super::shape::shape;
use super::table::Model;

shape! {
    /// models.toml: the schema of a database, and the Rust structs of its rows.
    pub struct ModelsFile {
        /// Further files of models: paths or patterns, relative to this file (`models/*.toml`).
        include: Some1<Text>,
        /// Schemas besides `public`: their names, or a table.
        schemas: Roster<Schema>,
        /// Extensions: their names, or a table by name.
        extensions: Roster<Extension>,
        /// Enums, by `name` or `schema.name`.
        enums: ByPath<Enum>,
        /// Domains, by `name` or `schema.name`.
        domains: ByPath<Domain>,
        /// Composite types, by `name` or `schema.name`.
        composites: ByPath<Composite>,
        /// Range types, by `name` or `schema.name`.
        ranges: ByPath<Range>,
        /// Sequences that stand alone, by `name` or `schema.name`.
        sequences: ByPath<Sequence>,
        /// Models, by the name of their Rust struct (`User`, or `billing.Invoice` in another schema).
        models: ByPath<Model>,
        /// Views, by `name` or `schema.name`.
        views: ByPath<View>,
        /// Materialized views, by `name` or `schema.name`.
        materialized_views: ByPath<MaterializedView>,
        /// What is written in SQL.
        sql: Option<SqlFiles>,
    }
}

/// A decoded file.
#[derive(Debug)]
pub struct Read<T> {
    /// What it says, with defaults where it is wrong.
    pub value: T,
    /// What is wrong.
    pub mistakes: Vec<Diagnostic>,
    /// Keys whose values are defaults for want of the right type.
    pub broken: Vec<Span>,
}

/// Decodes one whole document of any shape with known keys; mistakes in its TOML are among the mistakes.
pub fn read<T: Shape>(file: FileId, source: &Source) -> Read<T> {
    let (table, errors) = toml::de::DeTable::parse_recoverable(&source.text);
    let mut cx = Cx::new(file);
    if !errors.is_empty() {
        // What could be recovered of a broken document would bring mistakes of its own.
        for error in errors {
            let span = Span::new(file, error.span().unwrap_or(0..0));
            cx.report(Diagnostic::new(span, format!("not TOML: {}", error.message().trim_end())));
        }
        return Read { value: T::default(), mistakes: cx.mistakes, broken: Vec::new() };
    }
    let whole = Span::new(file, 0..0);
    let value = toml::de::DeValue::Table(table.into_inner());
    let node = super::decode::Node { value: &value, span: whole, key: whole };
    let value = T::decode(node, &mut cx);
    Read { value, mistakes: cx.mistakes, broken: cx.broken }
}
