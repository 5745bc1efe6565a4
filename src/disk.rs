//! Alone touches files. Whole files are written so that a reader finds the old one or the new one, never a part.

use std::ffi::OsString;
use std::fmt;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

pub mod config;
pub mod models;
mod pattern;
pub mod revisions;
pub mod sources;

use crate::model::diagnostic::{Diagnostic, FileId, Source, Span};

/// What can go wrong with files.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The operating system refused.
    #[error("cannot {doing} {}: {source}", path.display())]
    Io {
        /// `read`, `write`, …
        doing: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Bytes that are no text.
    #[error("{}:{line}: the file is not valid UTF-8 (byte {byte}); save it as UTF-8", path.display())]
    Utf8 {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The first byte that is not.
        byte: usize,
    },
    /// No migrations folder.
    #[error("there is no migrations folder {}: `aludel init` makes one; another is named by migrations.dir in aludel.toml", path.display())]
    NoFolder {
        /// Where it should be.
        path: PathBuf,
    },
    /// Half a revision.
    #[error("{} has no {} beside it: a revision is two files; the other may be empty", path.display(), missing)]
    Lone {
        /// The file that is there.
        path: PathBuf,
        /// The name of the one that is not.
        missing: String,
    },
    /// A file of that name is there.
    #[error("{} is there already, and nothing was written over it", path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// Not TOML, or not the TOML that is expected.
    #[error("{}:{line}:{column}: {message}", path.display())]
    Toml {
        /// The file.
        path: PathBuf,
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
        /// What is wrong.
        message: String,
    },
    /// A file that is to be edited and is no TOML.
    #[error("{}: {message}", path.display())]
    NotToml {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        message: String,
    },
    /// A word in `manage` that means nothing.
    #[error("{}: `manage` knows \"owners\", \"privileges\" and \"*\", not {word:?}", path.display())]
    Manage {
        /// The file.
        path: PathBuf,
        /// The word.
        word: String,
    },
    /// What is in the files is wrong.
    #[error(transparent)]
    Revision(#[from] crate::revision::Error),
}

impl Error {
    /// An error of the TOML reader with its place.
    pub fn toml(path: &Path, text: &str, error: &toml::de::Error) -> Self {
        let start = error.span().map_or(0, |span| span.start.min(text.len()));
        let before = &text[..start];
        let line = before.matches('\n').count() + 1;
        let column = before.chars().rev().take_while(|&c| c != '\n').count() + 1;
        Error::Toml { path: path.to_owned(), line, column, message: error.message().to_owned() }
    }
}

/// Everything that is wrong with some files.
#[derive(Debug)]
pub struct Mistakes {
    /// The files.
    pub sources: Vec<Source>,
    /// What is wrong, in the order of the files.
    pub list: Vec<Diagnostic>,
}

impl fmt::Display for Mistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<String> = self.list.iter().map(|mistake| mistake.line(&self.sources)).collect();
        f.write_str(&lines.join("\n"))
    }
}

impl std::error::Error for Mistakes {}

/// Adds a file to the sources; `shown` is how messages name it. What cannot be read is reported where it was asked for,
/// bytes that are no UTF-8 where they stand.
fn read(path: &Path, shown: &str, asked: Option<Span>, sources: &mut Vec<Source>) -> Result<FileId, Diagnostic> {
    let file = FileId(u32::try_from(sources.len()).unwrap_or(u32::MAX));
    let text = match std::fs::read(path).map(String::from_utf8) {
        Ok(Ok(text)) => Ok(text),
        Ok(Err(error)) => {
            let start = error.utf8_error().valid_up_to();
            let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
            let span = Span::new(file, start..start + char::REPLACEMENT_CHARACTER.len_utf8());
            Err((text, Diagnostic::new(span, "not valid UTF-8").help("save the file as UTF-8")))
        }
        Err(error) => {
            let span = asked.unwrap_or(Span::new(file, 0..0));
            Err((String::new(), Diagnostic::new(span, format!("cannot read {shown}: {error}"))))
        }
    };
    let (text, mistake) = match text {
        Ok(text) => (text, None),
        Err((text, mistake)) => (text, Some(mistake)),
    };
    sources.push(Source::new(shown, text));
    mistake.map_or(Ok(file), Err)
}

