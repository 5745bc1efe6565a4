use std::io::Write;
use std::time::{Duration, Instant};

use aludel::db::connect::connect;
use aludel::db::embedded::{FIRST_DATABASE, InProcess, explain};
use aludel::db::server::Private;
use aludel::name::Name;

use crate::{folder, open, text};

#[tokio::test]
async fn it_serves_keeps_its_data_and_says_when_it_is_taken() {
    let dir = folder();
    let since = Instant::now();
    let server = InProcess::open(dir.path(), &[Name::from("citext")]).await.expect("opens");
    println!("opened in {:?}", since.elapsed());
    let session = open(&server.target(FIRST_DATABASE)).await;
    assert_eq!(session.major(), 17);
    session.batch_execute("CREATE TABLE kept (c citext)").await.expect("makes a table");
    session.close().await;
    let private = Private::InProcess(server);
    let target = private.ensure_database(&Name::from("My app")).await.expect("makes a database");
    open(&target).await.close().await;
    private.close().await.expect("stops");

    let since = Instant::now();
    let server = InProcess::open(dir.path(), &[]).await.expect("opens again");
    println!("opened again in {:?}", since.elapsed());
    let first = open(&server.target(FIRST_DATABASE)).await;
    assert_eq!(text(&first, "SELECT 'kept'::regclass::text").await, "kept");
    let taken = connect(&server.target(FIRST_DATABASE), "aludel-test").await.expect_err("is taken").to_string();
    assert!(taken.contains("one connection at a time"), "{taken}");
    let used = InProcess::open(dir.path(), &[]).await.expect_err("is in use").to_string();
    assert!(used.contains(&format!("process {}", std::process::id())), "{used}");
    first.close().await;
    server.close().await.expect("stops");
}

#[tokio::test]
async fn bad_clients_do_not_end_it() {
    let server = InProcess::temporary(&[]).await.expect("opens");
    let target = server.target(FIRST_DATABASE);
    let socket = target.server();
    let socket = format!("{}/.s.PGSQL.5432", socket.strip_suffix(":5432").expect("a port"));
    let server_itself = socket.replace(".s.PGSQL.5432", "inner");
    let raw = || std::os::unix::net::UnixStream::connect(&socket).expect("connects");
    drop(raw());
    raw().write_all(b"GET / HTTP/1.1\r\n\r\n").expect("writes");
    open(&target).await.close().await;
    // Past the door, such bytes do end the listener, which is then started again.
    let mut past = std::os::unix::net::UnixStream::connect(&server_itself).expect("connects");
    past.write_all(b"GET / HTTP/1.1\r\n\r\n").expect("writes");
    for _ in 0..200 {
        if std::os::unix::net::UnixStream::connect(&server_itself).is_err() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    std::os::unix::net::UnixStream::connect(&server_itself).expect_err("the listener is gone");
    open(&target).await.close().await;
    // Gone in the middle of an answer.
    let session = open(&target).await;
    let query = session.batch_execute("SELECT repeat('x', 1000) FROM generate_series(1, 20000)");
    let _ = tokio::time::timeout(Duration::from_millis(5), query).await;
    drop(session);
    open(&target).await.close().await;
    server.close().await.expect("stops");
}

#[tokio::test]
async fn what_it_lacks_is_explained() {
    let message = InProcess::temporary(&[Name::from("postgis")]).await.expect_err("not built in").to_string();
    assert!(message.contains("postgis") && message.contains("install PostgreSQL"), "{message}");
    let server = InProcess::temporary(&[]).await.expect("opens");
    let session = open(&server.target(FIRST_DATABASE)).await;
    for statement in [
        "CREATE EXTENSION pgcrypto",
        "CREATE TABLE a (x text COLLATE \"de_DE\")",
        "SELECT to_tsvector('english', 'x')",
        "CREATE FUNCTION f() RETURNS int LANGUAGE plpython3u AS 'return 1'",
    ] {
        let error = session.batch_execute(statement).await.expect_err(statement);
        let error = error.as_db_error().expect("the server's").clone();
        assert!(explain(error.code().code(), error.message()).is_some(), "{statement}: {error:?}");
    }
    session.close().await;
    server.close().await.expect("stops");
}

#[tokio::test]
async fn a_shadow_in_the_process_is_empty_and_can_be_emptied() {
    use aludel::db::cluster::Search;
    use aludel::db::shadow_place::{Place, Request, Setting, facts, open_shadow};
    let dir = folder();
    let server = InProcess::open(dir.path(), &[]).await.expect("opens");
    let live = open(&server.target(FIRST_DATABASE)).await;
    let request = Request { setting: &Setting::Auto, live: &live, folder: dir.path(), search: &Search::nowhere() };
    let since = Instant::now();
    let mut shadow = open_shadow(&request, facts(request.live).await.expect("facts")).await.expect("a shadow");
    println!("shadow in {:?}", since.elapsed());
    assert_eq!(shadow.place, Place::InProcess);
    let count = "SELECT count(*)::text FROM pg_class WHERE oid >= 16384";
    let before = text(&shadow, count).await;
    shadow.batch_execute("CREATE TABLE t (id serial PRIMARY KEY, x text)").await.expect("fills");
    shadow.ensure_roles(&[Name::from("somebody")]).await.expect("makes it");
    shadow.reset().await.expect("empties");
    assert_eq!(text(&shadow, count).await, before);
    shadow.close().await.expect("closes");
    live.close().await;
    server.close().await.expect("stops");
}
