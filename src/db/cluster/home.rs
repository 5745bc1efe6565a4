//! The folder of a private server: who owns it, which kind of server made it, and who uses it.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::Error;
use crate::db::machine::{self, Account};

/// The file that says what kind of server the folder belongs to.
const MARKER: &str = "aludel-server";
/// How long another process may take to start or stop the server.
const PATIENCE: Duration = Duration::from_secs(60);
/// `sun_path` minus its end, on the strictest system that has it (macOS: 104).
const SOCKET_BYTES: usize = 103;

/// The two kinds of private servers. A folder of one is never opened by the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A server of its own from the binaries on this machine.
    Cluster,
    /// The server inside the process.
    InProcess,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Kind::Cluster => "cluster",
            Kind::InProcess => "in-process",
        }
    }
}

/// What a folder's marker says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Marker {
    /// Which kind of server made the folder.
    pub kind: Kind,
    /// Its major version.
    pub major: u32,
}

/// Reads the marker of a folder, if there is one.
///
/// # Errors
/// If it can't be read.
pub fn marker(folder: &Path) -> Result<Option<Marker>, Error> {
    let path = folder.join(MARKER);
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(Error::Folder { path, source }),
    };
    let bad = || Error::Marker { path: path.clone() };
    let (kind, major) = text.trim().split_once(' ').ok_or_else(bad)?;
    let kind = [Kind::Cluster, Kind::InProcess].into_iter().find(|k| k.word() == kind).ok_or_else(bad)?;
    Ok(Some(Marker { kind, major: major.parse().map_err(|_| bad())? }))
}

/// Writes the marker whole.
pub(crate) fn mark(folder: &Path, marker: Marker) -> Result<(), Error> {
    let path = folder.join(MARKER);
    let new = folder.join("aludel-server.new");
    std::fs::write(&new, format!("{} {}\n", marker.kind.word(), marker.major))
        .and_then(|()| std::fs::rename(&new, &path))
        .map_err(|source| Error::Folder { path, source })
}

/// Where a cluster lives and as whom it runs.
#[derive(Clone, Debug)]
pub(super) struct Home {
    /// Folder of the data, the marker, the log and the locks.
    pub(super) folder: PathBuf,
    /// Folder of the socket.
    pub(super) socket: PathBuf,
    /// The account the server runs as, where this process is root.
    pub(super) account: Option<Account>,
    /// What the user should know about the place.
    pub(super) note: Option<String>,
}

impl Home {
    /// Makes the folders that a cluster wanted at `wanted` needs; `spare` is where it goes if the server's account
    /// can't get there.
    pub(super) fn prepare(wanted: &Path, spare: &Path) -> Result<Home, Error> {
        let folder_error = |path: &Path| { let path = path.to_owned(); move |source| Error::Folder { path, source } };
        let wanted = std::path::absolute(wanted).map_err(folder_error(wanted))?;
        let account = if machine::process_uid() == Some(0) {
            Some(machine::account("postgres").or_else(|| machine::account("nobody")).ok_or(Error::NoAccount)?)
        } else {
            None
        };
        let reachable = account.as_ref().is_none_or(|account| machine::can_reach(account, &wanted));
        let (folder, note) = if reachable {
            (wanted, None)
        } else {
            let name = account.as_ref().map_or("", |account| account.name.as_str());
            let folder = spare.join(format!("aludel-{:08x}", super::short_hash(&wanted.to_string_lossy())));
            let note = format!(
                "{} can't be reached by user `{name}`, as whom the server runs because root may not run one: \
                 it is kept in {}",
                wanted.display(),
                folder.display()
            );
            (folder, Some(note))
        };
        own(&folder, account.as_ref())?;
        let socket = if folder.as_os_str().len() + ".s.PGSQL.5432".len() < SOCKET_BYTES {
            folder.clone()
        } else {
            let short = PathBuf::from("/tmp").join(format!("aludel-s{:08x}", super::short_hash(&folder.to_string_lossy())));
            own(&short, account.as_ref())?;
            short
        };
        Ok(Home { folder, socket, account, note })
    }

