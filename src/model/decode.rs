//! From TOML to types, collecting every mistake: the trait [`Shape`] and the values that are no tables.
//!
//! Decoding never stops: what is wrong becomes a [`Diagnostic`] and a default value, so that one run reports all.

use toml::de::{DeTable, DeValue};

use super::diagnostic::{Diagnostic, FileId, Span, Spanned, nearest};
use super::form::Form;
use crate::name::{MAX_BYTES, Name};

/// Which TOML types a value may have, as bits.
pub type Accepts = u8;
/// A string.
pub const STRING: Accepts = 1;
/// A boolean.
pub const BOOLEAN: Accepts = 2;
/// An integer.
pub const INTEGER: Accepts = 4;
/// A float.
pub const FLOAT: Accepts = 8;
/// A date or time.
pub const DATETIME: Accepts = 16;
/// An array.
pub const ARRAY: Accepts = 32;
/// A table.
pub const TABLE: Accepts = 64;

/// A type that is written in TOML: one declaration from which decoding, JSON Schema and documentation come.
pub trait Shape: Default {
    /// The TOML types that it can be.
    const ACCEPTS: Accepts;

    /// What it looks like.
    fn form() -> Form;

    /// Reads it; mistakes go to `cx`, and a default comes back.
    fn decode(node: Node<'_>, cx: &mut Cx) -> Self;

    /// The value where the key is absent; `None` where it must be given.
    fn absent() -> Option<Self> {
        None
    }
}

/// A value of the file that is read.
#[derive(Clone, Copy)]
pub struct Node<'a> {
    /// The value.
    pub value: &'a DeValue<'a>,
    /// Where the value stands.
    pub span: Span,
    /// Where its key stands, or the value where there is none.
    pub key: Span,
}

impl Node<'_> {
    /// Whether its TOML type is one of these.
    pub fn is(&self, accepts: Accepts) -> bool {
        let bit = match self.value {
            DeValue::String(_) => STRING,
            DeValue::Integer(_) => INTEGER,
            DeValue::Float(_) => FLOAT,
            DeValue::Boolean(_) => BOOLEAN,
            DeValue::Datetime(_) => DATETIME,
            DeValue::Array(_) => ARRAY,
            DeValue::Table(_) => TABLE,
        };
        bit & accepts != 0
    }
}

/// The file that is read, and the mistakes found in it.
#[derive(Debug)]
pub struct Cx {
    /// The file.
    pub file: FileId,
    /// Found so far.
    pub mistakes: Vec<Diagnostic>,
    /// Keys whose values are defaults for want of the right type; what else is wrong with them follows from that.
    pub broken: Vec<Span>,
}

impl Cx {
    /// Nothing found yet.
    pub fn new(file: FileId) -> Self {
        Cx { file, mistakes: Vec::new(), broken: Vec::new() }
    }

    /// Notes a mistake.
    pub fn report(&mut self, mistake: Diagnostic) {
        self.mistakes.push(mistake);
    }

    /// Notes that a value has the wrong TOML type.
    pub fn wrong_type(&mut self, node: Node<'_>, wanted: &Form) {
        let message = format!("expected {}, found {}", wanted.words(), a(node.value.type_str()));
        self.report(Diagnostic::new(node.span, message).label("wrong type"));
        self.broken.push(node.key);
    }

    /// The table's entries, or a mistake.
    pub fn table<'a>(&mut self, node: Node<'a>, wanted: &Form) -> Option<Entries<'a>> {
        match node.value {
            DeValue::Table(table) => Some(Entries { table, at: node.key }),
            _ => {
                self.wrong_type(node, wanted);
                None
            }
        }
    }
}

fn a(kind: &str) -> String {
    let article = if kind.starts_with(['a', 'i']) { "an" } else { "a" };
    format!("{article} {kind}")
}

/// A table of which known keys are taken one by one.
pub struct Entries<'a> {
    table: &'a DeTable<'a>,
    at: Span,
}

impl<'a> Entries<'a> {
    /// Entries of a whole document.
    pub fn of(table: &'a DeTable<'a>, at: Span) -> Self {
        Entries { table, at }
    }

    /// Decodes the value of a key.
    pub fn take<T: Shape>(&self, key: &'static str, cx: &mut Cx) -> T {
        if let Some((key, value)) = self.table.get_key_value(key) {
            let at = Span::new(cx.file, key.span());
            T::decode(Node { value: value.get_ref(), span: Span::new(cx.file, value.span()), key: at }, cx)
        } else if let Some(absent) = T::absent() {
            absent
        } else {
            let message = format!("the key `{key}` is missing");
            cx.report(Diagnostic::new(self.at, message).label(format!("needs `{key}`: {}", T::form().words())));
            T::default()
        }
    }

