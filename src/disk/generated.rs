//! The folder of generated code: ours are the files that begin with a mark, and nothing else is touched.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::{Error, io_error, read_text};

/// The folder.
#[derive(Clone, Copy, Debug)]
pub struct Folder<'a> {
    /// Where it is.
    pub path: &'a Path,
    /// How each of our files begins.
    pub mark: &'a str,
}

/// What was done to the folder, file names in order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// New or with another text.
    pub written: Vec<String>,
    /// As they should be already, and not touched.
    pub unchanged: Vec<String>,
    /// No longer generated.
    pub removed: Vec<String>,
}

/// A file that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Where it is.
    pub path: PathBuf,
    /// Its text; `None` if there is no such file.
    pub actual: Option<String>,
    /// What it should be; `None` if it is no longer generated.
    pub expected: Option<String>,
}

/// Makes the folder hold these files, by name and text, and none of ours besides. All texts are on the disk before
/// the first file is replaced, so that a full one leaves the folder as it was.
///
/// # Errors
/// If the folder can't be read or written, or one of the files is there and not ours; then nothing was changed.
pub fn write(folder: Folder<'_>, files: &BTreeMap<String, String>) -> Result<Report, Error> {
    let differences = compare(folder, files)?;
    let folder = folder.path;
    let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut report = Report::default();
    let mut ready: Vec<(PathBuf, &Path)> = Vec::new();
    for difference in &differences {
        let Some(expected) = &difference.expected else { continue };
        fs::create_dir_all(folder).map_err(io_error("make the folder", folder))?;
        // Not synced: what a power cut takes is generated again, and a thousand files would take seconds.
        let temporary = folder.join(format!(".{}.{}.tmp", name(&difference.path), std::process::id()));
        ready.push((temporary.clone(), &difference.path));
        if let Err(error) = fs::write(temporary, expected).map_err(io_error("write", &difference.path)) {
            discard(&ready);
            return Err(error);
        }
    }
    for (at, (temporary, path)) in ready.iter().enumerate() {
        if let Err(error) = fs::rename(temporary, path).map_err(io_error("write", path)) {
            discard(&ready[at..]);
            return Err(error);
        }
        report.written.push(name(path));
    }
    for difference in differences.iter().filter(|difference| difference.expected.is_none()) {
        fs::remove_file(&difference.path).map_err(io_error("remove", &difference.path))?;
        report.removed.push(name(&difference.path));
    }
    // Both are in order of their names.
    report.unchanged = files.keys().filter(|name| report.written.binary_search(name).is_err()).cloned().collect();
    Ok(report)
}

fn discard(ready: &[(PathBuf, &Path)]) {
    for (temporary, _) in ready {
        let _gone = fs::remove_file(temporary);
    }
}

/// The user's templates by name: what stands in a folder, or nothing where there is none.
///
/// # Errors
/// If the folder or a file in it can't be read.
pub fn templates(folder: &Path) -> Result<BTreeMap<String, String>, Error> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
        entries => entries.map_err(io_error("read", folder))?,
    };
    let mut out = BTreeMap::new();
    for entry in entries {
        let path = entry.map_err(io_error("read", folder))?.path();
        if path.extension().is_some_and(|end| end == "j2") {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            out.insert(name, read_text(&path)?);
        }
    }
    Ok(out)
}

/// What [`write()`] would change, in order of the files' names.
///
/// # Errors
/// If the folder can't be read, or one of the files is there and not ours.
pub fn compare(folder: Folder<'_>, files: &BTreeMap<String, String>) -> Result<Vec<Difference>, Error> {
    let mut out = Vec::new();
    for (name, expected) in files {
        let path = folder.path.join(name);
        let actual = text(&path)?;
        if actual.as_ref().is_some_and(|actual| !actual.starts_with(folder.mark)) {
            return Err(Error::NotOurs { path });
        }
        if actual.as_ref() != Some(expected) {
            out.push(Difference { path, actual, expected: Some(expected.clone()) });
        }
    }
    out.extend(stale(folder, files)?);
    out.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(out)
}

