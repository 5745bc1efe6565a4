//! The ledger: a table in the user's database that says which revisions it has, and how far a run came.
//!
//! It is a journal. Each run of a revision in one direction is an entry; the newest entry of a revision counts.

use std::collections::{BTreeMap, BTreeSet};

use sea_query::{Expr, ExprTrait, Iden, Order, PostgresQueryBuilder, Query, Value, Values};
use serde::Serialize;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Row};

use super::apply::Error;
use crate::name::{Literal, Name};
use crate::revision::{Direction, Graph, Id};
use crate::sql;
use crate::sql::Sql;

/// The version of the table's form. A newer one is refused instead of misread.
pub const FORMAT: i32 = 1;
/// The table's name unless the configuration says another.
pub const DEFAULT_TABLE: &str = "aludel_version";

/// Where the ledger is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ledger {
    /// Its schema.
    pub schema: Name,
    /// Its table.
    pub table: Name,
}

/// How far an entry's run came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// All before the entry's section and statement is finished, and nothing of what follows was sent.
    Running,
    /// The entry's statement was sent to the server, and no answer was recorded.
    Sent,
    /// All is finished.
    Done,
    /// Declared finished without running anything.
    Stamped,
}

impl State {
    const ALL: [(State, &str); 4] =
        [(State::Running, "running"), (State::Sent, "sent"), (State::Done, "done"), (State::Stamped, "stamped")];

    fn as_str(self) -> &'static str {
        State::ALL.iter().find(|(state, _)| *state == self).map_or("", |(_, text)| text)
    }
}

/// A place in a script, and what is known about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// How far.
    pub state: State,
    /// The section's number, from 0.
    pub section: usize,
    /// The statement's number in it, from 0.
    pub statement: usize,
    /// The hash of the statement that was last sent.
    pub statement_hash: Option<String>,
}

/// One run of one revision in one direction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its number.
    pub entry: i64,
    /// The revision.
    pub revision: Id,
    /// The script's checksum when it ran.
    pub checksum: String,
    /// Which way.
    pub direction: Direction,
    /// How far.
    pub place: Place,
    /// When, in the server's words.
    pub started_at: String,
    /// When, if it is.
    pub finished_at: Option<String>,
    /// The version of aludel that ran it.
    pub aludel_version: String,
}

impl Entry {
    /// Whether the run came to its end.
    pub fn is_finished(&self) -> bool {
        matches!(self.place.state, State::Done | State::Stamped)
    }
}

/// What a ledger says: the newest entry of each revision.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Status {
    /// By revision.
    pub entries: BTreeMap<Id, Entry>,
}

impl Status {
    /// What is applied. A revision whose way back was interrupted still is.
    pub fn applied(&self) -> BTreeSet<Id> {
        let is_up = |entry: &&Entry| (entry.direction == Direction::Up) == entry.is_finished();
        self.entries.values().filter(is_up).map(|entry| entry.revision.clone()).collect()
    }

    /// The run that did not come to its end, if there is one.
    pub fn interrupted(&self) -> Option<&Entry> {
        self.entries.values().find(|entry| !entry.is_finished())
    }

    /// The applied revisions whose up file is no longer what was run.
    pub fn edited(&self, graph: &Graph) -> Vec<Id> {
        let edited = |entry: &&Entry| {
            let now = graph.get(&entry.revision).map(|revision| &revision.up.checksum);
            entry.direction == Direction::Up && entry.is_finished() && now.is_some_and(|now| *now != entry.checksum)
        };
        self.entries.values().filter(edited).map(|entry| entry.revision.clone()).collect()
    }
}

#[derive(Clone, Copy, Iden)]
enum Column {
    Entry,
    Revision,
    Checksum,
    Direction,
    State,
    Section,
    Statement,
    StatementHash,
    StartedAt,
    FinishedAt,
    AludelVersion,
    Format,
}

impl Ledger {
    /// A ledger of this name in this schema.
    pub fn new(schema: impl Into<Name>, table: impl Into<Name>) -> Self {
        Ledger { schema: schema.into(), table: table.into() }
    }

