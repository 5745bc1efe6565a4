//! Stand-ins for roles: they belong to the server, and the shadow's may be another one.

use super::{Error, Place, query};
use crate::db::connect::Connected;
use crate::name::Name;
use crate::sql;
use crate::sql::Sql;

/// Makes the roles that are missing, as `NOLOGIN`.
pub(super) async fn ensure(session: &Connected, place: &Place, names: &[Name]) -> Result<(), Error> {
    let wanted: Vec<&str> = names.iter().map(Name::as_str).filter(|name| !name.starts_with("pg_")).collect();
    let missing = "SELECT DISTINCT name FROM unnest($1::text[]) name
                   WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = name) ORDER BY name";
    let rows = session.query(missing, &[&wanted]).await.map_err(query("looking for roles"))?;
    if rows.is_empty() {
        return Ok(());
    }
    let statements: Vec<Sql> =
        rows.iter().map(|row| sql!("CREATE ROLE {}", Name::new(row.get::<_, &str>(0)))).collect();
    // Servers of our own; roles on somebody's server are theirs to make.
    let ours = matches!(place, Place::Cluster { .. } | Place::InProcess);
    if ours {
        for statement in &statements {
            match session.batch_execute(statement.as_str()).await {
                // Another process shares the cluster and was quicker.
                Err(error) if error.code() == Some(&tokio_postgres::error::SqlState::DUPLICATE_OBJECT) => {}
                other => other.map_err(query("making stand-ins for roles"))?,
            }
        }
        return Ok(());
    }
    let statements = statements.iter().map(|statement| format!("  {statement};")).collect::<Vec<_>>().join("\n");
    Err(Error::Roles { place: place.clone(), statements })
}
