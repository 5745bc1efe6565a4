//! Where the shadow lives: an empty database in which the models' DDL runs and is read back.
//!
//! In this order: on the live database's own server if that is this machine, in a private cluster of the same major
//! version, in the server inside the process. Nothing is ever made on another machine's server unasked.

use std::fmt;
use std::ops::Deref;
use std::path::Path;

use crate::db::cluster::{self, Cluster, Purpose, Search};
use crate::db::connect::{self, Connected, Target, connect};
#[cfg(feature = "embedded")]
use crate::db::embedded;
use crate::db::server::{self, Private};
use crate::name::Name;
use slot::{Locale, Slot};

mod clean;
mod facts;
mod given;
mod open;
mod roles;
mod slot;

pub use clean::empty;
pub use facts::Facts;

/// What `pg_stat_activity` calls our sessions.
const APPLICATION: &str = "aludel shadow";
/// From how many tables and the like on a database is made anew rather than emptied, where that costs no real
/// checkpoint. Emptying takes about a millisecond a table, making anew about 50 in all.
const LARGE: i64 = 50;

/// The setting `shadow`.
#[derive(Clone, Debug)]
pub enum Setting {
    /// `auto`.
    Auto,
    /// A database that the user made for it.
    Given(Box<Target>),
}

impl Setting {
    /// Reads the setting's text.
    ///
    /// # Errors
    /// If it is neither `auto` nor a connection string.
    pub fn parse(text: &str, env: &dyn Fn(&str) -> Option<String>) -> Result<Setting, connect::Error> {
        if text == "auto" {
            Ok(Setting::Auto)
        } else {
            Target::parse(text, env).map(|target| Setting::Given(Box::new(target)))
        }
    }
}

/// What a shadow is wanted for.
#[derive(Debug)]
pub struct Request<'a> {
    /// The setting.
    pub setting: &'a Setting,
    /// A session on the live database.
    pub live: &'a Connected,
    /// The folder for private servers: `.aludel`.
    pub folder: &'a Path,
    /// Where server programs are looked for.
    pub search: &'a Search,
}

/// Where a shadow is, as messages name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// On the live database's server.
    SameServer {
        /// The shadow's database.
        database: Name,
    },
    /// In a private cluster of this machine's programs.
    Cluster {
        /// Its major version.
        major: u32,
    },
    /// Inside the process.
    InProcess,
    /// In the database that the user gave.
    Given {
        /// How it is reached; without a password.
        url: String,
    },
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::SameServer { database } => write!(f, "database {database} on the live server"),
            Place::Cluster { major } => write!(f, "a private cluster of PostgreSQL {major}"),
            Place::InProcess => f.write_str("the PostgreSQL inside aludel"),
            Place::Given { url } => f.write_str(url),
        }
    }
}