/// Files of ours that are no longer generated.
fn stale(folder: Folder<'_>, files: &BTreeMap<String, String>) -> Result<Vec<Difference>, Error> {
    let entries = match fs::read_dir(folder.path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(io_error("read", folder.path))?,
    };
    let mut out = Vec::new();
    for entry in entries {
        let entry = entry.map_err(io_error("read", folder.path))?;
        let path = entry.path();
        let is_rust = path.extension().is_some_and(|end| end == "rs") && path.is_file();
        if !is_rust || entry.file_name().to_str().is_some_and(|name| files.contains_key(name)) {
            continue;
        }
        if let Some(actual) = text(&path)?.filter(|text| text.starts_with(folder.mark)) {
            out.push(Difference { path, actual: Some(actual), expected: None });
        }
    }
    Ok(out)
}

/// The text of a file, if there is one. What is no text is not ours.
fn text(path: &Path) -> Result<Option<String>, Error> {
    match fs::read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        bytes => {
            let bytes = bytes.map_err(io_error("read", path))?;
            Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MARK: &str = "// mark";

    fn at(path: &Path) -> Folder<'_> {
        Folder { path, mark: MARK }
    }

    fn files(list: &[(&str, &str)]) -> BTreeMap<String, String> {
        list.iter().map(|(name, text)| ((*name).to_owned(), format!("{MARK}\n{text}"))).collect()
    }

    #[test]
    fn a_folder_is_made_and_kept_in_step() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("src/db");
        let report = write(at(&folder), &files(&[("a.rs", "1"), ("b.rs", "1")])).unwrap();
        assert_eq!(report.written, ["a.rs", "b.rs"]);
        let touched = fs::metadata(folder.join("a.rs")).unwrap().modified().unwrap();
        let report = write(at(&folder), &files(&[("a.rs", "1"), ("c.rs", "2")])).unwrap();
        let expected =
            Report { written: vec!["c.rs".into()], unchanged: vec!["a.rs".into()], removed: vec!["b.rs".into()] };
        assert_eq!(report, expected);
        assert_eq!(fs::metadata(folder.join("a.rs")).unwrap().modified().unwrap(), touched);
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 2);
        assert_eq!(compare(at(&folder), &files(&[("a.rs", "1"), ("c.rs", "2")])).unwrap(), []);
    }

    #[test]
    fn what_is_not_ours_stays() {
        let folder = tempfile::tempdir().unwrap();
        let mine = folder.path().join("mine.rs");
        fs::write(&mine, "fn mine() {}").unwrap();
        write(at(folder.path()), &files(&[("a.rs", "1")])).unwrap();
        let error = write(at(folder.path()), &files(&[("a.rs", "2"), ("mine.rs", "2")])).unwrap_err().to_string();
        assert!(error.contains("mine.rs was not generated by aludel, and nothing was written over it"), "{error}");
        assert_eq!(fs::read_to_string(&mine).unwrap(), "fn mine() {}");
        assert_eq!(fs::read_to_string(folder.path().join("a.rs")).unwrap(), format!("{MARK}\n1"));
        write(at(folder.path()), &files(&[])).unwrap();
        assert!(mine.exists() && !folder.path().join("a.rs").exists());
    }

    #[test]
    fn differences_have_both_texts() {
        let folder = tempfile::tempdir().unwrap();
        write(at(folder.path()), &files(&[("a.rs", "1"), ("b.rs", "1")])).unwrap();
        let found = compare(at(folder.path()), &files(&[("a.rs", "2"), ("c.rs", "1")])).unwrap();
        let sides: Vec<_> = found.iter().map(|one| (one.actual.is_some(), one.expected.is_some())).collect();
        assert_eq!(sides, [(true, true), (true, false), (false, true)]);
    }
}
