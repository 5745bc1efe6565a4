//! What can go wrong while revisions run.

use std::fmt;
use std::time::Duration;

use tokio_postgres::error::{DbError, ErrorPosition, SqlState};

use crate::db::lock::Holder;
use crate::db::server_words;
use crate::revision::{Direction, Id};
use crate::sql::Sql;
use crate::sql::split::StatementText;

/// Why a run stopped, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The lock's queries failed.
    #[error("cannot take the migration lock: {}", server_words(.0))]
    Lock(#[source] tokio_postgres::Error),
    /// Another runner was faster and is not done.
    #[error("another run holds the migration lock: {holder}; waited {waited:?}, give more with --lock-wait")]
    Locked {
        /// Who.
        holder: Holder,
        /// How long this run waited.
        waited: Duration,
    },
    /// The lock went to another session than the one that asks.
    #[error(
        "the connection goes through a pool that gives each transaction another session, and the migration lock does not \
        survive that; connect to the server itself, or to the pool in session mode"
    )]
    Pooled,
    /// The ledger's table can't be used.
    #[error("cannot {doing} the table {table}, which keeps what is applied: {}", server_words(source))]
    Ledger {
        /// `read`, `write`, `create`, …
        doing: &'static str,
        /// The table.
        table: Sql,
        /// The server's words.
        source: tokio_postgres::Error,
    },
    /// A newer version wrote the ledger.
    #[error("the table {table} was written by aludel {version}, which this version does not understand: use that one")]
    NewerLedger {
        /// The table.
        table: Sql,
        /// The version.
        version: String,
    },
    /// Something else wrote the ledger.
    #[error("the table {table} holds what aludel did not write: {what}")]
    OddLedger {
        /// The table.
        table: Sql,
        /// What.
        what: String,
    },
    /// A statement of a revision failed.
    #[error("{0}")]
    Statement(Box<Failure>),
    /// The commit of a section failed.
    #[error("{file}: {}: {}", commit_outcome(source), server_words(source))]
    Commit {
        /// The file.
        file: String,
        /// The server's words.
        source: tokio_postgres::Error,
    },
    /// The connection, or the session's settings, failed between statements.
    #[error(
        "{file}: the session failed between two statements: {}; run the command again, it goes on where it stopped",
        server_words(source)
    )]
    Session {
        /// The file.
        file: String,
        /// The server's or the driver's words.
        source: tokio_postgres::Error,
    },
    /// `CREATE INDEX CONCURRENTLY` was answered, but the index can't be used.
    #[error(
        "{file}:{line}: the index {index} was made but is not valid; run the command again, it drops the index and makes it anew"
    )]
    InvalidIndex {
        /// The file.
        file: String,
        /// The statement's line.
        line: usize,
        /// The index.
        index: Sql,
    },
    /// A crash left it unknown whether a statement happened.
    #[error(
        "{file}:{line}: an earlier run sent this statement and never recorded its end, so it is not known whether it \
        happened: {statement}\nlook at the database, then run the command again with `--resume again` (it did not happen) or `--resume skip` (it did)"
    )]
    Unknown {
        /// The file.
        file: String,
        /// The statement's line.
        line: usize,
        /// Its first line of text.
        statement: String,
    },
    /// A file changed between a crash and the run that should go on.
    #[error(
        "{file} was changed since a run of it stopped at {at}; if what ran is as it was, go on with `--resume again`, \
        else put the file back"
    )]
    EditedMidway {
        /// The file.
        file: String,
        /// Where, in words.
        at: String,
    },
    /// Another move was asked for than the one that stopped in the middle.
    #[error(
        "revision {revision} stopped in the middle of its way {direction} ({at}); finish that first: `aludel {command}`. To give \
        it up, `aludel stamp` what is there without it; `aludel revision --autogenerate` then leads from there to the models"
    )]
    Interrupted {
        /// The revision.
        revision: Id,
        /// Which way.
        direction: Direction,
        /// Where, in words.
        at: String,
        /// The command that finishes it.
        command: String,
    },
}

impl Error {
    /// Whether a lock was not had in time: the one that keeps runners apart, or one that a statement needs.
    pub fn is_lock(&self) -> bool {
        match self {
            Error::Locked { .. } => true,
            Error::Statement(failure) => failure.code.as_deref() == Some(SqlState::LOCK_NOT_AVAILABLE.code()),
            _ => false,
        }
    }
}

