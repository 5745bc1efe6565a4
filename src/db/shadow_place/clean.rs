//! Emptying a database without dropping it: `DROP DATABASE` forces a checkpoint, which takes long on a busy server.
//!
//! Everything that is not the system's has an oid from 16384 on (`FirstNormalObjectId`), so that is what must go.
//! Objects are dropped in small transactions, since one for all would fill the server's lock table.

use crate::db::apply::AS_CONNECTED;
use crate::db::connect::Connected;
use crate::kind::Kind;
use crate::kind::system_privileges::SystemPrivileges;

/// Statements that drop what there is, in order. Identities come quoted from the server.
const DROPS: &str = "
WITH mine(step, class, id) AS (
    SELECT 1, 'pg_event_trigger'::regclass, oid FROM pg_event_trigger
    UNION ALL SELECT 1, 'pg_publication'::regclass, oid FROM pg_publication
    UNION ALL SELECT 2, 'pg_extension'::regclass, oid FROM pg_extension
    UNION ALL SELECT 5, 'pg_proc'::regclass, oid FROM pg_proc
    UNION ALL SELECT 5, 'pg_type'::regclass, oid FROM pg_type
    UNION ALL SELECT 5, 'pg_operator'::regclass, oid FROM pg_operator
    UNION ALL SELECT 5, 'pg_opfamily'::regclass, oid FROM pg_opfamily
    UNION ALL SELECT 5, 'pg_opclass'::regclass, oid FROM pg_opclass
    UNION ALL SELECT 5, 'pg_collation'::regclass, oid FROM pg_collation
    UNION ALL SELECT 5, 'pg_conversion'::regclass, oid FROM pg_conversion
    UNION ALL SELECT 5, 'pg_ts_config'::regclass, oid FROM pg_ts_config
    UNION ALL SELECT 5, 'pg_ts_dict'::regclass, oid FROM pg_ts_dict
    UNION ALL SELECT 5, 'pg_ts_parser'::regclass, oid FROM pg_ts_parser
    UNION ALL SELECT 5, 'pg_ts_template'::regclass, oid FROM pg_ts_template
    UNION ALL SELECT 6, 'pg_cast'::regclass, oid FROM pg_cast
    UNION ALL SELECT 6, 'pg_transform'::regclass, oid FROM pg_transform
    UNION ALL SELECT 6, 'pg_foreign_data_wrapper'::regclass, oid FROM pg_foreign_data_wrapper
    UNION ALL SELECT 7, 'pg_language'::regclass, oid FROM pg_language
    UNION ALL SELECT 7, 'pg_am'::regclass, oid FROM pg_am
), relations AS (
    SELECT CASE WHEN c.relkind IN ('r', 'p') THEN 'TABLE' WHEN c.relkind = 'f' THEN 'FOREIGN TABLE'
                WHEN c.relkind = 'v' THEN 'VIEW' WHEN c.relkind = 'm' THEN 'MATERIALIZED VIEW' ELSE 'SEQUENCE' END AS word,
           format('%I.%I', n.nspname, c.relname) AS name,
           row_number() OVER (PARTITION BY c.relkind ORDER BY c.oid) / 50 AS batch
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.oid >= 16384 AND c.relkind IN ('r', 'p', 'f', 'v', 'm', 'S') AND c.relpersistence <> 't'
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refobjid <> c.oid
                      AND d.deptype IN ('i', 'e'))
), rules AS (
    SELECT d.*, CASE d.defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'f' THEN 'FUNCTIONS' WHEN 'T' THEN 'TYPES'
                                     WHEN 'n' THEN 'SCHEMAS' ELSE 'LARGE OBJECTS' END AS word,
           format('ALTER DEFAULT PRIVILEGES FOR ROLE %I%s', pg_get_userbyid(d.defaclrole),
                  (SELECT format(' IN SCHEMA %I', nspname) FROM pg_namespace WHERE oid = d.defaclnamespace)) AS rule
    FROM pg_default_acl d
), changed AS MATERIALIZED ({privileges}), drops(step, statement) AS (
    SELECT m.step, format('DROP %s IF EXISTS %s CASCADE',
        CASE m.class WHEN 'pg_proc'::regclass THEN 'ROUTINE'
            WHEN 'pg_foreign_data_wrapper'::regclass THEN 'FOREIGN DATA WRAPPER' ELSE i.type END, i.identity)
    FROM mine m, pg_identify_object(m.class, m.id, 0) i
    WHERE m.id >= 16384 AND NOT EXISTS (
        SELECT FROM pg_depend d WHERE d.classid = m.class AND d.objid = m.id AND d.deptype IN ('i', 'e'))
    UNION ALL
    SELECT 3, format('DROP %s IF EXISTS %s CASCADE', word, string_agg(name, ', ')) FROM relations GROUP BY word, batch
    UNION ALL
    SELECT 4, format('DROP SCHEMA IF EXISTS %I CASCADE', nspname) FROM pg_namespace
    WHERE oid >= 16384 AND nspname !~ '^pg_'
    UNION ALL
    SELECT t.step, format(t.statement, s.subname)
    FROM pg_subscription s JOIN pg_database d ON d.oid = s.subdbid,
         (VALUES (-3, 'ALTER SUBSCRIPTION %I DISABLE'), (-2, 'ALTER SUBSCRIPTION %I SET (slot_name = NONE)'),
                 (-1, 'DROP SUBSCRIPTION IF EXISTS %I')) t(step, statement)
    WHERE d.datname = current_database()
    UNION ALL
    SELECT 7, format('SELECT lo_unlink(%s)', oid) FROM pg_largeobject_metadata
    UNION ALL
    SELECT 8, format('REVOKE ALL ON SCHEMA public FROM %s',
                     {grantee})
    FROM pg_namespace n, aclexplode(n.nspacl) a WHERE n.nspname = 'public' AND NOT ({fresh})
    UNION ALL
    SELECT 9, format('GRANT %s ON SCHEMA public TO %s', a.privilege_type,
                     {grantee})
    FROM pg_namespace n JOIN pg_init_privs p ON p.classoid = 'pg_namespace'::regclass AND p.objoid = n.oid,
         aclexplode(p.initprivs) a WHERE n.nspname = 'public' AND NOT ({fresh})
    UNION ALL
    SELECT 8, format('REVOKE ALL ON %s %s FROM %s', p.path[1], p.path[2], CASE g->>0 WHEN 'PUBLIC' THEN 'PUBLIC' ELSE quote_ident(g->>0) END)
    FROM changed p, json_array_elements(p.grants) g
    UNION ALL
    SELECT 9, format('GRANT %s ON %s %s TO %s', g->>1, p.path[1], p.path[2], CASE g->>0 WHEN 'PUBLIC' THEN 'PUBLIC' ELSE quote_ident(g->>0) END)
    FROM changed p, json_array_elements(p.initial) g
    UNION ALL
    SELECT 8, format('%s REVOKE ALL ON %s FROM %s', r.rule, r.word,
                     {grantee})
    FROM rules r, aclexplode(r.defaclacl) a
    UNION ALL
    SELECT 9, format('%s GRANT %s ON %s TO %s', r.rule, a.privilege_type, r.word,
                     {grantee})
    FROM rules r, aclexplode(acldefault(CASE r.defaclobjtype WHEN 'S' THEN 's' ELSE r.defaclobjtype END, r.defaclrole)) a
    WHERE r.defaclnamespace = 0
    UNION ALL
    SELECT 9, 'COMMENT ON SCHEMA public IS ''standard public schema''' FROM pg_namespace n
    WHERE n.nspname = 'public' AND NOT ({fresh})
)
SELECT DISTINCT step, statement FROM drops ORDER BY step, statement";