/// Why there is no shadow.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Every place was tried.
    #[error(
        "no place for a shadow database:\n{}\nHave one made and name it:\n  {statement};\n  shadow = \"{url}\"",
        lines(reasons)
    )]
    Nowhere {
        /// Each place and why it would not do.
        reasons: Vec<String>,
        /// What a DBA has to run.
        statement: String,
        /// The setting that goes with it.
        url: String,
    },
    /// The live database itself was given.
    #[error(
        "shadow is the live database itself ({0}), and a shadow is emptied: give another database, or shadow = \"auto\""
    )]
    Live(String),
    /// The given one has something in it that is not aludel's.
    #[error("the database given as shadow ({url}) is not empty ({}): a shadow is emptied, so give an empty one that is used for nothing else", left.join(", "))]
    NotEmpty {
        /// Which.
        url: String,
        /// Some of what is in it.
        left: Vec<String>,
    },
    /// Another process uses the given one.
    #[error("the database given as shadow ({0}) is in use by another aludel: wait for it, or use shadow = \"auto\"")]
    Busy(String),
    /// It can't be emptied.
    #[error("the shadow ({place}) cannot be emptied of {}: drop it by hand", left.join(", "))]
    NotEmptied {
        /// Where.
        place: Place,
        /// Some of what stays.
        left: Vec<String>,
    },
    /// Roles that the schema names and the shadow's server lacks.
    #[error(
        "the shadow's server ({place}) lacks roles that the schema names, and this user may not make them. Run there:\n{statements}"
    )]
    Roles {
        /// Where.
        place: Place,
        /// `CREATE ROLE` statements.
        statements: String,
    },
    /// The private cluster lacks an extension.
    #[error("extension {name} is not installed for PostgreSQL {major} on this machine: install its package")]
    Extension {
        /// Which.
        name: Name,
        /// For which version.
        major: u32,
    },
    /// A session could not be had.
    #[error(transparent)]
    Connect(#[from] connect::Error),
    /// A private server failed.
    #[error(transparent)]
    Server(#[from] server::Error),
    /// A query of ours was refused.
    #[error("{doing} failed: {source}{}", source.as_db_error().map_or_else(String::new, |db| format!(": {}", db.message())))]
    Query {
        /// What was being done.
        doing: &'static str,
        /// What the driver says.
        source: tokio_postgres::Error,
    },
}

impl From<cluster::Error> for Error {
    fn from(error: cluster::Error) -> Self {
        Error::Server(error.into())
    }
}

/// An open shadow: a session on a database that began empty.
#[derive(Debug)]
pub struct Shadow {
    /// The session.
    pub connected: Connected,
    /// Where it is.
    pub place: Place,
    /// The server's version as `server_version_num` has it.
    pub version: u32,
    /// What the user should know, such as a locale that this server lacks.
    pub notes: Vec<String>,
    facts: Facts,
    home: Home,
}

/// A name that is held, and the server if it is one of ours.
#[derive(Debug)]
struct Kept {
    slot: Slot,
    server: Option<Private>,
}

/// What keeps the shadow's database.
#[derive(Debug)]
enum Home {
    /// A database of ours, on the live server or a private one.
    Slot(Box<Kept>),
    /// The user's, held by a lock of the session's own.
    Given,
    /// A root of its own inside the process.
    #[cfg(feature = "embedded")]
    InProcess(Box<embedded::InProcess>),
}

impl Deref for Shadow {
    type Target = Connected;

    fn deref(&self) -> &Connected {
        &self.connected
    }
}

/// What a shadow of this database has to be like.
///
/// # Errors
/// If the server does not say.
pub async fn facts(live: &Connected) -> Result<Facts, Error> {
    Facts::read(live).await.map_err(query("reading the live database's properties"))
}

/// Opens an empty shadow for a live database of which the facts are known.
///
/// # Errors
/// If no place will do; the message says why each would not, and what to ask a DBA for.
pub async fn open_shadow(request: &Request<'_>, facts: Facts) -> Result<Shadow, Error> {
    match request.setting {
        Setting::Given(target) => open::in_given(target, facts).await,
        Setting::Auto => open::anywhere(request, facts).await,
    }
}

impl Shadow {
    /// Makes the shadow empty again: by dropping what is in it, or by making it anew where that is quicker.
    ///
    /// # Errors
    /// If the server refuses, or something can't be dropped.
    pub async fn reset(&mut self) -> Result<(), Error> {
        let failed = query("emptying the shadow");
        if self.is_quicker_anew().await.unwrap_or(true) {
            return self.renew().await;
        }
        let left = clean::empty(&self.connected).await;
        match (&self.home, left) {
            (_, Ok(left)) if left.is_empty() => Ok(()),
            (Home::Given, Ok(left)) => Err(Error::NotEmptied { place: self.place.clone(), left }),
            (Home::Given, Err(source)) => Err(failed(source)),
            _ => self.renew().await,
        }
    }

    /// Ends the sessions and leaves the server. The database is kept for the next run, unless something in it belongs to a role, or
    /// is granted to one; leftovers are swept.
    ///
    /// # Errors
    /// If a given database can't be emptied, or a private server not stopped.
    pub async fn close(mut self) -> Result<(), Error> {
        if matches!(self.home, Home::Given) {
            // It has to be empty when the next run opens it: that is how a run knows that nobody else uses it.
            self.reset().await?;
            given::unmark(&self.connected).await;
        } else {
            // Where it fails, a later sweep does it.
            let _ = clean::unsubscribe(&self.connected).await;
        }
        self.connected.close().await;
        match self.home {
            Home::Slot(kept) => {
                let Kept { slot, server } = *kept;
                // Nobody who drops a role has to know of shadows.
                if slot.holds_roles().await.unwrap_or(false) {
                    let _ = slot.remove().await;
                }
                // A sweep that fails is tried again by the next run.
                let _ = slot.sweep().await;
                slot.keeper.close().await;
                if let Some(server) = server {
                    server.close().await?;
                }
            }
            Home::Given => {}
            #[cfg(feature = "embedded")]
            Home::InProcess(server) => server.close().await.map_err(server::Error::from)?,
        }
        Ok(())
    }

    /// Gives the shadow's server the roles that the schema names, as stand-ins that can't log in.
    ///
    /// # Errors
    /// If there are some missing on a server where this user may not make them.
    pub async fn ensure_roles(&self, names: &[Name]) -> Result<(), Error> {
        roles::ensure(&self.connected, &self.place, names).await
    }

    /// Gives the shadow's server stand-ins for the live one's roles, where it is another: on servers of our own for all of them, else
    /// for those that the schema names in policies and user mappings, and where they are managed as owners and grantees.
    ///
    /// # Errors
    /// If there are some missing on a server where this user may not make them.
    pub async fn stand_in(&self, live: &Connected, managed: bool) -> Result<(), Error> {
        if matches!(self.place, Place::SameServer { .. }) {
            return Ok(());
        }
        let names = roles::named(live, &self.place, managed).await?;
        self.ensure_roles(&names).await
    }

    /// Where nothing is written through to the disk, dropping a database costs no real checkpoint.
    async fn is_quicker_anew(&self) -> Result<bool, tokio_postgres::Error> {
        if !matches!(self.home, Home::Slot(_)) {
            return Ok(false);
        }
        // A database with a subscription is not dropped.
        const MAY: &str = "SELECT current_setting('fsync') = 'off' AND NOT EXISTS \
             (SELECT FROM pg_subscription s JOIN pg_database d ON d.oid = s.subdbid WHERE d.datname = current_database())";
        let may: bool = self.connected.query_one(MAY, &[]).await?.get(0);
        Ok(may && clean::size(&self.connected).await? > LARGE)
    }

    async fn renew(&mut self) -> Result<(), Error> {
        match &mut self.home {
            Home::Slot(kept) => {
                let locale = if kept.server.is_some() { Locale::Nearest } else { Locale::Exact };
                kept.slot.make(&self.facts, locale).await.map_err(query("making the shadow anew"))?;
                self.connected = connect(self.connected.target(), APPLICATION).await?;
            }
            Home::Given => {}
            #[cfg(feature = "embedded")]
            Home::InProcess(server) => {
                let next = embedded::InProcess::temporary(&self.facts.added_extensions())
                    .await
                    .map_err(server::Error::from)?;
                self.connected = connect(&next.target(embedded::FIRST_DATABASE), APPLICATION).await?;
                // The extensions that it was started with are made on connecting.
                clean::empty(&self.connected).await.map_err(query("emptying the shadow"))?;
                **server = next;
            }
        }
        Ok(())
    }
}

fn query(doing: &'static str) -> impl FnOnce(tokio_postgres::Error) -> Error {
    move |source| Error::Query { doing, source }
}

fn lines(reasons: &[String]) -> String {
    reasons.iter().map(|reason| format!("  - {reason}")).collect::<Vec<_>>().join("\n")
}
