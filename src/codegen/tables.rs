//! The tables of a catalog as the code generator sees them: columns in order, with their types and names in Rust.

use std::collections::{BTreeMap, BTreeSet};

use super::definition::{self, ForeignKey};
use super::rust_type::{self, Enums, RustType};
use super::{Error, LeftOut, Options, RESERVED_MODULES, RESERVED_TYPES, naming};
use crate::catalog::{Catalog, Object};
use crate::kind::column::Column as Definition;
use crate::kind::constraint::Form as Constraint;
use crate::kind::{Body, Id, Tag};
use crate::name::Name;
use crate::sql::Sql;

/// A table for which code is written.
#[derive(Clone, Debug)]
pub struct Table {
    /// Schema and name.
    pub path: [Name; 2],
    /// Its comment.
    pub comment: Option<String>,
    /// The struct of a row.
    pub struct_name: String,
    /// The module of that struct.
    pub module: String,
    /// In the table's order.
    pub columns: Vec<Column>,
    /// The columns of the primary key, by number; none if there is none.
    pub key: Vec<usize>,
    /// The columns of each unique constraint or index and of the primary key.
    pub uniques: Vec<Vec<Name>>,
    /// Those that `ON CONFLICT` can name, by number; the primary key first.
    pub arbiters: Vec<Vec<usize>>,
    /// What it is.
    pub form: Form,
    /// In order of their names.
    pub foreign_keys: Vec<ForeignKey>,
}

/// What rows are kept in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A table: it is written, too.
    Table,
    /// A view.
    View,
    /// A materialized view.
    MaterializedView,
}

/// A column.
#[derive(Clone, Debug)]
pub struct Column {
    /// As the database calls it.
    pub name: Name,
    /// As Rust calls it: a field.
    pub ident: String,
    /// As Rust calls it: a constant.
    pub constant: String,
    /// Its type, as the server spells it.
    pub sql_type: Sql,
    /// Its comment.
    pub comment: Option<String>,
    /// Its type in Rust.
    pub rust: RustType,
    /// Whether it may be null.
    pub nullable: bool,
    /// What a new row has to say about it.
    pub input: Input,
}

/// What a new row has to say about a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// There is no row without it.
    Required,
    /// It may be null, and is if nothing is said.
    Nullable,
    /// The database has a default.
    Default,
    /// The database alone writes it.
    Never,
}

impl Table {
    /// The numbers of these columns; `None` if one is not there.
    pub fn numbers(&self, names: &[Name]) -> Option<Vec<usize>> {
        names.iter().map(|name| self.columns.iter().position(|column| column.name == *name)).collect()
    }

    /// Whether no two rows have the same values in these columns, whatever their order.
    pub fn is_unique(&self, columns: &[Name]) -> bool {
        let wanted: BTreeSet<_> = columns.iter().collect();
        self.uniques.iter().any(|unique| unique.iter().collect::<BTreeSet<_>>().is_subset(&wanted))
    }
}

/// Names that are taken in the module that holds everything.
pub type Taken = BTreeSet<String>;

/// The enums of a catalog and their names in Rust.
pub fn enums(catalog: &Catalog, taken: &mut Taken) -> Enums {
    let mut out = Enums::new();
    for (id, _) in catalog.below(Tag::Enum, &[]) {
        let name = naming::pascal(id.name().as_str());
        let name = if RESERVED_TYPES.contains(&name.as_str()) { format!("{name}Enum") } else { name };
        out.insert([id.part(0), id.part(1)], naming::unique(name, "", taken));
    }
    out
}

