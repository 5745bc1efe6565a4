//! Opening a session, and holding it.

use std::io;
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::future::poll_fn;
use tokio::task::JoinHandle;
use tokio_postgres::config::{SslMode, SslNegotiation};
use tokio_postgres::{AsyncMessage, CancelToken, Client, Config, Connection, SimpleQueryMessage, Socket, Statement};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::error::{self, Attempt, Error, Refusal};
use super::prepared::Prepared;
use super::tls::{self, Mode};
use super::{Host, Target};

/// How many notices of the server are kept until somebody takes them.
const NOTICES: usize = 1000;

/// An open session. Derefs to the driver's client; ends when it is dropped or closed.
#[derive(Debug)]
pub struct Connected {
    client: Client,
    target: Target,
    version: u32,
    backend: i32,
    tls: Option<Tls>,
    shared: Arc<Mutex<Shared>>,
    prepared: Prepared,
    driver: JoinHandle<()>,
}

#[derive(Debug, Default)]
struct Shared {
    notices: Vec<String>,
    end: Option<String>,
}

/// A connector that can be shown.
#[derive(Clone)]
struct Tls(MakeRustlsConnect);

impl std::fmt::Debug for Tls {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tls")
    }
}

/// Opens a session; `application_name` is what `pg_stat_activity` shows unless the connection string says otherwise.
///
/// # Errors
/// If no host lets us in; the message says why and what to do, and never holds a password.
pub async fn connect(target: &Target, application_name: &str) -> Result<Connected, Error> {
    let mut hosts: Vec<&Host> = target.hosts.iter().collect();
    if target.shuffle {
        // Any spread will do, and processes differ in their ids.
        let turns = std::process::id() as usize % hosts.len().max(1);
        hosts.rotate_left(turns);
    }
    let mut failed: Vec<Error> = Vec::new();
    for host in hosts {
        match try_host(target, host, application_name).await {
            Err(error) if is_worth_another_host(&error) => failed.push(error),
            other => return other,
        }
    }
    Err(together(failed))
}

impl Connected {
    /// The server's version as `server_version_num` has it: 150018 for 15.18.
    pub fn version_num(&self) -> u32 {
        self.version
    }

    /// The server's major version.
    pub fn major(&self) -> u32 {
        self.version / 10_000
    }

    /// Where this session is.
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// The process id of the session on the server.
    pub fn backend_pid(&self) -> i32 {
        self.backend
    }

    /// The notices and warnings that came since the last call, as `WARNING: …`.
    pub fn take_notices(&self) -> Vec<String> {
        std::mem::take(&mut self.shared.lock().unwrap_or_else(PoisonError::into_inner).notices)
    }

    /// A statement that is asked more than once.
    ///
    /// # Errors
    /// If the server refuses it.
    pub async fn prepare_once(&self, sql: &str) -> Result<Statement, tokio_postgres::Error> {
        self.prepared.get(&self.client, sql).await
    }

    /// What it prepared to ask again.
    pub fn prepared(&self) -> &Prepared {
        &self.prepared
    }

    /// Why the session ended, if the server or the network ended it.
    pub fn end(&self) -> Option<String> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner).end.clone()
    }

    /// What another task needs to cancel the statement that is running here.
    pub fn canceller(&self) -> Canceller {
        Canceller { token: self.client.cancel_token(), tls: self.tls.clone() }
    }

    /// Ends the session and waits until the server was told.
    pub async fn close(self) {
        drop(self.client);
        // The task ends by itself once the client is gone; its only failure is a panic in the driver.
        let _ = tokio::time::timeout(Duration::from_secs(5), self.driver).await;
    }
}

