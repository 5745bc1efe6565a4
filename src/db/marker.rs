//! The note in a folder of data that says which kind of server made it, so that the other kind never opens it.

use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

const FILE: &str = "aludel-server.toml";

/// The two kinds of server that aludel runs by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A private cluster from the server programs of this machine.
    Cluster,
    /// PostgreSQL inside the process.
    InProcess,
}

impl Kind {
    /// What messages call it.
    pub fn describe(self) -> &'static str {
        match self {
            Kind::Cluster => "a private cluster of this machine's PostgreSQL",
            Kind::InProcess => "the PostgreSQL inside aludel (feature `embedded`)",
        }
    }
}

/// What the note says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marker {
    /// Which kind of server made the data.
    pub kind: Kind,
    /// Its major version.
    pub major: u32,
    /// Where the data is, if it could not be in this folder.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub place: Option<PathBuf>,
}

/// A note that is there and does not fit.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The other kind made it.
    #[error(
        "{} holds data of {}, which {} cannot open: use the one that made it, or move the folder away to start afresh",
        folder.display(), found.describe(), wanted.describe()
    )]
    Kind {
        /// The folder.
        folder: PathBuf,
        /// Who made the data.
        found: Kind,
        /// Who was to open it.
        wanted: Kind,
    },
    /// It can't be read as a note of ours.
    #[error("{} is not a note of aludel's: {reason}. Move its folder away to start afresh", path.display())]
    Unreadable {
        /// The note.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The system says no.
    #[error("cannot use {}: {source}", path.display())]
    Io {
        /// The note.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

/// The note in a folder, if there is one.
///
/// # Errors
/// If it can't be read, or says that another kind of server made the folder.
pub fn read(folder: &Path, wanted: Kind) -> Result<Option<Marker>, Error> {
    let path = folder.join(FILE);
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(Error::Io { path, source }),
    };
    match toml::from_str::<Marker>(&text) {
        Ok(marker) if marker.kind == wanted => Ok(Some(marker)),
        Ok(marker) => Err(Error::Kind { folder: folder.to_owned(), found: marker.kind, wanted }),
        Err(error) => Err(Error::Unreadable { path, reason: error.message().to_owned() }),
    }
}

/// Writes the note, whole or not at all.
///
/// # Errors
/// If the folder can't be written to.
pub fn write(folder: &Path, marker: &Marker) -> Result<(), Error> {
    let (path, draft) = (folder.join(FILE), folder.join(format!("{FILE}.new")));
    let body =
        toml::to_string(marker).map_err(|error| Error::Unreadable { path: path.clone(), reason: error.to_string() })?;
    let text = format!("# Written by aludel: which kind of server this data belongs to.\n{body}");
    std::fs::write(&draft, text)
        .and_then(|()| std::fs::rename(&draft, &path))
        .map_err(|source| Error::Io { path, source })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_kind_never_opens_the_data_of_the_other() {
        let dir = tempfile::tempdir().expect("a folder");
        assert_eq!(read(dir.path(), Kind::Cluster).expect("reads"), None);
        let marker = Marker { kind: Kind::InProcess, major: 17, place: Some("/x y".into()) };
        write(dir.path(), &marker).expect("writes");
        assert_eq!(read(dir.path(), Kind::InProcess).expect("reads"), Some(marker));
        let message = read(dir.path(), Kind::Cluster).expect_err("the other kind").to_string();
        assert!(message.contains("inside aludel") && message.contains("move the folder"), "{message}");
    }

    #[test]
    fn a_note_that_is_not_ours_is_named() {
        let dir = tempfile::tempdir().expect("a folder");
        std::fs::write(dir.path().join(FILE), "kind = 3").expect("writes");
        let message = read(dir.path(), Kind::Cluster).expect_err("nonsense").to_string();
        assert!(message.contains(FILE), "{message}");
    }
}
