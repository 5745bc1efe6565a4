//! Alone speaks to a server.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]

pub mod apply;
pub mod apply_plan;
pub mod bodies;
pub mod cluster;
pub mod connect;
#[cfg(feature = "embedded")]
pub mod embedded;
pub mod fingerprint;
pub mod hazard;
pub mod ledger;
pub mod lock;
pub mod machine;
pub mod marker;
pub mod progress;
pub mod prove;
pub mod read;
pub mod server;
pub mod shadow;
pub mod shadow_place;

use crate::kind::Id;

/// What can go wrong between us and a server.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The server's own words.
    #[error("{}", server_words(.0))]
    Server(#[from] tokio_postgres::Error),
    /// Connecting failed.
    #[error(transparent)]
    Connect(#[from] connect::Error),
    /// A statement that the server refused.
    #[error("{words}\nin: {sql}")]
    Statement {
        /// What the server said.
        words: String,
        /// The statement.
        sql: String,
    },
    /// A row of the catalogs that we do not understand.
    #[error("{id}: the server describes it in a way this version of aludel does not know: {source}")]
    Row {
        /// Which object.
        id: Id,
        /// What was not understood.
        source: serde_json::Error,
    },
    /// A catalog that this user may not read.
    #[error(
        "{}\nthis server hides that catalog from the user, and without it no schema can be compared: have SELECT on it granted, or \
         use a user who may read it",
        server_words(.0)
    )]
    Hidden(tokio_postgres::Error),
    /// Somebody is changing the schema.
    #[error("the schema changed while it was read, {tries} times in a row; try again when migrations are done")]
    Moving {
        /// How often it was read.
        tries: usize,
    },
}

/// The server's message with its detail and hint, or the driver's.
pub fn server_words(error: &tokio_postgres::Error) -> String {
    let Some(error) = error.as_db_error() else { return error.to_string() };
    let mut text = format!("{} (SQLSTATE {})", error.message(), error.code().code());
    for (word, more) in [("detail", error.detail()), ("hint", error.hint())] {
        if let Some(more) = more {
            text.push_str(&format!("\n{word}: {more}"));
        }
    }
    text
}
