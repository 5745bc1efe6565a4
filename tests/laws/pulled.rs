//! What must hold of `pull`: what it writes makes the database again, in an empty project and over what is there already.

use aludel::command::{Error, Session, check, pull};

use super::support::Database;

type Law<T> = Result<T, (&'static str, String)>;

/// Pulls one database, the other over that, and the one again over both.
pub async fn pulled(old: &Database, new: &Database) -> Law<()> {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("aludel.toml"), "[database]\nschemas = [\"*\"]\nmanage = [\"*\"]\n")
        .expect("a file");
    std::fs::create_dir_all(folder.path().join("migrations")).expect("a folder");
    let open = async |database: &Database| Session::open(folder.path().to_owned(), Some(database.url())).await;
    let said = |law: &'static str| move |error: Error| (law, format!("{error:?}"));
    for (law, database) in [("pulled", new), ("merged", old), ("merged", new)] {
        let session = open(database).await.map_err(said(law))?;
        let report = pull::pull(&session).await.map_err(said(law))?;
        if !report.not_carried.is_empty() || !report.respelled.is_empty() {
            return Err((law, format!("not carried {:?}, respelled {:?}", report.not_carried, report.respelled)));
        }
        let rest = check::check(&session).await.map_err(said(law))?;
        if !rest.differences.is_empty() {
            return Err((law, format!("check finds {:?}", rest.differences)));
        }
        let again = pull::pull(&session).await.map_err(said(law))?;
        if !again.files.is_empty() {
            return Err((law, format!("written again: {:?}", again.files)));
        }
    }
    Ok(())
}