/// Whether schema public (`n`) is as a new database has it.
const FRESH: &str = "
    obj_description(n.oid, 'pg_namespace') IS NOT DISTINCT FROM 'standard public schema'
    AND (SELECT array_agg(i::text ORDER BY i::text) FROM unnest(n.nspacl) i) IS NOT DISTINCT FROM
        (SELECT array_agg(i::text ORDER BY i::text) FROM pg_init_privs p, unnest(p.initprivs) i
         WHERE p.classoid = 'pg_namespace'::regclass AND p.objoid = n.oid)";

/// Whom an item of an access control list (`a`) is about.
const GRANTEE: &str = "CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END";

/// What is there that a new database does not have, at most five of them.
const LEFT: &str = "
SELECT what FROM (
    SELECT pg_describe_object('pg_class'::regclass, oid, 0) AS what FROM pg_class
    WHERE oid >= 16384 AND relkind <> 't' AND relpersistence <> 't' AND relkind <> 'i'
    UNION ALL SELECT pg_describe_object('pg_proc'::regclass, oid, 0) FROM pg_proc WHERE oid >= 16384
    UNION ALL SELECT pg_describe_object('pg_type'::regclass, oid, 0) FROM pg_type t WHERE oid >= 16384
        AND NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = t.typrelid AND c.relpersistence = 't')
        AND NOT EXISTS (SELECT FROM pg_type e JOIN pg_class c ON c.oid = e.typrelid
                        WHERE e.typarray = t.oid AND c.relpersistence = 't')
    UNION ALL SELECT pg_describe_object('pg_namespace'::regclass, oid, 0) FROM pg_namespace
        WHERE oid >= 16384 AND nspname !~ '^pg_(toast_)?temp_'
    UNION ALL SELECT pg_describe_object('pg_extension'::regclass, oid, 0) FROM pg_extension WHERE oid >= 16384
    UNION ALL SELECT pg_describe_object('pg_operator'::regclass, oid, 0) FROM pg_operator WHERE oid >= 16384
    UNION ALL SELECT pg_describe_object('pg_opclass'::regclass, oid, 0) FROM pg_opclass WHERE oid >= 16384
    UNION ALL SELECT pg_describe_object('pg_opfamily'::regclass, oid, 0) FROM pg_opfamily WHERE oid >= 16384
    UNION ALL SELECT pg_describe_object('pg_collation'::regclass, oid, 0) FROM pg_collation WHERE oid >= 16384
    UNION ALL SELECT pg_describe_object('pg_conversion'::regclass, oid, 0) FROM pg_conversion WHERE oid >= 16384
    UNION ALL SELECT pg_describe_object('pg_ts_config'::regclass, oid, 0) FROM pg_ts_config WHERE oid >= 16384
    UNION ALL SELECT pg_describe_object('pg_ts_dict'::regclass, oid, 0) FROM pg_ts_dict WHERE oid >= 16384
    UNION ALL SELECT pg_describe_object('pg_ts_parser'::regclass, oid, 0) FROM pg_ts_parser WHERE oid >= 16384
    UNION ALL SELECT pg_describe_object('pg_ts_template'::regclass, oid, 0) FROM pg_ts_template WHERE oid >= 16384
    UNION ALL SELECT pg_describe_object('pg_cast'::regclass, oid, 0) FROM pg_cast WHERE oid >= 16384
    UNION ALL SELECT pg_describe_object('pg_transform'::regclass, oid, 0) FROM pg_transform
    UNION ALL SELECT pg_describe_object('pg_foreign_data_wrapper'::regclass, oid, 0) FROM pg_foreign_data_wrapper
    UNION ALL SELECT pg_describe_object('pg_language'::regclass, oid, 0) FROM pg_language WHERE oid >= 16384
    UNION ALL SELECT pg_describe_object('pg_am'::regclass, oid, 0) FROM pg_am WHERE oid >= 16384
    UNION ALL SELECT pg_describe_object('pg_event_trigger'::regclass, oid, 0) FROM pg_event_trigger
    UNION ALL SELECT pg_describe_object('pg_publication'::regclass, oid, 0) FROM pg_publication
    UNION ALL SELECT pg_describe_object('pg_subscription'::regclass, s.oid, 0) FROM pg_subscription s
        JOIN pg_database d ON d.oid = s.subdbid WHERE d.datname = current_database()
    UNION ALL SELECT pg_describe_object('pg_default_acl'::regclass, oid, 0) FROM pg_default_acl
    UNION ALL SELECT 'changed privileges on ' || path[2] FROM ({privileges}) p
    UNION ALL SELECT 'large object ' || oid::text FROM pg_largeobject_metadata
    UNION ALL SELECT 'a changed schema public' FROM (VALUES (1)) v
        WHERE NOT EXISTS (SELECT FROM pg_namespace n WHERE n.nspname = 'public' AND n.oid < 16384 AND {fresh})
) all_of_it WHERE what IS NOT NULL LIMIT 5";

