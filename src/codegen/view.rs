//! What templates see: every name, type and statement, ready to be written.

use std::collections::BTreeSet;

use serde::Serialize;

use super::layout::escaped;
use super::relations::{self, Relation};
use super::rust_type::{Enums, Package};
use super::statements;
use super::tables::{self, Column, Form, Input, Table};
use super::{Error, LeftOut, Options};
use crate::catalog::Catalog;
use crate::kind::{Body, Id, Tag};
use crate::model::table::Cascade;
use crate::sql;
use crate::sql::Sql;

/// Everything.
#[derive(Serialize)]
pub struct View {
    /// In order of their tables' names.
    pub models: Vec<Model>,
    /// In order of their names.
    pub enums: Vec<Enum>,
    /// Lines for Cargo.toml.
    pub packages: Vec<String>,
}

/// An enum.
#[derive(Serialize)]
pub struct Enum {
    name: String,
    quoted: String,
    doc: String,
    variants: Vec<Variant>,
}

/// A value of an enum.
#[derive(Serialize)]
struct Variant {
    ident: String,
    quoted: String,
    doc: String,
}

/// A table.
#[derive(Serialize)]
pub struct Model {
    name: String,
    /// Its file, without `.rs`.
    pub module: String,
    table: String,
    doc: String,
    columns: Vec<Field>,
    uses_types: bool,
    can_update: bool,
    read_fields: Vec<String>,
    new_arguments: Vec<String>,
    new_fields: Vec<String>,
    key_arguments: Vec<String>,
    key_values: Vec<String>,
    sql: Statements,
    relations: Vec<Load>,
    is_written: bool,
    refreshes: Vec<Refresh>,
    /// For the documentation of `delete`.
    cascades: Vec<String>,
    upserts: Vec<Upsert>,
}

/// Its statements.
#[derive(Serialize)]
struct Statements {
    table: String,
    columns: String,
    get: String,
    delete: String,
    key: String,
}

/// A column.
#[derive(Serialize)]
struct Field {
    name: String,
    ident: String,
    constant: String,
    doc: String,
    field_type: String,
    column_types: Vec<String>,
    constructor: &'static str,
    constructor_arguments: Vec<String>,
    new_type: Option<String>,
    update_type: Option<String>,
    is_required: bool,
}

/// The rows of another table for a page of rows of this one.
#[derive(Serialize)]
struct Load {
    name: String,
    doc: String,
    /// `one` or `many`.
    amount: &'static str,
    map_type: String,
    sql: String,
    keys: Vec<Key>,
    lists: Vec<String>,
    /// The number of the first column that is a key.
    first: usize,
    read_keys: Vec<String>,
}

/// A way to fill a materialized view.
#[derive(Serialize)]
struct Refresh {
    name: &'static str,
    doc: &'static str,
    sql: String,
}

/// A way to tell that a row is there already.
#[derive(Serialize)]
struct Upsert {
    name: String,
    /// For the documentation.
    what: String,
    columns: Vec<String>,
}

/// A column that leads to the other table.
#[derive(Serialize)]
struct Key {
    own: String,
    list: String,
}

/// What templates see of these tables.
///
/// # Errors
/// If a relationship of the options cannot be.
pub fn of(
    catalog: &Catalog,
    options: &Options,
    enums: &Enums,
    tables: &[Table],
    left_out: &mut Vec<LeftOut>,
) -> Result<View, Error> {
    let relations = relations::all(tables, options, left_out)?;
    let models = (0..tables.len()).map(|at| model(at, tables, &relations)).collect();
    let used = |name: &str| tables.iter().flat_map(|table| &table.columns).any(|column| mentions(column, name));
    let mut shown = Vec::new();
    for (id, object) in catalog.below(Tag::Enum, &[]) {
        let Some(name) = enums.get(&[id.part(0), id.part(1)]) else { continue };
        if let Body::Enum(body) = &object.body
            && (options.scope.covers(id) || used(name))
        {
            shown.push(enumeration(id, name, object.facets.comment.as_deref(), &body.labels));
        }
    }
    let packages = packages(tables, !shown.is_empty());
    Ok(View { models, enums: shown, packages })
}

fn mentions(column: &Column, name: &str) -> bool {
    *column.rust.element.as_ref().unwrap_or(&column.rust.text) == format!("types::{name}")
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", escaped(text).replace('\n', "\\n"))
}

fn enumeration(id: &Id, name: &str, comment: Option<&str>, labels: &[String]) -> Enum {
    let mut taken = tables::Taken::new();
    let variants = labels.iter().map(|label| Variant {
        ident: super::naming::unique(super::naming::pascal(label), "", &mut taken),
        quoted: quoted(label),
        doc: code(label),
    });
    Enum {
        name: name.to_owned(),
        quoted: quoted(id.name().as_str()),
        doc: comment.map_or_else(|| format!("The enum {}.", code(id.relation().as_str())), str::to_owned),
        variants: variants.collect(),
    }
}

/// Code in a comment of one line.
fn code(text: &str) -> String {
    format!("`{}`", text.replace(['`', '\n', '\r'], " "))
}

