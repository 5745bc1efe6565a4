//! Columns of models, with what a person says at the column.

use std::collections::BTreeSet;

use toml_edit::{Item, Table, Value};

use super::family::{Given, Origin};
use super::scan::{self, Scan};
use super::table::{Parts, texts};
use super::{Facet, Fields, Form, Raising, settings, type_text};
use crate::catalog::Object;
use crate::kind::column::{Column, Identity, NotNull};
use crate::kind::sequence::{Counter, Sequence};
use crate::kind::{Body, Id, Tag};
use crate::name::{Name, object_name};

/// The order of a column's keys.
const ORDER: &[&str] = &[
    "type",
    "primary_key",
    "identity",
    "references",
    "on_delete",
    "on_update",
    "match",
    "deferrable",
    "initially_deferred",
    "nullable",
    "not_null",
    "unique",
    "index",
    "default",
    "generated",
    "check",
    "collation",
    "storage",
    "compression",
    "statistics",
    "options",
    "foreign_options",
    "comment",
];

impl<'a> Raising<'a> {
    /// Whether models.toml has words for all of a column.
    pub(super) fn is_sayable(object: &Object) -> bool {
        let Body::Column(column) = &object.body else { return false };
        let elsewhere = column.identity.as_ref().and_then(|identity| identity.sequence.as_deref());
        // A name that would say another schema than the table's cannot be said.
        elsewhere.is_none_or(|path| path.len() == 2)
    }

    /// The columns of a model in their order.
    pub(super) fn columns(&mut self, table: &Id, origin: &Origin, parts: &mut Parts) -> Table {
        let mut out = Table::new();
        for (id, object) in self.in_order(table) {
            let Body::Column(column) = &object.body else { continue };
            let value = match self.given(id, origin) {
                Some(given) => self.given_column(id, column, given, parts),
                None => Some(self.column(id, column, parts)),
            };
            if let Some(value) = value {
                out.insert(id.name().as_str(), Item::Value(value));
            }
        }
        out
    }

