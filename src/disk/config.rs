//! `aludel.toml`: every value has a default.

use std::path::{Path, PathBuf};

use super::{Error, Mistakes, read};
use crate::model::decode::{Flag, Text};
use crate::model::diagnostic::{Source, Spanned};
use crate::model::format;
use crate::model::shape::{shape, words};
use crate::scope::Scope;

/// How the file is called.
pub const FILE: &str = "aludel.toml";

shape! {
    /// aludel.toml: where the database, the models, the revisions and the generated code are. Every key may be left out.
    pub struct ConfigFile {
        /// Where the database is, and what of it is managed.
        database: Option<DatabaseSection>,
        /// Where the models are.
        models: Option<ModelsSection>,
        /// Where the revisions are, and how they run.
        migrations: Option<MigrationsSection>,
        /// Where generated code goes.
        codegen: Option<CodegenSection>,
    }
}

shape! {
    /// `[database]`
    pub struct DatabaseSection {
        /// A connection string, or `"embedded"`, which is the default; `--database-url` and `DATABASE_URL` win over it;
        /// the variables of psql (`PGHOST`, `PGDATABASE`, …) count where nobody says anything.
        url: Option<Text>,
        /// The schemas that are managed, besides those that the models make: `["public"]`, or `["*"]` for all but the system's.
        schemas: Option<Vec<Text>>,
        /// Patterns of objects that are left alone: `["public.spatial_ref_sys", "audit.*"]`. None.
        exclude: Option<Vec<Text>>,
        /// What is managed besides definitions. Nothing.
        manage: Option<Vec<Spanned<Manage>>>,
        /// Where the shadow lives: `"auto"`, or a connection string of an empty database that is used for nothing else. `"auto"` is
        /// a database `aludel_shadow_…` beside the live one, if its server is on this machine and lets us make it, else a private server.
        /// It is kept for the next command, unless something in it belongs, or is granted, to another role; five minutes after its last
        /// use another command drops it, if the live one is gone (an hour, on a private server).
        shadow: Option<Text>,
    }
}

words! {
    /// What can be managed besides definitions.
    pub enum Manage {
        /// Owners.
        Owners = "owners",
        /// Privileges.
        Privileges = "privileges",
        /// Both.
        Everything = "*",
    }
}

shape! {
    /// `[models]`
    pub struct ModelsSection {
        /// The file of the models, relative to this one: `"models.toml"`.
        path: Option<Text>,
    }
}

shape! {
    /// `[migrations]`
    pub struct MigrationsSection {
        /// The folder of the revision files: `"migrations"`.
        dir: Option<Text>,
        /// The table that records what was applied: `"aludel_version"`.
        version_table: Option<Text>,
        /// Whether revisions are written in forms that do not hold up a busy database (`CREATE INDEX CONCURRENTLY`): `true`.
        online: Option<Flag>,
        /// How long a statement waits for a lock before it is tried again: `"4s"`.
        lock_timeout: Option<Text>,
    }
}

shape! {
    /// `[codegen]`
    pub struct CodegenSection {
        /// The folder of the generated code: `"src/db"`.
        out: Option<Text>,
        /// A folder of templates that replace built-in ones of the same name: `"templates"`.
        templates: Option<Text>,
    }
}

/// What the file says, with defaults where it says nothing.
#[derive(Clone, Debug, Default)]
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
#[derive(Clone, Debug)]
pub struct Database {
    /// A connection string, or `embedded`.
    pub url: Option<String>,
    /// The schemas that are managed.
    pub schemas: Vec<String>,
    /// Patterns of objects that are left alone.
    pub exclude: Vec<String>,
    /// What is managed besides definitions.
    pub manage: Vec<Manage>,
    /// Where the shadow lives.
    pub shadow: String,
}

/// `[models]`
#[derive(Clone, Debug)]
pub struct Models {
    /// The file, relative to the configuration's folder.
    pub path: PathBuf,
}

/// `[migrations]`
#[derive(Clone, Debug)]
pub struct Migrations {
    /// The folder of the revision files.
    pub dir: PathBuf,
    /// The table that records what was applied.
    pub version_table: String,
    /// Writes forms that do not hold up a busy database.
    pub online: bool,
    /// How long a statement waits for a lock before it is tried again.
    pub lock_timeout: String,
}

/// `[codegen]`
#[derive(Clone, Debug)]
pub struct Codegen {
    /// The folder of the generated code.
    pub out: PathBuf,
    /// A folder of templates that replace built-in ones of the same name.
    pub templates: PathBuf,
}

impl Default for Database {
    fn default() -> Self {
        DatabaseSection::default().into()
    }
}

