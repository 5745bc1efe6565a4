//! Revisions run on a real server: up, down, and everything that can stop them.
#![allow(missing_docs, clippy::disallowed_methods, clippy::disallowed_types)]

mod support;

use std::time::Duration;

use aludel::command::stamp::{self, Purge};
use aludel::command::{Error, current, downgrade, run, upgrade};
use aludel::db::apply::{Options, Resume};
use aludel::db::ledger::{Ledger, Place, State};
use aludel::db::lock::Lock;
use aludel::db::progress::{Event, Progress};
use aludel::revision::file::parse;
use aludel::revision::{Direction, Graph, Id};
use support::{Database, connect};
use tokio_postgres::Client;

/// A graph of revisions in a line; each is its id, its up and its down.
fn line(revisions: &[(&str, &str, &str)]) -> Graph {
    let mut before = String::new();
    Graph::new(revisions.iter().map(|(id, up, down)| {
        let up = format!("-- aludel:revision\n-- revision = \"{id}\"\n{before}\n{up}");
        before = format!("-- down_revision = \"{id}\"\n");
        parse((&format!("{id}.up.sql"), &up), (&format!("{id}.down.sql"), down)).expect("the test's revision parses")
    }))
    .expect("the test's graph holds together")
}

fn tables() -> Graph {
    line(&[
        ("aaaa1111", "CREATE TABLE a (x int);", "DROP TABLE a;"),
        ("bbbb2222", "CREATE TABLE b (x int);", "DROP TABLE b;"),
        ("cccc3333", "CREATE TABLE c (x int);", "DROP TABLE c;"),
    ])
}

/// Writes down what it hears.
#[derive(Default)]
struct Heard(Vec<String>);

impl Progress for Heard {
    fn hear(&mut self, event: Event<'_>) {
        self.0.push(match event {
            Event::Waiting { holder, .. } => format!("waiting for {holder}"),
            Event::Revision { revision, direction, finished, statements } => {
                format!("{direction} {} {finished}/{statements}", revision.id)
            }
            Event::Hazard { counted } => format!("{}: {} {:?}", counted.line, counted.why, counted.rows),
            Event::Statement { number, .. } => format!("statement {number}"),
            Event::Cleanup { index } => format!("drop {index}"),
            Event::Retry { attempt, .. } => format!("retry {attempt}"),
            Event::Done { revision, .. } => format!("done {}", revision.id),
        });
    }
}

struct Bench {
    database: Database,
    ledger: Ledger,
}

impl Bench {
    async fn new() -> Bench {
        Bench { database: Database::empty().await, ledger: Ledger::new("public", "aludel_version") }
    }

    fn client(&self) -> &Client {
        &self.database.client
    }

    fn request(target: &str, resume: Resume) -> run::Request {
        let options = Options { lock_timeout: "200ms".into(), retries: 3, pause: Duration::from_millis(50), resume };
        run::Request { target: target.parse().expect("a target"), options, lock_wait: Duration::from_millis(300) }
    }

    async fn up(&self, graph: &Graph, target: &str) -> Result<String, Error> {
        self.up_resuming(graph, target, Resume::Ask, &mut ()).await
    }

    async fn up_resuming(
        &self,
        graph: &Graph,
        target: &str,
        resume: Resume,
        progress: &mut dyn Progress,
    ) -> Result<String, Error> {
        let request = Self::request(target, resume);
        let report = upgrade::upgrade(self.client(), graph, &self.ledger, &request, progress).await?;
        Ok(report.moved.iter().map(|moved| moved.revision.as_str()).collect::<Vec<_>>().join(" "))
    }

    async fn down(&self, graph: &Graph, target: &str) -> Result<String, Error> {
        let request = Self::request(target, Resume::Ask);
        let report = downgrade::downgrade(self.client(), graph, &self.ledger, &request, &mut ()).await?;
        Ok(report.moved.iter().map(|moved| moved.revision.as_str()).collect::<Vec<_>>().join(" "))
    }

    async fn current(&self, graph: &Graph) -> current::Report {
        current::current(self.client(), graph, &self.ledger).await.expect("the ledger is readable")
    }

