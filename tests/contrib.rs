//! The whole road for what every extension of the server brings, as objects that belong to no extension: base types with
//! all that stands on them, by others than us.
#![allow(missing_docs, clippy::disallowed_macros)]

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

#[tokio::test]
async fn every_extension_travels_as_objects_of_its_own() {
    let query = "SELECT name, quote_ident(name) FROM pg_available_extensions WHERE name <> 'plpgsql' ORDER BY name";
    let rows = connect(&server_url()).await.query(query, &[]).await.expect("extensions");
    let wanted = std::env::var("CASE").unwrap_or_default();
    let cases = rows.iter().map(|row| (row.get::<_, String>(0), row.get::<_, String>(1)));
    let case = |(name, quoted)| Case {
        name,
        before: String::new(),
        after: format!("SET client_min_messages = error; CREATE EXTENSION {quoted} CASCADE; {DETACH}"),
    };
    let cases: Vec<Case> = cases.filter(|(name, _)| name.contains(&wanted)).map(case).collect();
    road::all_travel(&cases).await;
}
