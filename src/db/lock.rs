//! One runner at a time: an advisory lock of the session.
//!
//! It is polled. A session that waits inside `pg_advisory_lock` has a snapshot open, and a `CREATE INDEX CONCURRENTLY`
//! of the holder would wait for that snapshot: a deadlock.

use std::fmt;
use std::time::Duration;

use sha2::{Digest, Sha256};
use tokio::time::{Instant, sleep};
use tokio_postgres::Client;

use super::apply::Error;
use super::ledger::Ledger;
use super::progress::{Event, Progress};

const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// The session that holds the lock.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holder {
    /// Its process on the server, if it is still there.
    pub pid: Option<i32>,
    /// What it calls itself.
    pub application: String,
    /// Its role.
    pub user: String,
    /// When it connected, in the server's words.
    pub since: String,
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(pid) = self.pid else { return f.write_str("a session that has just ended") };
        let application = if self.application.is_empty() { "an application without a name" } else { &self.application };
        write!(f, "{application} (process {pid}, user {}, connected since {})", self.user, self.since)
    }
}

/// The lock, held by the client's session until it is released or the connection ends.
#[derive(Debug)]
#[must_use = "the lock stays with the session until it is released"]
pub struct Lock<'c> {
    client: &'c Client,
    key: i64,
}

impl<'c> Lock<'c> {
    /// Takes the lock of a ledger, waiting at most as long as said.
    ///
    /// # Errors
    /// If another session still holds it then, with who that is.
    pub async fn acquire(
        client: &'c Client,
        ledger: &Ledger,
        wait: Duration,
        progress: &mut dyn Progress,
    ) -> Result<Lock<'c>, Error> {
        let key = key(ledger);
        let until = Instant::now() + wait;
        let mut pause = FIRST_PAUSE;
        let mut told = None;
        loop {
            let row =
                client.query_one("SELECT pg_catalog.pg_try_advisory_lock($1)", &[&key]).await.map_err(Error::Lock)?;
            if row.get(0) {
                return match is_ours(client, key).await? {
                    true => Ok(Lock { client, key }),
                    false => Err(Error::Pooled),
                };
            }
            let holder = holder(client, key).await?;
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(Error::Locked { holder, waited: wait });
            }
            if told.as_ref() != Some(&holder) {
                progress.hear(Event::Waiting { holder: &holder, left });
                told = Some(holder);
            }
            sleep(pause.min(left)).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// Gives the lock back. A connection that is gone has given it back already.
    pub async fn release(self) {
        let _gone = self.client.query_opt("SELECT pg_catalog.pg_advisory_unlock($1)", &[&self.key]).await;
    }
}

/// The key is the ledger's own; the server keeps the keys of different databases apart.
fn key(ledger: &Ledger) -> i64 {
    let digest = Sha256::digest(format!("aludel\0{}\0{}", ledger.schema.as_str(), ledger.table.as_str()));
    digest.iter().take(8).fold(0, |key, byte| (key << 8) | i64::from(*byte))
}

/// Whether the session that answers now is the one that took the lock. Behind a pool in transaction mode it need not be.
async fn is_ours(client: &Client, key: i64) -> Result<bool, Error> {
    let query = "SELECT EXISTS (SELECT FROM pg_catalog.pg_locks l \
        WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 AND l.pid = pg_catalog.pg_backend_pid() \
            AND (l.classid::bigint << 32) | l.objid::bigint = $1)";
    Ok(client.query_one(query, &[&key]).await.map_err(Error::Lock)?.get(0))
}

async fn holder(client: &Client, key: i64) -> Result<Holder, Error> {
    // The server shows a 64-bit key as two halves, and marks it with objsubid 1.
    let query = "SELECT l.pid, coalesce(a.application_name, ''), coalesce(a.usename::text, '?'), \
            coalesce(a.backend_start::timestamptz(0)::text, '?') \
        FROM pg_catalog.pg_locks l LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid \
        WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 \
            AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database()) \
            AND (l.classid::bigint << 32) | l.objid::bigint = $1";
    let row = client.query_opt(query, &[&key]).await.map_err(Error::Lock)?;
    Ok(row.map_or_else(Holder::default, |row| Holder {
        pid: row.get(0),
        application: row.get(1),
        user: row.get(2),
        since: row.get(3),
    }))
}
