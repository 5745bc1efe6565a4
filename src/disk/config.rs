//! aludel.toml: where things are. Every value has a default.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{Mistakes, read};
use crate::model::collection::Some1;
use crate::model::decode::{Accepts, Cx, Flag, Node, STRING, Shape, Text};
use crate::model::diagnostic::{Diagnostic, Spanned};
use crate::model::docs::{json_schema, markdown};
use crate::model::form::Form;
use crate::model::format;
use crate::model::shape::{shape, words};

shape! {
    /// aludel.toml: where the database, the models and the revisions are. Every value has a default.
    pub struct ConfigFile {
        /// The database, and what of it is managed.
        database: Option<Database>,
        /// The models.
        models: Option<ModelsPath>,
        /// The revisions, and how they run.
        migrations: Option<Migrations>,
        /// The generated code.
        codegen: Option<Codegen>,
    }
}

words! {
    /// What is managed besides definitions.
    pub enum Manage {
        /// Who owns objects.
        Owners = "owners",
        /// Who may do what.
        Privileges = "privileges",
        /// Both.
        All = "*",
    }
}

shape! {
    /// The database, and what of it is managed.
    pub struct Database {
        /// `embedded` or a connection string; `--database-url`, then `DATABASE_URL`, win over it.
        url: Option<Text>,
        /// The schemas that are managed: `["public"]` unless given, `["*"]` for all but the system's.
        schemas: Option<Some1<Text>>,
        /// Patterns of objects that are left alone: `public.spatial_ref_sys`, `audit.*`.
        exclude: Some1<Text>,
        /// What is managed besides definitions; nothing unless given.
        manage: Some1<Spanned<Manage>>,
        /// Where the shadow database is: `auto` (unless given) or a connection string.
        shadow: Option<Text>,
    }
}

shape! {
    /// The models.
    pub struct ModelsPath {
        /// The file of the models, `models.toml` unless given.
        path: Option<Text>,
    }
}

shape! {
    /// The revisions, and how they run.
    pub struct Migrations {
        /// The folder of the revision files, `migrations` unless given.
        dir: Option<Text>,
        /// The table that records what was applied, `aludel_version` unless given.
        version_table: Option<Text>,
        /// Forms that do not hold up a busy database; true unless given.
        online: Option<Flag>,
        /// How long a statement waits for a lock before it is tried again, `4s` unless given.
        lock_timeout: Option<Wait>,
    }
}

shape! {
    /// The generated code.
    pub struct Codegen {
        /// Its folder, `src/db` unless given.
        out: Option<Text>,
        /// A folder whose files replace the built-in templates of the same names, `templates` unless given.
        templates: Option<Text>,
    }
}

/// A time to wait: `500ms`, `4s`, `2min`, `1h`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wait(pub Duration);

impl Wait {
    fn parse(text: &str) -> Option<Wait> {
        let text = text.trim();
        let end = text.find(|letter: char| !letter.is_ascii_digit())?;
        let milliseconds = match text[end..].trim() {
            "ms" => 1,
            "s" => 1_000,
            "min" => 60_000,
            "h" => 3_600_000,
            _ => return None,
        };
        let number: u64 = text[..end].parse().ok()?;
        Some(Wait(Duration::from_millis(number.checked_mul(milliseconds)?)))
    }
}

impl Shape for Wait {
    const ACCEPTS: Accepts = STRING;

    fn form() -> Form {
        Form::Text("a time: 500ms, 4s, 2min, 1h")
    }

    fn decode(node: Node<'_>, cx: &mut Cx) -> Self {
        if !node.is(STRING) {
            cx.wrong_type(node, &Self::form());
            return Wait::default();
        }
        let text = Text::decode(node, cx);
        Wait::parse(&text).unwrap_or_else(|| {
            let help = "write a whole number and ms, s, min or h: \"4s\"";
            cx.report(Diagnostic::new(text.span, format!("`{text}` is not a time")).help(help));
            Wait::default()
        })
    }
}

/// The configuration with its defaults. Paths are relative to the file's folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// `embedded` or a connection string, if the file gives one.
    pub url: Option<String>,
    /// Schemas that are managed; `*` for all.
    pub schemas: Vec<String>,
    /// Patterns of objects that are left alone.
    pub exclude: Vec<String>,
    /// What is managed besides definitions.
    pub manage: Vec<Manage>,
    /// `auto` or a connection string.
    pub shadow: String,
    /// The file of the models.
    pub models: PathBuf,
    /// The folder of the revision files.
    pub migrations: PathBuf,
    /// The table that records what was applied.
    pub version_table: String,
    /// Forms that do not hold up a busy database.
    pub online: bool,
    /// How long a statement waits for a lock before it is tried again.
    pub lock_timeout: Duration,
    /// The folder of the generated code.
    pub out: PathBuf,
    /// The folder of the user's templates.
    pub templates: PathBuf,
}

