//! SQL as a type of its own, so that no bare string becomes a statement by accident.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::name::{Literal, Name};

pub mod aliases;
pub mod declares;
pub mod nested;
pub mod respell;
pub mod settings;
pub mod split;
pub mod token;

/// A piece of SQL: from the server's own deparsers, from a user's models, or built by [`sql!`](crate::sql!).
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sql(pub String);

impl Sql {
    /// Takes text that is SQL already: the server's, or the user's own.
    pub fn raw(text: impl Into<String>) -> Self {
        Sql(text.into())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether there is no text at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Appends another piece as it is.
    pub fn push(&mut self, more: &Sql) {
        self.0.push_str(&more.0);
    }

    /// Joins pieces with a separator.
    pub fn join<T: fmt::Display + Piece>(pieces: impl IntoIterator<Item = T>, separator: &str) -> Sql {
        let mut out = String::new();
        for (i, piece) in pieces.into_iter().enumerate() {
            if i > 0 {
                out.push_str(separator);
            }
            out.push_str(&piece.to_string());
        }
        Sql(out)
    }
}

impl fmt::Display for Sql {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What may stand in a statement: SQL, quoted identifiers and literals, numbers. Not bare strings.
pub trait Piece {}
impl Piece for Sql {}
impl Piece for Name {}
impl Piece for Literal<'_> {}
impl Piece for i16 {}
impl Piece for i32 {}
impl Piece for i64 {}
impl Piece for u32 {}
impl Piece for usize {}
impl<T: Piece + ?Sized> Piece for &T {}

/// The words of a text, names and keywords and what else is made of letters, digits and underscores.
pub fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty())
}

/// Hands a piece on; only what is a [`Piece`] passes.
pub fn piece<T: Piece + fmt::Display>(value: &T) -> &T {
    value
}

/// Builds [`Sql`] from a format string whose arguments are all [`Piece`]s.
#[macro_export]
macro_rules! sql {
    ($format:literal $(, $argument:expr)* $(,)?) => {
        $crate::sql::Sql(format!($format $(, $crate::sql::piece(&$argument))*))
    };
}
