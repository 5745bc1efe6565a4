//! models.toml with the files that it includes and the SQL files that it names.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use super::pattern::{expand, is_pattern};
use super::{Mistakes, read};
use crate::model::diagnostic::{Diagnostic, FileId, Source, Span};
use crate::model::format::{self, ModelsFile, Read};
use crate::model::models::{Models, finish};

/// Models that were read and checked.
#[derive(Debug)]
pub struct Loaded {
    /// Every file, TOML and SQL, by [`FileId`].
    pub sources: Vec<Source>,
    /// The models.
    pub models: Models,
    /// The SQL files, in the order in which they run.
    pub sql: Vec<FileId>,
}

/// Reads the models of a project: `path` is models.toml, relative to the folder `root`, as are paths in messages.
///
/// # Errors
/// Every mistake in any of the files.
pub fn load(root: &Path, path: &Path) -> Result<Loaded, Box<Mistakes>> {
    let mut loader =
        Loader { root, sources: Vec::new(), mistakes: Vec::new(), files: Vec::new(), seen: HashMap::new() };
    loader.include(path, None);
    let sql = loader.sql();
    let Loader { sources, mut mistakes, files, .. } = loader;
    match finish(files) {
        Ok(models) if mistakes.is_empty() => return Ok(Loaded { sources, models, sql }),
        Ok(_) => {}
        Err(more) => mistakes.extend(more),
    }
    mistakes.sort_by_key(|mistake| (mistake.file, mistake.span.start));
    Err(Box::new(Mistakes { sources, list: mistakes }))
}

struct Loader<'a> {
    root: &'a Path,
    sources: Vec<Source>,
    mistakes: Vec<Diagnostic>,
    files: Vec<Read<ModelsFile>>,
    /// By real path.
    seen: HashMap<PathBuf, Reading>,
}

/// Whether a file is still being read, with all that it includes.
#[derive(Clone, Copy, PartialEq)]
enum Reading {
    Open,
    Done,
}

impl Loader<'_> {
    /// Reads a file and what it includes; `asked` is where it was named.
    fn include(&mut self, path: &Path, asked: Option<Span>) {
        let full = self.root.join(path);
        let real = full.canonicalize().unwrap_or_else(|_| full.clone());
        match self.seen.get(&real) {
            Some(Reading::Done) => return,
            Some(Reading::Open) => {
                let message = format!("{} includes itself by way of this", shown(path));
                let mistake = Diagnostic::new(asked.unwrap_or_default(), message);
                self.mistakes.push(mistake.label("a ring of includes").help("take one of them out"));
                return;
            }
            None => {}
        }
        self.seen.insert(real.clone(), Reading::Open);
        match read(&full, &shown(path), asked, &mut self.sources) {
            Ok(file) => self.decode(file, path, &real),
            Err(mistake) => {
                let first = asked.is_none() && !full.exists();
                let help = "`aludel init` makes one; another is named by `path` below [models] in aludel.toml";
                self.mistakes.push(if first { mistake.help(help) } else { mistake });
            }
        }
        self.seen.insert(real, Reading::Done);
    }

    fn decode(&mut self, file: FileId, path: &Path, real: &Path) {
        let decoded = format::read::<ModelsFile>(file, &self.sources[file.0 as usize]);
        let includes = decoded.value.include.0.clone();
        self.files.push(decoded);
        let folder = path.parent().unwrap_or(Path::new(""));
        for text in includes {
            let fitting = expand(&self.root.join(folder), &text);
            if fitting.is_empty() {
                let mistake = Diagnostic::new(text.span, format!("no file fits {}", *text));
                self.mistakes.push(mistake.help("mend the pattern, or take it out: what it means would be dropped"));
            }
            for found in fitting {
                let found = folder.join(found);
                // A pattern may well fit the file that it stands in.
                let itself =
                    is_pattern(&text) && self.root.join(&found).canonicalize().is_ok_and(|found| found == real);
                if !itself {
                    self.include(&found, Some(text.span));
                }
            }
        }
    }

    /// Reads the SQL files, each once, sorted by path within a pattern.
    fn sql(&mut self) -> Vec<FileId> {
        let named = self.files.iter().flat_map(|file| file.value.sql.iter()).flat_map(|sql| sql.files.iter());
        let named: Vec<_> = named.cloned().collect();
        let mut out = Vec::new();
        let mut taken: HashSet<PathBuf> = HashSet::new();
        for text in named {
            let by = PathBuf::from(&self.sources[text.span.file.0 as usize].path);
            let folder = by.parent().unwrap_or(Path::new(""));
            for found in expand(&self.root.join(folder), &text) {
                let path = folder.join(found);
                if !taken.insert(path.clone()) {
                    continue;
                }
                match read(&self.root.join(&path), &shown(&path), Some(text.span), &mut self.sources) {
                    Ok(file) => out.push(file),
                    Err(mistake) => self.mistakes.push(mistake),
                }
            }
        }
        out
    }
}