    /// What a model adds to a column that comes from elsewhere.
    fn given_column(&mut self, id: &Id, own: &Column, given: Given<'a>, parts: &Parts) -> Option<Value> {
        let Given { column: made, default } = given;
        let mut fields = Fields::default();
        fields.some("identity", own.identity.as_ref().map(|identity| identity_value(identity, own.r#type.as_str())));
        let stricter = own.not_null && (!made.not_null || own.not_null_as != made.not_null_as);
        let not_null = self.not_null(id, own).filter(|_| stricter);
        fields.some("nullable", (stricter && not_null.is_none() && !self.is_in_own_key(id)).then_some(false));
        fields.some("not_null", not_null);
        for (_, key, value) in parts.at_columns.iter().filter(|(name, ..)| *name == id.name()) {
            fields.put(key, value.clone());
        }
        let default_id = Id { tag: Tag::ColumnDefault, path: id.path.clone() };
        match self.catalog.get(&default_id).map(|object| &object.body) {
            Some(Body::ColumnDefault(own)) if default == Some(own) => self.say(&default_id, Facet::None),
            _ => fields.some("default", self.default(&default_id)),
        }
        let of_own = Column { tuning: own.tuning.beside(&made.tuning), ..own.clone() };
        self.tuning(&of_own, &mut fields);
        fields.some("comment", self.comment(id));
        self.say(id, Facet::Rights);
        (!fields.0.is_empty()).then(|| in_order(fields))
    }

    /// What there is to say of a NOT NULL but that it is there.
    fn not_null(&self, id: &Id, column: &Column) -> Option<Value> {
        let not_null = column.not_null_as.as_ref().filter(|_| column.not_null)?;
        let mut fields = Fields::default();
        fields.some("name", (not_null.name != NotNull::plain(id).name).then(|| not_null.name.as_str().to_owned()));
        fields.flag("not_valid", not_null.not_valid);
        fields.flag("no_inherit", not_null.no_inherit);
        fields.some("comment", not_null.comment.as_deref());
        (!fields.0.is_empty()).then(|| fields.short("name"))
    }

    fn tuning(&self, column: &Column, fields: &mut Fields) {
        fields.some("storage", column.tuning.storage.as_ref().map(|word| word.to_lowercase()));
        fields.some("compression", column.tuning.compression.as_deref());
        fields.some("statistics", column.tuning.statistics.map(i64::from));
        fields.some("options", settings(&column.tuning.options));
        fields.some("foreign_options", texts(&column.foreign_options));
    }

    fn column(&mut self, id: &Id, column: &Column, parts: &Parts) -> Value {
        let form = self.form(id);
        let mut fields = Fields::default();
        // What a parent's NOT NULL brings is not said again, from PostgreSQL 18 on, where the table's own would be another one.
        let is_led = self.catalog.get(id).is_some_and(|object| object.leader().is_some());
        let brought = is_led && self.catalog.server.version >= 180_000 && column.not_null_as.is_none();
        let not_null = column.not_null && !brought;
        let at_column = || parts.at_columns.iter().filter(|(name, ..)| *name == id.name());
        let serial = self.serial(id, column);
        let mut shown =
            serial.as_ref().map_or_else(|| type_text(form, column.r#type.as_str()), |(word, _)| (*word).into());
        let target = self.reference_target(id).filter(|_| at_column().any(|(_, key, _)| *key == "references"));
        // A column of an heir that says no type is its parent's alone.
        let implied = target.is_some_and(|target| !is_led && serial.is_none() && self.implies_type(&target, column));
        if implied {
            fields.flag("nullable", !not_null);
        } else {
            shown.push_str(if not_null { "" } else { "?" });
            fields.put("type", shown);
        }
        if let Some(identity) = &column.identity {
            fields.put("identity", identity_value(identity, column.r#type.as_str()));
        }
        for (_, key, value) in at_column() {
            fields.put(key, value.clone());
        }
        if let Some((_, claimed)) = &serial {
            claimed.iter().for_each(|id| self.say(id, Facet::Owner));
        } else {
            fields.some("default", self.default(&Id { tag: Tag::ColumnDefault, path: id.path.clone() }));
        }
        if let Some(shown) = &column.generated {
            let expression = self.expression(id, shown.as_str());
            if column.r#virtual {
                let mut inner = Fields::default();
                inner.put("virtual", expression);
                fields.put("generated", Value::InlineTable(inner.0));
            } else {
                fields.put("generated", expression);
            }
        }
        fields.some("collation", column.collation.as_ref().map(|collation| type_text(form, collation.as_str())));
        self.tuning(column, &mut fields);
        fields.some("comment", self.comment(id));
        fields.some("not_null", self.not_null(id, column));
        self.say(id, Facet::Rights);
        in_order(fields)
    }

    /// The word of a serial column, and what the server makes along with it.
    pub(super) fn serial(&self, id: &Id, column: &Column) -> Option<(&'static str, [Id; 3])> {
        let word = match column.r#type.as_str() {
            "smallint" => "smallserial",
            "integer" => "serial",
            "bigint" => "bigserial",
            _ => return None,
        };
        let sequence = Name::from(object_name(id.part(1).as_str(), Some(id.name().as_str()), "seq"));
        let sequence = Id::new(Tag::Sequence, [id.part(0), sequence]);
        let owned = sequence.prefix(Tag::OwnedBy, 2);
        let default = Id { tag: Tag::ColumnDefault, path: id.path.clone() };
        let Body::Sequence(Sequence { counter, unlogged: false }) = &self.catalog.get(&sequence)?.body else {
            return None;
        };
        let Body::OwnedBy(owner) = &self.catalog.get(&owned)?.body else { return None };
        let Body::ColumnDefault(shown) = &self.catalog.get(&default)?.body else { return None };
        let mut scan = Scan::new(shown.expression.as_str());
        let called = scan.take("nextval").then(|| scan.group()).flatten()?;
        let literal = scan::literal(called.strip_suffix("::regclass")?)?;
        let fits = owner.column[..] == id.path[..]
            && Scan::new(&literal).path() == Some((sequence.part(0), sequence.part(1)))
            && *counter == Counter::new(column.r#type.as_str(), 1)
            && column.not_null
            && column.identity.is_none();
        let wanted = [&sequence, &owned, &default].into_iter().all(|id| self.form(id).is_persons());
        (fits && wanted && scan.is_done()).then_some((word, [sequence, owned, default]))
    }

    /// The column that a column's own reference refers to.
    fn reference_target(&self, id: &Id) -> Option<Id> {
        self.catalog.below(Tag::Constraint, &id.path[..2]).find_map(|(_, object)| {
            let Body::Constraint(constraint) = &object.body else { return None };
            let key = super::constraint::foreign_key(constraint)?;
            let only = key.columns == [id.name()] && key.referenced.len() == 1;
            only.then(|| Id::new(Tag::Column, [key.target.0, key.target.1, key.referenced[0].clone()]))
        })
    }

    /// Whether a reference to `target` says the type of this column. It does not in a ring.
    fn implies_type(&self, target: &Id, column: &Column) -> bool {
        let mut seen = BTreeSet::new();
        let mut next = Some(target.clone());
        while let Some(id) = next {
            if !seen.insert(id.clone()) {
                return false;
            }
            next = self.reference_target(&id);
        }
        let found = self.catalog.get(target).map(|object| &object.body);
        matches!(found, Some(Body::Column(found)) if found.r#type == column.r#type)
    }

    /// The default of a column, of a table or a view.
    pub(super) fn default(&mut self, id: &Id) -> Option<Value> {
        let Body::ColumnDefault(default) = &self.catalog.get(id)?.body else { return None };
        if !self.wanted(id) {
            return None;
        }
        self.say(id, Facet::None);
        Some(self.default_value(id, default.expression.as_str()))
    }

    /// A default: a constant as a value of TOML, else an expression; so is a constant that did not come back.
    pub(super) fn default_value(&self, id: &Id, shown: &str) -> Value {
        let form = self.form(id);
        let constant = if form.is_persons() && self.forms.own(id) == Form::Person { constant(shown) } else { None };
        constant.unwrap_or_else(|| {
            let mut fields = Fields::default();
            fields.put("sql", self.expression(id, shown));
            Value::InlineTable(fields.0)
        })
    }
}

/// The keys of a column in their order; its type alone, where there is no other.
fn in_order(mut fields: Fields) -> Value {
    let place = |key: &str| ORDER.iter().position(|known| *known == key).unwrap_or(ORDER.len());
    fields.0.sort_values_by(|a, _, b, _| place(a.get()).cmp(&place(b.get())));
    fields.short("type")
}

fn constant(shown: &str) -> Option<Value> {
    const NUMBERS: &[&str] = &["smallint", "integer", "bigint", "numeric", "real", "double precision"];
    match shown {
        "true" => return Some(true.into()),
        "false" => return Some(false.into()),
        "ARRAY[]" => return Some(Value::Array(toml_edit::Array::new())),
        _ => {}
    }
    let (literal, cast) = match shown.starts_with('\'') || shown.starts_with("E'") {
        true => {
            let end = crate::sql::token::tokens(shown).next()?.text.len();
            let cast = shown[end..].strip_prefix("::").unwrap_or(&shown[end..]);
            let is_type = |letter: char| letter.is_alphanumeric() || " _.\"(),[]".contains(letter);
            if !cast.chars().all(is_type) {
                return None;
            }
            (scan::literal(&shown[..end])?, cast)
        }
        false => (shown.to_owned(), "numeric"),
    };
    let digits = literal.strip_prefix('-').unwrap_or(&literal);
    let is_number = digits.split('.').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
        && digits.split('.').count() <= 2
        && (digits.len() == 1 || !digits.starts_with('0') || digits.starts_with("0."));
    if NUMBERS.contains(&cast) {
        return is_number
            .then(|| literal.parse::<Value>().ok())
            .flatten()
            .filter(|value| value.is_float() || value.is_integer());
    }
    match (literal.as_str(), cast.ends_with("[]")) {
        ("{}", true) => Some(Value::Array(toml_edit::Array::new())),
        _ => Some(Value::from(literal)),
    }
}

fn identity_value(identity: &Identity, column_type: &str) -> Value {
    let mut fields = Fields::default();
    fields.put("generated", if identity.always { "always" } else { "by default" });
    fields.some("sequence", identity.sequence.as_ref().and_then(|path| path.last()).map(Name::as_str));
    let mut options = counter(&identity.counter);
    options.0.remove("type");
    if identity.counter.r#type != column_type {
        // The server makes the sequence of the column's type.
        return fields.short("generated");
    }
    if !options.0.is_empty() {
        fields.put("options", Value::InlineTable(options.0));
    }
    fields.short("generated")
}

/// What is not usual about a sequence.
pub(super) fn counter(counter: &Counter) -> Fields {
    let usual = Counter::new(&counter.r#type, counter.increment);
    let mut fields = Fields::default();
    fields.some("type", (counter.r#type != "bigint").then_some(counter.r#type.as_str()));
    let start = if counter.increment > 0 { counter.min } else { counter.max };
    fields.some("start", (counter.start != start).then_some(counter.start));
    fields.some("increment", (counter.increment != 1).then_some(counter.increment));
    fields.some("min", (counter.min != usual.min).then_some(counter.min));
    fields.some("max", (counter.max != usual.max).then_some(counter.max));
    fields.some("cache", (counter.cache != 1).then_some(counter.cache));
    fields.flag("cycle", counter.cycle);
    fields
}
