//! What the tests share: a real server, and databases of their own on it.
#![allow(missing_docs, dead_code)]

use std::sync::atomic::{AtomicU32, Ordering};

use futures_util::stream::{self, StreamExt};
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
        // A database that holds subscriptions cannot be dropped, and those with a slot would connect.
        let mine =
            "FROM pg_subscription WHERE subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())";
        let client = match self.client.batch_execute("ROLLBACK").await {
            Ok(()) => self.client,
            // A test has ended the session.
            Err(_) => connect(&url_of(&self.name)).await,
        };
        let names = client.query(&format!("SELECT quote_ident(subname) {mine}"), &[]).await.expect("subscriptions");
        for name in names.iter().map(|row| row.get::<_, String>(0)) {
            let detach = format!("ALTER SUBSCRIPTION {name} DISABLE; ALTER SUBSCRIPTION {name} SET (slot_name = NONE)");
            client.batch_execute(&format!("{detach}; DROP SUBSCRIPTION {name}")).await.expect("drop subscription");
        }
        let admin = connect(&server_url()).await;
        admin.batch_execute(&format!("DROP DATABASE {} WITH (FORCE)", self.name)).await.expect("drop");
    }

    pub fn url(&self) -> String {
        url_of(&self.name)
    }
}

/// One case of `tests/cases`.
pub struct Case {
    pub name: String,
    pub before: String,
    pub after: String,
}

/// Runs a check for every case, some at a time; the names and reasons of those that fail, in order.
pub async fn failures<'a, F: Future<Output = Result<(), String>>>(
    cases: &'a [Case],
    check: impl Fn(&'a Case) -> F,
) -> Vec<String> {
    let named = |case: &'a Case| {
        let done = check(case);
        async move { done.await.err().map(|why| format!("{}\n{why}\n", case.name)) }
    };
    stream::iter(cases).map(named).buffered(4).filter_map(std::future::ready).collect().await
}

/// The cases whose name contains the words of the variable `CASE` and that the server can run: a name may end in
/// the first major version that does, `(18)`.
pub async fn cases() -> Vec<Case> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases");
    let mut files: Vec<_> =
        std::fs::read_dir(folder).expect("tests/cases").map(|entry| entry.expect("entry").path()).collect();
    files.sort();
    let mut cases = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).expect("a case file is text");
        for part in text.split("-- case: ").skip(1) {
            let (name, body) = part.split_once('\n').expect("a case has a body");
            let (before, after) = body.split_once("-- after\n").expect("a case has an after");
            let stem = file.file_stem().expect("stem").to_string_lossy();
            cases.push(Case { name: format!("{stem}: {name}"), before: before.into(), after: after.into() });
        }
    }
    let wanted = std::env::var("CASE").unwrap_or_default();
    let version =
        connect(&server_url()).await.query_one("SELECT current_setting('server_version_num')::int", &[]).await;
    let major = version.expect("a version").get::<_, i32>(0) / 10_000;
    let since = |name: &str| name.strip_suffix(')').and_then(|name| name.rsplit_once('(')?.1.parse::<i32>().ok());
    cases.retain(|case| case.name.contains(&wanted) && since(&case.name).is_none_or(|since| since <= major));
    cases
}
