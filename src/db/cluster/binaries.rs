//! The PostgreSQL servers installed on this machine.

use std::path::{Path, PathBuf};
use std::process::Command;

/// A folder with `postgres`, `initdb` and `pg_ctl` of one version.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Binaries {
    /// The major version.
    pub major: u32,
    /// The folder.
    pub folder: PathBuf,
}

impl Binaries {
    /// The program of that name.
    pub fn program(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Reads the version of the server in a folder; none if there is no server.
    fn at(folder: &Path) -> Option<Binaries> {
        let complete = ["postgres", "initdb", "pg_ctl"].iter().all(|name| folder.join(name).is_file());
        let said = complete.then(|| Command::new(folder.join("postgres")).arg("--version").output().ok())??;
        let major = major_of(&String::from_utf8_lossy(&said.stdout))?;
        Some(Binaries { major, folder: folder.to_owned() })
    }
}

/// The server of the wanted major version, or the newest: `ALUDEL_PG_BIN` if it is set, else `PATH` and the folders of
/// Debian, Red Hat, Homebrew and Postgres.app.
pub fn find(wanted_major: Option<u32>, env: &dyn Fn(&str) -> Option<String>) -> Option<Binaries> {
    let found: Vec<Binaries> = match env("ALUDEL_PG_BIN").filter(|folder| !folder.is_empty()) {
        Some(folder) => Binaries::at(Path::new(&folder)).into_iter().collect(),
        None => folders(env).iter().filter_map(|folder| Binaries::at(folder)).collect(),
    };
    match wanted_major {
        Some(major) => found.into_iter().find(|binaries| binaries.major == major),
        None => found.into_iter().max_by_key(|binaries| binaries.major),
    }
}

fn folders(env: &dyn Fn(&str) -> Option<String>) -> Vec<PathBuf> {
    let path = env("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).filter_map(|folder| real(&folder)).collect();
    for (parent, rest) in [
        ("/usr/lib/postgresql", "bin"),
        ("/usr", "bin"),
        ("/opt/homebrew/opt", "bin"),
        ("/usr/local/opt", "bin"),
        ("/home/linuxbrew/.linuxbrew/opt", "bin"),
        ("/Applications/Postgres.app/Contents/Versions", "bin"),
    ] {
        let Ok(entries) = std::fs::read_dir(parent) else { continue };
        let named = |name: &str| {
            parent.starts_with("/usr/lib/") || name.starts_with("postgresql@") || name.starts_with("pgsql-")
                || parent.ends_with("Versions") || name == "postgresql"
        };
        folders.extend(entries.flatten().filter(|e| e.file_name().to_str().is_some_and(named)).map(|e| e.path().join(rest)));
    }
    let mut seen = Vec::new();
    folders.retain(|folder| {
        let new = !seen.contains(folder);
        seen.push(folder.clone());
        new
    });
    folders
}

/// Where the `postgres` of a `PATH` folder really is: its siblings and its share folder are found from there.
fn real(folder: &Path) -> Option<PathBuf> {
    let postgres = std::fs::canonicalize(folder.join("postgres")).or_else(|_| {
        // Debian and others link the clients alone.
        std::fs::canonicalize(folder.join("pg_ctl"))
    });
    postgres.ok()?.parent().map(Path::to_owned)
}

/// `postgres (PostgreSQL) 15.18 (Debian …)` or `… 18beta1` to its major version.
fn major_of(said: &str) -> Option<u32> {
    let version = said.split("(PostgreSQL) ").nth(1)?;
    let digits: String = version.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read() {
        assert_eq!(major_of("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n"), Some(15));
        assert_eq!(major_of("postgres (PostgreSQL) 18beta1"), Some(18));
        assert_eq!(major_of("bash 5"), None);
    }

    #[test]
    fn a_folder_that_was_named_is_the_only_one_looked_at() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().to_str().expect("utf-8").to_owned();
        assert_eq!(find(None, &|key| (key == "ALUDEL_PG_BIN").then(|| path.clone())), None);
    }
}
