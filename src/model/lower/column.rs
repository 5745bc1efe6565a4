//! The columns of a model as DDL.

use super::super::collection::Map;
use super::super::column::{Column, Identity, IdentityKind, NotNull};
use super::super::decode::{Ident, Text};
use super::super::models::Models;
use super::super::names::{Suffix, choose};
use super::constraint::named;
use super::{Lowered, Lowering, default_value, is, list, raw, settings};
use crate::name::{Literal, Name};
use crate::sql;
use crate::sql::Sql;

impl Lowering {
    /// What `CREATE TABLE` cannot say of a NOT NULL.
    pub(super) fn not_nulls(&mut self, models: &Models, at: usize, table: &Sql) {
        let entry = &models.models[at];
        for (name, column) in entry.model.columns.iter() {
            let Some(not_null) = &column.not_null else { continue };
            let apart = !entry.model.inherits.is_empty() && models.is_given(at, name.as_str());
            if apart || is(&not_null.not_valid) {
                let valid = Sql::raw(if is(&not_null.not_valid) { " NOT VALID" } else { "" });
                let line = sql!("{}NOT NULL {}{}", named(not_null.name.as_ref()), name.value, no_inherit(not_null));
                self.push(not_null.at, sql!("ALTER TABLE {} ADD {}{}", table, line, valid));
            }
            let usual = || choose(entry.table.name.as_str(), [name.as_str()], Suffix::NotNull, |_| false);
            let chosen = not_null.name.as_ref().map_or_else(|| Name::from(usual()), |name| name.value.clone());
            self.comment(&sql!("CONSTRAINT {} ON {}", chosen, table), not_null.comment.as_ref());
        }
    }

    /// What is said of columns behind `CREATE TABLE`, before heirs are made of it, which take part of it over.
    pub(super) fn columns(&mut self, models: &Models, at: usize, table: &Sql) {
        let model = &models.models[at].model;
        for (name, column) in model.columns.iter() {
            let mut act = |span, action: Sql| {
                self.push(span, sql!("ALTER TABLE {} ALTER COLUMN {} {}", table, name.value, action));
            };
            let given = models.is_given(at, name.as_str());
            if given && !model.inherits.is_empty() {
                if let Some(default) = &column.default {
                    act(default.span(), sql!("SET DEFAULT {}", default_value(default)));
                }
                if refuses_nulls(column, given) && column.not_null.is_none() {
                    act(name.span, Sql::raw("SET NOT NULL"));
                }
                if let Some(identity) = &column.identity {
                    act(identity.at, sql!("ADD {}", identity_clause(identity)));
                }
            }
            if given && !column.foreign_options.is_empty() {
                act(name.span, list("OPTIONS", &options(&column.foreign_options)));
            }
            if let Some(storage) = &column.storage {
                act(storage.span, sql!("SET STORAGE {}", Sql::raw(format!("{:?}", storage.value).to_uppercase())));
            }
            if let Some(compression) = &column.compression {
                act(compression.span, sql!("SET COMPRESSION {}", compression.value));
            }
            if let Some(target) = &column.statistics {
                act(target.span, sql!("SET STATISTICS {}", target.value));
            }
            if !column.options.is_empty() {
                act(name.span, list("SET", &settings(&column.options)));
            }
        }
    }
}

/// Options for a foreign server.
pub(super) fn options(options: &Map<Text, Text>) -> Vec<Sql> {
    let one = |(name, value): &(Text, Text)| sql!("{} {}", Name::from(name.value.as_str()), Literal(&value.value));
    options.iter().map(one).collect()
}

/// A column of the table's own.
pub(super) fn column_line(name: &Ident, r#type: String, column: &Column) -> Lowered {
    let span = column.r#type.as_ref().map_or(name.span, |given| given.text.span);
    let mut line = Lowered::new(span, sql!("{} {}", name.value, Sql::raw(r#type)));
    line.sql.push(&list(" OPTIONS", &options(&column.foreign_options)));
    qualities(&mut line, name, column, false);
    line
}

/// What a model adds to a column that its type, or the table that it is a partition of, gives it.
pub(super) fn given_line(name: &Ident, column: &Column) -> Option<Lowered> {
    let mut line = Lowered::new(name.span, sql!("{} WITH OPTIONS", name.value));
    qualities(&mut line, name, column, true);
    (line.parts.len() > 1).then_some(line)
}

/// What stands behind a column's type.
fn qualities(line: &mut Lowered, name: &Ident, column: &Column, given: bool) {
    if let Some(collation) = &column.collation {
        line.push(collation.span, &sql!(" COLLATE {}", raw(collation)));
    }
    if let Some(default) = &column.default {
        line.push(default.span(), &sql!(" DEFAULT {}", default_value(default)));
    }
    if let Some(identity) = &column.identity {
        line.push(identity.at, &sql!(" {}", identity_clause(identity)));
    }
    if let Some(generated) = &column.generated {
        for (expression, word) in [(&generated.stored, "STORED"), (&generated.r#virtual, "VIRTUAL")] {
            if let Some(expression) = expression {
                let text = sql!(" GENERATED ALWAYS AS ({}) {}", raw(expression), Sql::raw(word));
                line.push(expression.span, &text);
            }
        }
    }
    match &column.not_null {
        _ if !refuses_nulls(column, given) => {}
        Some(not_null) if is(&not_null.not_valid) => {} // only `ADD` can say that
        Some(not_null) => {
            let text = sql!(" {}NOT NULL{}", named(not_null.name.as_ref()), no_inherit(not_null));
            line.push(not_null.at, &text);
        }
        None => line.push(name.span, &Sql::raw(" NOT NULL")),
    }
}

/// A column that is given is null where it comes from, unless it is said that it is not.
fn refuses_nulls(column: &Column, given: bool) -> bool {
    let said = || column.not_null.is_some() || column.nullable.as_ref().is_some_and(|flag| !flag.value);
    if given { said() } else { !column.is_nullable() }
}

fn no_inherit(not_null: &NotNull) -> Sql {
    Sql::raw(if is(&not_null.no_inherit) { " NO INHERIT" } else { "" })
}

fn identity_clause(identity: &Identity) -> Sql {
    let kind = match identity.generated.value {
        IdentityKind::Always => "ALWAYS",
        IdentityKind::ByDefault => "BY DEFAULT",
    };
    let mut options = Vec::new();
    options.extend(identity.sequence.as_ref().map(|name| sql!("SEQUENCE NAME {}", name.value)));
    if let Some(given) = &identity.options {
        for (word, value) in [
            ("START WITH", &given.start),
            ("INCREMENT BY", &given.increment),
            ("MINVALUE", &given.min),
            ("MAXVALUE", &given.max),
            ("CACHE", &given.cache),
        ] {
            options.extend(value.as_ref().map(|value| sql!("{} {}", Sql::raw(word), value.value)));
        }
        options.extend(is(&given.cycle).then(|| Sql::raw("CYCLE")));
    }
    let options = if options.is_empty() { sql!("") } else { sql!(" ({})", Sql::join(options, " ")) };
    sql!("GENERATED {} AS IDENTITY{}", Sql::raw(kind), options)
}
