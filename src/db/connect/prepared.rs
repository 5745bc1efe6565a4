//! Statements that a session prepares once, and the server plans once, however often they are asked for.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use tokio_postgres::{Client, Error, Statement};

/// The statements of one session, by their texts.
#[derive(Default)]
pub struct Prepared(Mutex<Plans>);

#[derive(Default)]
struct Plans {
    /// How many rows the catalogs had when they were planned, as far as anybody said.
    rows: Option<i64>,
    statements: HashMap<String, Statement>,
}

impl fmt::Debug for Prepared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Prepared")
    }
}

impl Prepared {
    /// The statement of a text.
    ///
    /// # Errors
    /// If the server refuses it.
    pub async fn get(&self, client: &Client, sql: &str) -> Result<Statement, Error> {
        if let Some(statement) = self.with(|plans| plans.statements.get(sql).cloned()) {
            return Ok(statement);
        }
        let statement = client.prepare(sql).await?;
        self.with(|plans| plans.statements.insert(sql.to_owned(), statement.clone()));
        Ok(statement)
    }

    /// Forgets statements that were planned for a database half or twice as large.
    pub fn fit(&self, rows: i64) {
        self.with(|plans| {
            let planned = *plans.rows.get_or_insert(rows);
            if rows > planned * 2 || rows * 2 < planned {
                *plans = Plans { rows: Some(rows), ..Plans::default() };
            }
        });
    }

    /// Forgets all: a pool may have given the session to another process of the server.
    pub fn clear(&self) {
        self.with(|plans| *plans = Plans::default());
    }

    fn with<T>(&self, act: impl FnOnce(&mut Plans) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
