//! Alone touches files: configuration, models, revisions, generated code.

use std::io;
use std::path::{Path, PathBuf};

pub mod config;
pub mod models;
pub mod sources;

/// What can go wrong with files.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Not readable.
    #[error("{}: cannot be read: {source}", .path.display())]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Not writable.
    #[error("{}: cannot be written: {source}; what was there is still there", .path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Not text.
    #[error("{}:{line}: is not UTF-8; save it as UTF-8", .path.display())]
    NotUtf8 {
        /// The file.
        path: PathBuf,
        /// The line of the first byte that is wrong.
        line: usize,
    },
    /// Not TOML, or not the TOML that is expected.
    #[error("{}:{line}:{column}: {message}", .path.display())]
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
    /// A word in `manage` that means nothing.
    #[error("{}: `manage` knows \"owners\", \"privileges\" and \"*\", not {word:?}", .path.display())]
    Manage {
        /// The file.
        path: PathBuf,
        /// The word.
        word: String,
    },
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

/// Writes a file so that it has either its old or its new content, never half of one.
pub fn write_atomic(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let failed = |source| Error::Write { path: path.to_owned(), source };
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    let mut temporary = path.as_os_str().to_owned();
    temporary.push(format!(".{}.tmp", std::process::id()));
    let temporary = PathBuf::from(temporary);
    let write = || -> io::Result<()> {
        let mut file = std::fs::File::create(&temporary)?;
        io::Write::write_all(&mut file, bytes)?;
        file.sync_all()?;
        std::fs::rename(&temporary, path)
    };
    write().map_err(|source| {
        let _ = std::fs::remove_file(&temporary); // the error that matters is the first one
        failed(source)
    })
}
