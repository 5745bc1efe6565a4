//! `aludel serve`: keeps the embedded server up, for psql and an application in development.

use std::path::PathBuf;

use crate::db::cluster::{Purpose, Search};
use crate::db::marker::Kind;
use crate::db::server::{self, DATA_FOLDER, DATABASE, Private};
use crate::name::Name;

/// What to serve.
#[derive(Clone, Debug)]
pub struct Request {
    /// The project's `.aludel` folder.
    pub folder: PathBuf,
    /// Where server programs are looked for.
    pub search: Search,
    /// The extensions that the models use.
    pub extensions: Vec<Name>,
}

/// A server that is up until its end is waited for.
#[derive(Debug)]
pub struct Serving {
    /// What psql and an application connect to.
    pub url: String,
    /// Which kind of server it is.
    pub kind: Kind,
    /// Its major version.
    pub major: u32,
    /// What the user should know about it.
    pub note: Option<String>,
    server: Private,
}

/// Why there is nothing to serve.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The server's reason.
    #[error(transparent)]
    Server(#[from] server::Error),
    /// Signals can't be waited for.
    #[error("cannot wait for signals: {0}")]
    Signal(std::io::Error),
}

/// Starts the embedded server, or joins the one that is up, and makes its database if need be.
///
/// # Errors
/// If there is neither a server on this machine nor one built in, or it does not start.
pub async fn start(request: &Request) -> Result<Serving, Error> {
    let folder = request.folder.join(DATA_FOLDER);
    let server = Private::open(&folder, Purpose::Data, None, &request.search, &request.extensions).await?;
    let target = server.ensure_database(&Name::from(DATABASE)).await?;
    Ok(Serving {
        url: target.to_string(),
        kind: server.kind(),
        major: server.major(),
        note: server.note().map(str::to_owned),
        server,
    })
}

impl Serving {
    /// Waits for Ctrl-C, SIGTERM or SIGHUP, then leaves the server.
    ///
    /// # Errors
    /// If signals can't be waited for, or the server can't be stopped.
    pub async fn until_signal(self) -> Result<(), Error> {
        signal().await.map_err(Error::Signal)?;
        self.close().await
    }

    /// Leaves the server, which stops unless another process uses it.
    ///
    /// # Errors
    /// If it can't be stopped.
    pub async fn close(self) -> Result<(), Error> {
        Ok(self.server.close().await?)
    }
}

async fn signal() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate, mut hangup) =
        (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?, signal(SignalKind::hangup())?);
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
        _ = hangup.recv() => {}
    }
    Ok(())
}
