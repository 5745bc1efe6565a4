//! Runs one revision in one direction, so that a crash at any point can be told from the ledger and gone on from.
//!
//! A section that is one transaction commits together with its line in the ledger. In any other section each statement
//! is recorded before it is sent and after it is done, and no transaction is ever open around it.

use std::pin::pin;
use std::time::Duration;

use futures_util::StreamExt;
use sha2::{Digest, Sha256};
use tokio::time::{Instant, sleep};
use tokio_postgres::Client;
use tokio_postgres::error::SqlState;

use super::apply_plan::in_pipeline;
use super::hazard;
use super::ledger::{Entry, Ledger, Place, State};
use super::progress::{Event, Progress};
use crate::name::{Literal, Name, hex};
use crate::revision::{Mode, Move, Section};
use crate::sql;
use crate::sql::Sql;
use crate::sql::settings::outlasts;
use crate::sql::split::StatementText;
use form::Form;

mod error;
mod form;

pub use error::{Error, Failure, Outcome, about_a_role};

const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// How revisions run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// How long a statement waits for a lock, in PostgreSQL's spelling: `4s`, `500ms`. Not for concurrent forms.
    pub lock_timeout: String,
    /// How often a section is tried again when a lock was not had in time.
    pub retries: u32,
    /// How long to wait before the first retry; it doubles with each.
    pub pause: Duration,
    /// What to do with a statement of which nobody knows whether it happened.
    pub resume: Resume,
}

impl Default for Options {
    fn default() -> Self {
        Options { lock_timeout: "4s".to_owned(), retries: 10, pause: Duration::from_millis(500), resume: Resume::Ask }
    }
}

/// What to do with a statement that was sent before a crash, if the database does not tell whether it happened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Resume {
    /// Stop and tell.
    #[default]
    Ask,
    /// Run it again.
    Again,
    /// Take it as done.
    Skip,
}

/// Runs a move, from where an earlier run of it stopped if there was one. The caller holds the lock. Afterwards the
/// session's settings are those it connected with.
///
/// # Errors
/// If the server refuses a statement, with its place in the file; or if it is not known how to go on.
pub async fn apply(
    client: &Client,
    ledger: &Ledger,
    step: Move<'_>,
    earlier: Option<&Entry>,
    options: &Options,
    progress: &mut dyn Progress,
) -> Result<(), Error> {
    let begun = Instant::now();
    let mut run = Run { client, ledger, step, options, progress, entry: earlier.map(|entry| entry.entry) };
    let (section, statement) = match earlier {
        Some(entry) => run.resume(entry).await?,
        None => (0, 0),
    };
    let finished = run.number(section, statement) - 1;
    let (revision, direction, statements) = (step.revision, step.direction, step.script().statements().count());
    run.progress.hear(Event::Revision { revision, direction, finished, statements });
    if finished == 0 {
        let counted = hazard::count(client, step.script()).await.map_err(|source| run.session_error(source))?;
        for counted in &counted {
            run.progress.hear(Event::Hazard { counted });
        }
    }
    run.sections(section, statement).await?;
    // What the file has `SET` (pg_dump empties the search_path) is not for the next one, which may run alone some day.
    run.session(Sql::raw(AS_CONNECTED)).await?;
    run.progress.hear(Event::Done { revision, direction, took: begun.elapsed() });
    Ok(())
}

/// Puts a session's settings, its role among them, back to what it connected with.
pub const AS_CONNECTED: &str =
    "RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL; SET standard_conforming_strings = on";

/// Where an entry stopped, in words.
pub fn place_in_words(entry: &Entry) -> String {
    let Place { state, section, statement, .. } = &entry.place;
    let sent = if *state == State::Sent { ", sent and without an answer" } else { "" };
    format!("section {}, statement {}{sent}", section + 1, statement + 1)
}

struct Run<'r> {
    client: &'r Client,
    ledger: &'r Ledger,
    step: Move<'r>,
    options: &'r Options,
    progress: &'r mut dyn Progress,
    /// The number of this run's entry in the ledger, once it is committed.
    entry: Option<i64>,
}

