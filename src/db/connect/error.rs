//! What can go wrong between a connection string and a session, in sentences that say what to do next.

use std::io;
use std::path::PathBuf;

use tokio_postgres::error::SqlState;

/// Why there is no connection. No message holds a password.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A URL of some other database.
    #[error("`{0}://` is not a PostgreSQL URL: write postgres://user@host:5432/database")]
    Scheme(String),
    /// Neither a URL nor pairs.
    #[error("not a connection string: write postgres://user@host:5432/database, or host=… user=… dbname=…")]
    NotAConnectionString,
    /// A part of a URL's query without `=`.
    #[error("`{0}` in the connection URL has no value: write {0}=…")]
    Pair(String),
    /// A quote that never ends.
    #[error("the value of `{0}` in the connection string has an open quote: end it with '")]
    OpenQuote(String),
    /// A bad escape in a URL.
    #[error("the connection URL has a broken % escape: write %25 for a percent sign, %40 for @, %2F for /")]
    Percent,
    /// A setting that libpq does not know.
    #[error("`{key}` is not a connection setting{}", nearest.map_or_else(
        || ": remove it (settings of one driver only do not belong in this URL)".to_owned(),
        |near| format!(": did you mean `{near}`?")))]
    UnknownSetting {
        /// What was written.
        key: String,
        /// The nearest known one.
        nearest: Option<&'static str>,
    },
    /// A setting that would have to be honoured and is not.
    #[error("`{key}` is not supported: {why}")]
    Unsupported {
        /// The setting.
        key: &'static str,
        /// Why, and what to do.
        why: &'static str,
    },
    /// A value that the setting does not take.
    #[error("`{value}` is no value for `{key}`: {expected}")]
    Value {
        /// The setting.
        key: &'static str,
        /// What was written.
        value: String,
        /// What it takes.
        expected: String,
    },
    /// A file that was named and could not be read.
    #[error("cannot read the {what} {}: {source}", path.display())]
    File {
        /// What the file is for.
        what: &'static str,
        /// Where.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A service that no file has.
    #[error("no service `{name}` in {}: add a [{name}] section, or remove service=", list(files))]
    NoService {
        /// Its name.
        name: String,
        /// The files that were read.
        files: Vec<PathBuf>,
    },
    /// A line of a service file without `=`.
    #[error("{}:{line}: not a setting: write key=value", path.display())]
    ServiceLine {
        /// The file.
        path: PathBuf,
        /// Its line, from 1.
        line: usize,
    },
    /// Certificates that could not be used.
    #[error("TLS cannot be set up: {0}")]
    Tls(String),
    /// Nothing to check a certificate with.
    #[error("this machine has no certificate authorities to verify the server with: set sslrootcert=<file>")]
    NoRoots,
    /// The server refused, or could not be reached.
    #[error("cannot connect to {server}: {why}")]
    Refused {
        /// Host, port, database and user.
        server: String,
        /// The sentence for people.
        why: String,
        /// What kind of refusal it is.
        kind: Refusal,
    },
    /// A query of the connection's own failed.
    #[error("{server} does not answer as PostgreSQL does: {source}")]
    Session {
        /// Host, port, database and user.
        server: String,
        /// What the driver says.
        source: tokio_postgres::Error,
    },
}

impl Error {
    /// Whether what was written is wrong, and no server was asked yet.
    pub fn is_setting(&self) -> bool {
        match self {
            Error::Refused { .. } | Error::Session { .. } => false,
            Error::Scheme(_)
            | Error::NotAConnectionString
            | Error::Pair(_)
            | Error::OpenQuote(_)
            | Error::Percent
            | Error::UnknownSetting { .. }
            | Error::Unsupported { .. }
            | Error::Value { .. }
            | Error::File { .. }
            | Error::NoService { .. }
            | Error::ServiceLine { .. }
            | Error::Tls(_)
            | Error::NoRoots => true,
        }
    }
}

