//! The values of models.toml, as a person would lay them out.

use toml_edit::{Array, InlineTable, Item, Table, Value};

use crate::name::Name;

/// Keys and values in the order in which they are put.
#[derive(Clone, Debug, Default)]
pub(super) struct Fields(pub(super) InlineTable);

impl Fields {
    pub(super) fn put(&mut self, key: &str, value: impl Into<Value>) {
        self.0.insert(key, value.into());
    }

    pub(super) fn some(&mut self, key: &str, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            self.put(key, value);
        }
    }

    /// `true`, where it is.
    pub(super) fn flag(&mut self, key: &str, is: bool) {
        if is {
            self.put(key, true);
        }
    }

    pub(super) fn list<T: Into<Value>>(&mut self, key: &str, items: impl IntoIterator<Item = T>) {
        let array: Array = items.into_iter().collect();
        if !array.is_empty() {
            self.put(key, array);
        }
    }

    /// The value of `short` alone, if there is no other; else all of it.
    pub(super) fn short(self, short: &str) -> Value {
        match (self.0.len(), self.0.get(short)) {
            (1, Some(value)) => {
                let mut value = value.clone();
                value.decor_mut().clear();
                value
            }
            _ => Value::InlineTable(self.0),
        }
    }

    /// On one line where that is short, else as a table of its own.
    pub(super) fn item(self, short: &str) -> Item {
        match self.short(short) {
            Value::InlineTable(table) if table.to_string().len() > 100 => Item::Table(table.into_table()),
            value => Item::Value(value),
        }
    }
}

pub(super) fn strings(names: &[Name]) -> impl Iterator<Item = &str> {
    names.iter().map(Name::as_str)
}

/// A query of several lines stands between lines of quotes; what reads models.toml does not mind the line end behind it.
pub(super) fn query_value(text: &str) -> Value {
    let shown = format!("'''\n{text}\n'''");
    match shown.parse::<Value>() {
        Ok(value) if text.contains('\n') && value.as_str().is_some_and(|read| read.trim_end() == text) => value,
        _ => Value::from(text),
    }
}

/// Storage parameters and options: numbers and booleans without quotes.
pub(super) fn settings(options: &[String]) -> Option<Value> {
    let mut table = InlineTable::new();
    for option in options {
        let (name, value) = option.split_once('=')?;
        let number = value.parse::<i64>().ok().filter(|number| number.to_string() == value);
        let boolean = value.parse::<bool>().ok();
        let value = number.map(Value::from).or(boolean.map(Value::from)).unwrap_or_else(|| Value::from(value));
        table.insert(name, value);
    }
    (!options.is_empty()).then_some(Value::InlineTable(table))
}

/// Things of a table that may have a name: a list where each has the name that the server would give it, else by name.
#[derive(Default)]
pub(super) struct Named(pub(super) Vec<(Name, bool, Value)>);

impl Named {
    /// Adds one; `usual`: it has the name that the server would choose.
    pub(super) fn add(&mut self, name: Name, usual: bool, value: Value) {
        self.0.push((name, usual, value));
    }

    pub(super) fn item(self) -> Option<Item> {
        if self.0.is_empty() {
            return None;
        }
        if self.0.iter().all(|(_, usual, _)| *usual) {
            return Some(Item::Value(Value::Array(self.0.into_iter().map(|(_, _, value)| value).collect())));
        }
        let mut table = Table::new();
        for (name, _, value) in self.0 {
            table.insert(name.as_str(), Item::Value(value));
        }
        Some(Item::Table(table))
    }
}
