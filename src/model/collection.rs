//! Lists and tables by name, in the order of the file.

use toml::de::DeValue;

use super::decode::{ARRAY, Accepts, Cx, Ident, Node, STRING, Shape, TABLE, Text, check_name};
use super::diagnostic::{Diagnostic, Span, Spanned};
use super::form::Form;
use crate::name::{self, Name};

impl<T: Shape> Shape for Vec<T> {
    const ACCEPTS: Accepts = ARRAY;

    fn form() -> Form {
        Form::List(Box::new(T::form()))
    }

    fn decode(node: Node<'_>, cx: &mut Cx) -> Self {
        let DeValue::Array(array) = node.value else {
            cx.wrong_type(node, &Self::form());
            return Vec::new();
        };
        let item = |item: &toml::Spanned<DeValue<'_>>| {
            let span = Span::new(cx.file, item.span());
            T::decode(Node { value: item.get_ref(), span, key: span }, cx)
        };
        array.iter().map(item).collect()
    }

    fn absent() -> Option<Self> {
        Some(Vec::new())
    }
}

/// One value or a list of them: `"a"` or `["a", "b"]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Some1<T>(pub Vec<T>);

impl<T> Default for Some1<T> {
    fn default() -> Self {
        Some1(Vec::new())
    }
}

impl<T> std::ops::Deref for Some1<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T: Shape> Shape for Some1<T> {
    const ACCEPTS: Accepts = ARRAY | T::ACCEPTS;

    fn form() -> Form {
        Form::either(vec![T::form(), Vec::<T>::form()])
    }

    fn decode(node: Node<'_>, cx: &mut Cx) -> Self {
        if node.is(ARRAY) {
            Some1(Vec::decode(node, cx))
        } else if node.is(T::ACCEPTS) {
            Some1(vec![T::decode(node, cx)])
        } else {
            cx.wrong_type(node, &Self::form());
            Some1::default()
        }
    }

    fn absent() -> Option<Self> {
        Some(Some1::default())
    }
}

/// What can be a name in a table of names.
pub trait Key: Sized {
    /// What it is, for documentation.
    const WHAT: &'static str;

    /// Reads it; mistakes go to `cx`.
    fn from_text(text: Text, cx: &mut Cx) -> Self;

    /// Where it stands.
    fn span(&self) -> Span;
}

impl Key for Text {
    const WHAT: &'static str = "name";

    fn from_text(text: Text, _cx: &mut Cx) -> Self {
        text
    }

    fn span(&self) -> Span {
        self.span
    }
}

impl Key for Ident {
    const WHAT: &'static str = "name";

    fn from_text(text: Text, cx: &mut Cx) -> Self {
        check_name(&text.value, text.span, cx);
        Ident { value: Name::from(text.value), span: text.span }
    }

    fn span(&self) -> Span {
        self.span
    }
}

/// A table of names of the user's choice, in the order of the file.
#[derive(Clone, Debug)]
pub struct Map<K, V>(pub Vec<(K, V)>);

impl<K, V> Default for Map<K, V> {
    fn default() -> Self {
        Map(Vec::new())
    }
}

impl<K, V> std::ops::Deref for Map<K, V> {
    type Target = [(K, V)];

    fn deref(&self) -> &[(K, V)] {
        &self.0
    }
}

impl<V> Map<Ident, V> {
    /// The value of a name.
    pub fn get(&self, name: &str) -> Option<&V> {
        self.iter().find(|(key, _)| key.as_str() == name).map(|(_, value)| value)
    }
}

impl<K: Key, V: Shape> Shape for Map<K, V> {
    const ACCEPTS: Accepts = TABLE;

    fn form() -> Form {
        Form::Map(K::WHAT, Box::new(V::form()))
    }

    fn decode(node: Node<'_>, cx: &mut Cx) -> Self {
        let Some(entries) = cx.table(node, &Self::form()) else { return Map::default() };
        let mut entry = |(key, node)| (K::from_text(key, cx), V::decode(node, cx));
        let file = node.key.file;
        Map(entries.in_order(file).into_iter().map(&mut entry).collect())
    }

    fn absent() -> Option<Self> {
        Some(Map::default())
    }
}

/// Things that may be named or left to be named by the server: a table by name, or a list.
#[derive(Clone, Debug)]
pub struct Named<V>(pub Vec<(Option<Ident>, V)>);

impl<V> Default for Named<V> {
    fn default() -> Self {
        Named(Vec::new())
    }
}

impl<V> std::ops::Deref for Named<V> {
    type Target = [(Option<Ident>, V)];

    fn deref(&self) -> &[(Option<Ident>, V)] {
        &self.0
    }
}

impl<V: Shape> Shape for Named<V> {
    const ACCEPTS: Accepts = TABLE | ARRAY;