/// The kinds of [`Error::Refused`] that callers tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// Wrong or no password, or an unknown role.
    Login,
    /// No line of pg_hba.conf lets this through.
    NoEntry,
    /// The database does not exist.
    NoDatabase,
    /// No right to connect.
    Privilege,
    /// Nothing listens there.
    Unreachable,
    /// The host's name means nothing.
    UnknownHost,
    /// TLS wanted and not offered, or the certificate is not trusted.
    Tls,
    /// Starting, stopping or recovering.
    NotReady,
    /// All connection slots are taken.
    Full,
    /// No answer in time.
    Timeout,
    /// Anything else.
    Other,
}

impl Error {
    /// The kind, if it is a refusal.
    pub fn refusal(&self) -> Option<Refusal> {
        if let Error::Refused { kind, .. } = self { Some(*kind) } else { None }
    }
}

/// What is said of one failed attempt.
pub(super) struct Attempt<'a> {
    pub(super) user: &'a str,
    pub(super) database: &'a str,
    pub(super) is_socket: bool,
    pub(super) has_password: bool,
    /// Why the password file was passed over.
    pub(super) note: Option<&'a str>,
}

/// Turns the driver's error into a sentence.
pub(super) fn explain(error: &tokio_postgres::Error, attempt: &Attempt<'_>) -> (Refusal, String) {
    if let Some(db) = error.as_db_error() {
        return from_server(db, attempt);
    }
    let cause = deepest(error);
    let text = cause.to_string();
    let shown = error.to_string();
    if shown.contains("TLS handshake") {
        return from_tls(&text);
    }
    if shown.contains("authentication error") || text.contains("password missing") {
        return match text.as_str() {
            "password missing" => (Refusal::Login, password_wanted(attempt)),
            other => (Refusal::Login, format!("the login failed: {other}")),
        };
    }
    if let Some(io) = io_error(error) {
        return from_io(io, attempt);
    }
    (Refusal::Other, if text == shown { text } else { format!("{shown}: {text}") })
}

fn from_server(db: &tokio_postgres::error::DbError, attempt: &Attempt<'_>) -> (Refusal, String) {
    let (user, database) = (attempt.user, attempt.database);
    let said = db.message();
    let code = db.code();
    if *code == SqlState::INVALID_PASSWORD {
        let advice = if attempt.has_password { wrong_password(attempt) } else { password_wanted(attempt) };
        (Refusal::Login, advice)
    } else if *code == SqlState::INVALID_AUTHORIZATION_SPECIFICATION && said.contains("pg_hba.conf") {
        let advice = if said.contains("no encryption") || said.contains("SSL off") {
            "try sslmode=require, or ask for a line in pg_hba.conf that lets this user in"
        } else {
            "ask for a line in pg_hba.conf that lets this user in from here"
        };
        (Refusal::NoEntry, format!("the server says: {said}. What to do: {advice}"))
    } else if *code == SqlState::INVALID_AUTHORIZATION_SPECIFICATION && said.contains("does not exist") {
        (Refusal::Login, format!("the role `{user}` does not exist: check the user name, or run CREATE ROLE … LOGIN"))
    } else if *code == SqlState::INVALID_AUTHORIZATION_SPECIFICATION {
        let advice = if said.contains("Peer") || said.contains("Ident") {
            "the socket wants the system user of the same name: use host=localhost and a password, or that user"
        } else {
            "check the user name and its right to log in"
        };
        (Refusal::Login, format!("the server says: {said}. What to do: {advice}"))
    } else if *code == SqlState::INVALID_CATALOG_NAME {
        (
            Refusal::NoDatabase,
            format!("the database `{database}` does not exist: run `createdb {database}`, or check the name"),
        )
    } else if *code == SqlState::INSUFFICIENT_PRIVILEGE {
        let advice = format!("ask for GRANT CONNECT ON DATABASE … TO {user}");
        (Refusal::Privilege, format!("the server says: {said}. What to do: {advice}"))
    } else if *code == SqlState::CANNOT_CONNECT_NOW {
        (Refusal::NotReady, format!("the server says: {said}. Wait a moment and run it again"))
    } else if *code == SqlState::TOO_MANY_CONNECTIONS {
        (Refusal::Full, format!("the server says: {said}. Close other connections, or raise max_connections"))
    } else {
        (Refusal::Other, format!("the server says: {said} ({})", code.code()))
    }
}

