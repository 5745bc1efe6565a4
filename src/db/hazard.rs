//! Asks the database what the comments of a revision want counted before it runs.

use serde::Serialize;
use tokio_postgres::Client;

use crate::revision::Script;
use crate::revision::file::hazards;
use crate::statement::Danger;

/// A hazard with its count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Counted {
    /// The file.
    pub file: String,
    /// The statement's line.
    pub line: usize,
    /// The sentence of the comment.
    pub why: String,
    /// The rows concerned; nothing where the query fails, as it must where an earlier statement makes its table.
    pub rows: Option<i64>,
}

/// The longest that a count may take, in milliseconds: it says what is at stake, and is not worth more waiting.
const PATIENCE: u32 = 10_000;

/// Runs the `-- count:` queries of a script, each in a read-only transaction of its own; what data may be lost or refused
/// without such a query is not counted.
///
/// # Errors
/// If the connection is gone. A query that the server refuses, or that takes longer than ten seconds (it waits for a lock,
/// or the table is huge), counts nothing.
pub async fn count(client: &Client, script: &Script) -> Result<Vec<Counted>, tokio_postgres::Error> {
    let mut counted = Vec::new();
    for statement in script.statements() {
        for note in hazards(statement) {
            let is_grave =
                [Danger::DataLoss, Danger::MayFail].iter().any(|danger| note.why.starts_with(danger.words()));
            let rows = match &note.count {
                Some(query) => count_one(client, query).await?,
                None if is_grave => None,
                None => continue,
            };
            counted.push(Counted { file: script.file.clone(), line: statement.code_line(), why: note.why, rows });
        }
    }
    Ok(counted)
}

async fn count_one(client: &Client, query: &str) -> Result<Option<i64>, tokio_postgres::Error> {
    // Rows that a policy hides are not counted as if they were none: the server refuses then.
    let begin = format!("BEGIN READ ONLY; SET LOCAL row_security = off; SET LOCAL statement_timeout = {PATIENCE}");
    client.batch_execute(&begin).await?;
    let row = client.query_one(query, &[]).await;
    client.batch_execute("ROLLBACK").await?;
    Ok(row.ok().and_then(|row| row.try_get(0).ok()))
}
