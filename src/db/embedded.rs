//! PostgreSQL inside the process: for machines that have no server. A developer's database, not a production one.
//!
//! Clients reach it through a socket in a folder that only this user can enter. It serves one connection at a time;
//! see [`explain`] for what else it cannot do.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use pglite_oxide::extensions::{Extension, by_sql_name};
use pglite_oxide::{PgliteServer, PgliteServerBuilder};
use tokio::net::UnixListener;
use tokio::sync::Mutex;
use tokio::task::JoinHandle;

use crate::db::cluster::{self, socket_folder};
use crate::db::connect::Target;
use crate::db::marker::{self, Kind, Marker};
use crate::name::Name;

mod explain;
mod gateway;

pub use explain::{caution, explain};

/// Its major version.
pub const MAJOR: u32 = 17;
/// The database that is always there.
pub const FIRST_DATABASE: &str = "template1";
/// What its user should know.
pub const CAUTION: &str = "this is the PostgreSQL inside aludel: one connection at a time, no statement_timeout, few \
    extensions, and no protection against power loss. Install PostgreSQL to develop on a real server";

/// How long to wait for a process that just ended, or is about to.
const PATIENCE: Duration = Duration::from_secs(5);
/// How old a temporary folder has to be to count as left behind.
const LEFTOVER: Duration = Duration::from_secs(60);
const PREFIX: &str = "aludel-inprocess-";