    /// The tables and indexes of the database, without the ledger; invalid ones with a `!`.
    async fn relations(&self) -> String {
        let query = "SELECT coalesce(string_agg(relname || CASE WHEN NOT indisvalid THEN '!' ELSE '' END, ' ' ORDER BY relname), '') \
            FROM pg_class c LEFT JOIN pg_index i ON i.indexrelid = c.oid \
            WHERE relnamespace = 'public'::regnamespace AND relname NOT LIKE 'aludel_version%'";
        self.client().query_one(query, &[]).await.expect("the catalogs are readable").get(0)
    }

    /// What a crash leaves: an entry that says how far a run came.
    async fn crashed(&self, graph: &Graph, id: &str, state: State, section: usize, statement: usize) {
        let revision = graph.get(&Id::new(id).expect("id")).expect("revision");
        let text = &revision.up.sections[section].statements[statement];
        let hash = <sha2::Sha256 as sha2::Digest>::digest(text.bare());
        let statement_hash = Some(hash.iter().map(|byte| format!("{byte:02x}")).collect());
        let place = Place { state, section, statement, statement_hash };
        self.ledger.ensure(self.client()).await.expect("ledger");
        let what = (&revision.id, Direction::Up, revision.up.checksum.as_str());
        self.ledger.record(self.client(), None, what, &place).await.expect("record");
    }
}

fn words(result: Result<String, Error>) -> String {
    result.expect_err("this must fail").to_string()
}

#[tokio::test]
async fn up_and_down_in_every_spelling() {
    let bench = Bench::new().await;
    let graph = tables();
    assert_eq!(bench.current(&graph).await.current, []);
    assert!(!bench.ledger.exists(bench.client()).await.unwrap(), "looking must not make the ledger");
    assert_eq!(bench.up(&graph, "+1").await.unwrap(), "aaaa1111");
    assert_eq!(bench.up(&graph, "bbbb").await.unwrap(), "bbbb2222");
    assert_eq!(bench.up(&graph, "head").await.unwrap(), "cccc3333");
    assert_eq!(bench.up(&graph, "head").await.unwrap(), "");
    assert_eq!(bench.relations().await, "a b c");
    let report = bench.current(&graph).await;
    assert_eq!((report.current[0].revision.as_str(), report.is_up_to_date), ("cccc3333", true));
    assert_eq!(bench.down(&graph, "-1").await.unwrap(), "cccc3333");
    assert_eq!(bench.relations().await, "a b");
    assert_eq!(bench.down(&graph, "a").await.unwrap(), "bbbb2222");
    assert_eq!(bench.up(&graph, "aaaa+2").await.unwrap(), "bbbb2222 cccc3333");
    assert_eq!(bench.down(&graph, "base").await.unwrap(), "cccc3333 bbbb2222 aaaa1111");
    assert_eq!(bench.relations().await, "");
    bench.database.drop_it().await;
}

#[tokio::test]
async fn a_failing_third_statement_leaves_nothing_and_says_where() {
    let bench = Bench::new().await;
    let graph = line(&[
        ("aaaa1111", "CREATE TABLE a (x int);", ""),
        ("bbbb2222", "CREATE TABLE b ();\nCREATE TABLE c ();\n\n-- hazard: one\nALTER TABLE a\n    ADD y nope;\n", ""),
    ]);
    let error = words(bench.up(&graph, "head").await);
    assert!(error.starts_with("bbbb2222.up.sql:10:11: type \"nope\" does not exist (SQLSTATE 42704)"), "{error}");
    assert!(error.contains("in: ALTER TABLE a\n    ADD y nope\nthe transaction was rolled back"), "{error}");
    assert_eq!(bench.relations().await, "a");
    let report = bench.current(&graph).await;
    assert_eq!((report.current[0].revision.as_str(), report.interrupted), ("aaaa1111", None));
    bench.database.drop_it().await;
}

#[tokio::test]
async fn a_statement_that_wants_no_transaction_is_told_how_to_get_none() {
    let bench = Bench::new().await;
    let graph = line(&[("aaaa1111", "VACUUM;", "")]);
    let error = words(bench.up(&graph, "head").await);
    assert!(error.contains("hint: put `-- aludel:section transaction=off` above the statement"), "{error}");
    bench.database.drop_it().await;
}

