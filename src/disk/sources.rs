//! The SQL files that the models name, as statements with their places.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::{Error, io_error, read_text, write_atomic};
use crate::sql::split::statements;

/// A statement and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SqlSource {
    /// The file, relative to the project's folder.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The statement.
    pub sql: String,
}

/// First line of every SQL file that `pull` wrote, by which it knows its own.
pub const PULLED: &str = "-- Pulled by aludel; edit freely, `aludel pull` writes it anew.";

/// Reads the files that fit `patterns` (a `*` for any run of characters but `/`, `**` for folders), sorted, as statements.
pub fn load(root: &Path, patterns: &[String]) -> Result<Vec<SqlSource>, Error> {
    let mut out = Vec::new();
    let mut files = Vec::new();
    if !patterns.is_empty() {
        walk(root, Path::new(""), &mut files)?;
    }
    files.sort();
    for file in files.iter().filter(|file| patterns.iter().any(|pattern| fits(pattern, &shown(file)))) {
        let text = read_text(&root.join(file))?;
        for statement in statements(&text) {
            let (file, line) = (shown(file), statement.code_line());
            out.push(SqlSource { file, line, sql: statement.bare().to_owned() });
        }
    }
    Ok(out)
}

fn shown(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

fn walk(root: &Path, below: &Path, out: &mut Vec<PathBuf>) -> Result<(), Error> {
    let folder = root.join(below);
    for entry in std::fs::read_dir(&folder).map_err(io_error("read", &folder))? {
        let entry = entry.map_err(io_error("read", &folder))?;
        let name = entry.file_name();
        let hidden = name.to_string_lossy().starts_with('.') || name == "target";
        let kind = entry.file_type().map_err(io_error("read", &folder))?;
        if kind.is_dir() && !hidden {
            walk(root, &below.join(&name), out)?;
        } else if kind.is_file() && name.to_string_lossy().ends_with(".sql") {
            out.push(below.join(&name));
        }
    }
    Ok(())
}

fn fits(pattern: &str, path: &str) -> bool {
    if let Some(tail) = pattern.strip_prefix("**/") {
        return fits(tail, path) || path.split_once('/').is_some_and(|(_, rest)| fits(pattern, rest));
    }
    match (pattern.chars().next(), path.chars().next()) {
        (None, None) => true,
        (Some('*'), _) => {
            fits(&pattern[1..], path)
                || path.chars().next().is_some_and(|c| c != '/' && fits(pattern, &path[c.len_utf8()..]))
        }
        (Some(p), Some(c)) if p == c => fits(&pattern[p.len_utf8()..], &path[c.len_utf8()..]),
        _ => false,
    }
}

/// Writes pulled files below `root`, and removes those that an earlier pull wrote and this one did not.
pub fn replace_pulled(root: &Path, files: &BTreeMap<PathBuf, String>) -> Result<(), Error> {
    let mut old = Vec::new();
    if root.join("sql").is_dir() {
        walk(root, Path::new("sql"), &mut old)?;
    }
    for file in old.iter().filter(|file| !files.contains_key(*file)) {
        let path = root.join(file);
        if read_text(&path)?.starts_with(PULLED) {
            std::fs::remove_file(&path).map_err(io_error("remove", &path))?;
        }
    }
    for (file, text) in files {
        write_atomic(&root.join(file), text.as_bytes())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_of_files() {
        assert!(fits("sql/*.sql", "sql/a.sql") && !fits("sql/*.sql", "sql/b/a.sql"));
        assert!(fits("sql/**/*.sql".trim_start_matches("sql/"), "b/c/a.sql"));
    }
}
