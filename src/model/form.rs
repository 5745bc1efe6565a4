//! What a type looks like in TOML, as data: JSON Schema and documentation are made from it.

/// The look of a value.
#[derive(Clone, Debug)]
pub enum Form {
    /// A string; what it holds (`identifier`, `SQL expression`).
    Text(&'static str),
    /// `true` or `false`.
    Flag,
    /// A whole number.
    Integer,
    /// A number with a point.
    Float,
    /// A date or time.
    Moment,
    /// One of a few words, each with what it means.
    Words(Vec<(&'static str, String)>),
    /// A list.
    List(Box<Form>),
    /// A table from names of the user's choice to values; what the names are.
    Map(&'static str, Box<Form>),
    /// A table with known keys.
    Table(fn() -> Record),
    /// Any of these.
    Either(Vec<Form>),
}

/// A table with known keys.
#[derive(Clone, Debug)]
pub struct Record {
    /// The type's name.
    pub name: &'static str,
    /// Its description.
    pub doc: String,
    /// What may stand in place of the table.
    pub short: Vec<Form>,
    /// Its keys.
    pub fields: Vec<Field>,
}

/// A known key.
#[derive(Clone, Debug)]
pub struct Field {
    /// As written in TOML.
    pub key: &'static str,
    /// Its description.
    pub doc: String,
    /// Its value.
    pub form: Form,
    /// It must be given.
    pub required: bool,
}

impl Form {
    /// In a few words: `a string, a list of strings or a table`.
    pub fn words(&self) -> String {
        match self {
            Form::Text(what) => format!("a string ({what})"),
            Form::Flag => "true or false".into(),
            Form::Integer => "a whole number".into(),
            Form::Float => "a number".into(),
            Form::Moment => "a date or time".into(),
            Form::Words(words) => {
                let quoted: Vec<String> = words.iter().map(|(word, _)| format!("\"{word}\"")).collect();
                or(&quoted)
            }
            Form::List(item) => format!("a list, each {}", item.words()),
            Form::Map(keys, _) => format!("a table by {keys}"),
            Form::Table(_) => "a table".into(),
            Form::Either(forms) => {
                let mut words: Vec<String> = forms.iter().map(Form::words).collect();
                words.dedup();
                or(&words)
            }
        }
    }

    /// Any of several, without nesting.
    pub fn either(forms: Vec<Form>) -> Form {
        let mut flat: Vec<Form> = Vec::new();
        for form in forms {
            match form {
                Form::Either(inner) => flat.extend(inner),
                form => flat.push(form),
            }
        }
        match (flat.pop(), flat.is_empty()) {
            (Some(only), true) => only,
            (Some(last), false) => {
                flat.push(last);
                Form::Either(flat)
            }
            (None, _) => Form::Either(flat),
        }
    }
}

fn or(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

/// Lines of a doc comment as one text.
pub fn doc(lines: &[&str]) -> String {
    lines.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ")
}

/// A field's key: its name without the `r#` of key words.
pub const fn key(field: &'static str) -> &'static str {
    match field.as_bytes() {
        [b'r', b'#', ..] => field.split_at(2).1,
        _ => field,
    }
}
