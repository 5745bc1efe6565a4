//! Two versions of an item of TOML become one, which keeps what a person wrote.

use std::collections::BTreeMap;

use toml_edit::{Array, Item, TableLike, Value};

pub(super) fn empty() -> Item {
    toml_edit::value(toml_edit::InlineTable::new())
}

pub(super) fn is_empty(item: &Item) -> bool {
    item.as_table_like().is_some_and(TableLike::is_empty)
}

/// A new table without headers that say nothing, its columns in line.
pub(super) fn laid_out(mut item: Item) -> Item {
    if let Item::Table(table) = &mut item {
        for (_, item) in table.iter_mut().filter(|(_, item)| item.is_table()) {
            *item = laid_out(std::mem::take(item));
        }
        table.set_implicit(!table.is_empty() && table.iter().all(|(_, item)| item.is_table()));
        if let Some(Item::Table(columns)) = table.get_mut("columns") {
            let width = columns.iter().filter_map(|(key, _)| columns.key(key)).map(shown_width).max().unwrap_or(0);
            for (mut key, _) in columns.iter_mut() {
                let pad = " ".repeat(width + 1 - key.display_repr().chars().count());
                key.leaf_decor_mut().set_suffix(pad);
            }
        }
    }
    item
}

fn shown_width(key: &toml_edit::Key) -> usize {
    key.display_repr().chars().count()
}

/// A document with the line ends that it had.
pub fn like(old: &str, text: String) -> String {
    if old.contains("\r\n") && !text.contains('\r') { text.replace('\n', "\r\n") } else { text }
}

/// The keys whose tables have names of the user's choice.
const NAMED: [&str; 12] = [
    "attributes",
    "checks",
    "columns",
    "exclusions",
    "foreign_keys",
    "indexes",
    "partitions",
    "policies",
    "rules",
    "statistics",
    "triggers",
    "uniques",
];

/// An entry without what no database knows.
pub(super) fn known_to_servers(item: &Item) -> Item {
    fn known(mut item: Item, are_names: bool) -> Item {
        if let Some(table) = item.as_table_like_mut() {
            if !are_names {
                ["relationships", "renamed_from", "renamed_values", "renamed_columns", "using", "with_data"]
                    .into_iter()
                    .for_each(|key| drop(table.remove(key)));
            }
            for (key, inner) in table.iter_mut() {
                *inner = known(std::mem::take(inner), !are_names && NAMED.contains(&key.get()));
            }
        }
        item
    }
    known(item.clone(), false)
}

/// Puts into `ours` what differs between `base` and `theirs`.
pub(super) fn merge(ours: &mut Item, base: &Item, theirs: &Item) {
    if plain(base) == plain(theirs) {
        return;
    }
    let (base, theirs) = (in_long_form(base, ours), in_long_form(theirs, ours));
    let base = if base.is_table_like() { base } else { known_to_servers(ours) };
    match (ours, &theirs) {
        (ours, theirs) if ours.is_table_like() && theirs.is_table_like() => {
            if let (Some(own), Some(base), Some(theirs)) =
                (ours.as_table_like_mut(), base.as_table_like(), theirs.as_table_like())
            {
                merge_tables(own, base, theirs);
            }
            if let Item::Value(Value::InlineTable(table)) = ours {
                table.fmt();
            }
        }
        (Item::Value(Value::Array(ours)), Item::Value(Value::Array(theirs))) => merge_arrays(ours, theirs),
        (Item::Value(ours), Item::Value(theirs)) => {
            let decor = ours.decor().clone();
            *ours = theirs.clone();
            *ours.decor_mut() = decor;
        }
        (ours, theirs) => *ours = in_place_of(ours, theirs),
    }
}

/// What takes the place of a value, on its line where it fits there, with its comment.
fn in_place_of(ours: &Item, theirs: &Item) -> Item {
    let Some(own) = ours.as_value() else { return laid_out(theirs.clone()) };
    if let Ok(mut value) = theirs.clone().into_value() {
        if let Value::InlineTable(table) = &mut value {
            table.fmt();
        }
        *value.decor_mut() = own.decor().clone();
        if !value.to_string().trim_end().contains('\n') {
            return Item::Value(value);
        }
    }
    let mut item = laid_out(theirs.clone());
    let comment = own.decor().suffix().and_then(|suffix| suffix.as_str()).unwrap_or_default().trim();
    if let (Some(table), false) = (item.as_table_mut(), comment.is_empty()) {
        table.decor_mut().set_prefix(format!("\n{comment}\n"));
    }
    item
}

/// Keys whose value alone may stand for the table.
const SHORT: &[&str] = &[
    "type",
    "values",
    "subtype",
    "query",
    "columns",
    "version",
    "for_values",
    "server",
    "expression",
    "definition",
    "to",
];

