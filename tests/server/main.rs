//! Tests of `db` on real servers: private clusters made by the tests themselves, and the one of `ALUDEL_TEST_URL`.
#![allow(clippy::disallowed_macros, clippy::disallowed_methods, clippy::disallowed_types)]

mod cluster;
mod connect;
#[cfg(feature = "embedded")]
mod embedded;
mod serve;
mod shadow;

use std::path::Path;

use aludel::db::cluster::{Cluster, Purpose, Search};
use aludel::db::connect::{Connected, Target, connect};

fn env(key: &str) -> Option<String> {
    std::env::var(key).ok()
}

fn search() -> Search {
    Search::new(&env)
}

/// A running private cluster in a folder.
async fn cluster(folder: &Path, purpose: Purpose) -> Cluster {
    Cluster::open(folder, purpose, None, &search()).await.expect("a cluster")
}

/// A folder that the account of a server can reach.
fn folder() -> tempfile::TempDir {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().expect("a folder");
    std::fs::set_permissions(dir.path(), std::fs::Permissions::from_mode(0o755)).expect("chmod");
    dir
}

async fn open(target: &Target) -> Connected {
    connect(target, "aludel-test").await.expect("connects")
}

/// The first field of a query's first row.
async fn text(session: &Connected, query: &str) -> String {
    session.query_one(query, &[]).await.expect(query).get(0)
}

/// The server that the tests share.
fn shared() -> Target {
    let url = env("ALUDEL_TEST_URL").unwrap_or_else(|| "postgres://postgres@127.0.0.1:54315/postgres".to_owned());
    Target::parse(&url, &env).expect("ALUDEL_TEST_URL")
}
