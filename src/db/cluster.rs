//! A private cluster: a real server from the PostgreSQL programs on this machine, started for aludel alone.
//!
//! It listens on a socket in a folder that only its owner can enter, so it needs no passwords. Processes share it:
//! each one holds it while it uses it, and the last to leave stops it.

use std::io;
use std::path::{Path, PathBuf};

use crate::db::connect::Target;
use crate::db::machine::Account;
use crate::db::marker::{self, Kind, Marker};
use binaries::Binaries;
use hold::{Door, User, io_error};
use place::Place;

mod binaries;
mod hold;
mod left;
mod place;
mod run;

pub use binaries::{NAMED, Search};
#[cfg(feature = "embedded")]
pub(super) use place::socket_folder;

/// The superuser of every private cluster.
const SUPERUSER: &str = "postgres";

/// What a cluster is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A developer's data: settings that keep it.
    Data,
    /// A shadow: nothing in it is worth keeping, so nothing waits for the disk.
    Shadow,
}

/// Why there is no private cluster.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No server programs.
    #[error(
        "no PostgreSQL server programs on this machine: install the postgresql package, or set {NAMED} to the folder that has `postgres` and `initdb`"
    )]
    NoBinaries,
    /// `ALUDEL_PG_BIN` is wrong.
    #[error("{NAMED} is {}, which has no `postgres`, `initdb` and `pg_ctl`: name the `bin` folder of a server", .0.display())]
    NamedFolder(PathBuf),
    /// Others, but not this version.
    #[error(
        "no PostgreSQL {wanted} server programs on this machine, only {}: install postgresql-{wanted}, or set {NAMED} to their folder",
        list(found)
    )]
    NoSuchVersion {
        /// The major version wanted.
        wanted: u32,
        /// Those that are there.
        found: Vec<u32>,
    },
    /// Root's own folder.
    #[error("{} cannot be reached by {}, which the server runs as: move it, or make its parents searchable (chmod o+x)", path.display(), account.as_ref().map_or("this user", |account| &account.name))]
    OutOfReach {
        /// What is out of reach.
        path: PathBuf,
        /// For whom.
        account: Option<Account>,
    },
    /// Root, and nobody else.
    #[error(
        "PostgreSQL does not run as root, and this machine has neither a `postgres` nor a `nobody` account: run aludel as another user"
    )]
    NoAccount,
    /// Something of somebody else's where ours should be.
    #[error("{} is there already and is not aludel's: remove it", .0.display())]
    Strange(PathBuf),
    /// Another process starts or stops it and does not get done.
    #[error("{} is in use by another aludel ({holder}): wait for it, or end it", folder.display())]
    Busy {
        /// The cluster's folder.
        folder: PathBuf,
        /// Who.
        holder: String,
    },
    /// The data needs another version.
    #[error("{} was made by PostgreSQL {made}, whose programs are not on this machine: {why}", folder.display())]
    Version {
        /// The cluster's folder.
        folder: PathBuf,
        /// The major version of the data.
        made: u32,
        /// What to do.
        why: String,
    },
    /// A program failed.
    #[error("{program} failed: {said}")]
    Program {
        /// Which.
        program: &'static str,
        /// What it printed.
        said: String,
    },
    /// The server does not come up.
    #[error("the private server does not start; {} ends with:\n{said}", log.display())]
    Start {
        /// Its log.
        log: PathBuf,
        /// The last lines of it.
        said: String,
    },
    /// A note of another kind of server.
    #[error(transparent)]
    Marker(#[from] marker::Error),
    /// The system says no.
    #[error("cannot use {}: {source}", path.display())]
    Io {
        /// What.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// A task of the runtime's was cancelled or panicked.
    #[error("the task that runs the private server ended: {0}")]
    Task(String),
}

/// A running private cluster; left when it is closed or dropped.
#[derive(Debug)]
pub struct Cluster {
    running: Option<Running>,
    target: Target,
    major: u32,
    note: Option<String>,
}

#[derive(Debug)]
struct Running {
    binaries: Binaries,
    place: Place,
    user: User,
}

impl Cluster {
    /// Opens the cluster in `folder`, making it and starting its server as needed.
    ///
    /// `wanted_major` chooses among the versions on this machine (else the newest). Data keeps the version that made
    /// it; a shadow of another version is made anew.
    ///
    /// # Errors
    /// If there are no programs, or they fail; the message says what to do.
    pub async fn open(
        folder: &Path,
        purpose: Purpose,
        wanted_major: Option<u32>,
        search: &Search,
    ) -> Result<Cluster, Error> {
        let (folder, search) = (folder.to_owned(), search.clone());
        let opening = tokio::task::spawn_blocking(move || open(&folder, purpose, wanted_major, &search));
        opening.await.map_err(|error| Error::Task(error.to_string()))?
    }

    /// How to connect to one of its databases; `postgres` is always there.
    pub fn target(&self, database: &str) -> Target {
        self.target.with_database(database)
    }

    /// The server's major version.
    pub fn major(&self) -> u32 {
        self.major
    }

    /// What the user should know: that the data is not where it was wanted.
    pub fn note(&self) -> Option<&str> {
        self.note.as_deref()
    }

    /// Leaves the server, and stops it if nobody else uses it.
    ///
    /// # Errors
    /// If it can't be stopped.
    pub async fn close(mut self) -> Result<(), Error> {
        let Some(running) = self.running.take() else { return Ok(()) };
        tokio::task::spawn_blocking(move || running.leave()).await.map_err(|error| Error::Task(error.to_string()))?
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Some(running) = self.running.take() {
            // A drop has nobody to tell; the next process that opens the folder finds the server and uses it.
            let _ = running.leave();
        }
    }
}

impl Running {
    fn leave(self) -> Result<(), Error> {
        let door = hold::door(&self.place.root)?;
        if !door.leave(&self.user) {
            return Ok(());
        }
        run::stop(&self.binaries, &self.place)
    }
}

fn open(folder: &Path, purpose: Purpose, wanted: Option<u32>, search: &Search) -> Result<Cluster, Error> {
    let folder = std::path::absolute(folder).map_err(io_error(folder.to_owned()))?;
    let marker = marker::read(&folder, Kind::Cluster)?;
    let account = place::account()?;
    let binaries = choose(&folder, purpose, wanted, search, marker.as_ref(), account.as_ref())?;
    let moved = marker.and_then(|marker| marker.place);
    let root = moved.unwrap_or_else(|| place::root(&folder, purpose, account.as_ref()));
    let note = (root != folder).then(|| {
        let reason = "the account that the server runs as cannot reach";
        format!("the private server keeps its files in {}: {reason} {}", root.display(), folder.display())
    });
    std::fs::create_dir_all(&folder).map_err(io_error(folder.clone()))?;
    let place = place::prepare(root, &folder, account)?;
    if purpose == Purpose::Shadow && place.root != folder {
        left::sweep(&place.root, &folder);
    }
    let door = hold::door(&place.root)?;
    if run::is_up(&place) {
        let user = door.join(&place.root)?;
        if made_by(&place) == Some(binaries.major) {
            return Ok(opened(binaries, place, user, note));
        }
        if !door.leave(&user) {
            let holder = "with another version of PostgreSQL".to_owned();
            return Err(Error::Busy { folder, holder });
        }
        run::stop(&binaries, &place)?;
    }
    renew(&door, &binaries, &place, purpose)?;
    let elsewhere = (place.root != folder).then(|| place.root.clone());
    marker::write(&folder, &Marker { kind: Kind::Cluster, major: binaries.major, place: elsewhere })?;
    run::start(&binaries, &place, purpose)?;
    let user = door.join(&place.root)?;
    Ok(opened(binaries, place, user, note))
}

fn opened(binaries: Binaries, place: Place, user: User, note: Option<String>) -> Cluster {
    let target = Target::private(&place.socket.to_string_lossy(), 5432, SUPERUSER, SUPERUSER);
    Cluster { major: binaries.major, running: Some(Running { binaries, place, user }), target, note }
}

/// Data is opened by the version that made it, whatever is wanted.
fn choose(
    folder: &Path,
    purpose: Purpose,
    wanted: Option<u32>,
    search: &Search,
    marker: Option<&Marker>,
    account: Option<&Account>,
) -> Result<Binaries, Error> {
    match marker {
        Some(marker) if purpose == Purpose::Data => {
            search.choose(Some(marker.major), account).map_err(|error| match error {
                Error::NoSuchVersion { .. } | Error::NoBinaries => {
                    Error::Version { folder: folder.to_owned(), made: marker.major, why: error.to_string() }
                }
                other => other,
            })
        }
        _ => search.choose(wanted, account),
    }
}

/// Sees to it that there is data of the right version.
fn renew(_alone: &Door, binaries: &Binaries, place: &Place, purpose: Purpose) -> Result<(), Error> {
    match made_by(place) {
        Some(made) if made == binaries.major => Ok(()),
        Some(made) if purpose == Purpose::Data => {
            let why = format!("PostgreSQL {} was chosen; set {NAMED}", binaries.major);
            Err(Error::Version { folder: place.root.clone(), made, why })
        }
        _ => {
            run::remove(&place.data)?;
            run::make(binaries, place, purpose)
        }
    }
}

/// The major version in the data directory's own note.
fn made_by(place: &Place) -> Option<u32> {
    std::fs::read_to_string(place.data.join("PG_VERSION")).ok()?.trim().parse().ok()
}

fn list(majors: &[u32]) -> String {
    majors.iter().map(u32::to_string).collect::<Vec<_>>().join(", ")
}
