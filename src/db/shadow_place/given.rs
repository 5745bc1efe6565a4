//! The mark of a given database that a run fills: what a killed one leaves in it is nobody else's, and the next one may drop it.

use crate::db::connect::Connected;
use crate::name::{Literal, Name};
use crate::sql;

/// The comment on the database.
const MARK: &str = "aludel is building a schema here, and will drop it";

/// Whether what is in the database was left by a run that did not come to its end.
pub(super) async fn is_marked(session: &Connected) -> Result<bool, tokio_postgres::Error> {
    Ok(comment(session).await?.as_deref() == Some(MARK))
}

/// Marks it, where it has no comment and this user may give it one.
pub(super) async fn mark(session: &Connected) {
    if matches!(comment(session).await, Ok(None)) {
        let _ = session.batch_execute(sql!("{} {}", on(session), Literal(MARK)).as_str()).await;
    }
}

/// Takes the mark away from a database that is empty again.
pub(super) async fn unmark(session: &Connected) {
    if matches!(is_marked(session).await, Ok(true)) {
        let _ = session.batch_execute(sql!("{} NULL", on(session)).as_str()).await;
    }
}

fn on(session: &Connected) -> sql::Sql {
    sql!("COMMENT ON DATABASE {} IS", Name::from(session.target().database()))
}

async fn comment(session: &Connected) -> Result<Option<String>, tokio_postgres::Error> {
    let query = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()";
    session.query_one(query, &[]).await?.try_get(0)
}
