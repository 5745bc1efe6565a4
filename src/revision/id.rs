//! Ids of revisions, and the names of their files.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Error;
use crate::name::hex;

/// The longest slug in a file's name, in characters.
const SLUG_LENGTH: usize = 40;

/// The id of a revision: twelve hexadecimal digits, or a word of the user's own.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Id(Arc<str>);

impl Id {
    /// Takes a word as an id.
    ///
    /// # Errors
    /// If the revision syntax or a file system would read something else into it.
    pub fn new(text: &str) -> Result<Self, Error> {
        let bad = |reason| Err(Error::BadId { text: text.to_owned(), reason });
        if text.is_empty() || text.len() > 64 {
            return bad("it must have 1 to 64 characters");
        }
        if !text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') {
            return bad("only ASCII letters, digits and _ may stand in it");
        }
        if matches!(text, "head" | "heads" | "base" | "current") {
            return bad("the word means something else where revisions are named");
        }
        Ok(Id(Arc::from(text)))
    }

    /// Makes a new id out of whatever is unique at this moment: time, process, random bytes.
    pub fn generate(seed: &[u8]) -> Self {
        Id(Arc::from(&hex(&Sha256::digest(seed))[..12]))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Id {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        Id::new(&text)
    }
}

impl From<Id> for String {
    fn from(id: Id) -> String {
        id.0.as_ref().to_owned()
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A message as a part of a file's name: lower-case ASCII words joined by `_`, at most 40 characters.
pub fn slug(message: &str) -> String {
    let mut slug = String::new();
    for word in message.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()) {
        if !slug.is_empty() && slug.len() + 1 + word.len() > SLUG_LENGTH {
            break;
        }
        if !slug.is_empty() {
            slug.push('_');
        }
        slug.push_str(&word.to_ascii_lowercase());
    }
    slug.truncate(SLUG_LENGTH);
    slug
}

/// The names of a revision's two files, up and down.
pub fn file_names(id: &Id, message: &str) -> (String, String) {
    let slug = slug(message);
    let stem = if slug.is_empty() { id.to_string() } else { format!("{id}_{slug}") };
    (format!("{stem}.up.sql"), format!("{stem}.down.sql"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_words() {
        assert_eq!(slug("Create users & posts!"), "create_users_posts");
        assert_eq!(slug("größe ändern"), "gr_e_ndern");
        assert_eq!(slug(&"word ".repeat(30)).len(), 39);
        assert_eq!(slug(&"x".repeat(90)).len(), 40);
        assert_eq!(slug("…"), "");
    }

    #[test]
    fn ids_are_words_without_meaning_elsewhere() {
        assert!(Id::new("4a1f0c2b9d3e").is_ok() && Id::new("first_one").is_ok());
        for bad in ["", "a-b", "a+1", "x@y", "a:b", "head", "base", "a b", "ü"] {
            assert!(Id::new(bad).is_err(), "{bad}");
        }
        assert_eq!(Id::generate(b"1").as_str().len(), 12);
        assert_ne!(Id::generate(b"1"), Id::generate(b"2"));
    }

    #[test]
    fn file_names_carry_the_slug() {
        let id = Id::new("ab12").unwrap();
        assert_eq!(file_names(&id, "add it"), ("ab12_add_it.up.sql".into(), "ab12_add_it.down.sql".into()));
        assert_eq!(file_names(&id, ""), ("ab12.up.sql".into(), "ab12.down.sql".into()));
    }
}
