//! `models.toml`.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::{Error, read_text};

/// The file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ModelsFile {
    /// SQL files that are part of the models.
    pub sql: SqlFiles,
}

/// `[sql]`
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SqlFiles {
    /// Patterns: `sql/*.sql`, `sql/**/*.sql`.
    pub files: Vec<String>,
}

/// Reads the models.
pub fn load(root: &Path, path: &Path) -> Result<ModelsFile, Error> {
    let path = root.join(path);
    let text = read_text(&path)?;
    toml::from_str(&text).map_err(|error| Error::toml(&path, &text, &error))
}
