//! Stand-ins for roles: they belong to the server, and the shadow's may be another one.

use super::{Error, Place, query};
use crate::db::connect::Connected;
use crate::name::Name;
use crate::sql;
use crate::sql::Sql;

/// The roles of the live server that may be asked for where the shadow is.
pub(super) async fn named(live: &Connected, place: &Place, managed: bool) -> Result<Vec<Name>, Error> {
    let all = "SELECT rolname::text FROM pg_catalog.pg_roles";
    let needed =
        "SELECT DISTINCT r.rolname::text FROM pg_catalog.pg_shdepend d JOIN pg_catalog.pg_roles r ON r.oid = d.refobjid
        WHERE d.refclassid = 'pg_catalog.pg_authid'::regclass
          AND d.dbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
          AND ($1 OR d.deptype = 'r' OR d.classid = 'pg_catalog.pg_user_mapping'::regclass)";
    let rows = match is_ours(place) {
        true => live.query(all, &[]).await,
        false => live.query(needed, &[&managed]).await,
    };
    let rows = rows.map_err(query("reading the roles"))?;
    Ok(rows.iter().map(|row| Name::new(row.get::<_, &str>(0))).collect())
}

/// Servers of our own; roles on somebody's server are theirs to make.
fn is_ours(place: &Place) -> bool {
    matches!(place, Place::Cluster { .. } | Place::InProcess)
}

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
    if is_ours(place) {
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
