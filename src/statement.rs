//! One SQL statement with what a reader and a runner must know about it.

use serde::{Deserialize, Serialize};

use crate::sql::Sql;

/// Whether a statement may run inside a transaction block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Transaction {
    /// Runs inside one, with others.
    Inside,
    /// The server refuses it there (`CREATE INDEX CONCURRENTLY`, …).
    Outside,
    /// Runs inside one, but its effect can be used only after the commit (`ALTER TYPE … ADD VALUE`).
    EndsIt,
    /// Begins one, at the end of the plan where it can wait so long: what may fail finds nothing half done (`VALIDATE CONSTRAINT`).
    Last,
    /// Begins one behind those: what reads no row once they are through (`SET NOT NULL`).
    Behind,
}

/// Why a statement deserves a second look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Danger {
    /// Rows or values are gone afterwards.
    DataLoss,
    /// Fails when existing rows do not fit.
    MayFail,
    /// Every row is written anew.
    Rewrite,
    /// The way back cannot restore what was there.
    CannotUndo,
    /// What was computed before is kept, and not computed again.
    OutOfDate,
}

impl Danger {
    /// Every danger with the words that stand before its explanation.
    pub const ALL: [(Danger, &'static str); 5] = [
        (Danger::DataLoss, "data is lost"),
        (Danger::MayFail, "may fail on existing data"),
        (Danger::Rewrite, "rewrites the table"),
        (Danger::CannotUndo, "cannot be undone"),
        (Danger::OutOfDate, "goes out of date"),
    ];

    /// The words of this danger.
    pub fn words(self) -> &'static str {
        Danger::ALL.iter().find(|(danger, _)| *danger == self).map_or("", |(_, words)| words)
    }
}

/// A danger of one statement, in words, with a query that counts the rows concerned where there is one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hazard {
    /// What kind of danger.
    pub danger: Danger,
    /// The sentence for a person.
    pub why: String,
    /// `SELECT count(*) …` over the rows concerned; runs on the live database before the statement.
    pub count: Option<Sql>,
}

/// One statement, without its closing semicolon.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// The text.
    pub sql: Sql,
    /// How it stands to transactions.
    pub transaction: Transaction,
    /// What to know before running it.
    pub hazards: Vec<Hazard>,
}

impl Statement {
    /// A statement for inside a transaction.
    pub fn new(sql: Sql) -> Self {
        Statement { sql, transaction: Transaction::Inside, hazards: Vec::new() }
    }

    /// The same statement with another standing to transactions.
    pub fn in_transaction(mut self, transaction: Transaction) -> Self {
        self.transaction = transaction;
        self
    }

    /// Adds a hazard.
    pub fn hazard(mut self, danger: Danger, why: impl Into<String>, count: Option<Sql>) -> Self {
        self.hazards.push(Hazard { danger, why: why.into(), count });
        self
    }
}

impl From<Sql> for Statement {
    fn from(sql: Sql) -> Self {
        Statement::new(sql)
    }
}

/// A list of statements from one piece of SQL.
pub fn one(sql: Sql) -> Vec<Statement> {
    vec![Statement::new(sql)]
}