/// A statement that the server refused, with all it said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The file.
    pub file: String,
    /// The line of the file: of the place that the server points at, or of the statement.
    pub line: usize,
    /// The column in that line, from 1, if the server points at a place.
    pub column: Option<usize>,
    /// The statement.
    pub statement: String,
    /// The server's SQLSTATE, if the server answered at all.
    pub code: Option<String>,
    /// The server's message, or the driver's.
    pub message: String,
    /// The server's detail.
    pub detail: Option<String>,
    /// The server's hint, or ours.
    pub hint: Option<String>,
    /// What became of the database.
    pub outcome: Outcome,
}

/// What a failed statement left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Its section was rolled back.
    RolledBack {
        /// How many sections before it stay.
        behind: usize,
    },
    /// The statements before it in its section stay, it did not happen.
    Stopped,
    /// It may have left a part, which the next run looks for.
    Unknown,
}

impl Failure {
    /// Puts together what the server said and where the statement stands.
    pub(super) fn new(
        file: &str,
        statement: &StatementText,
        error: &tokio_postgres::Error,
        outcome: Outcome,
    ) -> Box<Self> {
        let server = error.as_db_error();
        let place = server.and_then(|server| position(statement, server));
        let code = server.map(|server| server.code().code().to_owned());
        let hint = server.and_then(DbError::hint).map(str::to_owned).or_else(|| own_hint(server?));
        Box::new(Failure {
            file: file.to_owned(),
            line: place.map_or_else(|| statement.code_line(), |(line, _)| line),
            column: place.map(|(_, column)| column),
            statement: statement.bare().to_owned(),
            code,
            message: server.map_or_else(|| error.to_string(), |server| server.message().to_owned()),
            detail: server.and_then(DbError::detail).map(str::to_owned),
            hint,
            outcome,
        })
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)?;
        if let Some(column) = self.column {
            write!(f, ":{column}")?;
        }
        write!(f, ": {}", self.message)?;
        if let Some(code) = &self.code {
            write!(f, " (SQLSTATE {code})")?;
        }
        for (word, text) in [("detail", &self.detail), ("hint", &self.hint)] {
            if let Some(text) = text {
                write!(f, "\n{word}: {text}")?;
            }
        }
        write!(f, "\nin: {}", self.statement)?;
        let outcome = match self.outcome {
            Outcome::RolledBack { behind: 0 } => "the transaction was rolled back; nothing of it is applied",
            Outcome::RolledBack { behind } => {
                let sections = if behind == 1 { "the section before it stays" } else { "the sections before it stay" };
                return write!(
                    f,
                    "\nthe transaction was rolled back; {sections}: mend what stands in the way, and run the command again"
                );
            }
            Outcome::Stopped => "what ran before it stays; run the command again, it goes on with this statement",
            Outcome::Unknown => "it may have left something; run the command again, it looks for that first",
        };
        write!(f, "\n{outcome}")
    }
}

/// A connection that ends during the commit leaves open which came first.
fn commit_outcome(error: &tokio_postgres::Error) -> &'static str {
    match error.as_db_error() {
        Some(_) => "the transaction was not committed, and nothing of it is applied",
        None => "the connection ended during the commit; `current` shows whether it happened",
    }
}

/// The line and column of the file that the server points at. It counts characters, from 1, in what it was sent.
fn position(statement: &StatementText, server: &DbError) -> Option<(usize, usize)> {
    let Some(ErrorPosition::Original(position)) = server.position() else { return None };
    let bare = statement.bare();
    let before: String = bare.chars().take(usize::try_from(*position).ok()?.checked_sub(1)?).collect();
    let newlines = before.matches('\n').count();
    let mut column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    if newlines == 0 {
        let lead = &statement.text[..statement.text.len() - bare.len()];
        column += lead.rsplit('\n').next().unwrap_or_default().chars().count();
    }
    Some((statement.code_line() + newlines, column))
}

/// What to do where the server says that a role is missing.
pub fn about_a_role(words: &str) -> Option<&'static str> {
    let lacks = words.starts_with("role \"") && words.contains("\" does not exist");
    lacks.then_some("roles belong to the server, and aludel makes none: CREATE ROLE there first")
}

/// Advice where the server has none and the way out is one of ours.
fn own_hint(server: &DbError) -> Option<String> {
    let hint = match server.code().code() {
        "42704" => about_a_role(server.message())?,
        "25001" => "put `-- aludel:section transaction=off` above the statement, and a new section below it",
        "55P04" => {
            "a new enum value can be used after the commit only: begin a new `-- aludel:section` after ALTER TYPE"
        }
        "53200" => "cut the file into several `-- aludel:section`s, or raise max_locks_per_transaction",
        "55P03" => "something else holds the lock; try again when it is done, or raise migrations.lock_timeout",
        _ => return None,
    };
    Some(hint.to_owned())
}