impl Deref for Connected {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

impl DerefMut for Connected {
    fn deref_mut(&mut self) -> &mut Client {
        &mut self.client
    }
}

/// Cancels what a session runs, as Ctrl-C in psql does.
#[derive(Clone)]
pub struct Canceller {
    token: CancelToken,
    tls: Option<Tls>,
}

impl Canceller {
    /// Asks the server to stop the statement.
    ///
    /// # Errors
    /// If the server can't be reached.
    pub async fn cancel(&self) -> Result<(), tokio_postgres::Error> {
        match &self.tls {
            Some(tls) => self.token.cancel_query(tls.0.clone()).await,
            None => self.token.cancel_query(tokio_postgres::NoTls).await,
        }
    }
}

/// As libpq: another host is tried when this one is not there, not when it says no.
fn is_worth_another_host(error: &Error) -> bool {
    use Refusal::{Full, NotReady, Other, Timeout, Tls, UnknownHost, Unreachable};
    matches!(error.refusal(), Some(Unreachable | UnknownHost | Timeout | Tls | NotReady | Full | Other))
}

fn together(mut failed: Vec<Error>) -> Error {
    let count = failed.len();
    match failed.pop() {
        Some(Error::Refused { server, why, kind }) if count > 1 => {
            let before = failed.iter().map(|error| format!("\n  {error}")).collect::<String>();
            Error::Refused { server, why: format!("{why}{before}"), kind }
        }
        Some(error) => error,
        None => Error::NotAConnectionString,
    }
}

async fn try_host(target: &Target, host: &Host, application_name: &str) -> Result<Connected, Error> {
    let steps: &[SslMode] = match target.mode {
        _ if host.is_socket() => &[SslMode::Disable],
        Mode::Disable => &[SslMode::Disable],
        Mode::Allow => &[SslMode::Disable, SslMode::Require],
        Mode::Prefer => &[SslMode::Prefer, SslMode::Disable],
        Mode::Require | Mode::VerifyCa | Mode::VerifyFull => &[SslMode::Require],
    };
    let mut first = None;
    for &step in steps {
        match try_once(target, host, step, application_name).await {
            Err(error) if matches!(error.refusal(), Some(Refusal::Tls | Refusal::NoEntry)) => {
                first.get_or_insert(error);
            }
            other => return other,
        }
    }
    Err(first.unwrap_or(Error::NotAConnectionString))
}

async fn try_once(target: &Target, host: &Host, step: SslMode, application_name: &str) -> Result<Connected, Error> {
    let password = target.password_for(host);
    let refuse = |kind, why| Error::Refused {
        server: Target { hosts: vec![host.clone()], ..target.clone() }.describe(),
        why,
        kind,
    };
    let config = config(target, host, step, application_name);
    let opening = async {
        if step == SslMode::Disable {
            let (client, connection) = config.connect(tokio_postgres::NoTls).await?;
            Ok(drive(client, connection, None))
        } else {
            let tls = tls::connector(target.mode, &target.tls).map_err(Opening::Tls)?;
            let (client, connection) = config.connect(tls.clone()).await?;
            Ok(drive(client, connection, Some(Tls(tls))))
        }
    };
    let opened = match target.timeout {
        Some(limit) => tokio::time::timeout(limit, opening)
            .await
            .map_err(|_| refuse(Refusal::Timeout, error::timeout_advice().to_owned()))?,
        None => opening.await,
    };
    let open = match opened {
        Ok(open) => open,
        Err(Opening::Tls(error)) => return Err(error),
        Err(Opening::Driver(source)) => {
            let attempt = Attempt {
                user: &target.user,
                database: &target.database,
                is_socket: host.is_socket(),
                has_password: password.is_some(),
                note: target.pass_file.note.as_deref(),
            };
            let (kind, why) = error::explain(&source, &attempt);
            return Err(refuse(kind, why));
        }
    };
    let (version, backend) =
        greet(&open.client).await.map_err(|source| Error::Session { server: target.describe(), source })?;
    let Open { client, tls, shared, driver } = open;
    Ok(Connected {
        client,
        target: target.clone(),
        version,
        backend,
        tls,
        shared,
        prepared: Prepared::default(),
        driver,
    })
}

enum Opening {
    Tls(Error),
    Driver(tokio_postgres::Error),
}

impl From<tokio_postgres::Error> for Opening {
    fn from(error: tokio_postgres::Error) -> Self {
        Opening::Driver(error)
    }
}

struct Open {
    client: Client,
    tls: Option<Tls>,
    shared: Arc<Mutex<Shared>>,
    driver: JoinHandle<()>,
}

fn config(target: &Target, host: &Host, step: SslMode, application_name: &str) -> Config {
    let mut config = Config::new();
    config.user(&target.user).dbname(&target.database).port(host.port).ssl_mode(step);
    match host.address {
        Some(address) => {
            config.hostaddr(address);
            config.host(if host.name.is_empty() { address.to_string() } else { host.name.clone() });
        }
        None => {
            config.host(&host.name);
        }
    }
    if let Some(password) = target.password_for(host) {
        config.password(&password.0);
    }
    if let Some(options) = &target.options {
        config.options(options);
    }
    config.application_name(target.application_name.as_deref().unwrap_or(application_name));
    if target.direct_tls && step != SslMode::Disable {
        config.ssl_negotiation(SslNegotiation::Direct);
    }
    config.channel_binding(target.channel_binding).target_session_attrs(target.attributes);
    let keep = &target.keepalives;
    config.keepalives(!keep.off);
    keep.idle.map(|idle| config.keepalives_idle(idle).keepalives(!keep.off));
    keep.interval.map(|interval| config.keepalives_interval(interval).keepalives(!keep.off));
    keep.count.map(|count| config.keepalives_retries(count).keepalives(!keep.off));
    keep.user_timeout.map(|limit| config.tcp_user_timeout(limit).keepalives(!keep.off));
    config
}

/// Runs the connection on a task of its own, and keeps its notices and its end.
fn drive<S>(client: Client, mut connection: Connection<Socket, S>, tls: Option<Tls>) -> Open
where
    S: tokio_postgres::tls::TlsStream + Unpin + Send + 'static,
{
    let shared = Arc::new(Mutex::new(Shared::default()));
    let kept = Arc::clone(&shared);
    let driver = tokio::spawn(async move {
        while let Some(message) = poll_fn(|cx| connection.poll_message(cx)).await {
            let mut shared = kept.lock().unwrap_or_else(PoisonError::into_inner);
            match message {
                Ok(AsyncMessage::Notice(notice)) if shared.notices.len() < NOTICES => {
                    shared.notices.push(format!("{}: {}", notice.severity(), notice.message()));
                }
                Ok(_) => {}
                Err(error) => {
                    shared.end =
                        Some(error.as_db_error().map_or_else(|| error.to_string(), |db| db.message().to_owned()));
                    return;
                }
            }
        }
    });
    Open { client, tls, shared, driver }
}

/// Version and process id, in one round trip that poolers and old servers take too. Where a database has backslashes escape, they
/// do not here: what is read and written is SQL as the standard has it.
async fn greet(client: &Client) -> Result<(u32, i32), tokio_postgres::Error> {
    let query = "SET standard_conforming_strings = on; SELECT current_setting('server_version_num'), pg_backend_pid()";
    let messages = client.simple_query(query).await?;
    let row =
        messages.iter().find_map(|message| if let SimpleQueryMessage::Row(row) = message { Some(row) } else { None });
    let field = |i: usize| row.and_then(|row| row.get(i)).and_then(|text| text.parse::<i64>().ok());
    let version = field(0).and_then(|n| u32::try_from(n).ok()).unwrap_or_default();
    Ok((version, field(1).and_then(|n| i32::try_from(n).ok()).unwrap_or_default()))
}

/// Whether an error of the driver means that the session is gone.
pub(crate) fn is_gone(error: &tokio_postgres::Error) -> bool {
    let io = std::error::Error::source(error).is_some_and(|source| source.is::<io::Error>());
    error.is_closed() || io || error.code().is_some_and(|code| code.code().starts_with("57P"))
}
