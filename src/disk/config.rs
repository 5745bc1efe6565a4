//! `aludel.toml`: every value has a default.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::Error;
use crate::scope::Scope;

/// The whole file.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where the database is and what of it is managed.
    pub database: Database,
    /// Where the models are.
    pub models: Models,
    /// Where the revisions are and how they run.
    pub migrations: Migrations,
    /// Where generated code goes.
    pub codegen: Codegen,
}

/// `[database]`
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Database {
    /// A connection string, or `embedded`; `--database-url` and `DATABASE_URL` win over it.
    pub url: Option<String>,
    /// The schemas that are managed; `["*"]` for all but the system's.
    pub schemas: Vec<String>,
    /// Patterns of objects that are left alone: `public.spatial_ref_sys`, `audit.*`.
    pub exclude: Vec<String>,
    /// What is managed besides definitions: `owners`, `privileges`, or `*` for both.
    pub manage: Vec<String>,
    /// Where the shadow lives: `auto`, or a connection string.
    pub shadow: String,
}

impl Default for Database {
    fn default() -> Self {
        let shadow = "auto".into();
        Database { url: None, schemas: vec!["public".into()], exclude: Vec::new(), manage: Vec::new(), shadow }
    }
}

/// `[models]`
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Models {
    /// The file, relative to the configuration's folder.
    pub path: PathBuf,
}

impl Default for Models {
    fn default() -> Self {
        Models { path: "models.toml".into() }
    }
}

/// `[migrations]`
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Migrations {
    /// The folder of the revision files.
    pub dir: PathBuf,
    /// The table that records what was applied.
    pub version_table: String,
    /// Writes forms that do not hold up a busy database.
    pub online: bool,
    /// How long a statement waits for a lock before it is tried again: `4s`, `500ms`.
    pub lock_timeout: String,
}

impl Default for Migrations {
    fn default() -> Self {
        Migrations {
            dir: "migrations".into(),
            version_table: "aludel_version".into(),
            online: true,
            lock_timeout: "4s".into(),
        }
    }
}

/// `[codegen]`
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Codegen {
    /// The folder of the generated code.
    pub out: PathBuf,
    /// A folder of templates that replace built-in ones of the same name.
    pub templates: PathBuf,
}

impl Default for Codegen {
    fn default() -> Self {
        Codegen { out: "src/db".into(), templates: "templates".into() }
    }
}

impl Config {
    /// Reads `aludel.toml` of a folder; defaults where there is none.
    pub fn load(root: &Path) -> Result<Config, Error> {
        let path = root.join("aludel.toml");
        if !path.exists() {
            return Ok(Config::default());
        }
        let text = super::read_text(&path)?;
        let config: Config = toml::from_str(&text).map_err(|error| Error::toml(&path, &text, &error))?;
        for word in &config.database.manage {
            if !["owners", "privileges", "*"].contains(&word.as_str()) {
                return Err(Error::Manage { path, word: word.clone() });
            }
        }
        Ok(config)
    }

    /// What is managed.
    pub fn scope(&self) -> Scope {
        let manages = |word: &str| self.database.manage.iter().any(|item| item == "*" || item == word);
        Scope {
            schemas: self.database.schemas.clone(),
            exclude: self.database.exclude.clone(),
            owners: manages("owners"),
            privileges: manages("privileges"),
        }
    }
}
