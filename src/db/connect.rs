//! From a connection string to a session: everything psql users expect of one.
//!
//! [`Target::parse`] reads URLs and `key=value` strings over service files and `PG*` variables; [`connect`] tries the
//! hosts in turn, with TLS as `sslmode` says and passwords from the string, the environment or `.pgpass`.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use tokio_postgres::config::{ChannelBinding, TargetSessionAttrs};

use crate::db::machine;
use host::{Host, hosts};
use pgpass::PassFile;
use settings::Settings;

mod error;
mod host;
mod pgpass;
mod prepared;
mod service;
mod session;
mod settings;
mod tls;

pub use error::{Error, Refusal};
pub(crate) use session::is_gone;
pub use session::{Canceller, Connected, connect};

/// How long one attempt may take when `connect_timeout` does not say.
const PATIENCE: Duration = Duration::from_secs(30);

/// A password; shown as `***`.
#[derive(Clone, PartialEq, Eq)]
struct Secret(String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// A database to connect to, with all that was said about how. Shown without its password.
#[derive(Clone)]
pub struct Target {
    hosts: Vec<Host>,
    database: String,
    user: String,
    password: Option<Secret>,
    pass_file: Arc<PassFile>,
    options: Option<String>,
    application_name: Option<String>,
    timeout: Option<Duration>,
    mode: tls::Mode,
    tls: tls::Files,
    direct_tls: bool,
    channel_binding: ChannelBinding,
    attributes: TargetSessionAttrs,
    shuffle: bool,
    keepalives: Keepalives,
    one_connection: bool,
}

#[derive(Clone, Debug, Default)]
struct Keepalives {
    off: bool,
    idle: Option<Duration>,
    interval: Option<Duration>,
    count: Option<u32>,
    user_timeout: Option<Duration>,
}

impl Target {
    /// Reads a connection string; what it does not say comes from the service file, `PG*` variables (through `env`)
    /// and libpq's defaults.
    ///
    /// # Errors
    /// If the text, a value or a file it names can't be read; the message says what to write.
    pub fn parse(url: &str, env: &dyn Fn(&str) -> Option<String>) -> Result<Target, Error> {
        let settings = settings::read(url, env)?;
        let get = |key: &str| settings.get(key).cloned();
        let user = match get("user").or_else(|| machine::user_name(env)) {
            Some(user) => user,
            None => return Err(value("user", "", "give a user name: postgres://user@host/database")),
        };
        let home = |file: &str| env("HOME").map(|home| PathBuf::from(home).join(".postgresql").join(file));
        let existing = |file: &str| home(file).filter(|path| path.is_file());
        let root =
            get("sslrootcert").or_else(|| existing("root.crt").and_then(|path| path.to_str().map(str::to_owned)));
        let system = root.as_deref() == Some("system");
        let default_mode = if system { "verify-full" } else { "prefer" };
        let mode = one_of("sslmode", &get("sslmode").unwrap_or_else(|| default_mode.to_owned()), &tls::Mode::NAMES)?;
        if system && mode != tls::Mode::VerifyFull {
            return Err(value("sslmode", mode.name(), "sslrootcert=system goes with sslmode=verify-full only"));
        }
        let choice = |key, default: &str| get(key).unwrap_or_else(|| default.to_owned());
        Ok(Target {
            hosts: hosts(&settings)?,
            database: get("dbname").unwrap_or_else(|| user.clone()),
            user,
            password: get("password").map(Secret),
            pass_file: Arc::new(PassFile::load(settings.get("passfile").map(String::as_str), env)),
            options: get("options"),
            application_name: get("application_name"),
            timeout: timeout(&settings)?,
            mode,
            tls: tls::Files {
                root,
                cert: get("sslcert").map(PathBuf::from).or_else(|| existing("postgresql.crt")),
                key: get("sslkey").map(PathBuf::from).or_else(|| existing("postgresql.key")),
            },
            direct_tls: one_of(
                "sslnegotiation",
                &choice("sslnegotiation", "postgres"),
                &[("postgres", false), ("direct", true)],
            )?,
            channel_binding: one_of(
                "channel_binding",
                &choice("channel_binding", "prefer"),
                &[
                    ("disable", ChannelBinding::Disable),
                    ("prefer", ChannelBinding::Prefer),
                    ("require", ChannelBinding::Require),
                ],
            )?,
            attributes: one_of(
                "target_session_attrs",
                &choice("target_session_attrs", "any"),
                &[
                    ("any", TargetSessionAttrs::Any),
                    ("read-write", TargetSessionAttrs::ReadWrite),
                    ("primary", TargetSessionAttrs::ReadWrite),
                    ("read-only", TargetSessionAttrs::ReadOnly),
                    ("standby", TargetSessionAttrs::ReadOnly),
                    ("prefer-standby", TargetSessionAttrs::Any),
                ],
            )?,
            shuffle: one_of(
                "load_balance_hosts",
                &choice("load_balance_hosts", "disable"),
                &[("disable", false), ("random", true)],
            )?,
            keepalives: keepalives(&settings)?,
            one_connection: false,
        })
    }

    /// A server of our own: a socket's folder or a host name, no password, no TLS.
    pub fn private(host: &str, port: u16, user: &str, database: &str) -> Target {
        Target {
            hosts: vec![Host { name: host.to_owned(), address: None, port }],
            database: database.to_owned(),
            user: user.to_owned(),
            password: None,
            pass_file: Arc::default(),
            options: None,
            application_name: None,
            timeout: Some(PATIENCE),
            mode: tls::Mode::Disable,
            tls: tls::Files::default(),
            direct_tls: false,
            channel_binding: ChannelBinding::Prefer,
            attributes: TargetSessionAttrs::Any,
            shuffle: false,
            keepalives: Keepalives::default(),
            one_connection: false,
        }
    }

    /// The same server and user, another database.
    #[must_use]
    pub fn with_database(&self, name: &str) -> Target {
        Target { database: name.to_owned(), ..self.clone() }
    }

    /// Marks a server that serves one connection at a time, as the one inside the process does.
    #[must_use]
    pub fn serving_one_connection(self) -> Target {
        Target { one_connection: true, ..self }
    }

    /// Whether a second connection would wait for the first to end.
    pub fn serves_one_connection(&self) -> bool {
        self.one_connection
    }

    /// Whether every host is this machine: a socket or the loopback interface.
    pub fn is_local(&self) -> bool {
        self.hosts.iter().all(Host::is_local)
    }

    /// The database's name.
    pub fn database(&self) -> &str {
        &self.database
    }

    /// The user's name.
    pub fn user(&self) -> &str {
        &self.user
    }

    /// Hosts and ports, as messages name them: `localhost:5432`.
    pub fn server(&self) -> String {
        let shown = |host: &Host| match host.address {
            Some(address) if host.name.is_empty() => format!("{address}:{}", host.port),
            _ => format!("{}:{}", host.name, host.port),
        };
        self.hosts.iter().map(shown).collect::<Vec<_>>().join(",")
    }

    /// What messages call this: server, database and user.
    pub fn describe(&self) -> String {
        format!("database `{}` on {} as user `{}`", self.database, self.server(), self.user)
    }

    fn password_for(&self, host: &Host) -> Option<&Secret> {
        let name = match host.address {
            Some(address) if host.name.is_empty() => address.to_string(),
            _ => host.name.clone(),
        };
        self.password.as_ref().or_else(|| self.pass_file.password(&name, host.port, &self.database, &self.user))
    }
}

/// A URL that psql reads, with `***` for the password.
impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "postgres://{}", encode(&self.user))?;
        if self.password.is_some() {
            f.write_str(":***")?;
        }
        f.write_str("@")?;
        let mut query = Vec::new();
        if self.hosts.iter().any(Host::is_socket) {
            let join = |part: fn(&Host) -> String| self.hosts.iter().map(part).collect::<Vec<_>>().join(",");
            query.push(format!("host={}", join(|host| encode(&host.name))));
            query.push(format!("port={}", join(|host| host.port.to_string())));
        } else {
            for (i, host) in self.hosts.iter().enumerate() {
                let comma = if i > 0 { "," } else { "" };
                let name = host.address.map_or_else(|| host.name.clone(), |address| address.to_string());
                let (open, close) = if name.contains(':') { ("[", "]") } else { ("", "") };
                write!(f, "{comma}{open}{name}{close}:{}", host.port)?;
            }
        }
        if !matches!(self.mode, tls::Mode::Prefer | tls::Mode::Disable) {
            query.push(format!("sslmode={}", self.mode.name()));
        }
        let mark = if query.is_empty() { "" } else { "?" };
        write!(f, "/{}{mark}{}", encode(&self.database), query.join("&"))
    }
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Target({self})")
    }
}