    /// Reports every key that is not known.
    pub fn refuse_others(&self, known: &[&'static str], cx: &mut Cx) {
        for key in self.table.keys() {
            let word: &str = key.get_ref();
            if known.contains(&word) {
                continue;
            }
            let mistake = Diagnostic::new(Span::new(cx.file, key.span()), format!("unknown key `{word}`"));
            cx.report(match nearest(word, known.iter().copied()) {
                Some(near) => mistake.label(format!("did you mean `{near}`?")),
                None => mistake.label("not known here").help(format!("known keys: {}", known.join(", "))),
            });
        }
    }

    /// All entries in the order of the file.
    pub fn in_order(&self, file: FileId) -> Vec<(Spanned<String>, Node<'a>)> {
        let mut entries: Vec<_> = self.table.iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        let node = |(key, value): (&'a toml::Spanned<_>, &'a toml::Spanned<DeValue<'a>>)| {
            let key: &toml::Spanned<std::borrow::Cow<'a, str>> = key;
            let at = Span::new(file, key.span());
            let name = Spanned { value: key.get_ref().to_string(), span: at };
            (name, Node { value: value.get_ref(), span: Span::new(file, value.span()), key: at })
        };
        entries.into_iter().map(node).collect()
    }
}

/// Free text.
pub type Text = Spanned<String>;
/// A yes or no.
pub type Flag = Spanned<bool>;
/// A whole number.
pub type Integer = Spanned<i64>;
/// One identifier, taken as it is.
pub type Ident = Spanned<Name>;

impl Default for Text {
    fn default() -> Self {
        Spanned { value: String::new(), span: Span::default() }
    }
}

impl Shape for Text {
    const ACCEPTS: Accepts = STRING;

    fn form() -> Form {
        Form::Text("text")
    }

    fn decode(node: Node<'_>, cx: &mut Cx) -> Self {
        match node.value {
            DeValue::String(text) if text.contains('\0') => {
                cx.report(Diagnostic::new(node.span, "PostgreSQL cannot store the character U+0000"));
                Text { value: String::new(), span: node.span }
            }
            DeValue::String(text) => Text { value: text.to_string(), span: node.span },
            _ => {
                cx.wrong_type(node, &Self::form());
                Text { value: String::new(), span: node.span }
            }
        }
    }
}

impl Default for Flag {
    fn default() -> Self {
        Spanned { value: false, span: Span::default() }
    }
}

impl Shape for Flag {
    const ACCEPTS: Accepts = BOOLEAN;

    fn form() -> Form {
        Form::Flag
    }

    fn decode(node: Node<'_>, cx: &mut Cx) -> Self {
        let DeValue::Boolean(value) = node.value else {
            cx.wrong_type(node, &Self::form());
            return Flag { value: false, span: node.span };
        };
        Flag { value: *value, span: node.span }
    }
}

impl Default for Integer {
    fn default() -> Self {
        Spanned { value: 0, span: Span::default() }
    }
}

impl Shape for Integer {
    const ACCEPTS: Accepts = INTEGER;

    fn form() -> Form {
        Form::Integer
    }

    fn decode(node: Node<'_>, cx: &mut Cx) -> Self {
        let mut value = 0;
        if let DeValue::Integer(number) = node.value {
            match i64::from_str_radix(number.as_str(), number.radix()) {
                Ok(number) => value = number,
                Err(_) => cx.report(Diagnostic::new(node.span, format!("{number} does not fit into 64 bits"))),
            }
        } else {
            cx.wrong_type(node, &Self::form());
        }
        Integer { value, span: node.span }
    }
}

impl Default for Ident {
    fn default() -> Self {
        Spanned { value: Name::new(""), span: Span::default() }
    }
}

impl Shape for Ident {
    const ACCEPTS: Accepts = STRING;

    fn form() -> Form {
        Form::Text("identifier")
    }

    fn decode(node: Node<'_>, cx: &mut Cx) -> Self {
        if !node.is(STRING) {
            cx.wrong_type(node, &Self::form());
            return Ident { value: Name::new(""), span: node.span };
        }
        let text = Text::decode(node, cx);
        check_name(&text.value, text.span, cx);
        Ident { value: Name::from(text.value), span: text.span }
    }
}

/// Reports an identifier that PostgreSQL would refuse or cut.
pub fn check_name(name: &str, span: Span, cx: &mut Cx) {
    if name.is_empty() {
        cx.report(Diagnostic::new(span, "a name is empty").label("PostgreSQL has no empty names"));
    } else if name.len() > MAX_BYTES {
        let message = format!("the name `{name}` has {} bytes", name.len());
        cx.report(Diagnostic::new(span, message).label(format!("PostgreSQL keeps {MAX_BYTES} bytes of a name")));
    }
}

impl<T: Shape> Shape for Option<T> {
    const ACCEPTS: Accepts = T::ACCEPTS;

    fn form() -> Form {
        T::form()
    }

    fn decode(node: Node<'_>, cx: &mut Cx) -> Self {
        Some(T::decode(node, cx))
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

impl<T: Shape> Shape for Box<T> {
    const ACCEPTS: Accepts = T::ACCEPTS;

    fn form() -> Form {
        T::form()
    }

    fn decode(node: Node<'_>, cx: &mut Cx) -> Self {
        Box::new(T::decode(node, cx))
    }

    fn absent() -> Option<Self> {
        T::absent().map(Box::new)
    }
}

/// One of the known words, or a mistake.
pub fn word<T>(node: Node<'_>, wanted: &Form, known: Vec<(&'static str, T)>, cx: &mut Cx) -> Option<T> {
    let DeValue::String(text) = node.value else {
        cx.wrong_type(node, wanted);
        return None;
    };
    let words: Vec<&str> = known.iter().map(|(word, _)| *word).collect();
    let found = known.into_iter().find(|(word, _)| *word == text.as_ref());
    if found.is_none() {
        let mistake = Diagnostic::new(node.span, format!("expected {}, found \"{text}\"", wanted.words()));
        cx.report(match nearest(text, words) {
            Some(near) => mistake.label(format!("did you mean \"{near}\"?")),
            None => mistake.label("not one of the words known here"),
        });
    }
    found.map(|(_, value)| value)
}