    pub(super) fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    pub(super) fn log(&self) -> PathBuf {
        self.folder.join("server.log")
    }

    /// The process that runs on the data, if its file says one.
    pub(super) fn postmaster(&self) -> Option<u32> {
        std::fs::read_to_string(self.data().join("postmaster.pid")).ok()?.lines().next()?.trim().parse().ok()
    }

    /// The process that aludel started here last.
    pub(super) fn started(&self) -> Option<u32> {
        std::fs::read_to_string(self.folder.join("started")).ok()?.trim().parse().ok()
    }

    pub(super) fn note_started(&self, pid: u32) -> Result<(), Error> {
        let path = self.folder.join("started");
        std::fs::write(&path, pid.to_string()).map_err(|source| Error::Folder { path, source })
    }

    /// Held while a server is started or stopped; says who holds it if that takes too long.
    pub(super) fn gate(&self) -> Result<File, Error> {
        let path = self.folder.join("gate.lock");
        let file = lock_file(&path)?;
        let since = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) if since.elapsed() < PATIENCE => {
                    std::thread::sleep(Duration::from_millis(10));
                }
                Err(TryLockError::WouldBlock) => {
                    let holder = std::fs::read_to_string(&path).unwrap_or_default();
                    return Err(Error::Held { folder: self.folder.clone(), holder: holder.trim().to_owned() });
                }
                Err(TryLockError::Error(source)) => return Err(Error::Folder { path, source }),
            }
        }
        let holder = format!("process {}\n", std::process::id());
        std::fs::write(&path, holder).map_err(|source| Error::Folder { path, source })?;
        Ok(file)
    }

    /// Held, shared, by every process that uses the server; whoever leaves last stops it.
    pub(super) fn user(&self) -> Result<File, Error> {
        let path = self.folder.join("users.lock");
        let file = lock_file(&path)?;
        file.lock_shared().map_err(|source| Error::Folder { path, source })?;
        Ok(file)
    }
}

fn lock_file(path: &Path) -> Result<File, Error> {
    let open = OpenOptions::new().create(true).truncate(false).read(true).write(true).open(path);
    open.map_err(|source| Error::Folder { path: path.to_owned(), source })
}

/// Makes a folder that only the server's account (and root) can look into. One that somebody else made, as may be in a
/// folder everybody writes to, is refused.
fn own(folder: &Path, account: Option<&Account>) -> Result<(), Error> {
    use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
    let fail = |source| Error::Folder { path: folder.to_owned(), source };
    if let Some(parent) = folder.parent() {
        std::fs::create_dir_all(parent).map_err(fail)?;
    }
    match std::fs::DirBuilder::new().mode(0o700).create(folder) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            let meta = folder.symlink_metadata().map_err(fail)?;
            let (uid, _) = machine::owner(&meta);
            let ours = machine::process_uid().is_none_or(|me| uid == me) || account.is_some_and(|a| a.uid == uid);
            if !meta.is_dir() || !ours {
                return Err(Error::Foreign { path: folder.to_owned() });
            }
        }
        Err(source) => return Err(fail(source)),
    }
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700)).map_err(fail)?;
    if let Some(account) = account {
        std::os::unix::fs::chown(folder, Some(account.uid), Some(account.gid)).map_err(fail)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_marker_is_read_back() {
        let dir = tempfile::tempdir().expect("a folder");
        assert_eq!(marker(dir.path()).expect("reads"), None);
        let written = Marker { kind: Kind::InProcess, major: 17 };
        mark(dir.path(), written).expect("writes");
        assert_eq!(marker(dir.path()).expect("reads"), Some(written));
        std::fs::write(dir.path().join(MARKER), "nonsense").expect("writes");
        assert!(marker(dir.path()).is_err());
    }
}
