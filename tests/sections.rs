//! A change that is too large for the server's lock table becomes several transactions, each of which fits.
#![allow(missing_docs, clippy::disallowed_macros, clippy::disallowed_methods, clippy::disallowed_types)]

mod support;

use aludel::catalog::Canonical;
use aludel::db::read::read;
use aludel::diff::diff;
use aludel::kind::Style;
use aludel::plan::plan;
use support::Database;

const TABLES: usize = 40;
const LOCKS: u32 = 100;

#[tokio::test]
async fn each_section_fits_the_lock_table() {
    let (old, new) = (Database::empty().await, Database::empty().await);
    let tables = (0..TABLES).map(|n| {
        format!(
            "CREATE TABLE t{n} (id serial PRIMARY KEY, v text UNIQUE, up integer REFERENCES t{}); ",
            n.saturating_sub(1)
        )
    });
    new.client.batch_execute(&tables.collect::<String>()).await.expect("tables");
    let none = read(&old.client, "none").await.expect("an empty database");
    let all = read(&new.client, "none").await.expect("a full one");
    for (from, to) in [(&none, &all), (&all, &none)] {
        let mut text = serde_json::to_value(from).expect("a catalog");
        text["server"]["locks"] = LOCKS.into();
        let small: Canonical = serde_json::from_value(text).expect("the same catalog of a small server");
        let whole = plan(from, to, Style::Plain).expect("a plan");
        assert_eq!(whole.sections.len(), 1, "a server with many locks needs no more than one");
        let planned = plan(&small, to, Style::Plain).expect("a plan");
        assert!(planned.sections.len() > 1, "{} sections", planned.sections.len());
        assert!(planned.statements().eq(whole.statements()), "the statements are the same");
        for section in &planned.sections {
            old.client.batch_execute("BEGIN").await.expect("a transaction");
            for statement in &section.statements {
                old.client.batch_execute(statement.sql.as_str()).await.expect("a statement of the plan");
            }
            let held = "SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid() AND NOT fastpath";
            let held: i64 = old.client.query_one(held, &[]).await.expect("locks").get(0);
            assert!(held <= i64::from(LOCKS), "{held} locks of {LOCKS} in {} statements", section.statements.len());
            old.client.batch_execute("COMMIT").await.expect("a transaction");
        }
        let now = read(&old.client, "none").await.expect("what the plan made");
        assert_eq!(diff(&now, to).len(), 0);
    }
    old.drop_it().await;
    new.drop_it().await;
}
