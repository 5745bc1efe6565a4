//! The whole road for what every extension of the server brings, as objects that belong to no extension: base types with
//! all that stands on them, by others than us.
#![allow(missing_docs, clippy::disallowed_macros, clippy::disallowed_methods, clippy::disallowed_types)]

mod support;

use support::{Case, connect, road, server_url};

/// Sets free what extensions brought. The system's own schema is nobody's to manage.
const DETACH: &str = "DO $$ DECLARE member record; extension name; BEGIN
    FOR member IN SELECT d.classid, d.objid, o.type, o.identity, o.schema, x.extname FROM pg_depend d
        JOIN pg_extension x ON d.refclassid = 'pg_extension'::regclass AND x.oid = d.refobjid
        CROSS JOIN pg_identify_object(d.classid, d.objid, 0) o
        WHERE d.deptype = 'e' AND x.extname <> 'plpgsql'
        ORDER BY d.classid <> 'pg_class'::regclass, o.identity LIKE '%[]' LOOP
        IF member.schema = 'pg_catalog' THEN
            RAISE EXCEPTION '% is in pg_catalog', member.identity USING ERRCODE = 'feature_not_supported';
        END IF;
        -- From PostgreSQL 17 on, a relation takes its type along, and that its array type.
        CONTINUE WHEN NOT EXISTS (SELECT FROM pg_depend d
            WHERE d.classid = member.classid AND d.objid = member.objid AND d.deptype = 'e');
        EXECUTE format('ALTER EXTENSION %I DROP %s %s', member.extname,
            replace(member.type, 'foreign-data', 'foreign data'), member.identity);
    END LOOP;
    FOR extension IN SELECT extname FROM pg_extension WHERE extname <> 'plpgsql' ORDER BY oid DESC LOOP
        EXECUTE format('DROP EXTENSION %I', extension);
    END LOOP;
END $$";

/// What `CREATE EXTENSION` brings, set free.
fn freed(create: &str) -> String {
    format!("SET client_min_messages = error; CREATE EXTENSION {create} CASCADE; {DETACH}")
}

/// Rows of name, SQL before and SQL after of the extensions whose name contains the words of the variable `CASE`.
async fn cases(query: &str, before: impl Fn(&str) -> String) -> Vec<Case> {
    let rows = connect(&server_url()).await.query(query, &[]).await.expect("extensions");
    let case = |row: &tokio_postgres::Row| {
        let [name, old, new] = [0, 1, 2].map(|at| row.get::<_, String>(at));
        Case { name, before: before(&old), after: freed(&new) }
    };
    let wanted = std::env::var("CASE").unwrap_or_default();
    rows.iter().map(case).filter(|case| case.name.contains(&wanted)).collect()
}

#[tokio::test]
async fn every_extension_travels_as_objects_of_its_own() {
    let query = "SELECT name, '', quote_ident(name) FROM pg_available_extensions WHERE name <> 'plpgsql' ORDER BY name";
    road::all_travel(&cases(query, |_| String::new()).await).await;
}

#[tokio::test]
async fn the_oldest_version_of_every_extension_becomes_the_newest() {
    let query =
        "SELECT name, format('%I VERSION %L', name, v.oldest), quote_ident(name) FROM pg_available_extensions x,
        LATERAL (SELECT version AS oldest FROM pg_available_extension_versions v WHERE v.name = x.name
                 ORDER BY length(version), version LIMIT 1) v
        WHERE name <> 'plpgsql' AND v.oldest <> x.default_version ORDER BY name";
    road::all_travel(&cases(query, freed).await).await;
}