const SECTIONS: &str = "CREATE TABLE a (x int);\n\n-- aludel:section transaction=off\n\
    CREATE INDEX CONCURRENTLY i ON a (x);\nALTER TABLE a ADD y int;\n\n-- aludel:section transaction=on\nCREATE TABLE z ();\n";

#[tokio::test]
async fn sections_run_as_they_say() {
    let bench = Bench::new().await;
    let down = "-- aludel:section transaction=off\nDROP INDEX CONCURRENTLY i;\n-- aludel:section\nDROP TABLE a, z;";
    let graph = line(&[("aaaa1111", SECTIONS, down)]);
    let mut heard = Heard::default();
    bench.up_resuming(&graph, "head", Resume::Ask, &mut heard).await.unwrap();
    assert_eq!(
        heard.0,
        ["up aaaa1111 0/4", "statement 1", "statement 2", "statement 3", "statement 4", "done aaaa1111"]
    );
    assert_eq!(bench.relations().await, "a i z");
    let timeouts = "SELECT current_setting('lock_timeout') || current_setting('statement_timeout')";
    assert_eq!(bench.client().query_one(timeouts, &[]).await.unwrap().get::<_, String>(0), "00");
    bench.down(&graph, "base").await.unwrap();
    assert_eq!(bench.relations().await, "");
    bench.database.drop_it().await;
}

#[tokio::test]
async fn a_failed_statement_outside_a_transaction_is_gone_on_with() {
    let bench = Bench::new().await;
    let up = format!("{}CREATE TABLE last (x int);", SECTIONS.replace("ADD y int", "ALTER x SET NOT NULL"));
    let graph = line(&[("aaaa1111", &up, "")]);
    bench.client().batch_execute("CREATE TABLE IF NOT EXISTS early ()").await.unwrap();
    bench.crashed(&graph, "aaaa1111", State::Running, 1, 0).await;
    bench.client().batch_execute("CREATE TABLE a (x int); INSERT INTO a VALUES (NULL)").await.unwrap();
    let error = words(bench.up(&graph, "head").await);
    assert!(error.starts_with("aaaa1111.up.sql:8: column \"x\" of relation \"a\" contains null values"), "{error}");
    assert!(error.ends_with("run the command again, it goes on with this statement"), "{error}");
    let interrupted = bench.current(&graph).await.interrupted.unwrap();
    assert_eq!(interrupted.at, "section 2, statement 2");
    bench.client().batch_execute("DELETE FROM a").await.unwrap();
    let mut heard = Heard::default();
    bench.up_resuming(&graph, "head", Resume::Ask, &mut heard).await.unwrap();
    assert_eq!(heard.0[..2], ["up aaaa1111 2/5", "statement 3"]);
    assert_eq!(bench.relations().await, "a early i last z");
    bench.database.drop_it().await;
}

#[tokio::test]
async fn an_invalid_index_is_dropped_and_made_again() {
    let bench = Bench::new().await;
    let up = "-- aludel:section transaction=off\nCREATE UNIQUE INDEX CONCURRENTLY i ON a (x);";
    let graph = line(&[("aaaa1111", up, "DROP INDEX i;")]);
    bench.client().batch_execute("CREATE TABLE a (x int); INSERT INTO a VALUES (1), (1)").await.unwrap();
    let error = words(bench.up(&graph, "head").await);
    assert!(error.contains("could not create unique index") && error.contains("it looks for that first"), "{error}");
    assert_eq!(bench.relations().await, "a i!");
    bench.client().batch_execute("DELETE FROM a").await.unwrap();
    let mut heard = Heard::default();
    bench.up_resuming(&graph, "head", Resume::Ask, &mut heard).await.unwrap();
    assert_eq!(heard.0, ["drop public.i", "up aaaa1111 0/1", "statement 1", "done aaaa1111"]);
    assert_eq!(bench.relations().await, "a i");
    bench.database.drop_it().await;
}

