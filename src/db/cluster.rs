//! A private cluster: a PostgreSQL server of our own from the binaries on this machine, on a socket only.
//!
//! Any number of processes may use one folder at a time: the first starts the server, the last stops it. As root the
//! server runs as `postgres` (or `nobody`), because PostgreSQL refuses root.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};

use crate::db::connect::{self, Refusal, Target};
use home::Home;

mod binaries;
mod home;

pub use binaries::{Binaries, find};
pub use home::{Kind, Marker, marker};
pub(crate) use home::mark;

/// The port in the socket's name; nothing listens on the network.
const PORT: u16 = 5432;
/// The superuser, as everywhere else.
const USER: &str = "postgres";
/// How long a server may take to start: after a crash it first replays its log.
const START: Duration = Duration::from_secs(60);

/// What a cluster is for, and so whether it must survive a power cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A developer's data: durable.
    Data,
    /// Rebuilt at will: fast, with a large lock table.
    Shadow,
}

impl Purpose {
    fn settings(self) -> &'static [&'static str] {
        match self {
            Purpose::Data => &["max_locks_per_transaction=256", "max_connections=100"],
            Purpose::Shadow => &[
                "fsync=off",
                "synchronous_commit=off",
                "full_page_writes=off",
                "autovacuum=off",
                "wal_level=minimal",
                "max_wal_senders=0",
                "checkpoint_timeout=1h",
                "jit=off",
                // One transaction may make thousands of tables, each with indexes, a sequence and a toast table.
                "max_locks_per_transaction=4096",
                "max_connections=20",
            ],
        }
    }
}

/// What went wrong with a private server.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No server binaries, or none of the wanted version.
    #[error("no PostgreSQL{} server is installed on this machine: install one, or set ALUDEL_PG_BIN to its bin folder",
        wanted.map_or_else(String::new, |major| format!(" {major}")))]
    NoBinaries {
        /// The major version that was asked for.
        wanted: Option<u32>,
    },
    /// Root without an account to drop to.
    #[error("PostgreSQL refuses to run as root, and there is no user `postgres` or `nobody` here: run aludel as another user")]
    NoAccount,
    /// A folder or file could not be made or read.
    #[error("cannot use {}: {source}", path.display())]
    Folder {
        /// Where.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A folder that somebody else made.
    #[error("{} belongs to another user: remove it, or set TMPDIR to a folder of your own", path.display())]
    Foreign {
        /// Where.
        path: PathBuf,
    },
    /// A marker that no aludel wrote.
    #[error("{} is not one of aludel's: move the folder away", path.display())]
    Marker {
        /// The file.
        path: PathBuf,
    },
    /// The folder belongs to the other kind of server.
    #[error("{} was made by {}, and only that can open it: {}", folder.display(), made_by(*kind), match kind {
        Kind::InProcess => "unset ALUDEL_PG_BIN and take the server's binaries off PATH, or move the folder away",
        Kind::Cluster => "install that PostgreSQL again, or move the folder away",
    })]
    OtherKind {
        /// Where.
        folder: PathBuf,
        /// Who made it.
        kind: Kind,
    },
    /// The data is of a major version that is not the server's.
    #[error("{} holds data of PostgreSQL {found}, and the server here is {wanted}: set ALUDEL_PG_BIN to PostgreSQL {found}, \
             or move the folder away", folder.display())]
    OtherVersion {
        /// Where.
        folder: PathBuf,
        /// The version of the data.
        found: u32,
        /// The version that is here.
        wanted: u32,
    },
    /// Another process does not let go.
    #[error("{} is held by {holder}: wait for it, or end it", folder.display())]
    Held {
        /// Where.
        folder: PathBuf,
        /// Who.
        holder: String,
    },
    /// A program of PostgreSQL failed.
    #[error("{program} failed: {said}")]
    Program {
        /// Its name.
        program: &'static str,
        /// The end of what it printed.
        said: String,
    },
    /// The server ended or does not answer.
    #[error("the private server did not start: {said} (log: {})", log.display())]
    Start {
        /// The last lines of its log.
        said: String,
        /// The log.
        log: PathBuf,
    },
    /// The server is up and does not let us in.
    #[error(transparent)]
    Connect(#[from] connect::Error),
    /// The server inside the process.
    #[error("{0}")]
    InProcess(String),
}

