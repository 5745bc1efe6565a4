//! How often the server is asked does not depend on how much there is, nor what it answers on what others do.
#![allow(missing_docs, clippy::disallowed_macros, clippy::disallowed_methods, clippy::disallowed_types)]

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use aludel::db::connect::{Connected, Target, connect};
use aludel::db::fingerprint::fingerprint;
use aludel::db::read::read;
use support::{Project, server_url};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A place between client and server that counts what is executed.
struct Counter {
    port: u16,
    executed: Arc<AtomicUsize>,
}

impl Counter {
    /// On a thread of its own: the program that is counted is waited for.
    fn open() -> Counter {
        let server = server_url();
        let place = server.rsplit_once('@').map_or(&server[..], |(_, place)| place);
        let place = place.split(['/', '?']).next().expect("host and port").to_owned();
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let executed = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&executed);
        let serve = async move {
            listener.set_nonblocking(true).expect("a listener");
            let listener = TcpListener::from_std(listener).expect("a listener");
            while let Ok((client, _)) = listener.accept().await {
                let server = TcpStream::connect(&place).await.expect("the server listens on TCP");
                tokio::spawn(between(client, server, Arc::clone(&count)));
            }
        };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        std::thread::spawn(move || runtime.block_on(serve));
        Counter { port, executed }
    }

    fn url(&self, of: &str) -> String {
        let (front, database) = of.rsplit_once('/').expect("a URL");
        let user = front.rsplit_once('@').map_or("", |(user, _)| user);
        format!("{user}@127.0.0.1:{}/{database}", self.port)
    }

    /// How many queries and statements were executed since the last call.
    fn take(&self) -> usize {
        self.executed.swap(0, Ordering::SeqCst)
    }
}

/// <https://www.postgresql.org/docs/current/protocol-message-formats.html>
async fn between(client: TcpStream, server: TcpStream, executed: Arc<AtomicUsize>) {
    const TLS_OR_GSS: [u32; 2] = [80_877_103, 80_877_104];
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let back = tokio::spawn(async move { tokio::io::copy(&mut from_server, &mut to_client).await });
    let mut has_begun = false;
    loop {
        let kind = if has_begun { from_client.read_u8().await.ok() } else { None };
        let Ok(length) = from_client.read_u32().await else { break };
        let mut body = vec![0; length as usize - 4];
        if from_client.read_exact(&mut body).await.is_err() {
            break;
        }
        let code = body.first_chunk().map(|code| u32::from_be_bytes(*code));
        has_begun |= code.is_some_and(|code| !TLS_OR_GSS.contains(&code));
        executed.fetch_add(usize::from(matches!(kind, Some(b'Q' | b'E'))), Ordering::SeqCst);
        let message = [kind.as_slice(), &length.to_be_bytes(), &body].concat();
        if to_server.write_all(&message).await.is_err() {
            break;
        }
    }
    back.abort();
}

fn schema(tables: usize) -> String {
    let each = |n: usize| {
        format!(
            "CREATE TABLE t{n} (id serial PRIMARY KEY, v text UNIQUE CHECK (v <> ''), up integer REFERENCES t{});
             CREATE INDEX ON t{n} (up); CREATE VIEW w{n} AS SELECT * FROM t{n}; CREATE TYPE e{n} AS ENUM ('a');
             CREATE FUNCTION f{n}() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
             CREATE TRIGGER g BEFORE INSERT ON t{n} FOR EACH ROW EXECUTE FUNCTION f{n}();
             CREATE POLICY p ON t{n} USING (id > 0);",
            n.saturating_sub(1)
        )
    };
    (0..tables).map(each).collect()
}

async fn session(project: &Project) -> Connected {
    connect(&Target::parse(&project.database.url(), &|_| None).expect("a URL"), "aludel test").await.expect("connects")
}

#[tokio::test]
async fn no_change_goes_past_the_fingerprint() {
    let project = Project::new("").await;
    let (other, slow) = (&project.database.client, session(&project).await);
    let run = async |client: &tokio_postgres::Client, sql: &str| client.batch_execute(sql).await.expect("changes");
    run(other, "CREATE TABLE t (a int); CREATE TABLE u (a int)").await;
    run(&slow, "BEGIN; ALTER TABLE t ALTER a SET NOT NULL").await;
    run(other, "ALTER TABLE u ALTER a SET NOT NULL; ALTER TABLE u ALTER a DROP NOT NULL").await;
    let reader = session(&project).await;
    let before = fingerprint(&reader).await.expect("a fingerprint");
    assert_eq!(fingerprint(&reader).await.expect("a fingerprint"), before);
    run(&slow, "COMMIT").await;
    assert_ne!(fingerprint(&reader).await.expect("a fingerprint"), before, "an older transaction came later");
    project.drop_it().await;
}

#[tokio::test]
async fn a_busy_database_can_be_read() {
    let project = Project::new("").await;
    let busy = &project.database.client;
    busy.batch_execute("CREATE TABLE t (a int, b text); CREATE MATERIALIZED VIEW m AS SELECT * FROM t")
        .await
        .expect("made");
    let reader = session(&project).await;
    let work = async {
        loop {
            for work in
                ["TRUNCATE t", "REFRESH MATERIALIZED VIEW m", "CREATE TEMP TABLE x (a serial, b text); DROP TABLE x"]
            {
                busy.batch_execute(work).await.expect(work);
            }
        }
    };
    let reads = async {
        for _ in 0..5 {
            read(&reader, "none").await.expect("reads");
        }
    };
    tokio::select! {
        () = work => {}
        () = reads => {}
    }
    project.drop_it().await;
}

#[tokio::test]
async fn reading_and_a_warm_check_take_as_many_queries_for_200_tables_as_for_2() {
    let counter = Counter::open();
    let mut counts = Vec::new();
    for tables in [2, 200] {
        let project = Project::new("").await;
        project.database.client.batch_execute(&schema(tables)).await.expect("a schema");
        let url = counter.url(&project.database.url());
        let client = connect(&Target::parse(&url, &|_| None).expect("a URL"), "aludel test").await.expect("connects");
        counter.take();
        read(&client, "none").await.expect("reads");
        let reading = counter.take();
        std::fs::remove_file(project.path("models.toml")).expect("the models");
        let run = |words: &str| {
            let ran = project.run_on(&url, words);
            assert_eq!(ran.code, 0, "{words}: {}{}", ran.stdout, ran.stderr);
            counter.take()
        };
        run("pull");
        run("check");
        counts.push((reading, run("check")));
        project.drop_it().await;
    }
    assert_eq!(counts[0], counts[1], "(reading, check) for 2 tables and for 200");
    assert!(
        counts.iter().all(|(reading, check)| *check > 0 && check < reading),
        "{counts:?}: a warm check reads nothing"
    );
}