impl Config {
    /// Reads aludel.toml of a folder; defaults where there is none.
    ///
    /// # Errors
    /// Every mistake in the file.
    pub fn load(root: &Path) -> Result<Config, Box<Mistakes>> {
        let path = root.join("aludel.toml");
        if !path.exists() {
            return Ok(Config::of(ConfigFile::default()));
        }
        let mut sources = Vec::new();
        let file = match read(&path, "aludel.toml", None, &mut sources) {
            Ok(file) => file,
            Err(mistake) => return Err(Box::new(Mistakes { sources, list: vec![mistake] })),
        };
        let mut decoded = format::read::<ConfigFile>(file, &sources[0]);
        if decoded.mistakes.is_empty() {
            return Ok(Config::of(decoded.value));
        }
        decoded.mistakes.sort_by_key(|mistake| mistake.span.start);
        Err(Box::new(Mistakes { sources, list: decoded.mistakes }))
    }

    /// Fills in the defaults.
    pub fn of(file: ConfigFile) -> Config {
        let database = file.database.unwrap_or_default();
        let models = file.models.unwrap_or_default();
        let migrations = file.migrations.unwrap_or_default();
        let codegen = file.codegen.unwrap_or_default();
        let text = |text: Option<Text>, default: &str| text.map_or_else(|| default.to_string(), |text| text.value);
        let path = |given: Option<Text>, default: &str| PathBuf::from(text(given, default));
        let texts = |texts: Some1<Text>| texts.0.into_iter().map(|text| text.value).collect::<Vec<_>>();
        Config {
            url: database.url.map(|url| url.value),
            schemas: database.schemas.map_or_else(|| vec!["public".into()], texts),
            exclude: texts(database.exclude),
            manage: database.manage.iter().map(|word| word.value).collect(),
            shadow: text(database.shadow, "auto"),
            models: path(models.path, "models.toml"),
            migrations: path(migrations.dir, "migrations"),
            version_table: text(migrations.version_table, "aludel_version"),
            online: migrations.online.is_none_or(|flag| flag.value),
            lock_timeout: migrations.lock_timeout.map_or(Duration::from_secs(4), |wait| wait.0),
            out: path(codegen.out, "src/db"),
            templates: path(codegen.templates, "templates"),
        }
    }
}

/// The JSON Schema of aludel.toml.
pub fn config_schema() -> serde_json::Value {
    json_schema(ConfigFile::record)
}

/// Every key of aludel.toml, as Markdown.
pub fn config_markdown() -> String {
    markdown("aludel.toml", ConfigFile::record)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(text: &str) -> Result<Config, String> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("aludel.toml"), text).unwrap();
        Config::load(folder.path()).map_err(|mistakes| mistakes.to_string())
    }

    #[test]
    fn everything_has_a_default() {
        assert_eq!(load(""), Ok(Config::of(ConfigFile::default())));
        assert_eq!(load("").unwrap().lock_timeout, Duration::from_secs(4));
        assert_eq!(load("").unwrap().schemas, ["public"]);
    }

    #[test]
    fn what_is_given_wins() {
        let text = "[database]\nschemas = [\"*\"]\nmanage = \"owners\"\n[migrations]\nonline = false\nlock_timeout = \"500ms\"\n";
        let config = load(text).unwrap();
        assert_eq!((config.schemas, config.manage), (vec!["*".to_string()], vec![Manage::Owners]));
        assert_eq!((config.online, config.lock_timeout), (false, Duration::from_millis(500)));
    }

    #[test]
    fn mistakes_are_all_reported() {
        let text = "[databse]\n[migrations]\nlock_timeout = \"soon\"\nonline = 1\n";
        let said = load(text).unwrap_err();
        let lines: Vec<&str> = said.lines().collect();
        assert_eq!(lines[0], "aludel.toml:1:2: unknown key `databse`");
        assert!(lines[1].starts_with("aludel.toml:3:16: `soon` is not a time"));
        assert_eq!(lines[2], "aludel.toml:4:10: expected true or false, found an integer");
    }

    #[test]
    fn the_schema_knows_every_section() {
        assert!(config_schema()["$defs"]["Migrations"]["properties"]["lock_timeout"].is_object());
        assert!(config_markdown().contains("`lock_timeout`"));
    }
}
