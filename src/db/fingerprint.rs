//! Whether a schema is still what it was, without reading it.

use std::collections::BTreeSet;

use super::Error;
use super::connect::Connected;
use super::read::server;
use crate::kind::Tag;

/// Catalogs whose rows are parts of what a kind reads, beside those of the kinds themselves.
const PARTS: &[&str] = &[
    "pg_aggregate",
    "pg_amop",
    "pg_amproc",
    "pg_attribute",
    "pg_depend",
    "pg_description",
    "pg_enum",
    "pg_foreign_table",
    "pg_index",
    "pg_inherits",
    "pg_partitioned_table",
    "pg_range",
    "pg_seclabel",
    "pg_sequence",
    "pg_tablespace",
    "pg_ts_config_map",
];

/// A text that is another one as soon as anything in the schema has changed, or it is another database.
///
/// # Errors
/// If the server refuses; nothing is lost then but the time that the text would have saved.
pub async fn fingerprint(session: &Connected) -> Result<String, Error> {
    let version = server(session).await?.version;
    let kinds = Tag::ALL.iter().filter_map(|tag| Some((tag, tag.query(version)?)));
    let (hidden, open): (Vec<_>, Vec<_>) = kinds.partition(|(tag, _)| tag.is_hidden());
    let own = open.iter().map(|(tag, _)| tag.catalog()).filter(|catalog| !catalog.is_empty());
    let catalogs: BTreeSet<&str> = own.chain(PARTS.iter().copied()).collect();
    // Every change leaves a row with another transaction, or one row less.
    let catalogs = catalogs
        .iter()
        .map(|catalog| format!("(SELECT concat(count(*), '/', sum(xmin::text::bigint)) FROM pg_catalog.{catalog})"));
    let hidden = hidden.iter().map(|(_, query)| {
        format!("(SELECT md5(coalesce(string_agg(q::text, ',' ORDER BY q::text), '')) FROM ({query}) q)")
    });
    // Roles that others make are none of the schema's.
    let whole = "current_setting('server_version'), (SELECT system_identifier FROM pg_control_system()), \
         (SELECT oid FROM pg_database WHERE datname = current_database()), current_user, \
         (SELECT md5(string_agg(r.oid::text || r.rolname::text, ',' ORDER BY r.oid)) FROM pg_roles r WHERE r.oid < 16384 OR r.oid IN \
          (SELECT s.refobjid FROM pg_shdepend s WHERE s.refclassid = 'pg_authid'::regclass \
           AND s.dbid = (SELECT oid FROM pg_database WHERE datname = current_database())))";
    let items: Vec<String> = [whole.to_owned()].into_iter().chain(catalogs).chain(hidden).collect();
    let row = session.query_one(&format!("SELECT concat_ws(' ', {})", items.join(", ")), &[]).await?;
    Ok(row.try_get(0)?)
}
