//! Models as the DDL that makes them, each statement with its place in models.toml.
//!
//! The shadow runs the statements, whatever their order; what PostgreSQL names by itself it names here too.

use self::constraint::check_line;
use super::collection::{Map, Path, PathText};
use super::column::{Constant, DefaultValue, Setting};
use super::constraint::Initially;
use super::decode::{Ident, Text};
use super::diagnostic::{Diagnostic, Span};
use super::models::{Models, place};
use super::names::{Suffix, choose};
use super::object::{CheckOption, Privileges, Sequence};
use crate::name::{Literal, Name};
use crate::sql;
use crate::sql::Sql;

mod column;
mod constraint;
mod hanger;
pub mod hints;
mod index;
mod table;

/// A statement, or a part of one, and where in the models it comes from.
#[derive(Clone, Debug)]
pub struct Lowered {
    /// The statement.
    pub sql: Sql,
    /// The places of its parts, each with the byte that it begins at. The first is that of the whole.
    pub parts: Vec<(usize, Span)>,
}

impl Lowered {
    /// What comes from one place.
    pub fn new(span: Span, sql: Sql) -> Self {
        Lowered { sql, parts: vec![(0, span)] }
    }

    /// What is said next comes from another place.
    fn push(&mut self, span: Span, sql: &Sql) {
        self.parts.push((self.sql.as_str().len(), span));
        self.sql.push(sql);
    }

    /// Appends a part with its places.
    fn append(&mut self, part: &Lowered) {
        let start = self.sql.as_str().len();
        self.parts.extend(part.parts.iter().map(|(at, span)| (start + at, *span)));
        self.sql.push(&part.sql);
    }
}

/// Every statement that makes the models.
///
/// # Errors
/// What is declared and cannot be made yet, each with its place.
pub fn statements(models: &Models) -> Result<Vec<Lowered>, Vec<Diagnostic>> {
    let mut lowering = Lowering::default();
    lowering.objects(models);
    for at in 0..models.models.len() {
        lowering.model(models, at);
    }
    lowering.views(models);
    let Lowering { out, later, mistakes } = lowering;
    if mistakes.is_empty() { Ok(out.into_iter().chain(later).collect()) } else { Err(mistakes) }
}

#[derive(Default)]
struct Lowering {
    out: Vec<Lowered>,
    /// What stands on tables of other models.
    later: Vec<Lowered>,
    mistakes: Vec<Diagnostic>,
}

impl Lowering {
    fn push(&mut self, span: Span, sql: Sql) {
        self.out.push(Lowered::new(span, sql));
    }

    fn later(&mut self, span: Span, sql: Sql) {
        self.later.push(Lowered::new(span, sql));
    }

    fn comment(&mut self, on: &Sql, comment: Option<&Text>) {
        if let Some(text) = comment {
            self.later(text.span, sql!("COMMENT ON {} IS {}", on, Literal(&text.value)));
        }
    }

    /// Whom an object belongs to, and who may do what with it; `on` is its kind and name.
    fn rights(&mut self, on: &str, name: &Sql, owner: Option<&Ident>, privileges: Option<&Privileges>) {
        if let Some(owner) = owner {
            self.later(owner.span, sql!("ALTER {} {} OWNER TO {}", Sql::raw(on), name, owner.value));
        }
        // To `GRANT`, all relations are tables.
        let of = Sql::raw(if ["VIEW", "MATERIALIZED VIEW", "FOREIGN TABLE"].contains(&on) { "TABLE" } else { on });
        for (role, list) in privileges.into_iter().flat_map(|privileges| privileges.iter()) {
            let grantee = if role.as_str() == "public" { Sql::raw("PUBLIC") } else { sql!("{}", role.value) };
            if list.is_empty() {
                self.later(role.span, sql!("REVOKE ALL ON {} {} FROM {}", of, name, grantee));
            }
            for text in list.iter() {
                let (what, option) = with_grant_option(&text.value);
                self.later(text.span, sql!("GRANT {} ON {} {} TO {}{}", Sql::raw(what), of, name, grantee, option));
            }
        }
    }

    /// A key that is understood and has no effect yet: better an error than silence.
    fn not_yet(&mut self, span: Span, what: &str) {
        let mistake = Diagnostic::new(span, format!("{what} cannot be declared in models.toml yet"));
        self.mistakes.push(mistake.help("declare it in a file of [sql] files, or write the revision by hand"));
    }