#[tokio::test]
async fn an_invalid_index_is_in_nobodys_way_after_an_edit() {
    let bench = Bench::new().await;
    let up = "-- aludel:section transaction=off\nCREATE UNIQUE INDEX CONCURRENTLY i ON a (x);";
    bench.client().batch_execute("CREATE TABLE a (x int); INSERT INTO a VALUES (1), (1)").await.unwrap();
    words(bench.up(&line(&[("aaaa1111", up, "")]), "head").await);
    assert_eq!(bench.relations().await, "a i!");
    let edited = line(&[("aaaa1111", &up.replace("UNIQUE ", ""), "")]);
    let error = words(bench.up(&edited, "head").await);
    assert!(error.contains("--resume again"), "{error}");
    bench.up_resuming(&edited, "head", Resume::Again, &mut ()).await.unwrap();
    assert_eq!(bench.relations().await, "a i");
    bench.database.drop_it().await;
}

#[tokio::test]
async fn after_a_crash_the_database_is_asked_what_happened() {
    let bench = Bench::new().await;
    let up = "-- aludel:section transaction=off\nCREATE INDEX CONCURRENTLY i ON a (x);\nDROP INDEX CONCURRENTLY j;\nALTER TABLE a ADD y int;";
    let graph = line(&[("aaaa1111", up, "")]);
    bench
        .client()
        .batch_execute("CREATE TABLE a (x int); CREATE INDEX i ON a (x); CREATE INDEX j ON a (x)")
        .await
        .unwrap();
    // The index was made before the crash: it is not made again.
    bench.crashed(&graph, "aaaa1111", State::Sent, 0, 0).await;
    // A server that stops at the third statement.
    bench.client().batch_execute("ALTER TABLE a ADD y int").await.unwrap();
    let error = words(bench.up(&graph, "head").await);
    assert!(error.starts_with("aaaa1111.up.sql:7: column \"y\" of relation \"a\" already exists"), "{error}");
    assert_eq!(bench.relations().await, "a i");
    bench.database.drop_it().await;
}

#[tokio::test]
async fn what_nobody_knows_is_asked() {
    let bench = Bench::new().await;
    let up = "-- aludel:section transaction=off\nUPDATE a SET x = x + 1;\nCREATE TABLE b ();";
    let graph = line(&[("aaaa1111", up, "")]);
    bench.client().batch_execute("CREATE TABLE a (x int); INSERT INTO a VALUES (1)").await.unwrap();
    bench.crashed(&graph, "aaaa1111", State::Sent, 0, 0).await;
    let error = words(bench.up(&graph, "head").await);
    assert!(
        error.starts_with("aaaa1111.up.sql:5: an earlier run sent this statement") && error.contains("--resume skip"),
        "{error}"
    );
    let error = words(bench.down(&graph, "base").await);
    assert!(
        error.contains(
            "revision aaaa1111 stopped in the middle of its way up (section 1, statement 1, sent and without an answer)"
        ),
        "{error}"
    );
    assert!(error.contains("`aludel upgrade aaaa1111`") && error.contains("`aludel stamp`"), "{error}");
    bench.up_resuming(&graph, "head", Resume::Skip, &mut ()).await.unwrap();
    let x: i32 = bench.client().query_one("SELECT x FROM a", &[]).await.unwrap().get(0);
    assert_eq!((x, bench.relations().await), (1, "a b".to_owned()));
    bench.database.drop_it().await;
}

#[tokio::test]
async fn a_file_edited_in_the_middle_is_not_gone_on_with_unasked() {
    let bench = Bench::new().await;
    let broken = line(&[("aaaa1111", &SECTIONS.replace("ADD y int", "ADD y nope"), "")]);
    words(bench.up(&broken, "head").await);
    let mended = line(&[("aaaa1111", SECTIONS, "")]);
    let error = words(bench.up(&mended, "head").await);
    assert!(
        error.starts_with("aaaa1111.up.sql was changed since a run of it stopped at section 2, statement 2"),
        "{error}"
    );
    bench.up_resuming(&mended, "head", Resume::Again, &mut ()).await.unwrap();
    assert_eq!(bench.relations().await, "a i z");
    assert_eq!(bench.current(&mended).await.edited, []);
    bench.database.drop_it().await;
}

