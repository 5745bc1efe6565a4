//! Objects that no plan knows of: of a kind that there is no file for, or made since. Named by every command, and left alone.
#![allow(missing_docs, clippy::disallowed_macros, clippy::disallowed_methods, clippy::disallowed_types)]

mod support;

use aludel::command::{Session, check, pull, revision};
use support::{Database, Project};

/// An operator that another one named, and that nobody made since.
const NAMED_ONLY: &str = "CREATE FUNCTION eq(int, text) RETURNS boolean LANGUAGE sql AS 'SELECT true'; \
    CREATE OPERATOR === (FUNCTION = eq, LEFTARG = int, RIGHTARG = text, COMMUTATOR = ==~); \
    DROP OPERATOR === (int, text); DROP FUNCTION eq";

#[tokio::test]
async fn what_is_of_no_kind_is_named_and_stays() {
    let database = Database::empty().await;
    let folder = tempfile::tempdir().expect("a folder");
    let url = Some(database.url());
    database.client.batch_execute(NAMED_ONLY).await.expect("an operator");
    std::fs::write(
        folder.path().join("models.toml"),
        "[models.User.columns]\nid = { type = \"int\", primary_key = true }\n",
    )
    .expect("models");
    let session = Session::open(folder.path().to_owned(), url).await.expect("a session");
    let named = ["operator public.==~(text,integer)"];
    assert_eq!(check::check(&session).await.expect("check").unknown, named);
    let kept = std::fs::read_dir(folder.path().join(".aludel")).expect("what check found is kept");
    assert!(kept.count() > 0);
    let request = revision::Request { message: "one".into(), autogenerate: true, ..Default::default() };
    let report = revision::revision(&session, &request).await.expect("a revision");
    assert_eq!(report.unknown, named);
    assert!(!std::fs::read_to_string(&report.files[0]).expect("the file").contains("DROP"));
    assert_eq!(pull::pull(&session).await.expect("pull").not_carried, named);
    database.drop_it().await;
}

#[tokio::test]
async fn what_stands_on_the_ledger_is_named_and_stays() {
    let project = Project::new("[models.A.columns]\ni = \"int\"\n").await;
    project.done("revision --autogenerate -m one");
    project.done("upgrade");
    let uses = "CREATE VIEW applied AS SELECT revision FROM aludel_version; CREATE VIEW more AS SELECT * FROM applied";
    project.database.client.batch_execute(uses).await.expect("views");
    let session =
        Session::open(project.folder.path().to_owned(), Some(project.database.url())).await.expect("a session");
    let named = ["view public.applied", "view public.more"];
    let found = check::check(&session).await.expect("check");
    assert_eq!((found.differences.len(), &found.unknown[..]), (0, &named.map(str::to_owned)[..]));
    assert_eq!(pull::pull(&session).await.expect("pull").not_carried, named);
    drop(session);
    project.drop_it().await;
}

const PAIR: &str = "CREATE TYPE pair; \
    CREATE FUNCTION pair_in(cstring) RETURNS pair LANGUAGE internal IMMUTABLE STRICT AS 'int8in'; \
    CREATE FUNCTION pair_out(pair) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int8out'; \
    CREATE TYPE pair (INPUT = pair_in, OUTPUT = pair_out, LIKE = bigint)";

#[tokio::test]
async fn a_type_takes_nothing_along_that_the_revision_does_not_know() {
    let project = Project::new("").await;
    let client = &project.database.client;
    client.batch_execute(PAIR).await.expect("a base type");
    project.done("revision --autogenerate -m drop");
    let uses = [
        ("CREATE TABLE late (a pair)", "DROP TABLE late"),
        ("CREATE TABLE late (a pair[])", "DROP TABLE late"),
        ("CREATE VIEW late AS SELECT pair_in('1') AS a", "DROP VIEW late"),
        ("CREATE FUNCTION late(pair) RETURNS int LANGUAGE sql AS 'SELECT 1'", "DROP FUNCTION late"),
    ];
    for (make, unmake) in uses {
        client.batch_execute(make).await.expect(make);
        let ran = project.run("upgrade head");
        assert!(ran.code != 0 && ran.stderr.contains("type public.pair is still in use"), "{make}: {ran:?}");
        client.batch_execute(unmake).await.expect(unmake);
    }
    project.done("upgrade head");
    let left = client.query_one("SELECT count(*) FROM pg_proc WHERE oid >= 16384", &[]).await.expect("functions");
    assert_eq!(left.get::<_, i64>(0), 0);
    project.drop_it().await;
}
