//! The files that a pull writes: models.toml, and one file for each object that it has no words for.

use std::collections::BTreeMap;
use std::path::PathBuf;

use sha2::{Digest, Sha256};
use toml_edit::{Array, DocumentMut};

use super::{Draft, Project};
use crate::catalog::Catalog;
use crate::command::{Error, Session};
use crate::disk::{self, sources, write_atomic};
use crate::kind::Id;
use crate::model::merge;
use crate::name::hex;
use crate::statement::Statement;

pub(super) type Files = BTreeMap<PathBuf, String>;

/// One file an object, with all that hangs on it.
pub(super) fn of(statements: &[(Id, Statement)], catalog: &Catalog) -> Files {
    let mut files = Files::new();
    for (id, statement) in statements {
        let file = path_of(&catalog.whole(id), catalog);
        let text = files.entry(file).or_insert_with(|| format!("{}\n", sources::PULLED));
        text.push_str(&format!("\n{};\n", statement.sql));
    }
    files
}

/// `sql/kind/schema.name.sql`; the argument types of functions are in it where there are several of one name.
pub(super) fn path_of(anchor: &Id, catalog: &Catalog) -> PathBuf {
    let kind = anchor.tag.word().replace(' ', "_");
    let named = &anchor.path[..(anchor.home().len() + 1).min(anchor.path.len())];
    let is_only = catalog.below(anchor.tag, named).nth(1).is_none();
    let names: Vec<&str> = if is_only { named } else { &anchor.path }.iter().map(|name| name.as_str()).collect();
    let safe = |c: char| if c.is_alphanumeric() || "._-".contains(c) { c } else { '_' };
    let mut stem: String = names.join(".").chars().map(safe).collect();
    if stem != names.join(".") || stem.len() > 150 {
        // Two names may become one: tell them apart.
        let hash = hex(&Sha256::digest(names.join("\u{1f}"))[..4]);
        stem = format!("{}.{hash}", stem.chars().take(100).collect::<String>());
    }
    ["sql", &kind, &format!("{stem}.sql")].iter().collect()
}

/// Writes what is not on the disk as it should be, and gives the names.
pub(super) fn write(session: &Session, project: &Project, draft: &Draft) -> Result<Vec<PathBuf>, Error> {
    let mut written = sources::replace_pulled(&session.root, &draft.sql)?;
    for (at, (old, new)) in project.toml.iter().zip(&draft.toml).enumerate() {
        let mut text = new.text.clone();
        if at == 0 && !draft.sql.is_empty() {
            text = with_sql_files(&text, &new.path)?;
        }
        if text != old.text || !project.is_written {
            write_atomic(&session.root.join(&new.path), text.as_bytes())?;
            written.push(PathBuf::from(&new.path));
        }
    }
    Ok(written)
}

/// models.toml with the SQL files named in it.
fn with_sql_files(text: &str, path: &str) -> Result<String, Error> {
    const PATTERN: &str = "sql/**/*.sql";
    let parsed = text.parse::<DocumentMut>();
    let not_toml = |error| disk::Error::NotToml { path: PathBuf::from(path), message: format!("{error}") };
    let mut document = parsed.map_err(not_toml)?;
    let table = document.entry("sql").or_insert(toml_edit::table());
    let files = table.as_table_like_mut().map(|sql| sql.entry("files").or_insert(toml_edit::value(Array::new())));
    if let Some(list) = files.and_then(|files| files.as_array_mut())
        && !list.iter().any(|item| item.as_str() == Some(PATTERN))
    {
        list.push(PATTERN);
        return Ok(merge::like(text, document.to_string()));
    }
    Ok(text.to_owned())
}
