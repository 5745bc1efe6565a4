//! The PostgreSQL server programs on this machine, and which of them to use.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::Error;
use crate::db::machine::{self, Account};

/// The environment variable that names a folder of server programs.
pub const NAMED: &str = "ALUDEL_PG_BIN";

/// Where to look for server programs.
#[derive(Clone, Debug, Default)]
pub struct Search {
    named: Option<PathBuf>,
    folders: Vec<PathBuf>,
}

/// A folder with the programs of one server version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binaries {
    /// The folder.
    pub folder: PathBuf,
    /// Major version.
    pub major: u32,
}

impl Search {
    /// `ALUDEL_PG_BIN` alone if it is set; else `PATH`, and where Debian, Red Hat, Homebrew and Postgres.app install.
    pub fn new(env: &dyn Fn(&str) -> Option<String>) -> Search {
        let named = env(NAMED).filter(|folder| !folder.is_empty()).map(PathBuf::from);
        let mut folders: Vec<PathBuf> =
            env("PATH").map(|path| std::env::split_paths(&path).collect()).unwrap_or_default();
        for (parent, prefix, bin) in [
            ("/usr/lib/postgresql", "", "bin"),
            ("/usr", "pgsql-", "bin"),
            ("/opt/homebrew/opt", "postgresql", "bin"),
            ("/usr/local/opt", "postgresql", "bin"),
            ("/home/linuxbrew/.linuxbrew/opt", "postgresql", "bin"),
            ("/Applications/Postgres.app/Contents/Versions", "", "bin"),
        ] {
            folders.extend(children(Path::new(parent), prefix).into_iter().map(|folder| folder.join(bin)));
        }
        folders.push(PathBuf::from("/usr/local/pgsql/bin"));
        Search { named, folders }
    }

    /// Looks nowhere, as on a machine without a server.
    pub fn nowhere() -> Search {
        Search::default()
    }

    /// Looks in one folder only, as `ALUDEL_PG_BIN` does.
    pub fn only(folder: PathBuf) -> Search {
        Search { named: Some(folder), folders: Vec::new() }
    }

    /// Every server found that `account` (or, without one, this user) may run; the newest first.
    ///
    /// # Errors
    /// If `ALUDEL_PG_BIN` names a folder without server programs, or one out of the account's reach.
    pub(super) fn find(&self, account: Option<&Account>) -> Result<Vec<Binaries>, Error> {
        if let Some(folder) = &self.named {
            return match look(folder) {
                None => Err(Error::NamedFolder(folder.clone())),
                Some(_) if !reaches(account, folder) => {
                    Err(Error::OutOfReach { path: folder.clone(), account: account.cloned() })
                }
                Some(found) => Ok(vec![found]),
            };
        }
        let mut found: Vec<Binaries> =
            self.folders.iter().filter(|folder| reaches(account, folder)).filter_map(|folder| look(folder)).collect();
        // Stable: of one version, the one that PATH has first.
        found.sort_by_key(|binaries| std::cmp::Reverse(binaries.major));
        Ok(found)
    }

    /// The server of the wanted major version, or the newest if none is wanted.
    pub(super) fn choose(&self, wanted: Option<u32>, account: Option<&Account>) -> Result<Binaries, Error> {
        let found = self.find(account)?;
        let mut majors: Vec<u32> = found.iter().map(|binaries| binaries.major).collect();
        majors.dedup();
        let fits = |binaries: &Binaries| wanted.is_none_or(|wanted| wanted == binaries.major);
        found.into_iter().find(fits).ok_or(match wanted {
            Some(wanted) if !majors.is_empty() => Error::NoSuchVersion { wanted, found: majors },
            _ => Error::NoBinaries,
        })
    }
}

impl Binaries {
    /// The path of one program.
    pub(super) fn program(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

fn reaches(account: Option<&Account>, folder: &Path) -> bool {
    account.is_none_or(|account| machine::can_reach(account, &folder.join("postgres")))
}

fn children(parent: &Path, prefix: &str) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(parent) else { return Vec::new() };
    let mut found: Vec<PathBuf> = entries
        .filter_map(Result::ok)
        .filter(|entry| entry.file_name().to_string_lossy().starts_with(prefix))
        .map(|entry| entry.path())
        .collect();
    found.sort();
    found
}

fn look(folder: &Path) -> Option<Binaries> {
    if !["postgres", "initdb", "pg_ctl"].iter().all(|program| folder.join(program).is_file()) {
        return None;
    }
    let output = Command::new(folder.join("postgres")).arg("--version").output().ok()?;
    let major = major(&String::from_utf8_lossy(&output.stdout))?;
    Some(Binaries { folder: folder.to_owned(), major })
}

/// `postgres (PostgreSQL) 15.18 (Debian …)`, `postgres (PostgreSQL) 19devel`.
fn major(text: &str) -> Option<u32> {
    let version = text.split_once("(PostgreSQL) ")?.1;
    version.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read() {
        assert_eq!(major("postgres (PostgreSQL) 15.18 (Debian 15.18-1)\n"), Some(15));
        assert_eq!(major("postgres (PostgreSQL) 19devel\n"), Some(19));
        assert_eq!(major("mysqld 8"), None);
    }

    #[test]
    fn no_server_anywhere_says_both_ways_out() {
        let message = Search::nowhere().choose(None, None).expect_err("nothing").to_string();
        assert!(message.contains("ALUDEL_PG_BIN") && message.contains("install"), "{message}");
        let message = Search::only("/nonexistent".into()).choose(None, None).expect_err("nothing").to_string();
        assert!(message.contains("/nonexistent"), "{message}");
    }
}