impl<'r> Run<'r> {
    async fn sections(&mut self, from_section: usize, from_statement: usize) -> Result<(), Error> {
        let sections = &self.step.script().sections;
        if from_section >= sections.len() {
            self.entry = Some(self.record(place(State::Done, sections.len(), 0)).await?);
        }
        for (i, section) in sections.iter().enumerate().skip(from_section) {
            match section.mode {
                Mode::Transaction => self.in_transaction(i, section).await?,
                Mode::StatementByStatement => {
                    let from = if i == from_section { from_statement } else { 0 };
                    self.one_by_one(i, section, from).await?;
                }
            }
        }
        Ok(())
    }

    async fn in_transaction(&mut self, i: usize, section: &Section) -> Result<(), Error> {
        let mut attempt = 1;
        loop {
            let error = match self.attempt(i, section).await {
                Ok(entry) => {
                    self.entry = Some(entry);
                    return Ok(());
                }
                Err(error) => error,
            };
            // If this fails the connection is gone, and the server rolls back by itself.
            let _gone = self.client.batch_execute("ROLLBACK").await;
            let Error::Statement(failure) = &error else { return Err(error) };
            let code = failure.code.as_deref();
            let may_pass = [&SqlState::LOCK_NOT_AVAILABLE, &SqlState::T_R_DEADLOCK_DETECTED];
            if attempt > self.options.retries || !may_pass.iter().any(|retried| code == Some(retried.code())) {
                return Err(error);
            }
            self.pause(&failure.message, attempt).await;
            attempt += 1;
        }
    }

    /// One try at a section that is a transaction; rolled back by the caller if it fails.
    async fn attempt(&mut self, i: usize, section: &Section) -> Result<i64, Error> {
        let timeout = Literal(&self.options.lock_timeout);
        self.session(sql!("BEGIN; SET LOCAL lock_timeout = {}", timeout)).await?;
        let client = self.client;
        let mut answers = pin!(in_pipeline(client, section.statements.iter().map(StatementText::bare)));
        for (n, statement) in section.statements.iter().enumerate() {
            self.tell(i, n, statement);
            if let Some(Err(error)) = answers.next().await {
                return Err(self.failure(statement, &error, Outcome::RolledBack { behind: i }));
            }
        }
        let place = if self.is_last(i) { place(State::Done, i + 1, 0) } else { place(State::Running, i + 1, 0) };
        let entry = self.record(place).await?;
        let committed = self.client.batch_execute("COMMIT").await;
        committed.map_err(|source| Error::Commit { file: self.file(), source })?;
        Ok(entry)
    }

    async fn one_by_one(&mut self, i: usize, section: &Section, from: usize) -> Result<(), Error> {
        let query = "SELECT current_setting('lock_timeout'), current_setting('statement_timeout')";
        let before = self.client.query_one(query, &[]).await.map_err(|source| self.session_error(source))?;
        let (lock, statement): (String, String) = (before.get(0), before.get(1));
        let restore = timeouts(&lock, &statement);
        for (n, statement) in section.statements.iter().enumerate().skip(from) {
            let result = self.alone(i, n, statement, &restore).await;
            if let Err(error) = result {
                let _gone = self.client.batch_execute(restore.as_str()).await;
                return Err(error);
            }
        }
        self.session(restore).await
    }

