//! The shadow: a database of its own in which models become a catalog and plans are proven.

use tokio_postgres::Client;

use super::connect::{self, Connected, Target};
use super::{Error, server_words};
use crate::name::{Literal, Name};
use crate::sql;

/// A shadow database, made empty; gone after [`Shadow::close`].
#[derive(Debug)]
pub struct Shadow {
    /// The session in it.
    pub client: Connected,
    admin: Target,
    name: Name,
}

/// A statement for the shadow, with where it comes from.
#[derive(Clone, Debug)]
pub struct Source {
    /// The file.
    pub file: String,
    /// The line of the file, from 1.
    pub line: usize,
    /// The statement.
    pub sql: String,
}

/// A statement that the server refused, whatever was tried before it.
#[derive(Clone, Debug)]
pub struct Refused {
    /// The statement.
    pub source: Source,
    /// What the server said.
    pub words: String,
}

/// How many statements share a transaction while the shadow is built: below what a default lock table holds.
const CHUNK: usize = 200;

impl Shadow {
    /// Makes an empty shadow on the server of `admin`, with the encoding and locale of the live database.
    ///
    /// # Errors
    /// If the server refuses to make a database; the message has the statement for an administrator.
    pub async fn open(live: &Client, admin: &Target) -> Result<Shadow, Error> {
        let row = live
            .query_one(
                "SELECT pg_encoding_to_char(encoding)::text, datcollate::text, datctype::text,
                        (SELECT count(*) FROM pg_database) FROM pg_database WHERE datname = current_database()",
                &[],
            )
            .await?;
        let [encoding, collate, ctype]: [String; 3] = [row.try_get(0)?, row.try_get(1)?, row.try_get(2)?];
        let name = Name::from(format!("aludel_shadow_{}", std::process::id()));
        let keeper = connect::connect(admin, "aludel shadow keeper").await?;
        let create = sql!(
            "CREATE DATABASE {} TEMPLATE template0 ENCODING {} LC_COLLATE {} LC_CTYPE {}",
            name,
            Literal(&encoding),
            Literal(&collate),
            Literal(&ctype)
        );
        let drop = sql!("DROP DATABASE IF EXISTS {} WITH (FORCE)", name);
        keeper.batch_execute(drop.as_str()).await?;
        let refused = |error| Error::Statement { words: server_words(&error), sql: create.0.clone() };
        keeper.batch_execute(create.as_str()).await.map_err(refused)?;
        keeper.close().await;
        let client = connect::connect(&admin.with_database(name.as_str()), "aludel shadow").await?;
        Ok(Shadow { client, admin: admin.clone(), name })
    }

    /// Drops the shadow.
    pub async fn close(self) -> Result<(), Error> {
        self.client.close().await;
        let keeper = connect::connect(&self.admin, "aludel shadow keeper").await?;
        keeper.batch_execute(sql!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name).as_str()).await?;
        keeper.close().await;
        Ok(())
    }

    /// Runs statements whose right order is not known: what fails waits until the others are there.
    ///
    /// What is left in the end is the user's to mend.
    pub async fn build(&self, sources: Vec<Source>) -> Result<Vec<Refused>, Error> {
        let mut waiting = sources;
        loop {
            let before = waiting.len();
            let mut refused = Vec::new();
            for chunk in waiting.chunks(CHUNK) {
                refused.extend(self.build_chunk(chunk).await?);
            }
            if refused.is_empty() || refused.len() == before {
                return Ok(refused);
            }
            waiting = refused.into_iter().map(|refused: Refused| refused.source).collect();
        }
    }

    async fn build_chunk(&self, chunk: &[Source]) -> Result<Vec<Refused>, Error> {
        const BEGIN: &str = "BEGIN; SET LOCAL check_function_bodies = off; SET LOCAL client_min_messages = error;";
        let all: String = chunk.iter().flat_map(|source| [source.sql.as_str(), ";\n"]).collect();
        if self.client.batch_execute(&format!("{BEGIN} {all}")).await.is_ok() {
            self.client.batch_execute("COMMIT").await?;
            return Ok(Vec::new());
        }
        self.client.batch_execute(&format!("ROLLBACK; {BEGIN}")).await?;
        let mut refused = Vec::new();
        for source in chunk {
            self.client.batch_execute("SAVEPOINT aludel").await?;
            if let Err(error) = self.client.batch_execute(&source.sql).await {
                refused.push(Refused { source: source.clone(), words: server_words(&error) });
                self.client.batch_execute("ROLLBACK TO aludel").await?;
            }
        }
        self.client.batch_execute("COMMIT").await?;
        Ok(refused)
    }
}