#[tokio::test]
async fn an_edited_applied_file_is_reported() {
    let bench = Bench::new().await;
    bench.up(&tables(), "head").await.unwrap();
    let edited = line(&[
        ("aaaa1111", "CREATE TABLE a (x int);", "DROP TABLE a;"),
        ("bbbb2222", "CREATE TABLE b (x bigint);", "DROP TABLE b;"),
    ]);
    let report = bench.current(&edited).await;
    assert_eq!(report.edited.iter().map(Id::as_str).collect::<Vec<_>>(), ["bbbb2222"]);
    assert_eq!(report.unknown.iter().map(Id::as_str).collect::<Vec<_>>(), ["cccc3333"]);
    let error = words(bench.up(&edited, "head").await);
    assert!(error.starts_with("the database has revision cccc3333, and no file"), "{error}");
    bench.database.drop_it().await;
}

#[tokio::test]
async fn a_second_runner_waits_and_is_told_for_whom() {
    let bench = Bench::new().await;
    let graph = tables();
    let other = connect(&bench.database.url()).await;
    other.batch_execute("SET application_name = 'the other'").await.unwrap();
    let lock = Lock::acquire(&other, &bench.ledger, Duration::ZERO, &mut ()).await.unwrap();
    let mut heard = Heard::default();
    let error = words(bench.up_resuming(&graph, "head", Resume::Ask, &mut heard).await);
    assert!(error.starts_with("another run holds the migration lock: the other (process "), "{error}");
    assert!(heard.0.len() == 1 && heard.0[0].starts_with("waiting for the other"), "{:?}", heard.0);
    assert_eq!(bench.relations().await, "");
    lock.release().await;
    assert_eq!(bench.up(&graph, "head").await.unwrap(), "aaaa1111 bbbb2222 cccc3333");
    bench.database.drop_it().await;
}

#[tokio::test]
async fn two_runners_at_once_apply_each_revision_once() {
    let bench = Bench::new().await;
    let graph = tables();
    let other = connect(&bench.database.url()).await;
    let request = run::Request { lock_wait: Duration::from_secs(20), ..Bench::request("head", Resume::Ask) };
    let (mut one, mut two) = ((), ());
    let (a, b) = tokio::join!(
        upgrade::upgrade(bench.client(), &graph, &bench.ledger, &request, &mut one),
        upgrade::upgrade(&other, &graph, &bench.ledger, &request, &mut two),
    );
    assert_eq!(a.unwrap().moved.len() + b.unwrap().moved.len(), 3);
    assert_eq!(bench.relations().await, "a b c");
    bench.database.drop_it().await;
}

#[tokio::test]
async fn a_lock_not_had_in_time_is_tried_again() {
    let bench = Bench::new().await;
    let graph = line(&[("aaaa1111", "CREATE TABLE early (); ALTER TABLE a ADD y int;", "")]);
    bench.client().batch_execute("CREATE TABLE a (x int)").await.unwrap();
    let other = connect(&bench.database.url()).await;
    other.batch_execute("BEGIN; SELECT FROM a").await.unwrap();
    let mut heard = Heard::default();
    let error = words(bench.up_resuming(&graph, "head", Resume::Ask, &mut heard).await);
    assert!(error.contains("canceling statement due to lock timeout (SQLSTATE 55P03)"), "{error}");
    assert_eq!(heard.0.iter().filter(|line| line.starts_with("retry")).count(), 3);
    assert_eq!(bench.relations().await, "a");
    let release = async {
        tokio::time::sleep(Duration::from_millis(250)).await;
        other.batch_execute("COMMIT").await.unwrap();
    };
    let (done, ()) = tokio::join!(bench.up(&graph, "head"), release);
    assert_eq!((done.unwrap().as_str(), bench.relations().await.as_str()), ("aaaa1111", "a early"));
    bench.database.drop_it().await;
}