fn wrong_password(attempt: &Attempt<'_>) -> String {
    let note = attempt.note.map_or_else(String::new, |note| format!(" ({note})"));
    format!("wrong password for user `{}`: check the URL, PGPASSWORD or ~/.pgpass{note}", attempt.user)
}

fn password_wanted(attempt: &Attempt<'_>) -> String {
    let note = attempt.note.map_or_else(String::new, |note| format!(" ({note})"));
    format!("the server wants a password for user `{}`: set PGPASSWORD, or add a line to ~/.pgpass{note}", attempt.user)
}

fn from_tls(text: &str) -> (Refusal, String) {
    let advice = if text.contains("does not support TLS") {
        return (Refusal::Tls, "the server offers no TLS: turn ssl on there, or use sslmode=disable".to_owned());
    } else if text.contains("UnknownIssuer") || text.contains("CaUsedAsEndEntity") {
        "nothing here vouches for it: set sslrootcert to the authority that signed it"
    } else if text.contains("not valid for name") || text.contains("NotValidForName") {
        "connect by a name that is in it, or use sslmode=verify-ca"
    } else if text.contains("xpired") {
        "have it renewed"
    } else {
        "check sslmode, sslrootcert, sslcert and sslkey"
    };
    (Refusal::Tls, format!("the TLS handshake failed: {text}. What to do: {advice}"))
}

fn from_io(io: &io::Error, attempt: &Attempt<'_>) -> (Refusal, String) {
    match io.kind() {
        io::ErrorKind::ConnectionRefused => {
            (Refusal::Unreachable, "nothing listens there: is the server running, and is the port right?".to_owned())
        }
        io::ErrorKind::NotFound if attempt.is_socket => {
            (Refusal::Unreachable, "no socket there: is the server running, and is the folder right?".to_owned())
        }
        io::ErrorKind::PermissionDenied if attempt.is_socket => {
            (Refusal::Privilege, "this system user may not use the socket: use host=localhost".to_owned())
        }
        io::ErrorKind::PermissionDenied => (Refusal::Other, format!("{io} (see target_session_attrs)")),
        io::ErrorKind::TimedOut => (Refusal::Timeout, timeout_advice().to_owned()),
        io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset => (
            Refusal::Other,
            "the server closed the connection: see its log, and check that it is PostgreSQL".to_owned(),
        ),
        _ if io.to_string().contains("lookup") || io.to_string().contains("resolve") => {
            (Refusal::UnknownHost, "the host's name is unknown: check its spelling and the network".to_owned())
        }
        _ => (Refusal::Unreachable, format!("{io}: check host, port and the network")),
    }
}

/// What a silent server means.
pub(super) fn timeout_advice() -> &'static str {
    "no answer in time: check host, port and firewall, or raise connect_timeout"
}

fn io_error<'a>(error: &'a (dyn std::error::Error + 'static)) -> Option<&'a io::Error> {
    std::iter::successors(Some(error), |e| e.source()).find_map(|e| e.downcast_ref::<io::Error>())
}

fn deepest<'a>(error: &'a (dyn std::error::Error + 'static)) -> &'a (dyn std::error::Error + 'static) {
    std::iter::successors(Some(error), |e| e.source()).last().unwrap_or(error)
}

fn list(files: &[PathBuf]) -> String {
    files.iter().map(|file| file.display().to_string()).collect::<Vec<_>>().join(" or ")
}