    /// Runs one statement outside a transaction, recorded before and after.
    async fn alone(&mut self, i: usize, n: usize, statement: &StatementText, usual: &Sql) -> Result<(), Error> {
        let form = Form::of(statement.bare());
        let hash = Some(hash(statement));
        let sent = Place { statement_hash: hash.clone(), ..place(State::Sent, i, n) };
        let own = match form {
            Form::Plain | Form::Procedure => {
                sql!("{}; SET lock_timeout = {}", usual, Literal(&self.options.lock_timeout))
            }
            _ => timeouts("0", "0"),
        };
        self.session(own).await?;
        self.entry = Some(self.record(sent).await?);
        self.tell(i, n, statement);
        let mut attempt = 1;
        while let Err(error) = self.client.batch_execute(statement.bare()).await {
            let may_pass = error.code() == Some(&SqlState::LOCK_NOT_AVAILABLE) && !form.is_concurrent();
            if error.as_db_error().is_none() || self.has_left(&form, &error).await {
                return Err(self.failure(statement, &error, Outcome::Unknown));
            }
            if !may_pass || attempt > self.options.retries {
                // The server said no, and nothing is left of it; unless it went away as it said so.
                let told = self.record(Place { statement_hash: hash, ..place(State::Running, i, n) }).await;
                let outcome = if told.is_ok() { Outcome::Stopped } else { Outcome::Unknown };
                return Err(self.failure(statement, &error, outcome));
            }
            self.pause(error.as_db_error().map_or("", |server| server.message()), attempt).await;
            attempt += 1;
        }
        if let Form::CreateIndex { index: Some(index), table } = &form {
            let found =
                form::find_index(self.client, index, table).await.map_err(|source| self.session_error(source))?;
            if let Some((index, false)) = found {
                return Err(Error::InvalidIndex { file: self.file(), line: statement.code_line(), index });
            }
        }
        self.finished(i, n, hash).await
    }

    /// Whether a statement that the server refused left something behind: what a procedure had committed, or an invalid
    /// index. Not so if the name was taken: what bears it is somebody else's, and must neither be dropped nor be taken for
    /// this statement's work.
    async fn has_left(&self, form: &Form, error: &tokio_postgres::Error) -> bool {
        match form {
            Form::Plain | Form::DropIndex { .. } | Form::Concurrent => false,
            Form::Procedure => true,
            Form::CreateIndex { .. } if error.code() == Some(&SqlState::DUPLICATE_TABLE) => false,
            Form::CreateIndex { index: None, .. } => true,
            Form::CreateIndex { index: Some(index), table } => {
                let found = form::find_index(self.client, index, table).await;
                // No answer: the next run has to look.
                found.map_or(true, |found| found.is_some_and(|(_, is_valid)| !is_valid))
            }
        }
    }

    /// Records that a statement outside a transaction is finished.
    async fn finished(&mut self, i: usize, n: usize, statement_hash: Option<String>) -> Result<(), Error> {
        let is_last = self.step.script().sections.get(i).is_some_and(|section| n + 1 == section.statements.len());
        let next = match is_last {
            true if self.is_last(i) => place(State::Done, i + 1, 0),
            true => place(State::Running, i + 1, 0),
            false => place(State::Running, i, n + 1),
        };
        self.entry = Some(self.record(Place { statement_hash, ..next }).await?);
        Ok(())
    }

    /// Where to go on after an earlier run. Cleans up what it left, where the server tells what that is.
    async fn resume(&mut self, entry: &Entry) -> Result<(usize, usize), Error> {
        let Place { state, section, statement, statement_hash } = &entry.place;
        let script = self.step.script();
        let same_file = entry.checksum == script.checksum;
        if !same_file && self.options.resume == Resume::Ask {
            return Err(Error::EditedMidway { file: self.file(), at: place_in_words(entry) });
        }
        self.set_again(*section, *statement).await?;
        let text = script.sections.get(*section).and_then(|section| section.statements.get(*statement));
        let (State::Sent, Some(text)) = (state, text) else { return Ok((*section, *statement)) };
        let is_same = *statement_hash == Some(hash(text));
        let happened = match Form::of(text.bare()) {
            // What it left under its name is in the way of one that was edited, too.
            Form::CreateIndex { index: Some(index), table } => {
                self.left_index(&index, &table).await?.filter(|_| is_same)
            }
            Form::DropIndex { index } if is_same => {
                let exists = form::exists(self.client, &index).await;
                Some(!exists.map_err(|source| self.session_error(source))?)
            }
            _ => None,
        };
        let happened = happened.or(match self.options.resume {
            Resume::Ask => None,
            Resume::Again => Some(false),
            Resume::Skip => Some(true),
        });
        match happened {
            Some(false) => Ok((*section, *statement)),
            Some(true) => {
                self.finished(*section, *statement, statement_hash.clone()).await?;
                let length = script.sections.get(*section).map_or(0, |section| section.statements.len());
                Ok(if statement + 1 < length { (*section, statement + 1) } else { (section + 1, 0) })
            }
            None => Err(Error::Unknown {
                file: self.file(),
                line: text.code_line(),
                statement: text.bare().lines().next().unwrap_or_default().to_owned(),
            }),
        }
    }