fn made_by(kind: Kind) -> &'static str {
    match kind {
        Kind::Cluster => "a PostgreSQL server of this machine",
        Kind::InProcess => "the PostgreSQL inside aludel",
    }
}

/// A running private cluster. Stopped by the last process that lets go of it.
#[derive(Debug)]
pub struct Cluster {
    home: Home,
    binaries: Binaries,
    child: Option<Child>,
    user: Option<File>,
}

impl Cluster {
    /// Opens the cluster in a folder: makes it if there is none, starts it if it is not running.
    ///
    /// # Errors
    /// If there are no binaries of the wanted version, the folder is another's, or the server does not start.
    pub async fn open(
        folder: &Path,
        wanted_major: Option<u32>,
        purpose: Purpose,
        env: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Cluster, Error> {
        let home = Home::prepare(folder, &spare(purpose))?;
        let gate = home.gate()?;
        let made = marker(&home.folder)?;
        if let Some(Marker { kind: Kind::InProcess, .. }) = made {
            return Err(Error::OtherKind { folder: home.folder, kind: Kind::InProcess });
        }
        let wanted = wanted_major.or(made.map(|m| m.major));
        let binaries = find(wanted, env).ok_or(Error::NoBinaries { wanted })?;
        match made {
            Some(Marker { major, .. }) if major != binaries.major => {
                return Err(Error::OtherVersion { folder: home.folder, found: major, wanted: binaries.major });
            }
            Some(_) => {}
            None => make(&home, &binaries, purpose)?,
        }
        let mut cluster = Cluster { home, binaries, child: None, user: None };
        if !cluster.answers().await? {
            cluster.start(purpose).await?;
        }
        cluster.user = Some(cluster.home.user()?);
        drop(gate);
        Ok(cluster)
    }

    /// A database of this cluster, as its superuser.
    pub fn target(&self, database: &str) -> Target {
        Target::private(&self.home.socket.to_string_lossy(), PORT, USER, database)
    }

    /// The server's major version.
    pub fn major(&self) -> u32 {
        self.binaries.major
    }

    /// The folder the data is in.
    pub fn folder(&self) -> &Path {
        &self.home.folder
    }

    /// What the user should know: that the data is not where it was asked for.
    pub fn note(&self) -> Option<&str> {
        self.home.note.as_deref()
    }

    /// Lets go of the cluster, and stops it if nobody else uses it.
    ///
    /// # Errors
    /// If the server does not stop.
    pub fn close(mut self) -> Result<(), Error> {
        self.leave()
    }

    /// Whether a server runs on the data already.
    async fn answers(&self) -> Result<bool, Error> {
        if self.home.postmaster().is_none() {
            return Ok(false);
        }
        match connect::connect(&self.target("template1"), "aludel").await {
            Ok(session) => {
                session.close().await;
                Ok(true)
            }
            // Left behind by a crash: PostgreSQL clears its own stale files as it starts.
            Err(error) if error.refusal() == Some(Refusal::Unreachable) => Ok(false),
            Err(error) if error.refusal() == Some(Refusal::NotReady) => Ok(self.wait(None).await.is_ok()),
            Err(error) => Err(error.into()),
        }
    }

    async fn start(&mut self, purpose: Purpose) -> Result<(), Error> {
        let log = self.home.log();
        let open = || OpenOptions::new().create(true).append(true).open(&log);
        let (out, err) = open()
            .and_then(|file| Ok((file.try_clone()?, file)))
            .map_err(|source| Error::Folder { path: log.clone(), source })?;
        let mut command = program(&self.binaries, "postgres", &self.home);
        command.arg("-D").arg(self.home.data()).arg("-k").arg(&self.home.socket).args(["-h", "", "-p", &PORT.to_string()]);
        for setting in purpose.settings() {
            command.args(["-c", setting]);
        }
        // A group of its own, so that Ctrl-C on the terminal does not take the server from under us.
        command.stdin(Stdio::null()).stdout(out).stderr(err).process_group(0);
        let mut child = command.spawn().map_err(|error| Error::Program { program: "postgres", said: error.to_string() })?;
        self.home.note_started(child.id())?;
        let ready = self.wait(Some(&mut child)).await;
        self.child = Some(child);
        if ready.is_err() {
            let _ = self.stop();
        }
        ready
    }

    /// Waits until the server lets us in.
    async fn wait(&self, mut child: Option<&mut Child>) -> Result<(), Error> {
        let since = Instant::now();
        let target = self.target("template1");
        loop {
            let ended = child.as_mut().is_some_and(|child| !matches!(child.try_wait(), Ok(None)));
            match connect::connect(&target, "aludel").await {
                Ok(session) => {
                    session.close().await;
                    return Ok(());
                }
                Err(_) if !ended && since.elapsed() < START => tokio::time::sleep(Duration::from_millis(5)).await,
                Err(error) => {
                    let said = if ended { last_lines(&self.home.log()) } else { error.to_string() };
                    return Err(Error::Start { said, log: self.home.log() });
                }
            }
        }
    }

    fn leave(&mut self) -> Result<(), Error> {
        let Some(user) = self.user.take() else { return Ok(()) };
        let _gate = self.home.gate()?;
        let fail = |source| Error::Folder { path: self.home.folder.clone(), source };
        user.unlock().map_err(fail)?;
        let others = user.try_lock().is_err();
        let ours = self.home.postmaster().is_some() && self.home.postmaster() == self.home.started();
        if others || !ours { Ok(()) } else { self.stop() }
    }

    fn stop(&mut self) -> Result<(), Error> {
        let mut command = program(&self.binaries, "pg_ctl", &self.home);
        command.arg("-D").arg(self.home.data()).args(["-m", "fast", "-w", "-t", "30", "stop"]);
        let stopped = run(command, "pg_ctl");
        if let Some(mut child) = self.child.take() {
            if stopped.is_ok() {
                let _ = child.wait();
            }
        }
        stopped
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // Nobody is left to tell; a server that does not stop now is stopped by the next process that leaves.
        let _ = self.leave();
    }
}

/// Makes the data folder whole or not at all.
fn make(home: &Home, binaries: &Binaries, purpose: Purpose) -> Result<(), Error> {
    let fail = |path: &Path| { let path = path.to_owned(); move |source| Error::Folder { path, source } };
    let (data, new) = (home.data(), home.folder.join("data.new"));
    if data.exists() {
        return Err(Error::Marker { path: data });
    }
    if new.exists() {
        std::fs::remove_dir_all(&new).map_err(fail(&new))?;
    }
    let init = |locale: &str| {
        let mut command = program(binaries, "initdb", home);
        command.arg("-D").arg(&new).args(["-U", USER, "--auth=trust", "--encoding=UTF8"]).arg(format!("--locale={locale}"));
        if purpose == Purpose::Shadow {
            command.args(["--no-sync", "--wal-segsize=1"]);
        }
        run(command, "initdb")
    };
    // C.UTF-8 is not everywhere (macOS); C with UTF8 sorts the same.
    init("C.UTF-8").or_else(|_| init("C"))?;
    std::fs::rename(&new, &data).map_err(fail(&data))?;
    mark(&home.folder, Marker { kind: Kind::Cluster, major: binaries.major })
}

/// A command as the server's account, with nothing of the caller's `PG*` in it.
fn program(binaries: &Binaries, name: &str, home: &Home) -> Command {
    let mut command = Command::new(binaries.program(name));
    for (key, _) in std::env::vars_os() {
        if key.to_string_lossy().starts_with("PG") {
            command.env_remove(key);
        }
    }
    command.env("LC_ALL", "C").current_dir(&home.folder);
    if let Some(account) = &home.account {
        command.uid(account.uid).gid(account.gid);
    }
    command
}

fn run(mut command: Command, program: &'static str) -> Result<(), Error> {
    let out = command.stdin(Stdio::null()).output().map_err(|error| Error::Program { program, said: error.to_string() })?;
    if out.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(if out.stderr.is_empty() { &out.stdout } else { &out.stderr }).trim().to_owned();
    Err(Error::Program { program, said })
}

fn last_lines(path: &Path) -> String {
    let text = std::fs::read(path).unwrap_or_default();
    let text = String::from_utf8_lossy(&text).into_owned();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(3)..].join("; ")
}

/// Where a cluster goes that can't be where it was asked for: data survives a restart of the machine there.
fn spare(purpose: Purpose) -> PathBuf {
    let kept = PathBuf::from("/var/tmp");
    if purpose == Purpose::Data && kept.is_dir() { kept } else { std::env::temp_dir() }
}

/// Eight hexadecimal digits' worth of a text.
pub(crate) fn short_hash(text: &str) -> u32 {
    let hash = Sha256::digest(text.as_bytes());
    hash.iter().take(4).fold(0, |n, byte| n << 8 | u32::from(*byte))
}
