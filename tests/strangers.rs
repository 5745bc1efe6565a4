//! Objects of a kind that there is no file for: named by every command, and left alone.
#![allow(missing_docs, clippy::disallowed_macros, clippy::disallowed_methods)]

mod support;

use aludel::command::{Session, check, pull, revision};
use support::Database;

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
