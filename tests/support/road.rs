//! The whole road for two schemas: pull the one, autogenerate against the other, upgrade, check, downgrade.

use aludel::command::{Session, check, downgrade, pull, revision, run, upgrade};

use super::dump::{compare, dump};
use super::{Case, Database, Pool, failures};

async fn travel(case: &Case, before: &Database, after: &Database, folder: &std::path::Path) -> Result<(), String> {
    let words = |step: &'static str| move |error: aludel::command::Error| format!("{step}: {error}");
    let refused = |side: &'static str| {
        move |error: tokio_postgres::Error| format!("{side}: {}", aludel::db::server_words(&error))
    };
    before.client.batch_execute(&case.before).await.map_err(refused("before"))?;
    after.client.batch_execute(&case.after).await.map_err(refused("after"))?;
    let config = "[database]\nschemas = [\"*\"]\nmanage = [\"*\"]\n";
    std::fs::write(folder.join("aludel.toml"), config).map_err(|e| e.to_string())?;
    std::fs::create_dir_all(folder.join("migrations")).map_err(|e| e.to_string())?;
    let (dump_before, dump_after) = (dump(before)?, dump(after)?);

    let source = Session::open(folder.to_owned(), Some(after.url())).await.map_err(words("open"))?;
    let pulled = pull::pull(&source).await.map_err(words("pull"))?;
    if !pulled.not_carried.is_empty() {
        return Err(format!("pull: not carried: {:?}", pulled.not_carried));
    }
    let session = Session::open(folder.to_owned(), Some(before.url())).await.map_err(words("open"))?;
    let request =
        revision::Request { message: "case".into(), autogenerate: true, no_renames: true, ..Default::default() };
    revision::revision(&session, &request).await.map_err(words("revision"))?;
    let (graph, ledger) = (session.graph().map_err(words("graph"))?, session.run_ledger());
    let to = |target: &str| run::Request {
        target: target.parse().expect("a target"),
        options: Default::default(),
        lock_wait: std::time::Duration::from_secs(5),
    };
    upgrade::upgrade(&session.live, &graph, &ledger, &to("head"), &mut ()).await.map_err(words("upgrade"))?;
    compare("upgrade", &dump(before)?, &dump_after)?;
    let rest = check::check(&session).await.map_err(words("check"))?;
    if !rest.differences.is_empty() {
        return Err(format!("check: {:?}", rest.differences));
    }
    downgrade::downgrade(&session.live, &graph, &ledger, &to("base"), &mut ()).await.map_err(words("downgrade"))?;
    compare("downgrade", &dump(before)?, &dump_before)
}

/// Takes cases the whole road, some at a time; nothing if all arrive.
pub async fn all_travel(cases: &[Case]) {
    assert!(!cases.is_empty(), "no case matches");
    let pool = &Pool::default();
    let one = |case| async move {
        let (before, after) = (pool.take().await, pool.take().await);
        let folder = tempfile::tempdir().expect("a folder");
        let result = travel(case, &before, &after, folder.path()).await;
        pool.give(before).await;
        pool.give(after).await;
        result
    };
    let failures = failures(cases, one).await;
    pool.close().await;
    assert!(failures.is_empty(), "{} of {} failed\n\n{}", failures.len(), cases.len(), failures.join("\n"));
    println!("{} cases travelled", cases.len());
}
