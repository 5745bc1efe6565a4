//! Who uses a cluster: processes share it, and the last one to leave stops it.
//!
//! Two lock files, which the system releases when a process dies. `users` is held shared by everybody who uses the
//! server; `door` is held alone by whoever starts or stops it.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::Error;

/// How long to wait for another process to start or stop the server.
const PATIENCE: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(5);

/// Alone at the door: nobody else starts or stops the server.
#[derive(Debug)]
pub(super) struct Door(File);

/// One of the users of the server.
#[derive(Debug)]
pub(super) struct User(File);

/// Waits for the door.
pub(super) fn door(folder: &Path) -> Result<Door, Error> {
    let path = folder.join("door.lock");
    let mut file = lock_file(&path)?;
    let since = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => break,
            Err(TryLockError::WouldBlock) if since.elapsed() < PATIENCE => std::thread::sleep(PAUSE),
            Err(TryLockError::WouldBlock) => {
                let holder = std::fs::read_to_string(&path).unwrap_or_default();
                return Err(Error::Busy { folder: folder.to_owned(), holder: holder.trim().to_owned() });
            }
            Err(TryLockError::Error(source)) => return Err(io_error(path)(source)),
        }
    }
    // Only for the message above; the lock is what counts.
    let _ = file.set_len(0).and_then(|()| writeln!(file, "process {}", std::process::id()));
    Ok(Door(file))
}

/// Whether nobody is at the door, or a user.
pub(super) fn is_unused(folder: &Path) -> bool {
    ["door.lock", "users.lock"].iter().all(|name| match File::open(folder.join(name)) {
        Ok(file) => file.try_lock().is_ok(),
        Err(error) => error.kind() == io::ErrorKind::NotFound,
    })
}

impl Door {
    /// Joins the users. Only at the door, so that nobody stops the server in between.
    pub(super) fn join(&self, folder: &Path) -> Result<User, Error> {
        let path = folder.join("users.lock");
        let file = lock_file(&path)?;
        // Held alone only for an instant and only at the door, so this never waits.
        file.lock_shared().map_err(io_error(path))?;
        Ok(User(file))
    }

    /// Leaves the users, and says whether nobody is left.
    pub(super) fn leave(&self, user: &User) -> bool {
        user.0.unlock().is_ok() && user.0.try_lock().is_ok()
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        // Closing the file does it too; this does it even if a child still has a copy of the descriptor.
        let _ = self.0.unlock();
    }
}

fn lock_file(path: &Path) -> Result<File, Error> {
    OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path).map_err(io_error(path.to_owned()))
}

pub(super) fn io_error(path: PathBuf) -> impl FnOnce(io::Error) -> Error {
    move |source| Error::Io { path, source }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_to_leave_is_told_so() {
        let dir = tempfile::tempdir().expect("a folder");
        let door = door(dir.path()).expect("the door");
        let (one, two) = (door.join(dir.path()).expect("joins"), door.join(dir.path()).expect("joins"));
        assert!(!door.leave(&one));
        assert!(door.leave(&two));
    }
}
