//! Elements of indexes, as they are written: a column or an expression, and what stands behind it.

use crate::name::Name;

/// One element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Element {
    /// A column, and what stands behind it: `desc nulls last`.
    Column {
        /// The column.
        name: Name,
        /// What stands behind it.
        rest: String,
    },
    /// An expression, with what stands behind it.
    Expression(String),
    /// A name that is no column.
    Unknown(String),
    /// Nothing.
    Empty,
}

/// Reads an element. A column is written as it is called, or quoted as in SQL; any other name is folded as in SQL.
pub fn element(text: &str, columns: &[Name]) -> Element {
    let text = text.trim();
    // Names with blanks: the longest column that fits.
    let whole = |name: &&Name| {
        text.strip_prefix(name.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace))
    };
    if let Some(name) = columns.iter().filter(whole).max_by_key(|name| name.as_str().len()) {
        return Element::Column { name: name.clone(), rest: text[name.as_str().len()..].trim().into() };
    }
    let (word, rest) = match text.strip_prefix('"') {
        Some(quoted) => match quoted.split_once('"') {
            Some((word, rest)) if !rest.starts_with('"') => (word.to_string(), rest),
            _ => return Element::Expression(text.into()),
        },
        None => {
            let end =
                text.find(|letter: char| !(letter.is_alphanumeric() || "_$".contains(letter))).unwrap_or(text.len());
            (text[..end].to_lowercase(), &text[end..])
        }
    };
    let begins_name = text.starts_with(|letter: char| letter.is_alphabetic() || letter == '_' || letter == '"');
    if text.is_empty() {
        Element::Empty
    } else if !begins_name
        || !(rest.is_empty() || rest.starts_with(char::is_whitespace))
        || rest.trim_start().starts_with('(')
    {
        Element::Expression(text.into())
    } else if columns.iter().any(|name| name.as_str() == word) {
        Element::Column { name: Name::from(word), rest: rest.trim().into() }
    } else {
        Element::Unknown(word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Element {
        element(text, &["email".into(), "Big Name".into(), "x".into()])
    }

    fn column(name: &str, rest: &str) -> Element {
        Element::Column { name: name.into(), rest: rest.into() }
    }

    #[test]
    fn columns_and_expressions_are_told_apart() {
        assert_eq!(read("email desc nulls last"), column("email", "desc nulls last"));
        assert_eq!(read("EMAIL"), column("email", ""));
        assert_eq!(read("Big Name desc"), column("Big Name", "desc"));
        assert_eq!(read("\"Big Name\" desc"), column("Big Name", "desc"));
        assert_eq!(read("lower(email) text_pattern_ops"), Element::Expression("lower(email) text_pattern_ops".into()));
        assert_eq!(read("(x + 1)"), Element::Expression("(x + 1)".into()));
        assert_eq!(read("data->>'a'"), Element::Expression("data->>'a'".into()));
        assert_eq!(read("emial desc"), Element::Unknown("emial".into()));
        assert_eq!(read(" "), Element::Empty);
    }
}