/// The tables for which code is written, in order of their names.
///
/// # Errors
/// Every name that the options give to two of them, or that is taken by what code uses.
pub fn tables(
    catalog: &Catalog,
    options: &Options,
    enums: &Enums,
    taken: &mut Taken,
    left_out: &mut Vec<LeftOut>,
) -> Result<Vec<Table>, Error> {
    let partitions: BTreeSet<&[Name]> = catalog
        .below(Tag::Inheritance, &[])
        .filter(|(_, object)| matches!(&object.body, Body::Inheritance(line) if line.bound.is_some()))
        .map(|(id, _)| &id.path[..2])
        .collect();
    let all = [Tag::Table, Tag::View, Tag::MaterializedView].into_iter().flat_map(|tag| catalog.below(tag, &[]));
    let mut found: Vec<(&Id, &Object)> = Vec::new();
    for (id, object) in all.filter(|(id, _)| options.scope.covers(id)) {
        if partitions.contains(&id.path[..]) {
            left_out.push(LeftOut::new(id, "no code: a partition is read and written through its parent"));
        } else if raw_columns(id, object, catalog).is_empty() {
            left_out.push(LeftOut::new(id, "no code: it has no columns"));
        } else {
            found.push((id, object));
        }
    }
    let names = struct_names(&found, options, taken)?;
    let mut modules = Taken::new();
    let mut out = Vec::new();
    for ((id, object), struct_name) in found.into_iter().zip(names) {
        let module = naming::module_name(&struct_name, RESERVED_MODULES);
        let module = naming::unique(module, "_", &mut modules);
        let columns = columns(raw_columns(id, object, catalog), catalog, enums);
        let mut table = Table {
            path: [id.part(0), id.part(1)],
            comment: object.facets.comment.clone(),
            struct_name,
            module,
            columns,
            key: Vec::new(),
            uniques: Vec::new(),
            arbiters: Vec::new(),
            form: match object.body {
                Body::View(_) => Form::View,
                Body::MaterializedView(_) => Form::MaterializedView,
                _ => Form::Table,
            },
            foreign_keys: Vec::new(),
        };
        constraints(&mut table, id, catalog, left_out);
        if table.key.is_empty() && table.form == Form::Table {
            left_out.push(LeftOut::new(
                id,
                "in its code there is no `get`, `update` and `delete`, for it has no primary key",
            ));
        }
        out.push(table);
    }
    Ok(out)
}

/// Given names first, since they are not ours to change; then the rest, out of their way.
fn struct_names(found: &[(&Id, &Object)], options: &Options, taken: &mut Taken) -> Result<Vec<String>, Error> {
    let mut names: Vec<Option<String>> = Vec::new();
    let mut owners: BTreeMap<String, String> = BTreeMap::new();
    let mut mistakes = Vec::new();
    for (id, _) in found {
        let given = options.structs.get(&[id.part(0), id.part(1)]).cloned();
        if let Some(name) = &given {
            let whole = id.relation().to_string();
            if RESERVED_TYPES.contains(&name.as_str()) || naming::is_keyword(name) {
                mistakes.push(Error::Reserved { table: whole.clone(), name: name.clone() });
            }
            for derived in derived(name) {
                if let Some(first) = owners.insert(derived.clone(), whole.clone()) {
                    mistakes.push(Error::TwoOfOneName { first, second: whole.clone(), name: derived.clone() });
                }
                taken.insert(derived);
            }
        }
        names.push(given);
    }
    if !mistakes.is_empty() {
        return Err(Error::Several(mistakes));
    }
    // `users` has more of a right to `User` than one in another schema, and to `NewUser` than `new_users`.
    let mut order: Vec<usize> = (0..found.len()).collect();
    order.sort_by_key(|at| (!is_public(found[*at].0), found[*at].0.part(1).as_str().len()));
    for at in order {
        if names[at].is_none() {
            names[at] = Some(free_name(found[at].0, taken));
        }
    }
    Ok(names.into_iter().flatten().collect())
}

fn is_public(table: &Id) -> bool {
    table.part(0).as_str() == "public"
}

/// A name for the struct of a table that is not taken, and neither are those derived from it.
fn free_name(table: &Id, taken: &mut Taken) -> String {
    let short = naming::struct_name(table.name().as_str());
    let long = format!("{}{short}", naming::pascal(table.part(0).as_str()));
    let numbered = (2..).map({
        let short = short.clone();
        move |number| format!("{short}Row{number}")
    });
    let row = format!("{short}Row");
    let candidates = if is_public(table) { [short, row, long] } else { [short, long, row] };
    let candidates = candidates.into_iter().chain(numbered);
    let is_free = |name: &String| {
        !RESERVED_TYPES.contains(&name.as_str()) && derived(name).iter().all(|name| !taken.contains(name))
    };
    let name = candidates.into_iter().find(is_free).unwrap_or_default();
    taken.extend(derived(&name));
    name
}

/// All types that a struct brings along.
fn derived(name: &str) -> [String; 6] {
    [
        name.to_owned(),
        format!("New{name}"),
        format!("{name}Update"),
        format!("{name}Filter"),
        format!("{name}Query"),
        format!("{name}Repository"),
    ]
}

/// A column before it has names in Rust.
struct Raw<'c> {
    name: Name,
    sql_type: &'c Sql,
    comment: Option<String>,
    nullable: bool,
    input: Input,
}