    /// What the statements that are finished have `SET` of the session that they ran in.
    async fn set_again(&self, section: usize, statement: usize) -> Result<(), Error> {
        let finished = self.step.script().statements().take(self.number(section, statement) - 1);
        for statement in finished.filter(|statement| outlasts(statement.bare())) {
            let set = self.client.batch_execute(statement.bare()).await;
            set.map_err(|error| self.failure(statement, &error, Outcome::Stopped))?;
        }
        Ok(())
    }

    /// Whether an interrupted `CREATE INDEX CONCURRENTLY` made its index; an invalid rest of it is dropped.
    async fn left_index(&mut self, index: &Name, table: &str) -> Result<Option<bool>, Error> {
        let found = form::find_index(self.client, index, table).await.map_err(|source| self.session_error(source))?;
        let Some((index, is_valid)) = found else { return Ok(Some(false)) };
        if !is_valid {
            self.progress.hear(Event::Cleanup { index: index.as_str() });
            self.session(timeouts("0", "0")).await?;
            self.session(sql!("DROP INDEX CONCURRENTLY IF EXISTS {}", index)).await?;
            self.session(Sql::raw("RESET lock_timeout; RESET statement_timeout")).await?;
        }
        Ok(Some(is_valid))
    }

    async fn record(&self, place: Place) -> Result<i64, Error> {
        let what = (&self.step.revision.id, self.step.direction, self.step.script().checksum.as_str());
        self.ledger.record(self.client, self.entry, what, &place).await
    }

    async fn session(&self, sql: Sql) -> Result<(), Error> {
        self.client.batch_execute(sql.as_str()).await.map_err(|source| self.session_error(source))
    }

    async fn pause(&mut self, why: &str, attempt: u32) {
        let pause = self.options.pause.saturating_mul(1 << (attempt - 1).min(16)).min(LONGEST_PAUSE);
        self.progress.hear(Event::Retry { why, attempt, pause });
        sleep(pause).await;
    }

    fn tell(&mut self, i: usize, n: usize, statement: &StatementText) {
        let (file, number) = (&self.step.script().file, self.number(i, n));
        self.progress.hear(Event::Statement { file, statement, number });
    }

    /// The number of a statement in its file, from 1.
    fn number(&self, section: usize, statement: usize) -> usize {
        let before = self.step.script().sections.iter().take(section);
        before.map(|section| section.statements.len()).sum::<usize>() + statement + 1
    }

    fn is_last(&self, section: usize) -> bool {
        section + 1 == self.step.script().sections.len()
    }

    fn file(&self) -> String {
        self.step.script().file.clone()
    }

    fn failure(&self, statement: &StatementText, error: &tokio_postgres::Error, outcome: Outcome) -> Error {
        Error::Statement(Failure::new(&self.step.script().file, statement, error, outcome))
    }

    fn session_error(&self, source: tokio_postgres::Error) -> Error {
        Error::Session { file: self.file(), source }
    }
}

fn place(state: State, section: usize, statement: usize) -> Place {
    Place { state, section, statement, statement_hash: None }
}

fn timeouts(lock: &str, statement: &str) -> Sql {
    sql!("SET lock_timeout = {}; SET statement_timeout = {}", Literal(lock), Literal(statement))
}

/// What tells whether a statement of a file is still the one that an earlier run sent.
fn hash(statement: &StatementText) -> String {
    hex(&Sha256::digest(statement.bare().as_bytes()))
}
