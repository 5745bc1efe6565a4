//! JSON Schema and Markdown of any shape, made from its [`Form`].

use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::{Value, json};

use super::form::{Form, Record};
use super::format::ModelsFile;

/// The JSON Schema (draft 2020-12) of models.toml.
pub fn models_schema() -> Value {
    json_schema(ModelsFile::record)
}

/// docs/models.md: every key of models.toml.
pub fn models_markdown() -> String {
    markdown("models.toml", ModelsFile::record)
}

/// The JSON Schema (draft 2020-12) of a file whose keys these are.
pub fn json_schema(root: fn() -> Record) -> Value {
    let mut definitions = BTreeMap::new();
    for record in reachable(root) {
        definitions.insert(record.name, table_schema(&record));
    }
    let root = root();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": root.name,
        "$ref": format!("#/$defs/{}", root.name),
        "$defs": definitions,
    })
}

/// Every record that is part of another, each once, in the order of reading.
pub(super) fn reachable(root: fn() -> Record) -> Vec<Record> {
    let mut found = vec![root()];
    let mut next = 0;
    while let Some(record) = found.get(next) {
        let mut inner = Vec::new();
        record.fields.iter().map(|field| &field.form).chain(&record.short).for_each(|form| tables(form, &mut inner));
        for table in inner {
            let record = table();
            if !found.iter().any(|known| known.name == record.name) {
                found.push(record);
            }
        }
        next += 1;
    }
    found
}

fn tables(form: &Form, out: &mut Vec<fn() -> Record>) {
    match form {
        Form::List(item) | Form::Map(_, item) => tables(item, out),
        Form::Either(forms) => forms.iter().for_each(|form| tables(form, out)),
        Form::Table(record) => out.push(*record),
        Form::Text(_) | Form::Flag | Form::Integer | Form::Float | Form::Moment | Form::Words(_) => {}
    }
}

fn table_schema(record: &Record) -> Value {
    let mut properties = BTreeMap::new();
    for field in &record.fields {
        let mut schema = schema_of(&field.form);
        if let Value::Object(object) = &mut schema {
            object.insert("description".into(), field.doc.clone().into());
        }
        properties.insert(field.key, schema);
    }
    let required: Vec<&str> = record.fields.iter().filter(|field| field.required).map(|field| field.key).collect();
    json!({
        "type": "object",
        "description": record.doc,
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

fn schema_of(form: &Form) -> Value {
    match form {
        Form::Text(what) => json!({"type": "string", "title": what}),
        Form::Flag => json!({"type": "boolean"}),
        Form::Integer => json!({"type": "integer"}),
        Form::Float => json!({"type": "number"}),
        // JSON has no dates; editors hand TOML's over as strings.
        Form::Moment => json!({"type": "string", "title": "date or time"}),
        Form::Words(words) => json!({"enum": words.iter().map(|(word, _)| *word).collect::<Vec<_>>()}),
        Form::List(item) => json!({"type": "array", "items": schema_of(item)}),
        Form::Map(_, value) => json!({"type": "object", "additionalProperties": schema_of(value)}),
        Form::Table(record) => json!({"$ref": format!("#/$defs/{}", record().name)}),
        Form::Either(forms) => json!({"anyOf": forms.iter().map(schema_of).collect::<Vec<_>>()}),
    }
}

/// Markdown with one section a table, and in it one row a key.
pub fn markdown(title: &str, root: fn() -> Record) -> String {
    let mut out =
        format!("# {title}\n\nMade from the types (`UPDATE_DOCS=1 cargo test --test docs`); not edited by hand.\n");
    for record in reachable(root) {
        // Writing to a string cannot fail.
        let _ = write!(out, "\n## {}\n\n{}\n", record.name, record.doc);
        if !record.short.is_empty() {
            let forms: Vec<String> = record.short.iter().map(shown).collect();
            let _ = write!(out, "\nIn place of the table: {}.\n", forms.join(" or "));
        }
        out.push_str("\n| key | value | what it says |\n|---|---|---|\n");
        for field in &record.fields {
            let must = if field.required { " **Must be given.**" } else { "" };
            let _ = writeln!(out, "| `{}` | {} | {}{must} |", field.key, cell(&shown(&field.form)), cell(&field.doc));
        }
        for field in &record.fields {
            if let Form::Words(words) = &field.form {
                let meanings: Vec<String> = words.iter().map(|(word, doc)| format!("- `\"{word}\"`: {doc}")).collect();
                let _ = write!(out, "\n`{}`:\n\n{}\n", field.key, meanings.join("\n"));
            }
        }
    }
    out
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

/// A form in a few words, with links to the sections of tables.
fn shown(form: &Form) -> String {
    match form {
        Form::Text(what) => format!("string ({what})"),
        Form::Flag => "boolean".into(),
        Form::Integer => "integer".into(),
        Form::Float => "float".into(),
        Form::Moment => "date or time".into(),
        Form::Words(words) => words.iter().map(|(word, _)| format!("`\"{word}\"`")).collect::<Vec<_>>().join(", "),
        Form::List(item) => format!("list of {}", shown(item)),
        Form::Map(keys, value) => format!("table: {keys} → {}", shown(value)),
        Form::Table(record) => {
            let name = record().name;
            format!("[{name}](#{})", name.to_lowercase())
        }
        Form::Either(forms) => forms.iter().map(shown).collect::<Vec<_>>().join(" or "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_has_every_table_and_no_dangling_reference() {
        let schema = models_schema();
        let text = schema.to_string();
        for part in text.split("#/$defs/").skip(1) {
            let name = part.split('"').next().unwrap();
            assert!(schema["$defs"][name].is_object(), "{name}");
        }
        let on_delete = &schema["$defs"]["Column"]["properties"]["on_delete"];
        assert_eq!(on_delete["enum"][2], "cascade");
        assert_eq!(schema["$defs"]["Policy"]["additionalProperties"], false);
        assert_eq!(schema["$defs"]["Trigger"]["required"], json!(["when", "execute"]));
    }

    #[test]
    fn the_document_explains_every_key() {
        let text = models_markdown();
        assert!(text.contains("| `on_delete` | `\"no action\"`"), "{text}");
        assert!(!text.contains("|  |"), "a key without a description");
    }
}
