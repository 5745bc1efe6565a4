//! Reads a whole schema: a fixed number of set-based queries, whatever its size.
//!
//! All of them are sent at once on one connection, in one short read-only transaction. Under an empty `search_path` and
//! pinned settings, so that the same schema gives the same texts everywhere. A fingerprint of the catalogs before
//! and after tells whether somebody changed the schema meanwhile; then it is read again.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::pin::pin;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::future::join_all;
use tokio::time::sleep;
use tokio_postgres::Row;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::ToSql;

use self::reading::Reading;
use super::Error;
use super::connect::Connected;
use crate::catalog::{Canonical, Server};
use crate::kind::{Body, Tag};
use crate::name::Name;

mod acl;
mod reading;

/// What the texts of the catalogs depend on.
pub const SETTINGS: &str = "SET LOCAL search_path = ''; SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO, MDY'; \
     SET LOCAL intervalstyle = 'postgres'; SET LOCAL extra_float_digits = 1; SET LOCAL quote_all_identifiers = off; \
     SET LOCAL lock_timeout = '4s'; SET LOCAL jit = off";

/// How often a schema that changes under our eyes is read again.
const TRIES: usize = 5;
/// How long it is left alone before that.
const PAUSE: Duration = Duration::from_millis(200);

/// Reads the schema of the database of a session.
///
/// Tables of this tool's own ledger are left out: `ledger` is their name.
pub async fn read(session: &Connected, ledger: &str) -> Result<Canonical, Error> {
    for attempt in 1..=TRIES {
        match read_once(session, ledger).await {
            Err(error) if attempt < TRIES && vanished(&error) => session.prepared().clear(),
            Err(Error::Server(error)) if error.code() == Some(&SqlState::INSUFFICIENT_PRIVILEGE) => {
                return Err(Error::Hidden(error));
            }
            Err(error) => return Err(error),
            Ok(Some(catalog)) => return Ok(catalog),
            Ok(None) => sleep(PAUSE).await,
        }
    }
    Err(Error::Moving { tries: TRIES })
}

/// An object that was dropped between two of our queries, a lock that others waited for, or a statement that another process of
/// the server has.
fn vanished(error: &Error) -> bool {
    matches!(error, Error::Server(error) if error.code().is_some_and(|code| {
        ["42P01", "42704", "42703", "40P01", "XX000", "26000"].contains(&code.code())
    }))
}

