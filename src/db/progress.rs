//! What a run tells while it runs. The room that prints implements [`Progress`].

use std::time::Duration;

use super::hazard::Counted;
use super::lock::Holder;
use crate::revision::{Direction, Revision};
use crate::sql::split::StatementText;

/// Hears what happens, as it happens.
pub trait Progress: Send {
    /// Something happened.
    fn hear(&mut self, event: Event<'_>);
}

/// Hears nothing.
impl Progress for () {
    fn hear(&mut self, _: Event<'_>) {}
}

/// One thing that happened.
#[derive(Clone, Copy, Debug)]
pub enum Event<'a> {
    /// Another runner holds the lock; told once a holder.
    Waiting {
        /// Who.
        holder: &'a Holder,
        /// How much longer this run waits.
        left: Duration,
    },
    /// A revision begins, or goes on after a crash.
    Revision {
        /// Which.
        revision: &'a Revision,
        /// Which way.
        direction: Direction,
        /// How many of its statements were finished by an earlier run.
        finished: usize,
        /// How many statements it has.
        statements: usize,
    },
    /// What the comments of the revision wanted counted before it runs.
    Hazard {
        /// The hazard, and how many rows it concerns.
        counted: &'a Counted,
    },
    /// A statement begins.
    Statement {
        /// Its file.
        file: &'a str,
        /// The statement.
        statement: &'a StatementText,
        /// Its number in the file, from 1.
        number: usize,
    },
    /// What a failed concurrent form left behind is removed before it runs again.
    Cleanup {
        /// The invalid index.
        index: &'a str,
    },
    /// A lock was not had in time; everything of the section was rolled back, and it will be tried again.
    Retry {
        /// The server's words.
        why: &'a str,
        /// The attempt that failed, from 1.
        attempt: u32,
        /// How long until the next.
        pause: Duration,
    },
    /// A revision is done.
    Done {
        /// Which.
        revision: &'a Revision,
        /// Which way.
        direction: Direction,
        /// How long it took.
        took: Duration,
    },
}
