//! Whether a schema is still what it was, without reading it.

use super::Error;
use super::connect::Connected;
use super::read::server;
use crate::kind::Tag;

/// Catalogs whose rows are the schema. Every change leaves a row with another transaction, or one row less.
const CATALOGS: &[&str] = &[
    "pg_aggregate",
    "pg_am",
    "pg_amop",
    "pg_amproc",
    "pg_attrdef",
    "pg_attribute",
    "pg_cast",
    "pg_class",
    "pg_collation",
    "pg_constraint",
    "pg_conversion",
    "pg_default_acl",
    "pg_depend",
    "pg_description",
    "pg_enum",
    "pg_event_trigger",
    "pg_extension",
    "pg_foreign_data_wrapper",
    "pg_foreign_server",
    "pg_foreign_table",
    "pg_index",
    "pg_init_privs",
    "pg_inherits",
    "pg_language",
    "pg_namespace",
    "pg_opclass",
    "pg_operator",
    "pg_opfamily",
    "pg_partitioned_table",
    "pg_policy",
    "pg_proc",
    "pg_publication",
    "pg_publication_rel",
    "pg_range",
    "pg_rewrite",
    "pg_seclabel",
    "pg_sequence",
    "pg_statistic_ext",
    "pg_tablespace",
    "pg_transform",
    "pg_trigger",
    "pg_ts_config",
    "pg_ts_config_map",
    "pg_ts_dict",
    "pg_ts_parser",
    "pg_ts_template",
    "pg_type",
];

/// Kinds of which not every user may see the rows, only what their own query shows.
const GUARDED: &[Tag] = &[Tag::UserMapping, Tag::Subscription];

/// A text that is another one as soon as anything in the schema has changed, or it is another database.
///
/// # Errors
/// If the server refuses; nothing is lost then but the time that the text would have saved.
pub async fn fingerprint(session: &Connected) -> Result<String, Error> {
    let version = server(session).await?.version;
    let catalogs = CATALOGS
        .iter()
        .map(|catalog| format!("(SELECT concat(count(*), '/', sum(xmin::text::bigint)) FROM pg_catalog.{catalog})"));
    let guarded = GUARDED
        .iter()
        .filter_map(|tag| tag.query(version))
        .map(|query| format!("(SELECT md5(coalesce(string_agg(q::text, ',' ORDER BY q::text), '')) FROM ({query}) q)"));
    // Roles that others make are none of the schema's.
    let whole = "current_setting('server_version'), (SELECT system_identifier FROM pg_control_system()), \
         (SELECT oid FROM pg_database WHERE datname = current_database()), current_user, \
         (SELECT md5(string_agg(r.oid || r.rolname, ',' ORDER BY r.oid)) FROM pg_roles r WHERE r.oid < 16384 OR r.oid IN \
          (SELECT s.refobjid FROM pg_shdepend s WHERE s.refclassid = 'pg_authid'::regclass \
           AND s.dbid = (SELECT oid FROM pg_database WHERE datname = current_database())))";
    let items: Vec<String> = [whole.to_owned()].into_iter().chain(catalogs).chain(guarded).collect();
    let row = session.query_one(&format!("SELECT concat_ws(' ', {})", items.join(", ")), &[]).await?;
    Ok(row.try_get(0)?)
}