/// What tells whether the catalogs that hold the schema changed within this transaction. Of `pg_class` it is the names alone: its
/// rows change with `TRUNCATE` and `REFRESH`, too. Neither these nor what is temporary is any of the schema's.
const FINGERPRINT: &str = "WITH brief AS (SELECT oid FROM pg_class WHERE relpersistence = 't')
     SELECT count(*), sum((hashname(relname)::bigint # relnamespace::bigint) * (1 + oid::bigint % 1000003))::text
     FROM pg_class WHERE oid >= 16384 AND relpersistence <> 't' AND relnamespace <> 'pg_toast'::regnamespace
     UNION ALL SELECT count(*), sum(age(xmin)::bigint)::text FROM pg_attribute
     WHERE attrelid >= 16384 AND attnum > 0 AND attname <> ALL ('{chunk_id,chunk_seq,chunk_data}')
       AND attrelid <> ALL (ARRAY(SELECT oid FROM brief))
     UNION ALL SELECT count(*), sum(age(xmin)::bigint)::text FROM pg_constraint
     WHERE oid >= 16384 AND conrelid <> ALL (ARRAY(SELECT oid FROM brief))
     UNION ALL SELECT count(*), sum(age(xmin)::bigint)::text FROM pg_type
     WHERE oid >= 16384 AND typnamespace NOT IN (SELECT oid FROM pg_namespace WHERE nspname ~ '^pg_(toast|temp_)')
     UNION ALL SELECT count(*), sum(age(xmin)::bigint)::text FROM pg_proc WHERE oid >= 16384
     UNION ALL SELECT count(*), sum(age(xmin)::bigint)::text FROM pg_namespace WHERE nspname !~ '^pg_'";

async fn fingerprint(session: &Connected) -> Result<Vec<(i64, Option<String>)>, Error> {
    let rows = ask(session, FINGERPRINT).await?;
    rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
}

/// The rows of a query that is asked at each reading.
async fn ask(session: &Connected, sql: &str) -> Result<Vec<Row>, Error> {
    Ok(session.query(&session.prepare_once(sql).await?, &[]).await?)
}

/// Reads the schema as the open transaction sees it, its own uncommitted changes included.
pub async fn read_uncommitted(session: &Connected, ledger: &str) -> Result<Canonical, Error> {
    session.batch_execute(SETTINGS).await?;
    read_inside(session, ledger).await?.ok_or(Error::Moving { tries: 1 })
}

async fn read_once(session: &Connected, ledger: &str) -> Result<Option<Canonical>, Error> {
    session.batch_execute(&format!("BEGIN READ ONLY; {SETTINGS}")).await?;
    let result = read_inside(session, ledger).await;
    session.batch_execute("ROLLBACK").await?;
    result
}

async fn read_inside(session: &Connected, ledger: &str) -> Result<Option<Canonical>, Error> {
    let server = server(session).await?;
    let version = server.version;
    let before = fingerprint(session).await?;
    session.prepared().fit(before.iter().map(|(rows, _)| rows).sum());
    let listed = listed(session, version).await?;
    let kinds: Vec<(Tag, String)> = Tag::ALL
        .iter()
        .filter(|tag| tag.listed().is_none_or(|catalog| listed.iter().any(|listed| listed == catalog)))
        .filter_map(|tag| Some((*tag, wrap(*tag, &tag.query(version)?))))
        .collect();
    let mut reading = Reading::of(server);
    let objects = kinds.iter().map(|(_, sql)| sql.as_str());
    each(session, objects, |query, row| reading.object(kinds[query].0, row)).await?;
    each(session, [DEPENDENCIES, HEIRS].into_iter(), |query, row| match query {
        0 => reading.dependency(row),
        _ => reading.heir(row),
    })
    .await?;
    each(session, [COMMENTS, LABELS, EXTENSIONS, COLUMN_GRANTS].into_iter(), |query, row| match query {
        0 => reading.comment(row),
        1 => reading.label(row),
        2 => reading.extension(row),
        _ => reading.column_grant(row),
    })
    .await?;
    if fingerprint(session).await? != before {
        return Ok(None);
    }
    reading.leave_out_usual_comments();
    reading.needs();
    reading.leave_out_lists();
    reading.leave_out(ledger);
    let strangers = reading.strangers();
    if !strangers.is_empty() {
        let (classes, oids): (Vec<u32>, Vec<u32>) = strangers.iter().map(|(class, oid, _)| (class, oid)).unzip();
        for row in session.query(DESCRIBE, &[&classes, &oids]).await? {
            reading.catalog.strangers.push(row.try_get(0)?);
        }
        reading.leave_to(&strangers);
    }
    Ok(Some(Canonical::from_server(reading.catalog)))
}

/// The catalogs that have a row of somebody's own. To plan a query takes longer than to find that it has no rows.
async fn listed(session: &Connected, version: u32) -> Result<Vec<String>, Error> {
    let there = Tag::ALL.iter().filter(|tag| tag.query(version).is_some());
    let catalogs: BTreeSet<&str> = there.filter_map(|tag| tag.listed()).collect();
    let one = |catalog| format!("SELECT '{catalog}' WHERE EXISTS (SELECT FROM {catalog} WHERE oid >= 16384)");
    let sql = catalogs.into_iter().map(one).collect::<Vec<_>>().join(" UNION ALL ");
    ask(session, &sql).await?.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

/// Runs queries in one pipeline and hands on each row, with the number of its query, as it comes: few are held at once. Of several
/// errors it is the one that caused the others.
async fn each(
    session: &Connected,
    queries: impl Iterator<Item = &str>,
    mut take: impl FnMut(usize, &Row) -> Result<(), Error>,
) -> Result<(), Error> {
    let take = RefCell::new(&mut take);
    let one = async |(query, sql): (usize, &str)| {
        let none: [&(dyn ToSql + Sync); 0] = [];
        let statement = session.prepare_once(sql).await?;
        let mut stream = pin!(session.query_raw(&statement, none).await?);
        while let Some(row) = stream.next().await {
            (take.borrow_mut())(query, &row?)?;
        }
        Ok::<_, Error>(())
    };
    let results = join_all(queries.enumerate().map(one)).await;
    let aborted = |error: &Error| matches!(error, Error::Server(error) if error.code() == Some(&SqlState::IN_FAILED_SQL_TRANSACTION));
    let errors = results.into_iter().filter_map(Result::err);
    errors.min_by_key(aborted).map_or(Ok(()), Err)
}

/// What kind of server is connected.
pub async fn server(session: &Connected) -> Result<Server, Error> {
    let query = "SELECT current_setting('server_version_num')::int, current_setting('max_locks_per_transaction')::int \
                 * (current_setting('max_connections')::int + current_setting('max_prepared_transactions')::int), \
                 current_user::text, (SELECT t.spcname::text FROM pg_tablespace t JOIN pg_database d ON d.dattablespace = t.oid \
                 WHERE d.datname = current_database() AND t.spcname <> 'pg_default'), \
                 ARRAY(SELECT unnest(ARRAY[format_type(c.castsource, NULL) || ' AS ' || format_type(c.casttarget, NULL), c.castcontext::text]) \
                 FROM pg_cast c WHERE c.oid >= 16384)";
    let row = session.query_one(&session.prepare_once(query).await?, &[]).await?;
    let (version, locks) = (row.try_get::<_, i32>(0)? as u32, row.try_get::<_, i32>(1)? as u32);
    let tablespace = row.try_get::<_, Option<&str>>(3)?.map(Name::from);
    let casts = row.try_get::<_, Vec<String>>(4)?;
    let casts = casts.chunks_exact(2).map(|cast| (cast[0].clone(), cast[1].clone())).collect();
    Ok(Server { version, locks, role: row.try_get::<_, &str>(2)?.into(), tablespace, casts })
}

fn wrap(tag: Tag, query: &str) -> String {
    let full = match tag.acl_letter() {
        Some(letter) => {
            format!(
                "CASE WHEN q.acl IS NOT NULL THEN acldefault('{letter}', quote_ident(q.owner)::regrole)::text[] END"
            )
        }
        None => "NULL::text[]".to_owned(),
    };
    let class = match tag.catalog() {
        "" => "NULL::oid".to_owned(),
        catalog => format!("'{catalog}'::regclass::oid"),
    };
    format!(
        "SELECT {class} AS class, q.oid, q.sub, q.position, q.path, q.owner, q.acl, {full} AS full_acl, to_json(q)::text AS body \
         FROM ({query}) q"
    )
}

/// Columns of views are no objects of their own, nor are the sequences of identity columns.
const COMMENTS: &str = "SELECT d.classoid, d.objoid, d.objsubid, d.description, coalesce(a.attname, s.relname)::text
     FROM pg_description d
     LEFT JOIN pg_class s ON d.objsubid = 0 AND d.classoid = s.tableoid AND s.oid = d.objoid AND s.relkind = 'S'
     LEFT JOIN pg_attribute a ON d.objsubid > 0 AND d.classoid = 'pg_class'::regclass
                             AND a.attrelid = d.objoid AND a.attnum = d.objsubid
     WHERE d.objoid >= 16384 OR d.classoid = 'pg_namespace'::regclass";

const COLUMN_GRANTS: &str = "SELECT c.tableoid, c.oid, 0, a.attname::text, a.attacl::text[], NULL::text AS owner
     FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
     WHERE a.attacl IS NOT NULL AND NOT a.attisdropped AND c.relkind IN ('v', 'm') AND c.oid >= 16384
     UNION ALL
     SELECT d.refclassid, d.refobjid, d.refobjsubid, s.relname::text, s.relacl::text[], pg_get_userbyid(s.relowner)::text
     FROM pg_class s JOIN pg_depend d ON d.classid = s.tableoid AND d.objid = s.oid AND d.deptype = 'i' AND d.refobjsubid > 0
     WHERE s.relkind = 'S' AND s.relacl IS NOT NULL AND d.refclassid = s.tableoid";

const LABELS: &str = "SELECT l.classoid, l.objoid, l.objsubid, l.provider, l.label FROM pg_seclabel l";

const EXTENSIONS: &str = "SELECT d.classid, d.objid, d.objsubid, x.extname::text
     FROM pg_depend d JOIN pg_extension x ON d.refclassid = 'pg_extension'::regclass AND x.oid = d.refobjid
     WHERE d.deptype = 'x'";

const DEPENDENCIES: &str = "SELECT d.classid, d.objid, d.objsubid, d.refclassid, d.refobjid, d.refobjsubid,
            CASE WHEN d.classid NOT IN ('pg_amop'::regclass, 'pg_amproc'::regclass) THEN d.deptype::text
                 WHEN d.refclassid IN ('pg_opclass'::regclass, 'pg_opfamily'::regclass) THEN 'i' ELSE 'n' END
     FROM pg_depend d WHERE d.objid >= 16384 AND (d.refobjid >= 16384 OR d.refclassid = 'pg_namespace'::regclass)
     UNION ALL
     SELECT a.tableoid, a.oid, 0, t.tableoid, t.oid, 0, 'i' FROM pg_type t JOIN pg_type a ON a.oid = t.typarray
     WHERE t.oid >= 16384
     UNION ALL
     SELECT s.tableoid, s.oid, 0, o.tableoid, o.oid, 0, 'i' FROM pg_operator s
     JOIN pg_operator o ON s.oid IN (o.oprcom, o.oprnegate) WHERE s.oprcode = 0 AND o.oprcode <> 0
     UNION ALL
     SELECT x.tableoid, x.oid, 0, 'pg_class'::regclass, x.adrelid, x.adnum, 'i'
     FROM pg_attrdef x JOIN pg_attribute a ON a.attrelid = x.adrelid AND a.attnum = x.adnum WHERE a.attgenerated <> ''
     UNION ALL
     -- A materialized view that holds rows of a table stands in the way of each of its columns.
     SELECT m.tableoid, m.oid, 0, m.tableoid, t.typrelid, a.attnum, 'n'
     FROM pg_class m JOIN pg_attribute x ON x.attrelid = m.oid AND x.attnum > 0 JOIN pg_type h ON h.oid = x.atttypid
     JOIN pg_type t ON t.oid = CASE h.typelem WHEN 0 THEN h.oid ELSE h.typelem END
     JOIN pg_class c ON c.oid = t.typrelid AND c.relkind IN ('r', 'p')
     JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     WHERE m.relkind = 'm'";

/// What the server calls objects.
const DESCRIBE: &str = "SELECT pg_describe_object(o.class, o.oid, 0) AS words
     FROM unnest($1::oid[], $2::oid[]) AS o(class, oid) WHERE pg_describe_object(o.class, o.oid, 0) IS NOT NULL ORDER BY words";

/// Columns and checks that are copies of a parent's, and whether they are their table's own as well.
const HEIRS: &str =
    "SELECT 'pg_class'::regclass::oid, a.attrelid, a.attnum::int, 'pg_class'::regclass::oid, p.attrelid, p.attnum::int,
            a.attislocal
     FROM pg_inherits h JOIN pg_class c ON c.oid = h.inhrelid AND c.relkind NOT IN ('i', 'I')
     JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
     JOIN pg_attribute p ON p.attrelid = h.inhparent AND p.attname = a.attname
     UNION ALL
     SELECT k.tableoid, k.oid, 0, p.tableoid, p.oid, 0, k.conislocal
     FROM pg_inherits h JOIN pg_constraint k ON k.conrelid = h.inhrelid AND k.coninhcount > 0 AND k.contype = 'c'
     JOIN pg_constraint p ON p.conrelid = h.inhparent AND p.conname = k.conname";

/// Whether an object's body differs from another, and only in texts that the server deparsed.
pub fn differs_in_texts_only(a: &Body, b: &Body) -> bool {
    let blank = |body: &Body| {
        let mut body = body.clone();
        body.texts().into_iter().for_each(|text| text.0.clear());
        body
    };
    a != b && blank(a) == blank(b)
}