    /// The ledger of a database: where its table is, or else in `public`, or the first schema that there is.
    ///
    /// # Errors
    /// If the server does not answer.
    pub async fn find(client: &Client, table: &str) -> Result<Self, Error> {
        let query = "SELECT n.nspname FROM pg_catalog.pg_namespace n LEFT JOIN pg_catalog.pg_class c \
            ON c.relnamespace = n.oid AND c.relname = $1 AND c.relkind = 'r' \
            WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema' \
            ORDER BY c.oid IS NULL, n.nspname <> 'public', n.nspname LIMIT 1";
        let found = client.query_opt(query, &[&table]).await;
        let found = found.map_err(|error| Ledger::new("public", table).error("look for", error))?;
        Ok(Ledger::new(found.map_or("public".into(), |row| row.get::<_, String>(0)), table))
    }

    /// Whether the table is there.
    ///
    /// # Errors
    /// If the server does not answer.
    pub async fn exists(&self, client: &Client) -> Result<bool, Error> {
        let query = "SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
            WHERE n.nspname = $1 AND c.relname = $2";
        let found = client.query_opt(query, &[&self.schema.as_str(), &self.table.as_str()]).await;
        Ok(found.map_err(|error| self.error("look for", error))?.is_some())
    }

    /// Makes the table unless it is there.
    ///
    /// # Errors
    /// If the server refuses.
    pub async fn ensure(&self, client: &Client) -> Result<(), Error> {
        if self.exists(client).await? {
            return Ok(());
        }
        let there = client.query_one("SELECT to_regnamespace($1) IS NOT NULL", &[&self.schema.to_string()]).await;
        // Even `IF NOT EXISTS` asks for the right to make schemas in the database.
        let schema = match there.map_err(|error| self.error("look for", error))?.get(0) {
            true => Sql::default(),
            false => sql!("CREATE SCHEMA IF NOT EXISTS {};", self.schema),
        };
        let made = client.batch_execute(sql!("{} {}", schema, self.create()).as_str()).await;
        made.map_err(|error| self.error("create", error))
    }

    /// The statements that make the table in its schema; sent as one, they are one transaction.
    fn create(&self) -> Sql {
        let (schema, table) = (&self.schema, &self.table);
        let comment = Literal("Which revisions this database has. Written by aludel; do not edit.");
        sql!(
            "CREATE TABLE IF NOT EXISTS {}.{} (\
                entry bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, \
                revision text NOT NULL, \
                checksum text NOT NULL, \
                direction text NOT NULL CHECK (direction IN ('up', 'down')), \
                state text NOT NULL CHECK (state IN ('running', 'sent', 'done', 'stamped')), \
                section integer NOT NULL, \
                statement integer NOT NULL, \
                statement_hash text, \
                started_at timestamptz NOT NULL DEFAULT now(), \
                finished_at timestamptz, \
                aludel_version text NOT NULL, \
                format integer NOT NULL); \
            COMMENT ON TABLE {}.{} IS {}",
            schema,
            table,
            schema,
            table,
            comment
        )
    }

    /// Reads what the ledger says; nothing, where there is none yet.
    ///
    /// # Errors
    /// If it can't be read, or a newer version of aludel wrote it.
    pub async fn status(&self, client: &Client) -> Result<Status, Error> {
        if !self.exists(client).await? {
            return Ok(Status::default());
        }
        let query = Query::select()
            .distinct_on([Column::Revision])
            .columns([Column::Entry, Column::Revision, Column::Checksum, Column::Direction, Column::State])
            .columns([Column::Section, Column::Statement, Column::StatementHash])
            .expr(Expr::col(Column::StartedAt).cast_as("text"))
            .expr(Expr::col(Column::FinishedAt).cast_as("text"))
            .columns([Column::AludelVersion, Column::Format])
            .from(self.iden())
            .order_by(Column::Revision, Order::Asc)
            .order_by(Column::Entry, Order::Desc)
            .to_string(PostgresQueryBuilder);
        let rows = client.query(&query, &[]).await.map_err(|error| self.error("read", error))?;
        let entries: Result<Vec<Entry>, Error> = rows.iter().map(|row| self.entry(row)).collect();
        Ok(Status { entries: entries?.into_iter().map(|entry| (entry.revision.clone(), entry)).collect() })
    }

