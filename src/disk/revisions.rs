//! The migrations folder.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::{Error, io_error, read_text, write_new};
use crate::revision::id::file_names;
use crate::revision::{Graph, Id, Revision, file};

const UP: &str = ".up.sql";
const DOWN: &str = ".down.sql";

/// Reads every revision of a folder. Other files in it are left alone.
///
/// # Errors
/// If the folder is missing, a file can't be read or parsed, or the revisions do not hang together.
pub fn read(folder: &Path) -> Result<Graph, Error> {
    let revisions: Result<Vec<_>, Error> = pairs(folder)?.iter().map(|(stem, pair)| parse(stem, pair)).collect();
    Ok(Graph::new(revisions?)?)
}

/// Writes the two files of a new revision: both or none, and never over another's. Makes the folder if need be.
///
/// # Errors
/// If they can't be written or are there already.
pub fn write(folder: &Path, id: &Id, message: &str, (up, down): (&str, &str)) -> Result<(PathBuf, PathBuf), Error> {
    fs::create_dir_all(folder).map_err(io_error("make the folder", folder))?;
    let (up_name, down_name) = file_names(id, message);
    let (up_path, down_path) = (folder.join(up_name), folder.join(down_name));
    write_new(&up_path, up.as_bytes())?;
    write_new(&down_path, down.as_bytes()).inspect_err(|_| {
        // This run made it a moment ago.
        let _gone = fs::remove_file(&up_path);
    })?;
    Ok((up_path, down_path))
}

/// The files of one stem, which is the name without `.up.sql` and `.down.sql`.
#[derive(Default)]
struct Pair {
    up: Option<PathBuf>,
    down: Option<PathBuf>,
}

fn pairs(folder: &Path) -> Result<BTreeMap<String, Pair>, Error> {
    let entries = fs::read_dir(folder).map_err(|source| match source.kind() {
        io::ErrorKind::NotFound => Error::NoFolder { path: folder.to_owned() },
        _ => Error::Io { doing: "read", path: folder.to_owned(), source },
    })?;
    let mut pairs: BTreeMap<String, Pair> = BTreeMap::new();
    for entry in entries {
        let entry = entry.map_err(io_error("read", folder))?;
        let (path, name) = (entry.path(), entry.file_name());
        let Some(name) = name.to_str().filter(|name| !name.starts_with('.')) else { continue };
        if let Some(stem) = name.strip_suffix(UP) {
            pairs.entry(stem.to_owned()).or_default().up = Some(path);
        } else if let Some(stem) = name.strip_suffix(DOWN) {
            pairs.entry(stem.to_owned()).or_default().down = Some(path);
        }
    }
    Ok(pairs)
}

fn parse(stem: &str, pair: &Pair) -> Result<Revision, Error> {
    let lone = |path: &Path, missing| Error::Lone { path: path.to_owned(), missing: format!("{stem}{missing}") };
    let up = pair.up.as_deref();
    let down = pair.down.as_deref();
    let (up, down) = match up.zip(down) {
        Some(both) => both,
        None => return Err(up.map_or_else(|| lone(down.unwrap_or(Path::new("")), UP), |up| lone(up, DOWN))),
    };
    let (up_text, down_text) = (read_text(up)?, read_text(down)?);
    let shown = |path: &Path| path.display().to_string();
    Ok(file::parse((&shown(up), &up_text), (&shown(down), &down_text))?)
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    fn folder(files: &[(&str, &[u8])]) -> TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, bytes) in files {
            fs::write(folder.path().join(name), bytes).unwrap();
        }
        folder
    }

    fn error(files: &[(&str, &[u8])]) -> String {
        let folder = folder(files);
        read(folder.path()).unwrap_err().to_string().replace(&format!("{}/", folder.path().display()), "")
    }

    const A: &[u8] = b"-- aludel:revision\n-- revision = \"aaaa\"\n\nSELECT 1;\n";

    #[test]
    fn a_folder_is_read_and_what_is_not_ours_left_alone() {
        let folder = folder(&[
            ("aaaa_x.up.sql", A),
            ("aaaa_x.down.sql", b""),
            ("README.md", b"\xff"),
            (".aaaa.up.sql.1.tmp", b""),
        ]);
        assert_eq!(read(folder.path()).unwrap().len(), 1);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_file() {
        assert!(
            read(Path::new("no/such")).unwrap_err().to_string().starts_with("there is no migrations folder no/such:")
        );
        assert!(error(&[("a.up.sql", A)]).starts_with("a.up.sql has no a.down.sql beside it"));
        assert!(error(&[("a.down.sql", A)]).starts_with("a.down.sql has no a.up.sql beside it"));
        assert!(
            error(&[("a.up.sql", b"\xff"), ("a.down.sql", b"")]).starts_with("a.up.sql:1: the file is not valid UTF-8")
        );
        let twice: &[(&str, &[u8])] = &[("a.up.sql", A), ("a.down.sql", b""), ("b.up.sql", A), ("b.down.sql", b"")];
        assert!(error(twice).starts_with("a.up.sql and b.up.sql both hold revision aaaa"));
        let lost = b"-- aludel:revision\n-- revision = \"bbbb\"\n-- down_revision = \"cccc\"\n";
        let error = error(&[("b.up.sql", lost), ("b.down.sql", b"")]);
        assert!(error.starts_with("b.up.sql: down_revision names revision cccc, and no file holds it"), "{error}");
    }

    #[test]
    fn a_pair_is_written_once_both_or_none() {
        let folder = tempfile::tempdir().unwrap();
        let dir = folder.path().join("new/migrations");
        let id = Id::new("abcd").unwrap();
        let (up, down) = write(&dir, &id, "Add it", ("up", "down")).unwrap();
        assert_eq!((fs::read(&up).unwrap(), fs::read(&down).unwrap()), (b"up".to_vec(), b"down".to_vec()));
        fs::remove_file(&up).unwrap();
        let error = write(&dir, &id, "Add it", ("new", "new")).unwrap_err().to_string();
        assert!(error.ends_with("abcd_add_it.down.sql is there already, and nothing was written over it"), "{error}");
        assert_eq!(fs::read_dir(&dir).unwrap().count(), 1);
        assert_eq!(fs::read(&down).unwrap(), b"down");
    }
}
