//! Runs a plan's statements on a shadow.

use tokio_postgres::Client;

use super::{Error, server_words};
use crate::plan::Plan;

/// Runs every section: transactional ones in a transaction each, the others statement by statement.
pub async fn run(client: &Client, plan: &Plan) -> Result<(), Error> {
    for section in &plan.sections {
        if section.transactional {
            client.batch_execute("BEGIN").await?;
        }
        for statement in &section.statements {
            if let Err(error) = execute(client, statement.sql.as_str()).await {
                if section.transactional {
                    client.batch_execute("ROLLBACK").await?;
                }
                return Err(error);
            }
        }
        if section.transactional {
            client.batch_execute("COMMIT").await?;
        }
    }
    Ok(())
}

/// Runs every statement in the transaction that is open.
pub async fn run_inside(client: &Client, plan: &Plan) -> Result<(), Error> {
    for statement in plan.statements() {
        execute(client, statement.sql.as_str()).await?;
    }
    Ok(())
}

async fn execute(client: &Client, sql: &str) -> Result<(), Error> {
    let refused = |error: tokio_postgres::Error| Error::Statement { words: server_words(&error), sql: sql.to_owned() };
    client.batch_execute(sql).await.map_err(refused)
}
