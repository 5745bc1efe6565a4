//! Runs a plan's statements on a shadow.

use std::borrow::Cow;
use std::pin::pin;

use futures_util::stream::{self, Stream, StreamExt};
use tokio_postgres::Client;

use super::{Error, server_words};
use crate::kind::materialized_view::without_rows;
use crate::plan::Plan;
use crate::statement::Statement;

/// How many statements are on their way at once.
const PIPELINE: usize = 64;

/// Runs every section: transactional ones in a transaction each, the others statement by statement.
pub async fn run(client: &Client, plan: &Plan) -> Result<(), Error> {
    for section in &plan.sections {
        if !section.transactional {
            for statement in &section.statements {
                let done = client.batch_execute(&in_shadow(statement.sql.as_str())).await;
                done.map_err(|error| refused(&error, statement))?;
            }
            continue;
        }
        client.batch_execute("BEGIN").await?;
        if let Err(error) = run_all(client, section.statements.iter()).await {
            client.batch_execute("ROLLBACK").await?;
            return Err(error);
        }
        client.batch_execute("COMMIT").await?;
    }
    Ok(())
}

/// A statement as it runs where there are no rows: a query over none may fail, or ask other servers for theirs.
pub(super) fn in_shadow(sql: &str) -> Cow<'_, str> {
    without_rows(sql).and_then(|(_, text)| text).map_or(Cow::Borrowed(sql), Cow::Owned)
}

/// Runs every statement in the transaction that is open.
pub async fn run_inside(client: &Client, plan: &Plan) -> Result<(), Error> {
    run_all(client, plan.statements()).await
}

/// Runs statements one after the other.
pub async fn run_each(client: &Client, statements: impl IntoIterator<Item = &Statement>) -> Result<(), Error> {
    for statement in statements {
        client.batch_execute(statement.sql.as_str()).await.map_err(|error| refused(&error, statement))?;
    }
    Ok(())
}

async fn run_all(client: &Client, statements: impl Iterator<Item = &Statement> + Clone) -> Result<(), Error> {
    let texts: Vec<Cow<str>> = statements.clone().map(|statement| in_shadow(statement.sql.as_str())).collect();
    let mut answers = pin!(in_pipeline(client, texts.iter().map(|text| &**text)));
    for statement in statements {
        if let Some(Err(error)) = answers.next().await {
            return Err(refused(&error, statement));
        }
    }
    Ok(())
}

fn refused(error: &tokio_postgres::Error, statement: &Statement) -> Error {
    Error::Statement { words: server_words(error), sql: statement.sql.0.clone() }
}

/// Sends statements of one transaction without waiting for the answers to those before: after the first that fails,
/// the server refuses the rest.
pub(super) fn in_pipeline<'a>(
    client: &'a Client,
    statements: impl Iterator<Item = &'a str>,
) -> impl Stream<Item = Result<(), tokio_postgres::Error>> {
    stream::iter(statements.map(|statement| client.batch_execute(statement))).buffered(PIPELINE)
}
