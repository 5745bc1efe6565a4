use std::time::Duration;

use aludel::command::serve::{Request, start};
use aludel::db::connect::{Target, connect};
use aludel::db::marker::Kind;

use crate::{folder, open, search, text};

#[tokio::test]
async fn its_url_works_until_the_signal_and_the_data_stays() {
    let dir = folder();
    let request = Request { folder: dir.path().join(".aludel"), search: search(), extensions: Vec::new() };
    let serving = start(&request).await.expect("serves");
    assert_eq!(serving.kind, Kind::Cluster);
    let target = Target::parse(&serving.url, &|_| None).expect("a URL");
    assert!(target.is_local());
    let session = open(&target).await;
    session.batch_execute("CREATE TABLE kept ()").await.expect("makes a table");
    assert_eq!(text(&session, "SELECT current_database()::text").await, "app");
    session.close().await;
    let second = start(&request).await.expect("joins");
    let running = tokio::spawn(serving.until_signal());
    tokio::time::sleep(Duration::from_millis(100)).await;
    let pid = std::process::id().to_string();
    std::process::Command::new("kill").args(["-TERM", &pid]).status().expect("signals");
    running.await.expect("ends").expect("in order");
    let session = open(&target).await;
    assert_eq!(text(&session, "SELECT 'kept'::regclass::text").await, "kept");
    session.close().await;
    second.close().await.expect("stops");
    connect(&target, "aludel-test").await.expect_err("nobody serves it");
}

#[cfg(not(feature = "embedded"))]
#[tokio::test]
async fn without_a_server_both_ways_out_are_named() {
    use aludel::db::cluster::Search;
    use aludel::db::marker::{self, Marker};
    let dir = folder();
    let request = Request { folder: dir.path().to_owned(), search: Search::nowhere(), extensions: Vec::new() };
    let message = start(&request).await.expect_err("nothing there").to_string();
    assert!(message.contains("install the postgresql package") && message.contains("`embedded` feature"), "{message}");
    let data = dir.path().join("server");
    std::fs::create_dir_all(&data).expect("makes");
    marker::write(&data, &Marker { kind: Kind::InProcess, major: 17, place: None }).expect("writes");
    let message = start(&Request { search: search(), ..request }).await.expect_err("not built in").to_string();
    assert!(message.contains("without the feature `embedded`"), "{message}");
}
