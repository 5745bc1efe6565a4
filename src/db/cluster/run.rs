//! Making, starting and stopping a server through its own programs.

use std::fs::{File, OpenOptions};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::binaries::Binaries;
use super::hold::io_error;
use super::place::{Place, give};
use super::{Error, Purpose, SUPERUSER};

/// How long a start may take: long enough for a recovery after a crash.
const START: Duration = Duration::from_secs(120);
/// How long a server that comes up or goes down for somebody who died may take.
const TAKEN: Duration = Duration::from_secs(30);
const STOP: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(5);

/// Makes the data directory, whole or not at all.
pub(super) fn make(binaries: &Binaries, place: &Place, purpose: Purpose) -> Result<(), Error> {
    let draft = place.root.join("data.new");
    remove(&draft)?;
    std::fs::create_dir(&draft).map_err(io_error(draft.clone()))?;
    give(&draft, place.account.as_ref())?;
    // Not every system has C.UTF-8; C sorts the same way.
    let tried = initdb(binaries, place, purpose, &draft, "C.UTF-8");
    let made = match tried {
        Err(Error::Program { ref said, .. }) if said.contains("locale") => {
            remove(&draft)?;
            std::fs::create_dir(&draft).map_err(io_error(draft.clone()))?;
            give(&draft, place.account.as_ref())?;
            initdb(binaries, place, purpose, &draft, "C")
        }
        other => other,
    };
    if let Err(error) = made {
        remove(&draft)?;
        return Err(error);
    }
    std::fs::rename(&draft, &place.data).map_err(io_error(place.data.clone()))
}

fn initdb(binaries: &Binaries, place: &Place, purpose: Purpose, data: &Path, locale: &str) -> Result<(), Error> {
    let mut command = program(binaries, place, "initdb");
    command.arg("-D").arg(data).args(["-U", SUPERUSER, "-A", "trust", "-E", "UTF8", "--locale", locale]);
    if purpose == Purpose::Shadow {
        command.arg("--no-sync");
    }
    let output = command.output().map_err(io_error(binaries.program("initdb")))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    Err(Error::Program { program: "initdb", said })
}

/// Removes a directory of data, if there is one.
pub(super) fn remove(path: &Path) -> Result<(), Error> {
    match std::fs::remove_dir_all(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(io_error(path.to_owned())(error)),
        _ => Ok(()),
    }
}

/// Whether a server runs on this data: it says `ready`, and its socket answers.
pub(super) fn is_up(place: &Place) -> bool {
    is_ready(place) && std::os::unix::net::UnixStream::connect(place.socket.join(".s.PGSQL.5432")).is_ok()
}

/// The eighth line of its pid file is what `pg_ctl -w` waits for.
fn is_ready(place: &Place) -> bool {
    let text = std::fs::read_to_string(place.data.join("postmaster.pid")).unwrap_or_default();
    text.lines().nth(7).is_some_and(|line| line.trim() == "ready")
}

/// Starts the server and waits until it takes connections. It may turn out to run already: its first starter may
/// have died while it came up, or while it went down.
pub(super) fn start(binaries: &Binaries, place: &Place, purpose: Purpose) -> Result<(), Error> {
    let since = Instant::now();
    loop {
        let mut child = spawn(binaries, place, purpose)?;
        while !is_up(place) {
            let ended = child.try_wait().map_err(io_error(place.data.clone()))?;
            if ended.is_some() {
                break;
            }
            if since.elapsed() > START {
                // It hangs; nothing but its end is wanted of it.
                let _ = child.kill();
                break;
            }
            std::thread::sleep(PAUSE);
        }
        if child.try_wait().map_err(io_error(place.data.clone()))?.is_none() && is_up(place) {
            // Reaped as soon as it ends: a zombie would count as a server that still runs.
            std::thread::spawn(move || child.wait());
            return Ok(());
        }
        let _ = child.wait();
        let said = tail(&place.log);
        let taken = said.contains("postmaster.pid") && said.contains("already exists");
        if !taken || since.elapsed() > TAKEN {
            return Err(Error::Start { log: place.log.clone(), said });
        }
        std::thread::sleep(10 * PAUSE);
        if is_up(place) {
            return Ok(());
        }
    }
}

fn spawn(binaries: &Binaries, place: &Place, purpose: Purpose) -> Result<Child, Error> {
    let log = File::create(&place.log).map_err(io_error(place.log.clone()))?;
    let errors = log.try_clone().map_err(io_error(place.log.clone()))?;
    let mut command = program(binaries, place, "postgres");
    command.arg("-D").arg(&place.data).arg("-k").arg(&place.socket).args(["-p", "5432"]);
    for setting in settings(purpose) {
        command.arg("-c").arg(setting);
    }
    command.stdin(Stdio::null()).stdout(log).stderr(errors);
    // A group of its own, so that Ctrl-C in the terminal ends this program first, which then ends the server in order.
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    command.spawn().map_err(io_error(binaries.program("postgres")))
}

/// Stops the server in order and waits until it is gone.
pub(super) fn stop(binaries: &Binaries, place: &Place) -> Result<(), Error> {
    let mut command = program(binaries, place, "pg_ctl");
    // Its own waiting looks ten times a second; ours is quicker.
    command.args(["stop", "-s", "-W", "-m", "fast", "-D"]).arg(&place.data);
    let output = command.output().map_err(io_error(binaries.program("pg_ctl")))?;
    let pid_file = place.data.join("postmaster.pid");
    if !output.status.success() {
        if !is_up(place) {
            // It was killed; the next start recovers its data.
            return Ok(());
        }
        let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        return Err(Error::Program { program: "pg_ctl stop", said });
    }
    let since = Instant::now();
    while pid_file.exists() {
        if since.elapsed() > STOP {
            return Err(Error::Program { program: "pg_ctl stop", said: tail(&place.log) });
        }
        std::thread::sleep(PAUSE);
    }
    Ok(())
}

/// What every start sets. The lock table is larger than the default because a schema is made in one transaction.
fn settings(purpose: Purpose) -> Vec<&'static str> {
    let mut all = vec![
        "listen_addresses=",
        "unix_socket_permissions=0700",
        "max_locks_per_transaction=1024",
        "max_connections=100",
        "timezone=UTC",
        "log_timezone=UTC",
        "jit=off",
        "logging_collector=off",
    ];
    if purpose == Purpose::Shadow {
        all.extend([
            "fsync=off",
            "full_page_writes=off",
            "synchronous_commit=off",
            "autovacuum=off",
            "wal_level=minimal",
            "max_wal_senders=0",
        ]);
    }
    all
}

fn program(binaries: &Binaries, place: &Place, name: &str) -> Command {
    let mut command = Command::new(binaries.program(name));
    // Otherwise initdb looks for the machine's time zone (slow), and PG* variables of the user's reach the server.
    command.env("TZ", "UTC").env("LC_ALL", "C").current_dir("/");
    for (key, _) in std::env::vars_os() {
        if key.as_encoded_bytes().starts_with(b"PG") {
            command.env_remove(key);
        }
    }
    if let Some(account) = &place.account {
        std::os::unix::process::CommandExt::uid(&mut command, account.uid);
        std::os::unix::process::CommandExt::gid(&mut command, account.gid);
        command.env("HOME", "/");
    }
    command
}

/// The end of the server's log, for messages.
fn tail(log: &Path) -> String {
    let text = OpenOptions::new().read(true).open(log).and_then(std::io::read_to_string).unwrap_or_default();
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    lines[lines.len().saturating_sub(6)..].join("\n")
}