/// Reads a text file.
///
/// # Errors
/// If it can't be read or is not UTF-8.
pub fn read_text(path: &Path) -> Result<String, Error> {
    let bytes = fs::read(path).map_err(io_error("read", path))?;
    String::from_utf8(bytes).map_err(|error| {
        let byte = error.utf8_error().valid_up_to();
        let line = 1 + error.as_bytes()[..byte].iter().filter(|b| **b == b'\n').count();
        Error::Utf8 { path: path.to_owned(), line, byte }
    })
}

/// Writes a whole file: if anything fails, a full disk too, the old file is still there as it was.
///
/// # Errors
/// If it can't be written.
pub fn write_atomic(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(io_error("write", path))?;
    }
    let temporary = write_beside(path, bytes)?;
    fs::rename(&temporary, path).map_err(|source| {
        let _gone = fs::remove_file(&temporary);
        Error::Io { doing: "write", path: path.to_owned(), source }
    })?;
    sync_folder(path);
    Ok(())
}

/// Writes a new file, all of it or nothing, and never over another.
fn write_new(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let temporary = write_beside(path, bytes)?;
    // A link, unlike a rename, fails where a file is. Some file systems have none; there a look before must do.
    let placed = match fs::hard_link(&temporary, path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists && !path.exists() => fs::rename(&temporary, path),
        linked => linked,
    };
    let _renamed = fs::remove_file(&temporary);
    placed.map_err(|source| match source.kind() {
        io::ErrorKind::AlreadyExists => Error::Exists { path: path.to_owned() },
        _ => Error::Io { doing: "write", path: path.to_owned(), source },
    })?;
    sync_folder(path);
    Ok(())
}

/// A complete, synced file in the same folder, under a name that only this process uses.
fn write_beside(path: &Path, bytes: &[u8]) -> Result<PathBuf, Error> {
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(format!(".{}.tmp", std::process::id()));
    let temporary = path.with_file_name(name);
    let write = || {
        let mut file = File::create(&temporary)?;
        file.write_all(bytes)?;
        file.sync_all()
    };
    write().map_err(|source| {
        let _gone = fs::remove_file(&temporary);
        Error::Io { doing: "write", path: path.to_owned(), source }
    })?;
    Ok(temporary)
}

/// Makes a rename last through a power cut. Not every system lets a folder be opened; the file itself is safe.
fn sync_folder(path: &Path) {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if let Ok(folder) = File::open(folder) {
        let _unsupported = folder.sync_all();
    }
}

fn io_error<'p>(doing: &'static str, path: &'p Path) -> impl FnOnce(io::Error) -> Error + 'p {
    move |source| Error::Io { doing, path: path.to_owned(), source }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_whole_and_leaves_nothing_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        write_atomic(&path, b"one").unwrap();
        write_atomic(&path, b"two").unwrap();
        assert_eq!(read_text(&path).unwrap(), "two");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_failed_write_leaves_the_old_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sub");
        fs::create_dir(&path).unwrap();
        fs::write(path.join("kept"), "x").unwrap();
        let error = write_atomic(&path, b"two").unwrap_err().to_string();
        assert!(error.starts_with("cannot write ") && error.contains("sub"), "{error}");
        assert_eq!(read_text(&path.join("kept")).unwrap(), "x");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_disk_is_told() {
        // Every write to this device fails as on a full disk.
        let error =
            File::options().write(true).open("/dev/full").and_then(|mut file| file.write_all(b"x")).unwrap_err();
        let error = io_error("write", Path::new("a"))(error).to_string();
        assert!(error.starts_with("cannot write a: No space left on device"), "{error}");
    }

    #[test]
    fn what_is_no_text_is_told_with_its_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.sql");
        fs::write(&path, b"ok\nnot \xff").unwrap();
        let error = read_text(&path).unwrap_err().to_string();
        assert!(error.ends_with("a.sql:2: the file is not valid UTF-8 (byte 7); save it as UTF-8"), "{error}");
    }
}