fn encode(text: &str) -> String {
    let keep = |b: u8| b.is_ascii_alphanumeric() || b"-._~/".contains(&b);
    text.bytes().map(|b| if keep(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

/// libpq waits for ever by default and takes 1 for 2; so that nothing hangs, the default here is half a minute.
fn timeout(settings: &Settings) -> Result<Option<Duration>, Error> {
    Ok(match number::<i64>("connect_timeout", settings)? {
        None => Some(PATIENCE),
        Some(seconds) if seconds <= 0 => None,
        Some(seconds) => Some(Duration::from_secs(seconds.max(2).unsigned_abs())),
    })
}

fn keepalives(settings: &Settings) -> Result<Keepalives, Error> {
    let seconds = |key| Ok(number::<u64>(key, settings)?.filter(|n| *n > 0).map(Duration::from_secs));
    Ok(Keepalives {
        off: number::<u32>("keepalives", settings)? == Some(0),
        idle: seconds("keepalives_idle")?,
        interval: seconds("keepalives_interval")?,
        count: number("keepalives_count", settings)?.filter(|n| *n > 0),
        user_timeout: number::<u64>("tcp_user_timeout", settings)?.filter(|n| *n > 0).map(Duration::from_millis),
    })
}

fn number<T: FromStr>(key: &'static str, settings: &Settings) -> Result<Option<T>, Error> {
    settings.get(key).map(|text| text.trim().parse().map_err(|_| value(key, text, "a whole number"))).transpose()
}

fn one_of<T: Copy>(key: &'static str, text: &str, choices: &[(&str, T)]) -> Result<T, Error> {
    let names = || choices.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
    let found = choices.iter().find(|(name, _)| *name == text).map(|(_, choice)| *choice);
    found.ok_or_else(|| value(key, text, &format!("one of {}", names())))
}

fn value(key: &'static str, text: &str, expected: &str) -> Error {
    Error::Value { key, value: text.to_owned(), expected: expected.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(url: &str) -> Target {
        Target::parse(url, &|key| (key == "USER").then(|| "ann".to_owned())).expect(url)
    }

    #[test]
    fn a_target_is_shown_without_its_password() {
        let target = parse("postgres://bob:sesame@[::1]:6000/my%20shop?sslmode=require");
        assert_eq!(target.to_string(), "postgres://bob:***@[::1]:6000/my%20shop?sslmode=require");
        assert!(!format!("{target:?}").contains("sesame"));
        assert_eq!(target.with_database("x").database(), "x");
        assert_eq!(parse("host=/run/pg user=u dbname=d").to_string(), "postgres://u@/d?host=/run/pg&port=5432");
        assert_eq!(parse("postgres://u@a,b:7/d").to_string(), "postgres://u@a:5432,b:7/d");
    }

    #[test]
    fn only_loopback_and_sockets_are_this_machine() {
        for url in [
            "postgres://localhost/d",
            "postgres://127.0.0.2/d",
            "postgres://[::1]/d",
            "host=/tmp",
            "hostaddr=127.0.0.1 host=x",
        ] {
            assert!(parse(url).is_local(), "{url}");
        }
        for url in ["postgres://db.example/d", "postgres://localhost,db.example/d", "postgres://10.0.0.1/d"] {
            assert!(!parse(url).is_local(), "{url}");
        }
    }

    #[test]
    fn bad_values_name_the_setting() {
        for (url, needle) in [
            ("postgres://h:99999/d", "port"),
            ("postgres://h/d?sslmode=always", "verify-full"),
            ("postgres://a,b,c/d?port=1,2", "as many as hosts"),
            ("postgres://h/d?connect_timeout=soon", "connect_timeout"),
            ("postgres://h/d?sslrootcert=system&sslmode=require", "verify-full"),
        ] {
            let message = Target::parse(url, &|_| None).expect_err(url).to_string();
            assert!(message.contains(needle), "{url}: {message}");
        }
    }
}