/// Why there is no server in the process.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// An extension that is not built in.
    #[error(
        "the PostgreSQL inside aludel has no extension {0}: install PostgreSQL with it on this machine, or name a server that has it in url or shadow"
    )]
    Extension(Name),
    /// Another process uses the folder.
    #[error("{} is in use by another aludel (process {holder}), and the PostgreSQL inside aludel serves one process only: end that one", folder.display())]
    InUse {
        /// The folder.
        folder: PathBuf,
        /// Who.
        holder: String,
    },
    /// It does not start.
    #[error(
        "the PostgreSQL inside aludel does not start: {0}. Its cache is in XDG_CACHE_HOME or ~/.cache, which must be writable"
    )]
    Start(String),
    /// A note of another kind of server.
    #[error(transparent)]
    Marker(#[from] marker::Error),
    /// Its folders can't be made.
    #[error(transparent)]
    Folder(#[from] cluster::Error),
    /// The system says no.
    #[error("cannot use {}: {source}", path.display())]
    Io {
        /// What.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// A task of the runtime's was cancelled or panicked.
    #[error("the task that runs the server ended: {0}")]
    Task(String),
}

/// A running server in this process. Ends when it is closed or dropped.
#[derive(Debug)]
pub struct InProcess {
    target: Target,
    inner: Option<Arc<Mutex<Inner>>>,
    door: JoinHandle<()>,
}

/// The listener, and what it takes to start it again.
#[derive(Debug)]
struct Inner {
    builder: PgliteServerBuilder,
    server: Option<PgliteServer>,
    /// The folders to remove at the end.
    remove: Vec<PathBuf>,
}

impl InProcess {
    /// Opens the data in a folder, making it as needed. The extensions are made in every database that is connected to.
    ///
    /// # Errors
    /// If an extension is not built in, another process uses the folder, or the server does not start.
    pub async fn open(folder: &Path, extensions: &[Name]) -> Result<InProcess, Error> {
        let folder = std::path::absolute(folder).map_err(|source| Error::Io { path: folder.to_owned(), source })?;
        marker::read(&folder, Kind::InProcess)?;
        start(folder, extensions, Keep::Always).await
    }

    /// Makes a server whose data goes when it is closed.
    ///
    /// # Errors
    /// As [`InProcess::open`].
    pub async fn temporary(extensions: &[Name]) -> Result<InProcess, Error> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let temp = std::env::temp_dir();
        sweep(&temp);
        start(temp.join(format!("{PREFIX}{}-{number}", std::process::id())), extensions, Keep::UntilClosed).await
    }

    /// How to connect to one of its databases; [`FIRST_DATABASE`] is always there.
    pub fn target(&self, database: &str) -> Target {
        self.target.with_database(database)
    }

    /// Stops it, once its client is gone.
    ///
    /// # Errors
    /// If it does not stop.
    pub async fn close(mut self) -> Result<(), Error> {
        self.door.abort();
        let Some(inner) = self.inner.take() else { return Ok(()) };
        // The client's last words may still be on their way; one that stays is cut off.
        let _ = tokio::time::timeout(PATIENCE, async { drop(inner.lock().await) }).await;
        tokio::task::spawn_blocking(move || end(inner)).await.map_err(|error| Error::Task(error.to_string()))
    }
}

impl Drop for InProcess {
    fn drop(&mut self) {
        self.door.abort();
        if let Some(inner) = self.inner.take() {
            // Its end waits for its client, which may need this very thread to end.
            std::thread::spawn(move || end(inner));
        }
    }
}

impl Inner {
    fn restart(&mut self) -> Result<(), Error> {
        // Ends the old one first, which holds the lock on the folder.
        self.server = None;
        self.server = Some(self.builder.clone().start().map_err(|error| Error::Start(format!("{error:#}")))?);
        Ok(())
    }
}

fn end(inner: Arc<Mutex<Inner>>) {
    let mut inner = inner.blocking_lock();
    inner.server = None;
    for folder in std::mem::take(&mut inner.remove) {
        // What stays is swept by a later run.
        let _ = std::fs::remove_dir_all(folder);
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Keep {
    Always,
    UntilClosed,
}

async fn start(folder: PathBuf, extensions: &[Name], keep: Keep) -> Result<InProcess, Error> {
    let extensions = extensions
        .iter()
        .map(|name| by_sql_name(name.as_str()).ok_or_else(|| Error::Extension(name.clone())))
        .collect::<Result<Vec<Extension>, Error>>()?;
    let starting = tokio::task::spawn_blocking(move || {
        std::fs::create_dir_all(&folder).map_err(|source| Error::Io { path: folder.clone(), source })?;
        marker::write(&folder, &Marker { kind: Kind::InProcess, major: MAJOR, place: None })?;
        let socket = socket_folder(&folder, None)?;
        let builder = PgliteServer::builder()
            .path(folder.join("root"))
            .unix(socket.join("inner"))
            .postgres_config("max_locks_per_transaction", "512")
            .extensions(extensions);
        let server = first_start(&builder, &folder)?;
        let remove = if keep == Keep::UntilClosed { vec![folder, socket.clone()] } else { Vec::new() };
        Ok::<_, Error>((Inner { builder, server: Some(server), remove }, socket))
    });
    let (inner, socket) = starting.await.map_err(|error| Error::Task(error.to_string()))??;
    let path = socket.join(".s.PGSQL.5432");
    // Left by a process that was killed; the folder's lock says that it is gone.
    let _ = std::fs::remove_file(&path);
    let listener = UnixListener::bind(&path).map_err(|source| Error::Io { path, source })?;
    let inner = Arc::new(Mutex::new(inner));
    let door = tokio::spawn(gateway::serve(listener, Arc::clone(&inner), socket.join("inner")));
    let target = Target::private(&socket.to_string_lossy(), 5432, "postgres", FIRST_DATABASE).serving_one_connection();
    Ok(InProcess { target, inner: Some(inner), door })
}

/// The folder stays locked for a moment after its last process was killed.
fn first_start(builder: &PgliteServerBuilder, folder: &Path) -> Result<PgliteServer, Error> {
    let since = Instant::now();
    let note = folder.join("holder");
    loop {
        match builder.clone().start() {
            Ok(server) => {
                // Only for the message below.
                let _ = std::fs::write(&note, std::process::id().to_string());
                return Ok(server);
            }
            Err(error) => {
                let said = format!("{error:#}");
                if !said.contains("already in use") {
                    return Err(Error::Start(said));
                }
                if since.elapsed() > PATIENCE {
                    let holder = std::fs::read_to_string(note).unwrap_or_else(|_| "unknown".to_owned());
                    return Err(Error::InUse { folder: folder.to_owned(), holder });
                }
                std::thread::sleep(Duration::from_millis(50));
            }
        }
    }
}

/// Removes what processes that were killed left in the temporary folder.
fn sweep(temp: &Path) {
    let Ok(entries) = std::fs::read_dir(temp) else { return };
    for entry in entries.filter_map(Result::ok) {
        let old = || entry.metadata().and_then(|meta| meta.modified()).ok()?.elapsed().ok();
        if !entry.file_name().to_string_lossy().starts_with(PREFIX) || old().is_none_or(|age| age < LEFTOVER) {
            continue;
        }
        let lock = std::fs::File::open(entry.path().join("root/.pglite-oxide.lock"));
        if lock.is_ok_and(|file| file.try_lock().is_ok()) {
            // Best effort: another process may be sweeping too.
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}