#[tokio::test]
async fn a_stamp_declares_and_runs_nothing() {
    let bench = Bench::new().await;
    let graph = tables();
    let stamp = async |targets: &[&str], purge| {
        let targets = targets.iter().map(|text| text.parse().unwrap()).collect();
        let request = stamp::Request { targets, purge, lock_wait: Duration::ZERO };
        let report = stamp::stamp(bench.client(), &graph, &bench.ledger, &request, &mut ()).await.unwrap();
        report.current.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(stamp(&["head"], Purge::Keep).await, "cccc3333");
    assert_eq!(stamp(&["aaaa"], Purge::Keep).await, "aaaa1111");
    assert_eq!(stamp(&["base"], Purge::Keep).await, "");
    bench.crashed(&graph, "bbbb2222", State::Sent, 0, 0).await;
    assert_eq!(stamp(&["bbbb"], Purge::Keep).await, "bbbb2222");
    assert_eq!(bench.current(&graph).await.interrupted, None);
    assert_eq!(stamp(&["aaaa"], Purge::Everything).await, "aaaa1111");
    assert_eq!(bench.relations().await, "");
    bench.database.drop_it().await;
}

#[tokio::test]
async fn hazards_are_counted_first() {
    let bench = Bench::new().await;
    let up = "-- hazard: may fail: rows without x\n-- count: SELECT count(*) FROM a WHERE x IS NULL\nALTER TABLE a ALTER x SET NOT NULL;\n\
        CREATE TABLE b ();\n-- hazard: none\n-- count: SELECT count(*) FROM b\nDROP TABLE b;";
    let graph = line(&[("aaaa1111", up, "")]);
    bench.client().batch_execute("CREATE TABLE a (x int); INSERT INTO a VALUES (NULL)").await.unwrap();
    let mut heard = Heard::default();
    let error = words(bench.up_resuming(&graph, "head", Resume::Ask, &mut heard).await);
    assert!(error.contains("contains null values"), "{error}");
    assert_eq!(heard.0[1..3], ["6: may fail: rows without x Some(1)", "10: none None"]);
    bench.database.drop_it().await;
}

#[tokio::test]
async fn a_server_gone_in_the_middle_is_told_and_gone_on_from() {
    let bench = Bench::new().await;
    let up = "-- aludel:section transaction=off\nCREATE TABLE a ();\nSELECT pg_terminate_backend(pg_backend_pid());\n";
    let graph = line(&[("aaaa1111", up, "")]);
    let error = words(bench.up(&graph, "head").await);
    assert!(error.starts_with("aaaa1111.up.sql:6: "), "{error}");
    let again = connect(&bench.database.url()).await;
    let report = current::current(&again, &graph, &bench.ledger).await.unwrap();
    assert_eq!(report.interrupted.unwrap().at, "section 1, statement 2, sent and without an answer");
    bench.database.drop_it().await;
}

#[tokio::test]
async fn a_commit_that_fails_leaves_nothing() {
    let bench = Bench::new().await;
    let up = "CREATE TABLE a (x int PRIMARY KEY, y int REFERENCES a DEFERRABLE INITIALLY DEFERRED);\nINSERT INTO a VALUES (1, 2);";
    let graph = line(&[("aaaa1111", up, "")]);
    let error = words(bench.up(&graph, "head").await);
    assert!(
        error.starts_with("aaaa1111.up.sql: the transaction was not committed, and nothing of it is applied: "),
        "{error}"
    );
    assert_eq!((bench.relations().await.as_str(), bench.current(&graph).await.current.len()), ("", 0));
    bench.database.drop_it().await;
}

#[tokio::test]
async fn a_name_that_is_taken_is_not_taken_for_done() {
    let bench = Bench::new().await;
    let up = "-- aludel:section transaction=off\nCREATE INDEX CONCURRENTLY i ON a (y);";
    let graph = line(&[("aaaa1111", up, "")]);
    bench.client().batch_execute("CREATE TABLE a (x int, y int); CREATE INDEX i ON a (x)").await.unwrap();
    for _ in 0..2 {
        let error = words(bench.up(&graph, "head").await);
        assert!(error.starts_with("aaaa1111.up.sql:5: relation \"i\" already exists"), "{error}");
    }
    bench.client().batch_execute("ALTER TABLE a DROP COLUMN y").await.unwrap();
    for _ in 0..2 {
        let error = words(bench.up(&graph, "head").await);
        assert!(error.contains("column \"y\" does not exist"), "{error}");
    }
    bench.client().batch_execute("ALTER TABLE a ADD y int; DROP INDEX i").await.unwrap();
    bench.up(&graph, "head").await.unwrap();
    assert_eq!(bench.relations().await, "a i");
    bench.database.drop_it().await;
}

#[tokio::test]
async fn an_index_to_drop_that_is_not_there_is_told_every_time() {
    let bench = Bench::new().await;
    let graph = line(&[("aaaa1111", "-- aludel:section transaction=off\nDROP INDEX CONCURRENTLY i;", "")]);
    for _ in 0..2 {
        let error = words(bench.up(&graph, "head").await);
        assert!(error.starts_with("aaaa1111.up.sql:5: index \"i\" does not exist"), "{error}");
    }
    bench.database.drop_it().await;
}

#[tokio::test]
async fn settings_of_a_revision_end_with_it() {
    let bench = Bench::new().await;
    let quiet = "SELECT pg_catalog.set_config('search_path', '', false);\nCREATE TABLE public.a ();";
    let role = format!("{}_other", bench.database.name);
    bench.client().batch_execute(&format!("CREATE ROLE {role} SUPERUSER")).await.unwrap();
    let graph = line(&[
        ("aaaa1111", quiet, ""),
        ("bbbb2222", &format!("SET ROLE {role};"), ""),
        ("cccc3333", "CREATE TABLE b ();", ""),
    ]);
    bench.up(&graph, "head").await.unwrap();
    assert_eq!(bench.relations().await, "a b");
    let owner = "SELECT tableowner = current_user FROM pg_tables WHERE tablename = 'b'";
    assert!(bench.client().query_one(owner, &[]).await.unwrap().get::<_, bool>(0));
    bench.client().batch_execute(&format!("DROP ROLE {role}")).await.unwrap();
    bench.database.drop_it().await;
}

#[tokio::test]
async fn what_a_file_has_set_is_set_again_after_a_crash() {
    let bench = Bench::new().await;
    let up = "SET search_path = app, public;\nCREATE TABLE t (x int);\n\n-- aludel:section transaction=off\nSELECT 1;\n\
        CREATE INDEX CONCURRENTLY i ON t (x);";
    let graph = line(&[("aaaa1111", up, "")]);
    let ran = "CREATE SCHEMA app; CREATE TABLE app.t (x int); CREATE TABLE t (x int)";
    bench.client().batch_execute(ran).await.unwrap();
    for (state, section, statement) in [(State::Running, 1, 0), (State::Sent, 1, 1)] {
        bench.crashed(&graph, "aaaa1111", state, section, statement).await;
        bench.up(&graph, "head").await.unwrap();
        let table = "SELECT indrelid::regclass::text FROM pg_index WHERE indexrelid = 'app.i'::regclass";
        assert_eq!(bench.client().query_one(table, &[]).await.unwrap().get::<_, String>(0), "app.t");
        bench.client().batch_execute("DROP INDEX app.i; DELETE FROM aludel_version").await.unwrap();
    }
    bench.database.drop_it().await;
}

#[tokio::test]
async fn what_may_have_committed_is_not_run_again_unasked() {
    let bench = Bench::new().await;
    let procedure = "CREATE TABLE a (x int); CREATE TABLE gate (); CREATE PROCEDURE p() LANGUAGE plpgsql AS \
        'BEGIN INSERT INTO a VALUES (1); COMMIT; LOCK TABLE gate; END'";
    bench.client().batch_execute(procedure).await.unwrap();
    let graph = line(&[("aaaa1111", "-- aludel:section transaction=off\nCALL p();", "")]);
    let other = connect(&bench.database.url()).await;
    other.batch_execute("BEGIN; LOCK TABLE gate").await.unwrap();
    let error = words(bench.up(&graph, "head").await);
    assert!(error.contains("lock timeout") && error.contains("it may have left something"), "{error}");
    other.batch_execute("COMMIT").await.unwrap();
    let error = words(bench.up(&graph, "head").await);
    assert!(error.contains("CALL p()"), "{error}");
    let count = bench.client().query_one("SELECT count(*) FROM a", &[]).await.unwrap();
    assert_eq!(count.get::<_, i64>(0), 1);
    bench.up_resuming(&graph, "head", Resume::Skip, &mut ()).await.unwrap();
    bench.database.drop_it().await;
}
