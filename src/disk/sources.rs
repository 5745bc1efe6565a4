//! The SQL files that `pull` writes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::{Error, io_error, read_text, write_atomic};

/// First line of every SQL file that `pull` wrote, by which it knows its own.
pub const PULLED: &str = "-- Pulled by aludel; edit freely, `aludel pull` writes it anew.";

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

/// Writes pulled files below `root`, and removes those that an earlier pull wrote and this one did not.
/// Gives those that were not there as they are now.
pub fn replace_pulled(root: &Path, files: &BTreeMap<PathBuf, String>) -> Result<Vec<PathBuf>, Error> {
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
    let mut written = Vec::new();
    for (file, text) in files {
        let path = root.join(file);
        if !path.exists() || read_text(&path)? != *text {
            write_atomic(&path, text.as_bytes())?;
            written.push(file.clone());
        }
    }
    Ok(written)
}
