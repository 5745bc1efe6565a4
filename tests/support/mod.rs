//! What the tests share: a real server, and databases of their own on it.
#![allow(missing_docs, dead_code)]

use std::sync::atomic::{AtomicU32, Ordering};

use tokio_postgres::{Client, NoTls};

static COUNT: AtomicU32 = AtomicU32::new(0);

/// The server that the tests run on; `scripts/test` sets it.
pub fn server_url() -> String {
    std::env::var("ALUDEL_TEST_URL")
        .expect("ALUDEL_TEST_URL names a PostgreSQL server; scripts/test starts one and sets it")
}

/// An URL of another database on the same server.
pub fn url_of(database: &str) -> String {
    let url = server_url();
    let (front, _) = url.rsplit_once('/').expect("a URL ends in /database");
    format!("{front}/{database}")
}

pub async fn connect(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.expect("the test server answers");
    tokio::spawn(async move {
        let _ = connection.await;
    });
    client
}

/// An empty database that is dropped with this value's `drop_it`.
pub struct Database {
    pub name: String,
    pub client: Client,
}

impl Database {
    pub async fn empty() -> Database {
        let name = format!("aludel_test_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let admin = connect(&server_url()).await;
        admin.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await.expect("drop");
        admin.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE template0")).await.expect("create");
        let client = connect(&url_of(&name)).await;
        Database { name, client }
    }

    pub async fn drop_it(self) {
        let admin = connect(&server_url()).await;
        admin.batch_execute(&format!("DROP DATABASE {} WITH (FORCE)", self.name)).await.expect("drop");
    }

    pub fn url(&self) -> String {
        url_of(&self.name)
    }
}
