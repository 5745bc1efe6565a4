//! What an earlier run found out, kept below `.aludel/` as long as nothing it depends on has changed.

use std::path::Path;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Error, read_text, write_atomic};
use crate::name::hex;

#[derive(Serialize, Deserialize)]
struct Entry<T> {
    key: String,
    value: T,
}

/// One hash of all that a value depends on.
pub fn key<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hex(&hash.finalize())
}

/// The value of this name, if it was kept under the same key.
pub fn get<T: DeserializeOwned>(root: &Path, name: &str, key: &str) -> Option<T> {
    let text = read_text(&file(root, name)).ok()?;
    let entry: Entry<T> = serde_json::from_str(&text).ok()?;
    (entry.key == key).then_some(entry.value)
}

/// Keeps a value until the next one of its name.
///
/// # Errors
/// If it can't be written.
pub fn put<T: Serialize>(root: &Path, name: &str, key: &str, value: &T) -> Result<(), Error> {
    let text = serde_json::to_vec(&Entry { key: key.to_owned(), value }).unwrap_or_default();
    write_atomic(&file(root, name), &text)
}

fn file(root: &Path, name: &str) -> std::path::PathBuf {
    root.join(".aludel").join(format!("{name}.json"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_found_under_its_key_alone() {
        let root = tempfile::tempdir().expect("a folder");
        let one = key(["a", "bc"]);
        assert_ne!(one, key(["ab", "c"]));
        put(root.path(), "x", &one, &vec![1, 2]).expect("put");
        assert_eq!(get::<Vec<i32>>(root.path(), "x", &one), Some(vec![1, 2]));
        assert_eq!(get::<Vec<i32>>(root.path(), "x", &key(["a"])), None);
    }
}