    fn form() -> Form {
        Form::either(vec![Map::<Ident, V>::form(), Vec::<V>::form()])
    }

    fn decode(node: Node<'_>, cx: &mut Cx) -> Self {
        if node.is(ARRAY) {
            Named(Vec::decode(node, cx).into_iter().map(|value| (None, value)).collect())
        } else if node.is(TABLE) {
            Named(Map::decode(node, cx).0.into_iter().map(|(key, value)| (Some(key), value)).collect())
        } else {
            cx.wrong_type(node, &Self::form());
            Named::default()
        }
    }

    fn absent() -> Option<Self> {
        Some(Named::default())
    }
}

/// Names, or a table from each to what is to be said about it: `["a", "b"]` or `{ a = { … } }`.
#[derive(Clone, Debug)]
pub struct Roster<V>(pub Vec<(Ident, V)>);

impl<V> Default for Roster<V> {
    fn default() -> Self {
        Roster(Vec::new())
    }
}

impl<V> std::ops::Deref for Roster<V> {
    type Target = [(Ident, V)];

    fn deref(&self) -> &[(Ident, V)] {
        &self.0
    }
}

impl<V: Shape> Shape for Roster<V> {
    const ACCEPTS: Accepts = TABLE | ARRAY;

    fn form() -> Form {
        Form::either(vec![Vec::<Ident>::form(), Map::<Ident, V>::form()])
    }

    fn decode(node: Node<'_>, cx: &mut Cx) -> Self {
        if node.is(ARRAY) {
            Roster(Vec::<Ident>::decode(node, cx).into_iter().map(|name| (name, V::default())).collect())
        } else if node.is(TABLE) {
            Roster(Map::decode(node, cx).0)
        } else {
            cx.wrong_type(node, &Self::form());
            Roster::default()
        }
    }

    fn absent() -> Option<Self> {
        Some(Roster::default())
    }
}

/// The name of a thing in a schema: `name` or `schema.name`; a part with a dot or a quote in it stands in double
/// quotes, as in SQL. Case is kept.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Path {
    /// The schema, where it is given.
    pub schema: Option<Name>,
    /// The name in it.
    pub name: Name,
}

impl Path {
    /// The schema: `public` where none is given.
    pub fn home(&self) -> Name {
        self.schema.clone().unwrap_or_else(|| Name::from("public"))
    }

    /// Reads it; `None` where the quotes or dots do not fit.
    pub fn parse(text: &str) -> Option<Path> {
        let mut parts = name::parts(text)?;
        let name = parts.pop()?;
        let schema = parts.pop();
        parts.is_empty().then_some(Path { schema, name })
    }
}

/// A [`Path`] and where it stands.
pub type PathText = Spanned<Path>;

impl Default for PathText {
    fn default() -> Self {
        Spanned { value: Path { schema: None, name: Name::new("") }, span: Span::default() }
    }
}

impl Key for PathText {
    const WHAT: &'static str = "name or schema.name";

    fn from_text(text: Text, cx: &mut Cx) -> Self {
        let Some(path) = Path::parse(&text.value) else {
            let message = format!("`{}` is not a name or schema.name", text.value);
            let help = "a part with a dot or a quote in it stands in double quotes: '\"a.b\".c'";
            cx.report(Diagnostic::new(text.span, message).help(help));
            return Spanned { value: PathText::default().value, span: text.span };
        };
        path.schema.iter().chain([&path.name]).for_each(|name| check_name(name.as_str(), text.span, cx));
        Spanned { value: path, span: text.span }
    }

    fn span(&self) -> Span {
        self.span
    }
}

impl Shape for PathText {
    const ACCEPTS: Accepts = STRING;

    fn form() -> Form {
        Form::Text("name or schema.name")
    }

    fn decode(node: Node<'_>, cx: &mut Cx) -> Self {
        if !node.is(STRING) {
            cx.wrong_type(node, &Self::form());
            return PathText::default();
        }
        let text = Text::decode(node, cx);
        PathText::from_text(text, cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_have_a_schema_and_quotes() {
        let parts = |text: &str| {
            Path::parse(text).map(|path| (path.schema.map(|s| s.as_str().to_string()), path.name.as_str().to_string()))
        };
        assert_eq!(parts("a"), Some((None, "a".into())));
        assert_eq!(parts("A.b c"), Some((Some("A".into()), "b c".into())));
        assert_eq!(parts("\"a.b\".\"c\"\"d\""), Some((Some("a.b".into()), "c\"d".into())));
        assert_eq!(parts("a.b.c"), None);
        assert_eq!(parts("\"a"), None);
        assert_eq!(parts("\"a\"b"), None);
    }
}