/// An item that stands for a table, as the table, where `ours` is one.
fn in_long_form(item: &Item, ours: &Item) -> Item {
    match (item, SHORT.iter().find(|key| ours.get(key).is_some())) {
        (Item::Value(value), Some(key)) if !value.is_inline_table() => {
            Item::Value(Value::InlineTable([(*key, value.clone())].into_iter().collect()))
        }
        _ => item.clone(),
    }
}

/// Makes one list of elements into another; those that stay keep their comments, and the list its layout.
fn merge_arrays(ours: &mut Array, theirs: &Array) {
    let text = |value: &Value| plain(&Item::Value(value.clone()));
    let line = |value: &Value| {
        let prefix = value.decor().prefix().and_then(|prefix| prefix.as_str()).unwrap_or_default();
        prefix.rfind('\n').map(|at| prefix[at..].to_owned())
    };
    let layout = ours.iter().find_map(line);
    let mut old: Vec<Option<Value>> = ours.iter().cloned().map(Some).collect();
    ours.clear();
    for (at, value) in theirs.iter().enumerate() {
        let known = old.iter_mut().find(|old| old.as_ref().is_some_and(|old| text(old) == text(value)));
        let mut value = known
            .and_then(Option::take)
            .unwrap_or_else(|| value.clone().decorated(layout.clone().unwrap_or_default(), ""));
        // On one line, what becomes the first, or ceases to be it, has another space in front.
        if layout.is_none() {
            value.decor_mut().set_prefix(if at == 0 { "" } else { " " });
        }
        ours.push_formatted(value);
    }
}

fn merge_tables(ours: &mut dyn TableLike, base: &dyn TableLike, theirs: &dyn TableLike) {
    let gone: Vec<String> =
        base.iter().map(|(key, _)| key.to_owned()).filter(|key| !theirs.contains_key(key)).collect();
    for key in gone {
        ours.remove(&key);
    }
    for (key, item) in theirs.iter() {
        let before = base.get(key);
        if before.is_some_and(|before| plain(before) == plain(item)) {
            continue;
        }
        match ours.get_mut(key) {
            Some(own) => {
                let before = before.cloned().unwrap_or_else(|| own.clone());
                merge(own, &before, item);
            }
            None => insert(ours, key, item),
        }
    }
}

/// Adds a key, in line with those before it.
fn insert(ours: &mut dyn TableLike, key: &str, item: &Item) {
    let known: Vec<String> = ours.iter().filter(|(_, item)| item.is_value()).map(|(key, _)| key.to_owned()).collect();
    let place = |key: &toml_edit::Key| {
        let gap = key.leaf_decor().suffix().and_then(|gap| gap.as_str()).map_or(0, str::len);
        (gap > 0).then(|| shown_width(key) + gap)
    };
    let mut places = known.iter().filter_map(|key| ours.key(key)).map(place);
    let width = places.next().flatten().filter(|width| places.all(|other| other == Some(*width)));
    let item = if item.is_table() { laid_out(item.clone()) } else { beside_headers(ours, item) };
    let is_value = item.is_value();
    ours.insert(key, item);
    if let (Some(width), true, Some(mut key)) = (width, is_value, ours.key_mut(key)) {
        let pad = " ".repeat(width.saturating_sub(key.display_repr().chars().count()).max(1));
        key.leaf_decor_mut().set_suffix(pad);
    }
}

/// A new item as one with a header, where the others of its table have theirs: a value would stand in front of them.
pub(super) fn beside_headers(others: &dyn TableLike, item: &Item) -> Item {
    let has_header = |item: &Item| item.as_table().is_some_and(|table| !table.is_dotted());
    if others.is_empty() || !others.iter().all(|(_, other)| has_header(other)) {
        return item.clone();
    }
    match item {
        Item::Value(Value::InlineTable(table)) => Item::Table(table.clone().into_table()),
        Item::Value(Value::String(_)) if others.iter().all(|(_, other)| other.get("type").is_some()) => {
            Item::Table([("type", item.clone())].into_iter().collect())
        }
        _ => item.clone(),
    }
}

/// A value without the way in which it is written.
fn plain(item: &Item) -> String {
    fn value_text(value: &Value) -> String {
        match value {
            Value::Array(list) => format!("[{}]", list.iter().map(value_text).collect::<Vec<_>>().join(",")),
            Value::InlineTable(table) => table_text(table),
            Value::String(text) => format!("{:?}", text.value()),
            other => other.clone().decorated("", "").to_string(),
        }
    }
    fn table_text(table: &dyn TableLike) -> String {
        let pairs: BTreeMap<&str, String> = table.iter().map(|(key, item)| (key, plain(item))).collect();
        format!("{pairs:?}")
    }
    match item {
        Item::Value(value) => value_text(value),
        Item::Table(table) => table_text(table),
        Item::None | Item::ArrayOfTables(_) => item.to_string(),
    }
}