/// The columns of a table or a view, in order.
fn raw_columns<'c>(id: &'c Id, object: &'c Object, catalog: &'c Catalog) -> Vec<Raw<'c>> {
    let columns = match &object.body {
        Body::View(view) => &view.columns,
        Body::MaterializedView(view) => &view.columns,
        _ => return table_columns(id, catalog),
    };
    // The server does not say which columns of a view are never null.
    let raw = |(name, sql_type): &'c (Name, Sql)| Raw {
        name: name.clone(),
        sql_type,
        comment: None,
        nullable: true,
        input: Input::Never,
    };
    columns.iter().map(raw).collect()
}

fn table_columns<'c>(table: &'c Id, catalog: &'c Catalog) -> Vec<Raw<'c>> {
    let found = catalog.columns_of(&table.path).into_iter().filter_map(|(id, object)| match &object.body {
        Body::Column(column) => Some((id, object, column)),
        _ => None,
    });
    let raw = |(id, object, column): (&Id, &Object, &'c Definition)| {
        let (never_null, has_default) = domain(&column.r#type, catalog);
        let nullable = !column.not_null && !never_null;
        let default = Id::new(Tag::ColumnDefault, id.path.iter().cloned());
        let always = column.identity.as_ref().is_some_and(|identity| identity.always);
        let input = if always || column.generated.is_some() {
            Input::Never
        } else if catalog.has(&default) || column.identity.is_some() || has_default {
            Input::Default
        } else if nullable {
            Input::Nullable
        } else {
            Input::Required
        };
        Raw { name: id.name(), sql_type: &column.r#type, comment: object.facets.comment.clone(), nullable, input }
    };
    found.into_iter().map(raw).collect()
}

fn columns(raw: Vec<Raw<'_>>, catalog: &Catalog, enums: &Enums) -> Vec<Column> {
    let (mut fields, mut constants) = (Taken::new(), Taken::new());
    let named = |raw: Raw<'_>| Column {
        ident: naming::unique(naming::snake(raw.name.as_str()), "_", &mut fields),
        constant: naming::unique(naming::screaming(raw.name.as_str()), "_", &mut constants),
        name: raw.name,
        sql_type: raw.sql_type.clone(),
        comment: raw.comment,
        rust: rust_type::of(raw.sql_type, catalog, enums),
        nullable: raw.nullable,
        input: raw.input,
    };
    raw.into_iter().map(named).collect()
}

/// Whether the type is a domain without null, or one with a default.
fn domain(sql_type: &Sql, catalog: &Catalog) -> (bool, bool) {
    let path = definition::path(sql_type.as_str()).unwrap_or_default();
    match catalog.get(&Id::new(Tag::Domain, path)).map(|object| &object.body) {
        Some(Body::Domain(domain)) => (domain.not_null, domain.default.is_some()),
        _ => (false, false),
    }
}

fn constraints(table: &mut Table, id: &Id, catalog: &Catalog, left_out: &mut Vec<LeftOut>) {
    let mut arbiters = Vec::new();
    for (constraint_id, object) in catalog.below(Tag::Constraint, &id.path) {
        let Body::Constraint(constraint) = &object.body else { continue };
        match constraint.form {
            Constraint::PrimaryKey => {
                let key = definition::key(&constraint.definition).unwrap_or_default();
                table.key = table.numbers(&key).unwrap_or_default();
                table.uniques.push(key);
                arbiters.splice(0..0, definition::arbiter(&constraint.definition));
            }
            Constraint::Unique => {
                table.uniques.extend(definition::key(&constraint.definition));
                arbiters.extend(definition::arbiter(&constraint.definition));
            }
            Constraint::Check => {
                let wanted = definition::without_null_elements(&constraint.definition);
                for column in table.columns.iter_mut().filter(|column| Some(&column.name) == wanted.as_ref()) {
                    column.rust = column.rust.clone().without_null_elements();
                }
            }
            Constraint::ForeignKey => match definition::foreign_key(&constraint.definition) {
                Some(key) => table.foreign_keys.push(key),
                None => left_out.push(LeftOut::new(constraint_id, "no relationship: it refers by periods")),
            },
            Constraint::Exclusion => {}
        }
    }
    for (_, object) in catalog.below(Tag::Index, &id.path) {
        let Body::Index(index) = &object.body else { continue };
        let unique = definition::unique_index(&index.definition).filter(|_| index.unique && index.valid);
        table.uniques.extend(unique.clone());
        arbiters.extend(unique);
    }
    table.uniques.retain(|unique| !unique.is_empty());
    for columns in arbiters {
        let numbers = table.numbers(&columns).filter(|numbers| !table.arbiters.contains(numbers));
        table.arbiters.extend(numbers);
    }
}