    /// Writes how far a run came: a new entry, or the one that is given, whose number is returned.
    ///
    /// # Errors
    /// If the server refuses.
    pub async fn record(
        &self,
        client: &Client,
        entry: Option<i64>,
        (revision, direction, checksum): (&Id, Direction, &str),
        place: &Place,
    ) -> Result<i64, Error> {
        let finished = match place.state {
            State::Done | State::Stamped => Expr::cust("clock_timestamp()"),
            State::Running | State::Sent => Expr::cust("NULL::timestamptz"),
        };
        let number = |n: usize| Expr::from(i32::try_from(n).unwrap_or(i32::MAX));
        let values: Vec<(Column, Expr)> = vec![
            (Column::Revision, Expr::from(revision.as_str())),
            (Column::Checksum, Expr::from(checksum)),
            (Column::Direction, Expr::from(direction.as_str())),
            (Column::State, Expr::from(place.state.as_str())),
            (Column::Section, number(place.section)),
            (Column::Statement, number(place.statement)),
            (Column::StatementHash, Expr::from(place.statement_hash.clone())),
            (Column::FinishedAt, finished),
            (Column::AludelVersion, Expr::from(env!("CARGO_PKG_VERSION"))),
            (Column::Format, Expr::from(FORMAT)),
        ];
        let (sql, parameters) = match entry {
            Some(entry) => Query::update()
                .table(self.iden())
                .values(values)
                .and_where(Expr::col(Column::Entry).eq(entry))
                .returning_col(Column::Entry)
                .build(PostgresQueryBuilder),
            None => {
                let (columns, values): (Vec<Column>, Vec<Expr>) = values.into_iter().unzip();
                let mut insert = Query::insert();
                insert.into_table(self.iden()).columns(columns).values_panic(values).returning_col(Column::Entry);
                insert.build(PostgresQueryBuilder)
            }
        };
        let row = client.query_one(&sql, &references(&owned(parameters))).await;
        Ok(row.map_err(|error| self.error("write", error))?.get(0))
    }

    /// Forgets everything.
    ///
    /// # Errors
    /// If the server refuses.
    pub async fn purge(&self, client: &Client) -> Result<(), Error> {
        let delete = Query::delete().from_table(self.iden()).to_string(PostgresQueryBuilder);
        client.batch_execute(&delete).await.map_err(|error| self.error("empty", error))
    }

    fn iden(&self) -> (String, String) {
        (self.schema.as_str().to_owned(), self.table.as_str().to_owned())
    }

    fn error(&self, doing: &'static str, source: tokio_postgres::Error) -> Error {
        Error::Ledger { doing, table: sql!("{}.{}", self.schema, self.table), source }
    }

    fn entry(&self, row: &Row) -> Result<Entry, Error> {
        let table = || sql!("{}.{}", self.schema, self.table);
        let (format, aludel_version): (i32, String) = (row.get("format"), row.get("aludel_version"));
        if format > FORMAT {
            return Err(Error::NewerLedger { table: table(), version: aludel_version });
        }
        let odd = |what: String| Error::OddLedger { table: table(), what };
        let text = |column: &str| -> String { row.get(column) };
        let number = |column: &str| usize::try_from(row.get::<_, i32>(column)).unwrap_or(0);
        let state = text("state");
        let known = State::ALL.iter().find(|(_, text)| *text == state);
        Ok(Entry {
            entry: row.get("entry"),
            revision: Id::new(&text("revision")).map_err(|error| odd(error.to_string()))?,
            checksum: text("checksum"),
            direction: if text("direction") == "up" { Direction::Up } else { Direction::Down },
            place: Place {
                state: known.ok_or_else(|| odd(format!("the state \"{state}\"")))?.0,
                section: number("section"),
                statement: number("statement"),
                statement_hash: row.get("statement_hash"),
            },
            started_at: row.get(8),
            finished_at: row.get(9),
            aludel_version,
        })
    }
}

/// The driver's parameters for a built query's values: texts and numbers, nothing else stands in this table.
fn owned(values: Values) -> Vec<Box<dyn ToSql + Sync + Send>> {
    let one = |value| -> Box<dyn ToSql + Sync + Send> {
        match value {
            Value::Int(number) => Box::new(number),
            Value::BigInt(number) => Box::new(number),
            Value::String(text) => Box::new(text),
            other => Box::new(other.to_string()),
        }
    };
    values.0.into_iter().map(one).collect()
}

fn references(owned: &[Box<dyn ToSql + Sync + Send>]) -> Vec<&(dyn ToSql + Sync)> {
    owned.iter().map(|value| &**value as &(dyn ToSql + Sync)).collect()
}