    fn objects(&mut self, models: &Models) {
        for (name, schema) in models.schemas.iter().filter(|(name, _)| name.as_str() != "public") {
            self.push(name.span, sql!("CREATE SCHEMA {}", name.value));
            self.comment(&sql!("SCHEMA {}", name.value), schema.comment.as_ref());
            self.rights("SCHEMA", &sql!("{}", name.value), schema.owner.as_ref(), schema.privileges.as_ref());
        }
        for (name, extension) in models.extensions.iter() {
            let schema = extension.schema.as_ref().map(|schema| sql!(" SCHEMA {}", schema.value)).unwrap_or_default();
            let version = extension.version.as_ref().map(|version| sql!(" VERSION {}", Literal(&version.value)));
            self.push(name.span, sql!("CREATE EXTENSION {}{}{}", name.value, schema, version.unwrap_or_default()));
            self.comment(&sql!("EXTENSION {}", name.value), extension.comment.as_ref());
        }
        for (key, item) in models.enums.iter() {
            let name = qualified(&place(key, item.schema.as_ref()));
            let values = Sql::join(item.values.iter().map(|value| sql!("{}", Literal(&value.value))), ", ");
            self.push(key.span, sql!("CREATE TYPE {} AS ENUM ({})", name, values));
            self.comment(&sql!("TYPE {}", name), item.comment.as_ref());
            self.rights("TYPE", &name, item.owner.as_ref(), item.privileges.as_ref());
        }
        for (key, item) in models.composites.iter() {
            let name = qualified(&place(key, item.schema.as_ref()));
            let attributes = item.attributes.iter().map(|(attribute, body)| {
                let collation = body.collation.as_ref().map(|text| sql!(" COLLATE {}", raw(text))).unwrap_or_default();
                sql!("{} {}{}", attribute.value, raw(&body.r#type.text), collation)
            });
            self.push(key.span, sql!("CREATE TYPE {} AS ({})", name, Sql::join(attributes, ", ")));
            self.comment(&sql!("TYPE {}", name), item.comment.as_ref());
            self.rights("TYPE", &name, item.owner.as_ref(), item.privileges.as_ref());
            for (attribute, body) in item.attributes.iter() {
                self.comment(&sql!("COLUMN {}.{}", name, attribute.value), body.comment.as_ref());
            }
        }
        self.domains(models);
        for (key, item) in models.ranges.iter() {
            let name = qualified(&place(key, item.schema.as_ref()));
            let mut items = vec![sql!("SUBTYPE = {}", raw(&item.subtype.text))];
            for (word, text) in [
                ("SUBTYPE_OPCLASS", &item.operator_class),
                ("COLLATION", &item.collation),
                ("CANONICAL", &item.canonical),
                ("SUBTYPE_DIFF", &item.subtype_diff),
                ("MULTIRANGE_TYPE_NAME", &item.multirange),
            ] {
                items.extend(text.as_ref().map(|text| sql!("{} = {}", Sql::raw(word), raw(text))));
            }
            self.push(key.span, sql!("CREATE TYPE {} AS RANGE ({})", name, Sql::join(items, ", ")));
            self.comment(&sql!("TYPE {}", name), item.comment.as_ref());
            self.rights("TYPE", &name, item.owner.as_ref(), item.privileges.as_ref());
        }
        for (key, item) in models.sequences.iter() {
            self.sequence(models, key, item);
        }
    }

    fn domains(&mut self, models: &Models) {
        for (key, item) in models.domains.iter() {
            let name = qualified(&place(key, item.schema.as_ref()));
            let mut text = sql!("CREATE DOMAIN {} AS {}", name, raw(&item.r#type.text));
            if let Some(collation) = &item.collation {
                text.push(&sql!(" COLLATE {}", raw(collation)));
            }
            if let Some(default) = &item.default {
                text.push(&sql!(" DEFAULT {}", default_value(default)));
            }
            if is(&item.not_null) {
                text.push(&Sql::raw(" NOT NULL"));
            }
            for (given, check) in item.checks.iter().filter(|(_, check)| !is(&check.not_valid)) {
                text.push(&sql!(" {}", check_line(given.as_ref(), check)));
            }
            self.push(key.span, text);
            self.comment(&sql!("DOMAIN {}", name), item.comment.as_ref());
            self.rights("DOMAIN", &name, item.owner.as_ref(), item.privileges.as_ref());
            for (given, check) in item.checks.iter() {
                if is(&check.not_valid) {
                    self.push(check.at, sql!("ALTER DOMAIN {} ADD {}", name, check_line(given.as_ref(), check)));
                }
                let usual = || Name::from(choose(key.name.as_str(), [], Suffix::Check, |_| false));
                let named = given.as_ref().or(check.name.as_ref()).map_or_else(usual, |name| name.value.clone());
                self.comment(&sql!("CONSTRAINT {} ON DOMAIN {}", named, name), check.comment.as_ref());
            }
        }
    }

    fn sequence(&mut self, models: &Models, key: &PathText, item: &Sequence) {
        let name = qualified(&place(key, item.schema.as_ref()));
        let unlogged = Sql::raw(if is(&item.unlogged) { "UNLOGGED " } else { "" });
        let mut text = sql!("CREATE {}SEQUENCE {}", unlogged, name);
        if let Some(r#type) = &item.r#type {
            text.push(&sql!(" AS {}", raw(&r#type.text)));
        }
        for (word, value) in [
            ("START WITH", &item.start),
            ("INCREMENT BY", &item.increment),
            ("MINVALUE", &item.min),
            ("MAXVALUE", &item.max),
            ("CACHE", &item.cache),
        ] {
            if let Some(value) = value {
                text.push(&sql!(" {} {}", Sql::raw(word), value.value));
            }
        }
        if is(&item.cycle) {
            text.push(&Sql::raw(" CYCLE"));
        }
        self.push(key.span, text);
        if let Some(owner) = &item.owned_by {
            match models.resolve_column(owner) {
                Ok((at, column)) => {
                    let table = qualified(&models.models[at].table);
                    self.later(owner.span, sql!("ALTER SEQUENCE {} OWNED BY {}.{}", name, table, column));
                }
                Err(mistake) => self.mistakes.push(mistake),
            }
        }
        self.comment(&sql!("SEQUENCE {}", name), item.comment.as_ref());
        self.rights("SEQUENCE", &name, item.owner.as_ref(), item.privileges.as_ref());
    }

    fn views(&mut self, models: &Models) {
        for (key, item) in models.views.iter() {
            let path = place(key, item.schema.as_ref());
            let name = qualified(&path);
            let mut options = Vec::new();
            for (word, flag) in
                [("security_barrier", &item.security_barrier), ("security_invoker", &item.security_invoker)]
            {
                options.extend(flag.as_ref().map(|flag| Sql::raw(format!("{word} = {}", flag.value))));
            }
            options.extend(item.check_option.as_ref().map(|option| match option.value {
                CheckOption::Local => Sql::raw("check_option = local"),
                CheckOption::Cascaded => Sql::raw("check_option = cascaded"),
            }));
            let with = list(" WITH", &options);
            let recursive = Sql::raw(if is(&item.recursive) { "RECURSIVE " } else { "" });
            let columns = list("", &item.columns.iter().map(|column| sql!("{}", column.value)).collect::<Vec<_>>());
            let query = query(&item.query);
            self.later(item.query.span, sql!("CREATE {}VIEW {}{}{} AS {}", recursive, name, columns, with, query));
            for (column, value) in item.defaults.iter() {
                let value = default_value(value);
                self.later(
                    column.span,
                    sql!("ALTER VIEW {} ALTER COLUMN {} SET DEFAULT {}", name, column.value, value),
                );
            }
            self.comment(&sql!("VIEW {}", name), item.comment.as_ref());
            self.rights("VIEW", &name, item.owner.as_ref(), item.privileges.as_ref());
            for (column, text) in item.column_comments.iter() {
                self.comment(&sql!("COLUMN {}.{}", name, column.value), Some(text));
            }
            item.triggers.iter().for_each(|(trigger, body)| self.trigger(models, &path, trigger, body));
            item.rules.iter().for_each(|(rule, body)| self.rule(&name, rule, body));
        }
        for (key, item) in models.materialized_views.iter() {
            let path = place(key, item.schema.as_ref());
            let name = qualified(&path);
            let columns = list("", &item.columns.iter().map(|column| sql!("{}", column.value)).collect::<Vec<_>>());
            let method = item.access_method.as_ref().map(|method| sql!(" USING {}", method.value)).unwrap_or_default();
            let tablespace =
                item.tablespace.as_ref().map(|space| sql!(" TABLESPACE {}", space.value)).unwrap_or_default();
            let (with, query) = (list(" WITH", &settings(&item.with)), query(&item.query));
            let head = sql!("CREATE MATERIALIZED VIEW {}{}{}{}{}", name, columns, method, with, tablespace);
            let empty = item.with_data.as_ref().is_some_and(|flag| !flag.value);
            let end = Sql::raw(if empty { "\nWITH NO DATA" } else { "" });
            self.later(item.query.span, sql!("{} AS {}{}", head, query, end));
            for (index, body) in item.indexes.iter() {
                self.index(&path, index.as_ref(), body, key.span, &[]);
            }
            self.comment(&sql!("MATERIALIZED VIEW {}", name), item.comment.as_ref());
            self.rights("MATERIALIZED VIEW", &name, item.owner.as_ref(), item.privileges.as_ref());
            for (column, text) in item.column_comments.iter() {
                self.comment(&sql!("COLUMN {}.{}", name, column.value), Some(text));
            }
            self.statistics(&path, &item.statistics);
            if let Some(index) = &item.cluster_on {
                self.later(index.span, sql!("ALTER MATERIALIZED VIEW {} CLUSTER ON {}", name, index.value));
            }
        }
    }
}

fn is(flag: &Option<super::decode::Flag>) -> bool {
    flag.as_ref().is_some_and(|flag| flag.value)
}

/// A privilege, and the words behind it if it can be passed on.
fn with_grant_option(text: &str) -> (&str, Sql) {
    const WORDS: &str = " WITH GRANT OPTION";
    let at = text.len().saturating_sub(WORDS.len());
    match text.get(at..) {
        Some(end) if end.eq_ignore_ascii_case(WORDS) => (&text[..at], Sql::raw(WORDS)),
        _ => (text, Sql::default()),
    }
}

fn raw(text: &Text) -> Sql {
    Sql::raw(text.value.as_str())
}

/// A query without the semicolon that people put behind it.
fn query(text: &Text) -> Sql {
    Sql::raw(text.value.trim().trim_end_matches(';'))
}

/// `schema.name`; `public` where no schema is given.
fn qualified(path: &Path) -> Sql {
    sql!("{}.{}", path.home(), path.name)
}

fn names(list: &[Ident]) -> Sql {
    Sql::join(list.iter().map(|name| &name.value), ", ")
}

/// ` WITH (a, b)`; nothing for an empty list.
fn list(word: &'static str, items: &[Sql]) -> Sql {
    if items.is_empty() { Sql::default() } else { sql!("{} ({})", Sql::raw(word), Sql::join(items, ", ")) }
}

fn settings(settings: &Map<Text, Setting>) -> Vec<Sql> {
    let one = |(name, value): &(Text, Setting)| {
        let name = Sql::join(name.value.split('.').map(Name::from), ".");
        sql!("{} = {}", name, Literal(&value.0.value))
    };
    settings.iter().map(one).collect()
}

fn deferral(initially: Initially) -> Sql {
    Sql::raw(match initially {
        Initially::NotDeferrable => "",
        Initially::Immediate => " DEFERRABLE",
        Initially::Deferred => " DEFERRABLE INITIALLY DEFERRED",
    })
}

fn default_value(value: &DefaultValue) -> Sql {
    match value {
        DefaultValue::Expression(text) => raw(text),
        DefaultValue::Constant(constant) => constant_text(&constant.value),
    }
}

fn constant_text(constant: &Constant) -> Sql {
    match constant {
        Constant::Text(text) | Constant::Moment(text) => sql!("{}", Literal(text)),
        Constant::Number(text) => Sql::raw(text.as_str()),
        Constant::Boolean(value) => Sql::raw(value.to_string()),
        Constant::List(items) => {
            let inner: Vec<String> = items.iter().map(array_item).collect();
            sql!("{}", Literal(&format!("{{{}}}", inner.join(","))))
        }
    }
}

/// An element of an array constant.
fn array_item(item: &Constant) -> String {
    match item {
        Constant::Text(text) | Constant::Moment(text) => {
            format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
        }
        Constant::Number(text) => text.clone(),
        Constant::Boolean(value) => value.to_string(),
        Constant::List(items) => format!("{{{}}}", items.iter().map(array_item).collect::<Vec<_>>().join(",")),
    }
}