fn packages(tables: &[Table], has_enums: bool) -> Vec<String> {
    let needs: BTreeSet<Package> =
        tables.iter().flat_map(|table| &table.columns).filter_map(|column| column.rust.needs).collect();
    let line = |package: &Package| match package {
        Package::Chrono => "chrono = { version = \"0.4\", default-features = false, features = [\"std\"] }",
        Package::RustDecimal => "rust_decimal = { version = \"1\", features = [\"db-tokio-postgres\"] }",
        Package::SerdeJson => "serde_json = \"1\"",
        Package::Uuid => "uuid = \"1\"",
    };
    let feature = |package: &Package| match package {
        Package::Chrono => Some("\"with-chrono-0_4\""),
        Package::RustDecimal => None,
        Package::SerdeJson => Some("\"with-serde_json-1\""),
        Package::Uuid => Some("\"with-uuid-1\""),
    };
    let features: Vec<&str> = needs.iter().filter_map(feature).collect();
    let driver = match features.as_slice() {
        [] => "tokio-postgres = \"0.7\"".to_owned(),
        list => format!("tokio-postgres = {{ version = \"0.7\", features = [{}] }}", list.join(", ")),
    };
    let mut lines: Vec<String> = needs.iter().map(line).map(str::to_owned).collect();
    lines.extend(["deadpool-postgres = \"0.14\"".to_owned(), "futures-util = \"0.3\"".to_owned(), driver]);
    lines.extend(has_enums.then(|| "bytes = \"1\"".to_owned()));
    lines.sort();
    lines
}

fn model(at: usize, tables: &[Table], relations: &[Vec<Relation>]) -> Model {
    let table = &tables[at];
    let relation = statements::relation(table).0;
    let columns: Vec<Field> = table.columns.iter().map(field).collect();
    let given = |column: &&Column| column.input != Input::Never;
    let required = |column: &&Column| column.input == Input::Required;
    let new_field = |column: &Column| match column.input {
        Input::Required => column.ident.clone(),
        Input::Nullable | Input::Default | Input::Never => format!("{}: None", column.ident),
    };
    let argument = |column: &Column| format!("{}: {}", column.ident, column.rust.text);
    let key: Vec<(String, &Column)> =
        table.key.iter().map(|i| (parameter(&table.columns[*i]), &table.columns[*i])).collect();
    let sql = Statements {
        table: relation.clone(),
        columns: statements::columns(table).0,
        get: statements::get(table).0,
        delete: statements::delete(at, tables, relations).0,
        key: statements::key_condition(table).0,
    };
    Model {
        name: table.struct_name.clone(),
        module: table.module.clone(),
        doc: table.comment.clone().unwrap_or_else(|| format!("A row of {}.", code(&relation))),
        table: relation.replace(['`', '\n', '\r'], " "),
        uses_types: table.columns.iter().any(|column| column.rust.text.contains("types::")),
        can_update: table.columns.iter().any(|column| given(&column)),
        read_fields: table.columns.iter().enumerate().map(|(i, c)| format!("{}: row.try_get({i})?", c.ident)).collect(),
        new_arguments: table.columns.iter().filter(required).map(argument).collect(),
        new_fields: table.columns.iter().filter(given).map(new_field).collect(),
        key_arguments: key.iter().map(|(name, column)| format!("{name}: {}", column.rust.parameter)).collect(),
        key_values: key.iter().map(|(name, _)| format!("&{name}")).collect(),
        relations: relations[at].iter().map(|relation| load(at, relation, tables)).collect(),
        is_written: table.form == Form::Table,
        refreshes: refreshes(table),
        cascades: relations[at].iter().filter_map(|relation| cascade(relation, tables)).collect(),
        upserts: upserts(table),
        columns,
        sql,
    }
}

/// One for the primary key and one for each unique constraint or index whose columns a new row can have.
fn upserts(table: &Table) -> Vec<Upsert> {
    let mut taken = tables::Taken::new();
    let given = |columns: &&Vec<usize>| columns.iter().all(|number| table.columns[*number].input != Input::Never);
    let upsert = |columns: &Vec<usize>| {
        let columns: Vec<&Column> = columns.iter().map(|number| &table.columns[*number]).collect();
        let plain: Vec<&str> = columns.iter().map(|column| column.ident.trim_start_matches("r#")).collect();
        let is_key = !table.key.is_empty() && columns.iter().map(|column| &column.name).eq(key_names(table));
        let name = if is_key { "upsert".to_owned() } else { format!("upsert_by_{}", plain.join("_")) };
        Upsert {
            name: super::naming::unique(name, "_", &mut taken),
            what: plain.iter().map(|name| code(name)).collect::<Vec<_>>().join(" and "),
            columns: columns.iter().map(|column| quoted(&column.name.to_string())).collect(),
        }
    };
    table.arbiters.iter().filter(given).map(upsert).collect()
}