/// A path with `/` between its parts on every system.
fn shown(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (file, text) in files {
            let path = folder.path().join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        folder
    }

    fn mistakes(files: &[(&str, &[u8])]) -> String {
        load(folder(files).path(), Path::new("models.toml"))
            .err()
            .map(|mistakes| mistakes.to_string())
            .unwrap_or_default()
    }

    const A: &[u8] = b"[models.A.columns]\nid = { type = \"int\", primary_key = true }\n";

    #[test]
    fn includes_and_sql_files_are_read() {
        let main = b"include = [\"models/*.toml\"]\n[sql]\nfiles = [\"sql/*.sql\"]\n";
        let b = b"[models.B.columns]\na = { references = \"A\" }\n[sql]\nfiles = \"b.sql\"\n";
        let files: &[(&str, &[u8])] = &[
            ("models.toml", main),
            ("models/a.toml", A),
            ("models/b.toml", b),
            ("models/b.sql", b"select 2"),
            ("sql/y.sql", b"select 1"),
            ("sql/x.sql", b"select 0"),
        ];
        let loaded = load(folder(files).path(), Path::new("models.toml")).unwrap();
        assert_eq!(loaded.models.models.len(), 2);
        let sql: Vec<&str> = loaded.sql.iter().map(|file| loaded.sources[file.0 as usize].path.as_str()).collect();
        assert_eq!(sql, ["sql/x.sql", "sql/y.sql", "models/b.sql"]);
    }

    #[test]
    fn what_is_wrong_with_files_is_said() {
        assert!(mistakes(&[]).starts_with("models.toml:1:1: cannot read models.toml: No such file"));
        let nothing = mistakes(&[("models.toml", b"include = \"model/*.toml\"\n"), ("models/a.toml", A)]);
        assert!(nothing.starts_with("models.toml:1:11: no file fits model/*.toml"), "{nothing}");
        let missing = mistakes(&[("models.toml", b"\ninclude = [\"x.toml\"]\n[nope]\n")]);
        assert!(missing.starts_with("models.toml:2:12: cannot read x.toml: No such file"), "{missing}");
        assert!(missing.contains("\nmodels.toml:3:2: unknown key `nope`"), "{missing}");
        assert!(mistakes(&[("models.toml", b"# \xff\n")]).starts_with("models.toml:1:3: not valid UTF-8"));
        assert!(mistakes(&[("models.toml", b"sql = \"x.sql\"")]).starts_with("models.toml:1:7: cannot read x.sql"));
    }

    #[test]
    fn rings_of_includes_end() {
        let ring: &[(&str, &[u8])] =
            &[("models.toml", b"include = \"a.toml\""), ("a.toml", b"include = \"models.toml\"")];
        assert!(mistakes(ring).starts_with("a.toml:1:11: models.toml includes itself by way of this"));
        assert_eq!(mistakes(&[("models.toml", b"include = [\"*.toml\", \"a.toml\"]"), ("a.toml", A)]), "");
    }

    #[test]
    fn the_same_model_in_two_files() {
        let files: &[(&str, &[u8])] =
            &[("models.toml", b"include = [\"a.toml\", \"b.toml\"]"), ("a.toml", A), ("b.toml", A)];
        assert!(mistakes(files).starts_with("b.toml:1:9: the model `A` is declared twice"));
    }

    #[test]
    fn a_large_file_is_read_in_seconds() {
        use std::fmt::Write;
        let mut text = String::new();
        for at in 0..40_000 {
            let before = at - i32::from(at > 0);
            write!(
                text,
                "[models.M{at}]\ncomment = \"{:x<200}\"\nindexes = [[\"a desc\"]]\n[models.M{at}.columns]\n\
                 id = {{ type = \"bigint\", primary_key = true, identity = \"always\" }}\na = \"text?\"\n\
                 up = {{ references = \"M{before}.id\", on_delete = \"cascade\" }}\n\
                 [models.M{at}.relationships]\nback = {{ belongs_to = \"M{before}\" }}\n",
                ""
            )
            .unwrap();
        }
        assert!(text.len() > 18_000_000, "{}", text.len());
        let begin = std::time::Instant::now();
        let loaded = load(folder(&[("models.toml", text.as_bytes())]).path(), Path::new("models.toml")).unwrap();
        assert_eq!(loaded.models.models.len(), 40_000);
        // Unoptimised and on a busy machine; anything quadratic takes hours.
        assert!(begin.elapsed().as_secs() < 60, "{:?}", begin.elapsed());
    }
}
