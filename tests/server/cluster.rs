use std::time::{Duration, Instant};

use aludel::db::cluster::{Cluster, Purpose, Search};
use aludel::db::connect::connect;
use aludel::db::marker::{self, Kind, Marker};

use crate::{cluster, folder, open, search, text};

/// Twice what was promised: these machines are shared.
const SLACK: u32 = 2;

#[tokio::test]
async fn a_cluster_is_made_started_stopped_and_keeps_its_data() {
    let dir = folder();
    let since = Instant::now();
    let one = cluster(dir.path(), Purpose::Data).await;
    println!("made in {:?}", since.elapsed());
    let session = open(&one.target("postgres")).await;
    assert_eq!(session.major(), one.major());
    assert_eq!(text(&session, "SELECT current_setting('fsync')").await, "on");
    assert_eq!(text(&session, "SELECT current_setting('listen_addresses')").await, "");
    assert_eq!(text(&session, "SELECT pg_encoding_to_char(encoding)::text FROM pg_database LIMIT 1").await, "UTF8");
    session.batch_execute("CREATE TABLE kept ()").await.expect("makes a table");
    session.close().await;
    let target = one.target("postgres");
    one.close().await.expect("stops");
    let gone = connect(&target, "aludel-test").await.expect_err("stopped").to_string();
    assert!(gone.contains("no socket there"), "{gone}");

    let since = Instant::now();
    let again = cluster(dir.path(), Purpose::Data).await;
    let took = since.elapsed();
    println!("started in {took:?}");
    assert!(took < SLACK * Duration::from_millis(500), "{took:?}");
    let session = open(&again.target("postgres")).await;
    assert_eq!(text(&session, "SELECT 'kept'::regclass::text").await, "kept");
    drop(session);
    let since = Instant::now();
    drop(again);
    println!("stopped in {:?}", since.elapsed());
    connect(&target, "aludel-test").await.expect_err("stopped on drop");
}

#[tokio::test]
async fn the_last_to_leave_stops_it() {
    let dir = folder();
    let (one, two) = (cluster(dir.path(), Purpose::Shadow).await, cluster(dir.path(), Purpose::Shadow).await);
    let target = one.target("postgres");
    one.close().await.expect("leaves");
    let session = open(&target).await;
    assert_eq!(text(&session, "SELECT current_setting('fsync')").await, "off");
    assert_eq!(text(&session, "SELECT current_setting('max_locks_per_transaction')").await, "1024");
    session.close().await;
    two.close().await.expect("stops");
    connect(&target, "aludel-test").await.expect_err("nobody is left");
}

#[tokio::test]
async fn many_at_once_share_one_server() {
    let dir = folder();
    let opening = (0..4).map(|_| cluster(dir.path(), Purpose::Shadow));
    let all = futures_util::future::join_all(opening).await;
    for one in &all {
        open(&one.target("postgres")).await.close().await;
    }
    for one in all {
        one.close().await.expect("leaves");
    }
    assert!(!dir.path().join("data/postmaster.pid").exists());
}

#[tokio::test]
async fn a_killed_server_comes_up_again() {
    let dir = folder();
    let one = cluster(dir.path(), Purpose::Data).await;
    open(&one.target("postgres")).await.batch_execute("CREATE TABLE kept ()").await.expect("makes a table");
    let pid = std::fs::read_to_string(dir.path().join("data/postmaster.pid")).expect("a pid file");
    let pid = pid.lines().next().expect("a pid").to_owned();
    std::process::Command::new("kill").args(["-9", &pid]).status().expect("kills");
    std::thread::sleep(Duration::from_millis(300));
    let two = cluster(dir.path(), Purpose::Data).await;
    let session = open(&two.target("postgres")).await;
    assert_eq!(text(&session, "SELECT 'kept'::regclass::text").await, "kept");
    drop((session, one));
    two.close().await.expect("stops");
}

#[tokio::test]
async fn a_folder_of_root_is_left_for_one_that_the_server_can_reach() {
    use std::os::unix::fs::PermissionsExt;
    let dir = folder();
    std::fs::set_permissions(dir.path(), std::fs::Permissions::from_mode(0o700)).expect("chmod");
    let inner = dir.path().join("inner");
    let one = cluster(&inner, Purpose::Shadow).await;
    open(&one.target("postgres")).await.close().await;
    let note = one.note().map(str::to_owned);
    one.close().await.expect("stops");
    if aludel::db::machine::process_uid() == Some(0) {
        let note = note.expect("says so");
        assert!(note.contains("keeps its files in"), "{note}");
        let marker = marker::read(&inner, Kind::Cluster).expect("reads").expect("a marker");
        let elsewhere = marker.place.expect("elsewhere");
        assert!(elsewhere.exists());
        // The next one in need of such a place takes away what belongs to nobody any more.
        std::fs::remove_dir_all(&inner).expect("was there");
        let next = dir.path().join("next");
        cluster(&next, Purpose::Shadow).await.close().await.expect("stops");
        assert!(!elsewhere.exists());
        let marker = marker::read(&next, Kind::Cluster).expect("reads").expect("a marker");
        std::fs::remove_dir_all(marker.place.expect("elsewhere")).expect("was there");
    } else {
        assert_eq!(note, None);
    }
}

#[tokio::test]
async fn what_does_not_fit_is_said() {
    let dir = folder();
    let fail = async |wanted, search: &Search| {
        Cluster::open(dir.path(), Purpose::Data, wanted, search).await.expect_err("cannot open").to_string()
    };
    let message = fail(None, &Search::nowhere()).await;
    assert!(message.contains("ALUDEL_PG_BIN"), "{message}");
    let message = fail(Some(9), &search()).await;
    assert!(message.contains("postgresql-9"), "{message}");
    let marker = |kind, major| marker::write(dir.path(), &Marker { kind, major, place: None }).expect("writes");
    marker(Kind::Cluster, 8);
    let message = fail(None, &search()).await;
    assert!(message.contains("was made by PostgreSQL 8"), "{message}");
    marker(Kind::InProcess, 17);
    let message = fail(None, &search()).await;
    assert!(message.contains("inside aludel"), "{message}");
}