/// The server can compare old and new rows, and let them be read meanwhile, only by a unique index.
fn refreshes(table: &Table) -> Vec<Refresh> {
    let refresh = |name, doc, words| Refresh { name, doc, sql: sql!("{} {}", words, statements::relation(table)).0 };
    let plain = "Runs the view's query again and keeps its rows. Nobody can read them meanwhile.";
    let concurrent = "As `refresh`, while the rows of before can be read.";
    let all = [
        refresh("refresh", plain, Sql::raw("REFRESH MATERIALIZED VIEW")),
        refresh("refresh_concurrently", concurrent, Sql::raw("REFRESH MATERIALIZED VIEW CONCURRENTLY")),
    ];
    let amount = match table.form {
        Form::MaterializedView if table.uniques.is_empty() => 1,
        Form::MaterializedView => 2,
        Form::Table | Form::View => 0,
    };
    all.into_iter().take(amount).collect()
}

fn cascade(relation: &Relation, tables: &[Table]) -> Option<String> {
    let rows = code(statements::relation(&tables[relation.target]).as_str());
    Some(match relation.cascade? {
        Cascade::Delete => format!("The rows of {rows} that refer to it are deleted with it."),
        Cascade::SetNull => format!("The rows of {rows} that refer to it refer to none after that."),
    })
}

fn key_names(table: &Table) -> impl Iterator<Item = &crate::name::Name> {
    table.key.iter().map(|number| &table.columns[*number].name)
}

/// A column of the key as a parameter, out of the way of the other parameter of `update`.
fn parameter(column: &Column) -> String {
    if column.ident == "changes" { "changes_".to_owned() } else { column.ident.clone() }
}

fn field(column: &Column) -> Field {
    let rust = &column.rust;
    let option = |text: &str| format!("Option<{text}>");
    let field_type = if column.nullable { option(&rust.text) } else { rust.text.clone() };
    let new_type = match column.input {
        Input::Required => Some(rust.text.clone()),
        Input::Nullable => Some(option(&rust.text)),
        // `None` is the default, so null needs a word of its own.
        Input::Default => Some(option(&field_type)),
        Input::Never => None,
    };
    let marker = match (rust.comparable, &rust.element) {
        (false, _) => Some("query::Opaque".to_owned()),
        (true, Some(element)) => Some(format!("query::Array<{element}>")),
        (true, None) => None,
    };
    let name = column.name.to_string();
    let (constructor, constructor_arguments) = if rust.casts == Default::default() {
        ("query::Column::new", vec![quoted(&name)])
    } else {
        let read = format!("{name}{}", rust.casts.read);
        let all = [name.as_str(), &read, rust.casts.write.as_str(), rust.casts.write_many.as_str()];
        ("query::Column::cast", all.map(quoted).to_vec())
    };
    Field {
        ident: column.ident.clone(),
        constant: column.constant.clone(),
        doc: column.comment.clone().unwrap_or_else(|| code(column.sql_type.as_str())),
        column_types: ["Self", &rust.text].map(str::to_owned).into_iter().chain(marker).collect(),
        constructor,
        constructor_arguments,
        update_type: (column.input != Input::Never).then(|| option(&field_type)),
        is_required: column.input == Input::Required,
        name: name.replace(['`', '\n', '\r'], " "),
        field_type,
        new_type,
    }
}

fn load(at: usize, relation: &Relation, tables: &[Table]) -> Load {
    let (table, target) = (&tables[at], &tables[relation.target]);
    let own: Vec<&Column> = relation.own.iter().map(|number| &table.columns[*number]).collect();
    let types: Vec<&str> = own.iter().map(|column| column.rust.text.as_str()).collect();
    let key_type = if let [one] = types[..] { one.to_owned() } else { format!("({})", types.join(", ")) };
    let row = format!("super::{}", target.struct_name);
    let value_type = if relation.many { format!("Vec<{row}>") } else { row };
    let list = |i: usize| if own.len() == 1 { "keys".to_owned() } else { format!("keys_{}", i + 1) };
    let first = target.columns.len();
    Load {
        doc: documentation(table, relation, target, &own),
        name: relation.name.clone(),
        amount: if relation.many { "many" } else { "one" },
        map_type: format!("HashMap<{key_type}, {value_type}>"),
        sql: statements::load(at, relation, tables).0,
        lists: (0..own.len()).map(|i| format!("&{}", list(i))).collect(),
        keys: own.iter().enumerate().map(|(i, column)| Key { own: column.ident.clone(), list: list(i) }).collect(),
        read_keys: (0..own.len()).map(|i| format!("row.try_get({})?", first + i)).collect(),
        first,
    }
}

fn documentation(table: &Table, relation: &Relation, target: &Table, own: &[&Column]) -> String {
    let what = match &relation.comment {
        Some(comment) => comment.clone(),
        None if relation.many => {
            format!("The rows of {} that belong to each row of a page.", code(statements::relation(target).as_str()))
        }
        None => {
            format!("The row of {} that belongs to each row of a page.", code(statements::relation(target).as_str()))
        }
    };
    let keys: Vec<String> = own.iter().map(|column| code(column.ident.trim_start_matches("r#"))).collect();
    let row = code(&table.struct_name);
    format!(
        "{what}\n\nOne query loads them all. The map is by {} of {row}; who has none is not in it.",
        keys.join(" and ")
    )
}
