//! A server of aludel's own: a private cluster where this machine has the programs, else the one inside the process.

use std::path::{Path, PathBuf};

use crate::db::cluster::{self, Cluster, Purpose, Search};
use crate::db::connect::{self, Target, connect};
#[cfg(feature = "embedded")]
use crate::db::embedded::{self, InProcess};
use crate::db::marker::{self, Kind};
use crate::name::Name;
use crate::sql;

/// The folder under `.aludel` of what `url = "embedded"` names.
pub const DATA_FOLDER: &str = "server";
/// The database of what `url = "embedded"` names.
pub const DATABASE: &str = "app";

/// A running server of our own.
#[derive(Debug)]
pub enum Private {
    /// From this machine's PostgreSQL programs.
    Cluster(Cluster),
    /// Inside this process.
    #[cfg(feature = "embedded")]
    InProcess(InProcess),
}

/// Why there is no private server.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The cluster's reason.
    #[error(transparent)]
    Cluster(#[from] cluster::Error),
    /// The reason of the one in the process.
    #[cfg(feature = "embedded")]
    #[error(transparent)]
    InProcess(#[from] embedded::Error),
    /// Neither way is open.
    #[error("{0}; or build aludel with its `embedded` feature (the default), which holds a PostgreSQL of its own")]
    Neither(cluster::Error),
    /// The data needs the feature.
    #[error("{} holds data of {}, and this aludel was built without the feature `embedded`: build it with it, or move the folder away to start afresh", .0.display(), Kind::InProcess.describe())]
    NotBuiltIn(PathBuf),
    /// Its session could not be had.
    #[error(transparent)]
    Connect(#[from] connect::Error),
    /// A statement of ours was refused.
    #[error("the private server refused to make database `{database}`: {source}")]
    Database {
        /// The database's name.
        database: Name,
        /// What it says.
        source: tokio_postgres::Error,
    },
}

impl Private {
    /// Opens the server in `folder`: the kind that made it; for a new one a cluster if there are programs of the wanted
    /// version, else the one in the process.
    ///
    /// `extensions` are those that the one in the process has to be started with.
    ///
    /// # Errors
    /// If neither can be had; the message names both ways out.
    pub async fn open(
        folder: &Path,
        purpose: Purpose,
        wanted_major: Option<u32>,
        search: &Search,
        extensions: &[Name],
    ) -> Result<Private, Error> {
        if is_of_the_process(folder)? {
            return in_process(folder, extensions).await;
        }
        match Cluster::open(folder, purpose, wanted_major, search).await {
            Ok(cluster) => Ok(Private::Cluster(cluster)),
            Err(error @ (cluster::Error::NoBinaries | cluster::Error::NoSuchVersion { .. })) => {
                otherwise(folder, extensions, error).await
            }
            Err(error) => Err(error.into()),
        }
    }

    /// How to connect to one of its databases.
    pub fn target(&self, database: &str) -> Target {
        match self {
            Private::Cluster(cluster) => cluster.target(database),
            #[cfg(feature = "embedded")]
            Private::InProcess(server) => server.target(database),
        }
    }

    /// The server's major version.
    pub fn major(&self) -> u32 {
        match self {
            Private::Cluster(cluster) => cluster.major(),
            #[cfg(feature = "embedded")]
            Private::InProcess(_) => embedded::MAJOR,
        }
    }

    /// Which kind of server this is.
    pub fn kind(&self) -> Kind {
        match self {
            Private::Cluster(_) => Kind::Cluster,
            #[cfg(feature = "embedded")]
            Private::InProcess(_) => Kind::InProcess,
        }
    }

    /// What the user should know about it.
    pub fn note(&self) -> Option<&str> {
        match self {
            Private::Cluster(cluster) => cluster.note(),
            #[cfg(feature = "embedded")]
            Private::InProcess(_) => Some(embedded::CAUTION),
        }
    }

    /// Makes a database if it is not there yet, and says how to connect to it.
    ///
    /// # Errors
    /// If the server refuses.
    pub async fn ensure_database(&self, database: &Name) -> Result<Target, Error> {
        let refused = |source| Error::Database { database: database.clone(), source };
        let admin = connect(&self.target(self.first_database()), "aludel").await?;
        let query = "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)";
        let exists: bool = admin.query_one(query, &[&database.as_str()]).await.map_err(refused)?.get(0);
        if !exists {
            let statement = sql!("CREATE DATABASE {} TEMPLATE template0", database);
            match admin.batch_execute(statement.as_str()).await {
                // Another process was quicker.
                Err(error) if error.code() == Some(&tokio_postgres::error::SqlState::DUPLICATE_DATABASE) => {}
                other => other.map_err(refused)?,
            }
        }
        admin.close().await;
        Ok(self.target(database.as_str()))
    }

    /// A database that is always there.
    pub fn first_database(&self) -> &'static str {
        match self {
            Private::Cluster(_) => "postgres",
            #[cfg(feature = "embedded")]
            Private::InProcess(_) => embedded::FIRST_DATABASE,
        }
    }

    /// Leaves it; the last to leave stops it.
    ///
    /// # Errors
    /// If it can't be stopped.
    pub async fn close(self) -> Result<(), Error> {
        match self {
            Private::Cluster(cluster) => cluster.close().await?,
            #[cfg(feature = "embedded")]
            Private::InProcess(server) => server.close().await?,
        }
        Ok(())
    }
}

fn is_of_the_process(folder: &Path) -> Result<bool, Error> {
    match marker::read(folder, Kind::InProcess) {
        Ok(found) => Ok(found.is_some()),
        Err(marker::Error::Kind { .. }) => Ok(false),
        Err(error) => Err(cluster::Error::from(error).into()),
    }
}

#[cfg(feature = "embedded")]
async fn in_process(folder: &Path, extensions: &[Name]) -> Result<Private, Error> {
    Ok(Private::InProcess(InProcess::open(folder, extensions).await?))
}

#[cfg(not(feature = "embedded"))]
async fn in_process(folder: &Path, _: &[Name]) -> Result<Private, Error> {
    Err(Error::NotBuiltIn(folder.to_owned()))
}

/// Data that a cluster made stays a cluster's.
#[cfg(feature = "embedded")]
async fn otherwise(folder: &Path, extensions: &[Name], error: cluster::Error) -> Result<Private, Error> {
    match marker::read(folder, Kind::InProcess) {
        Ok(_) => in_process(folder, extensions).await,
        Err(_) => Err(error.into()),
    }
}

#[cfg(not(feature = "embedded"))]
async fn otherwise(_: &Path, _: &[Name], error: cluster::Error) -> Result<Private, Error> {
    Err(Error::Neither(error))
}