/// What a session may have changed of itself; `DISCARD ALL` would take the driver's prepared statements along.
const SESSION: &str = "CLOSE ALL; UNLISTEN *; DISCARD PLANS; DISCARD SEQUENCES; DISCARD TEMP";

/// A query with its parts in place.
fn whole(query: &str) -> String {
    let privileges = SystemPrivileges::query(0).unwrap_or_default();
    query.replace("{fresh}", FRESH).replace("{grantee}", GRANTEE).replace("{privileges}", &privileges)
}

/// What is there beside what a new database has; nothing if it is empty. At most five objects.
pub(super) async fn left(session: &Connected) -> Result<Vec<String>, tokio_postgres::Error> {
    let rows = session.query(&whole(LEFT), &[]).await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

/// Empties the database and puts the session back to how it began. Returns what could not be dropped.
///
/// # Errors
/// If the session is lost, or the catalogs can't be read.
pub async fn empty(session: &Connected) -> Result<Vec<String>, tokio_postgres::Error> {
    for statement in ["ROLLBACK", AS_CONNECTED, SESSION].iter().flat_map(|statements| statements.split(';')) {
        session.batch_execute(statement).await?;
    }
    let mut left = left(session).await?;
    // What one pass could not drop may go once its dependants are gone.
    for _ in 0..2 {
        if left.is_empty() {
            break;
        }
        for row in session.query(&whole(DROPS), &[]).await? {
            // A failure shows in what is left; only the loss of the session ends this.
            if let Err(error) = session.batch_execute(row.get(1)).await
                && crate::db::connect::is_gone(&error)
            {
                return Err(error);
            }
        }
        left = self::left(session).await?;
    }
    // The drops speak of everything that went along.
    session.take_notices();
    Ok(left)
}

/// Drops the subscriptions of the database, which cannot be dropped itself as long as it has some.
pub(super) async fn unsubscribe(session: &Connected) -> Result<(), tokio_postgres::Error> {
    let query = "SELECT format('ALTER SUBSCRIPTION %1$I DISABLE; ALTER SUBSCRIPTION %1$I SET (slot_name = NONE); \
                               DROP SUBSCRIPTION %1$I', s.subname)
                 FROM pg_subscription s JOIN pg_database d ON d.oid = s.subdbid WHERE d.datname = current_database()";
    for row in session.query(query, &[]).await? {
        session.batch_execute(row.get(0)).await?;
    }
    Ok(())
}

/// How many tables and the like there are, to choose between emptying and making anew.
pub(super) async fn size(session: &Connected) -> Result<i64, tokio_postgres::Error> {
    let query = "SELECT count(*) FROM pg_catalog.pg_class WHERE oid >= 16384 AND relkind NOT IN ('t', 'i')";
    Ok(session.query_one(query, &[]).await?.get(0))
}