impl Default for Models {
    fn default() -> Self {
        ModelsSection::default().into()
    }
}

impl Default for Migrations {
    fn default() -> Self {
        MigrationsSection::default().into()
    }
}

impl Default for Codegen {
    fn default() -> Self {
        CodegenSection::default().into()
    }
}

impl From<DatabaseSection> for Database {
    fn from(section: DatabaseSection) -> Self {
        Database {
            url: section.url.map(|url| url.value),
            schemas: section.schemas.map_or_else(|| vec!["public".into()], texts),
            exclude: section.exclude.map_or_else(Vec::new, texts),
            manage: section.manage.unwrap_or_default().into_iter().map(|word| word.value).collect(),
            shadow: or(section.shadow, "auto"),
        }
    }
}

impl From<ModelsSection> for Models {
    fn from(section: ModelsSection) -> Self {
        Models { path: or(section.path, "models.toml").into() }
    }
}

impl From<MigrationsSection> for Migrations {
    fn from(section: MigrationsSection) -> Self {
        Migrations {
            dir: or(section.dir, "migrations").into(),
            version_table: or(section.version_table, "aludel_version"),
            online: section.online.is_none_or(|online| online.value),
            lock_timeout: or(section.lock_timeout, "4s"),
        }
    }
}

impl From<CodegenSection> for Codegen {
    fn from(section: CodegenSection) -> Self {
        Codegen { out: or(section.out, "src/db").into(), templates: or(section.templates, "templates").into() }
    }
}

impl From<ConfigFile> for Config {
    fn from(file: ConfigFile) -> Self {
        Config {
            database: file.database.unwrap_or_default().into(),
            models: file.models.unwrap_or_default().into(),
            migrations: file.migrations.unwrap_or_default().into(),
            codegen: file.codegen.unwrap_or_default().into(),
        }
    }
}

fn or(given: Option<Text>, default: &str) -> String {
    given.map_or_else(|| default.to_owned(), |text| text.value)
}

fn texts(list: Vec<Text>) -> Vec<String> {
    list.into_iter().map(|text| text.value).collect()
}

impl Config {
    /// Reads `aludel.toml` of a folder; defaults where there is none.
    ///
    /// # Errors
    /// Every mistake in it.
    pub fn load(root: &Path) -> Result<Config, Error> {
        let path = root.join(FILE);
        if !path.exists() {
            return Ok(Config::default());
        }
        let mut sources: Vec<Source> = Vec::new();
        let mut list = match read(&path, FILE, None, &mut sources) {
            Ok(file) => {
                let read = format::read::<ConfigFile>(file, &sources[0]);
                if read.mistakes.is_empty() {
                    return Ok(read.value.into());
                }
                read.mistakes
            }
            Err(mistake) => vec![mistake],
        };
        list.sort_by_key(|mistake| mistake.span.start);
        Err(Error::Mistakes(Box::new(Mistakes { sources, list })))
    }

    /// What is managed.
    pub fn scope(&self) -> Scope {
        let manages = |word| self.database.manage.iter().any(|item| [word, Manage::Everything].contains(item));
        Scope {
            schemas: self.database.schemas.clone(),
            exclude: self.database.exclude.clone(),
            owners: manages(Manage::Owners),
            privileges: manages(Manage::Privileges),
            ..Scope::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(text: &str) -> Result<Config, String> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(FILE), text).unwrap();
        Config::load(folder.path()).map_err(|error| error.to_string())
    }

    #[test]
    fn what_is_not_said_has_a_default() {
        let config = load("[database]\nmanage = [\"owners\"]\n[migrations]\nonline = false\n").unwrap();
        let scope = config.scope();
        assert_eq!((scope.schemas, scope.owners, scope.privileges), (vec!["public".to_owned()], true, false));
        assert_eq!((config.migrations.online, config.migrations.lock_timeout.as_str()), (false, "4s"));
        assert_eq!(config.models.path, Path::new("models.toml"));
    }

    #[test]
    fn every_mistake_is_told_with_its_place() {
        let error = load("[database]\nurk = \"x\"\nmanage = [\"owner\"]\n[codegen]\nout = 3\n").unwrap_err();
        assert_eq!(
            error,
            "aludel.toml:2:1: unknown key `urk`\n\
             aludel.toml:3:11: expected \"owners\", \"privileges\" or \"*\", found \"owner\"\n\
             aludel.toml:5:7: expected a string (text), found an integer"
        );
        let error = load("[database").unwrap_err();
        assert!(error.starts_with("aludel.toml:1:") && error.contains(": not TOML: "), "{error}");
    }
}
