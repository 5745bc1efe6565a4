use std::path::Path;
use std::time::Instant;

use aludel::db::cluster::{Cluster, Purpose, Search};
use aludel::db::connect::{Connected, Target};
use aludel::db::shadow_place::{Error, Place, Request, Setting, Shadow, facts, open_shadow};
use aludel::name::Name;

use crate::{cluster, env, folder, open, search, shared, text};

/// A server of its own, so that shadows of other tests are not in the way.
struct World {
    dir: tempfile::TempDir,
    cluster: Cluster,
}

impl World {
    async fn new(statements: &[&str]) -> World {
        let dir = folder();
        let cluster = cluster(&dir.path().join("server"), Purpose::Data).await;
        let admin = open(&cluster.target("postgres")).await;
        for statement in statements {
            admin.batch_execute(statement).await.expect(statement);
        }
        admin.close().await;
        World { dir, cluster }
    }

    fn target(&self, user: &str, database: &str) -> Target {
        let socket = self.dir.path().join("server/socket").display().to_string();
        Target::parse(&format!("host={socket} user={user} dbname={database}"), &|_| None).expect("parses")
    }

    async fn shadow(&self, live: &Connected, setting: &Setting) -> Result<Shadow, Error> {
        shadow(live, setting, &self.dir.path().join("aludel"), &search()).await
    }

    async fn databases(&self) -> Vec<String> {
        let admin = open(&self.cluster.target("postgres")).await;
        let query = "SELECT datname::text FROM pg_database WHERE datname ~ 'aludel_shadow' ORDER BY 1";
        admin.query(query, &[]).await.expect("lists").iter().map(|row| row.get(0)).collect()
    }

    async fn close(self) {
        self.cluster.close().await.expect("stops");
    }
}

async fn shadow(live: &Connected, setting: &Setting, folder: &Path, search: &Search) -> Result<Shadow, Error> {
    open_shadow(&Request { setting, live, folder, search }, facts(live).await?).await
}

/// Every kind of thing that a shadow may be left with.
const FILL: &str = r#"
CREATE SCHEMA "a b"; CREATE TABLE "a b"."T.x" (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, s serial);
CREATE TYPE mood AS ENUM ('x'); CREATE DOMAIN d AS text; CREATE TYPE c AS (a int); CREATE TYPE r AS RANGE (subtype = int);
CREATE TABLE t (id int PRIMARY KEY, m mood, up int REFERENCES t); CREATE VIEW v AS SELECT * FROM t;
CREATE MATERIALIZED VIEW mv AS SELECT * FROM v; CREATE SEQUENCE q;
CREATE TABLE parts (id int) PARTITION BY RANGE (id); CREATE TABLE part PARTITION OF parts DEFAULT;
CREATE FUNCTION f(a int, VARIADIC b text[]) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE PROCEDURE p() LANGUAGE sql AS 'SELECT 1';
CREATE AGGREGATE total(int) (SFUNC = int4pl, STYPE = int);
CREATE FUNCTION add(t, t) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE OPERATOR +% (LEFTARG = t, RIGHTARG = t, FUNCTION = add);
CREATE CAST (mood AS int) WITH INOUT;
CREATE COLLATION col FROM "C"; CREATE TEXT SEARCH CONFIGURATION tsc (COPY = simple);
CREATE TEXT SEARCH DICTIONARY tsd (TEMPLATE = simple); CREATE STATISTICS st ON id, up FROM t;
CREATE FUNCTION et() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN RAISE ''no''; END';
CREATE EVENT TRIGGER ev ON sql_drop EXECUTE FUNCTION et();
CREATE PUBLICATION pub FOR ALL TABLES; CREATE FOREIGN DATA WRAPPER w; CREATE SERVER srv FOREIGN DATA WRAPPER w;
CREATE FOREIGN TABLE ft (a int) SERVER srv; CREATE USER MAPPING FOR PUBLIC SERVER srv;
CREATE OPERATOR FAMILY fam USING btree; CREATE CONVERSION conv FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
REVOKE ALL ON SCHEMA public FROM PUBLIC; COMMENT ON SCHEMA public IS 'other';
SELECT lo_create(0); SET search_path = 'a b'; CREATE TEMP TABLE tt ();
"#;

async fn fill(session: &Connected) {
    session.batch_execute(FILL).await.expect("fills");
}

/// What a reader of catalogs sees of a database.
async fn print_of(session: &Connected) -> String {
    let query = "SELECT concat_ws(';',
        (SELECT count(*) FROM pg_class WHERE relpersistence <> 't' AND oid >= 16384),
        (SELECT count(*) FROM pg_proc), (SELECT count(*) FROM pg_cast), (SELECT count(*) FROM pg_depend),
        (SELECT string_agg(nspname || coalesce(nspacl::text, ''), ',' ORDER BY nspname) FROM pg_namespace
         WHERE nspname !~ 'temp'),
        obj_description('public'::regnamespace, 'pg_namespace'), current_setting('search_path'),
        current_setting('work_mem'), has_function_privilege('pg_monitor', 'pg_catalog.pg_read_file(text)', 'EXECUTE'))";
    text(session, query).await
}

#[tokio::test]
async fn on_this_machine_it_is_on_the_live_server_and_kept() {
    let world = World::new(&[
        "CREATE DATABASE shop TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'",
        "ALTER DATABASE shop SET work_mem = '123kB'",
        "ALTER DATABASE shop SET search_path = \"$user\", public, \"A b\"",
        "ALTER DATABASE shop SET statement_timeout = '20s'",
    ])
    .await;
    let live = open(&world.target("postgres", "shop")).await;
    let since = Instant::now();
    let mut one = world.shadow(&live, &Setting::Auto).await.expect("a shadow");
    println!("made in {:?}", since.elapsed());
    let Place::SameServer { database } = one.place.clone() else { panic!("{:?} {:?}", one.place, one.notes) };
    let fresh = print_of(&one.connected).await;
    assert!(fresh.contains("\"$user\", public, \"A b\";123kB"), "{fresh}");
    assert_eq!(text(&one, "SELECT datcollate::text FROM pg_database WHERE datname = current_database()").await, "C");
    assert_eq!(text(&one, "SELECT current_setting('statement_timeout')").await, "0");
    let oid = "SELECT oid::text FROM pg_database WHERE datname = current_database()";
    let first = text(&one, oid).await;

    one.batch_execute("GRANT EXECUTE ON FUNCTION pg_read_file(text) TO pg_monitor").await.expect("grants");
    fill(&one.connected).await;
    one.reset().await.expect("empties");
    assert_eq!(print_of(&one.connected).await, fresh);
    assert_eq!(text(&one, oid).await, first, "emptied, not made anew");

    fill(&one.connected).await;
    one.close().await.expect("closes");
    let since = Instant::now();
    let two = world.shadow(&live, &Setting::Auto).await.expect("a shadow again");
    println!("opened again in {:?}", since.elapsed());
    assert_eq!(two.place, Place::SameServer { database: database.clone() });
    assert_eq!(print_of(&two.connected).await, fresh);
    assert_eq!(text(&two, oid).await, first, "kept");

    let other = world.shadow(&live, &Setting::Auto).await.expect("a second one");
    assert_eq!(other.place, Place::SameServer { database: Name::from(format!("{}_2", database.as_str())) });
    other.close().await.expect("closes");
    two.close().await.expect("closes");

    live.batch_execute("ALTER DATABASE shop SET work_mem = '124kB'").await.expect("sets");
    let changed = world.shadow(&live, &Setting::Auto).await.expect("follows");
    assert_eq!(text(&changed, "SELECT current_setting('work_mem')").await, "124kB");
    changed.close().await.expect("closes");
    assert_eq!(world.databases().await.len(), 2);
    world.close().await;
}

#[tokio::test]
async fn leftovers_are_swept_and_nothing_else() {
    let minutes_ago = |shadow: &str, source: &str| {
        let used = "extract(epoch FROM now())::bigint - 400";
        let comment = format!("format('aludel shadow of {source}; last used %s (seconds since 1970)', {used})");
        format!("DO $$ BEGIN EXECUTE format('COMMENT ON DATABASE {shadow} IS %L', {comment}); END $$")
    };
    let world = World::new(&[
        "CREATE DATABASE aludel_shadow_00000006",
        &minutes_ago("aludel_shadow_00000006", "gone"),
        "CREATE DATABASE aludel_shadow_00000007",
        &minutes_ago("aludel_shadow_00000007", "gone on another server"),
        "CREATE DATABASE shop",
        "CREATE DATABASE aludel_shadow_00000000_2",
        "COMMENT ON DATABASE aludel_shadow_00000000_2 IS 'aludel shadow of shop; last used 1000 (seconds since 1970)'",
        "CREATE DATABASE aludel_shadow_00000001",
        "COMMENT ON DATABASE aludel_shadow_00000001 IS 'aludel shadow of gone; last used 1000 (seconds since 1970)'",
        "CREATE DATABASE aludel_shadow_00000002",
        "COMMENT ON DATABASE aludel_shadow_00000002 IS 'aludel shadow of shop; last used 1000 (seconds since 1970)'",
        "CREATE DATABASE aludel_shadow_00000003_2",
        "CREATE DATABASE aludel_shadow_00000004_2",
        "COMMENT ON DATABASE aludel_shadow_00000004_2 IS 'aludel shadow of shop; last used 9999999999 (seconds since 1970)'",
        "CREATE DATABASE aludel_shadow_00000005_2",
        "COMMENT ON DATABASE aludel_shadow_00000005_2 IS 'aludel shadow of shop; last used 1000 (seconds since 1970)'",
    ])
    .await;
    let holder = open(&world.target("postgres", "postgres")).await;
    let lock = "SELECT pg_advisory_lock(1634497892, hashtext('aludel_shadow_00000005_2'))";
    holder.batch_execute(lock).await.expect("locks");
    let gone = open(&world.target("postgres", "aludel_shadow_00000001")).await;
    let subscribe = "CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p WITH (connect = false, slot_name = NONE)";
    gone.batch_execute(subscribe).await.expect("subscribes");
    gone.close().await;
    let live = open(&world.target("postgres", "shop")).await;
    world.shadow(&live, &Setting::Auto).await.expect("a shadow").close().await.expect("closes");
    let left = world.databases().await;
    let kept = |name: &str| left.iter().any(|found| found == name);
    assert!(!kept("aludel_shadow_00000000_2"), "numbered and old: {left:?}");
    assert!(!kept("aludel_shadow_00000001"), "its database is gone: {left:?}");
    assert!(!kept("aludel_shadow_00000006"), "and was on this server: {left:?}");
    assert!(kept("aludel_shadow_00000007"), "and may be there still: {left:?}");
    assert!(kept("aludel_shadow_00000002"), "kept for its database: {left:?}");
    assert!(kept("aludel_shadow_00000003_2"), "not ours: {left:?}");
    assert!(kept("aludel_shadow_00000004_2"), "young: {left:?}");
    assert!(kept("aludel_shadow_00000005_2"), "held: {left:?}");
    drop((holder, live));
    world.close().await;
}

#[tokio::test]
async fn without_the_right_it_goes_elsewhere_and_has_stand_ins() {
    let world = World::new(&["CREATE DATABASE shop", "CREATE ROLE weak LOGIN", "CREATE ROLE \"Other one\""]).await;
    let live = open(&world.target("weak", "shop")).await;
    let since = Instant::now();
    let mut one = world.shadow(&live, &Setting::Auto).await.expect("elsewhere");
    println!("private cluster: {:?}", since.elapsed());
    assert_eq!(one.place, Place::Cluster { major: live.major() });
    let names = [Name::from("weak"), Name::from("Other one"), Name::from("pg_monitor")];
    one.ensure_roles(&names).await.expect("makes them");
    one.ensure_roles(&names).await.expect("finds them");
    assert_eq!(text(&one, "SELECT rolcanlogin::text FROM pg_roles WHERE rolname = 'Other one'").await, "false");
    let fresh = print_of(&one.connected).await;
    fill(&one.connected).await;
    for i in 0..60 {
        one.batch_execute(&format!("CREATE TABLE public.many{i} ()")).await.expect("fills");
    }
    one.reset().await.expect("made anew");
    assert_eq!(print_of(&one.connected).await, fresh);
    one.close().await.expect("closes");

    let since = Instant::now();
    let again = world.shadow(&live, &Setting::Auto).await.expect("again");
    println!("private cluster again: {:?}", since.elapsed());
    again.close().await.expect("closes");

    if cfg!(not(feature = "embedded")) {
        let nowhere = shadow(&live, &Setting::Auto, world.dir.path(), &Search::nowhere()).await.expect_err("nowhere");
        let message = nowhere.to_string();
        for needle in [
            "CREATEDB",
            "ALUDEL_PG_BIN",
            "CREATE DATABASE aludel_shadow_",
            "OWNER weak;",
            "shadow = \"postgres://weak@",
        ] {
            assert!(message.contains(needle), "{needle}: {message}");
        }
    }
    drop(live);
    world.close().await;
}

#[tokio::test]
async fn a_given_database_is_used_only_if_it_is_empty_and_not_the_live_one() {
    let world = World::new(&["CREATE DATABASE shop", "CREATE DATABASE mine", "CREATE DATABASE crowded"]).await;
    let live = open(&world.target("postgres", "shop")).await;
    let given = |database: &str| Setting::Given(Box::new(world.target("postgres", database)));
    open(&world.target("postgres", "crowded")).await.batch_execute("CREATE TABLE precious ()").await.expect("fills");

    let message = world.shadow(&live, &given("shop")).await.expect_err("the live one").to_string();
    assert!(message.contains("live database itself"), "{message}");
    let message = world.shadow(&live, &given("crowded")).await.expect_err("not empty").to_string();
    assert!(message.contains("table precious"), "{message}");

    let mine = world.shadow(&live, &given("mine")).await.expect("an empty one");
    let fresh = print_of(&mine.connected).await;
    fill(&mine.connected).await;
    let message = mine.ensure_roles(&[Name::from("nobody's")]).await.expect_err("not ours").to_string();
    assert!(message.contains("CREATE ROLE \"nobody's\";"), "{message}");
    mine.close().await.expect("empties");
    let again = world.shadow(&live, &given("mine")).await.expect("empty again");
    assert_eq!(print_of(&again.connected).await, fresh);
    fill(&again.connected).await;
    drop(again);
    let killed = world.shadow(&live, &given("mine")).await.expect("what a killed run left is ours");
    assert_eq!(print_of(&killed.connected).await, fresh);
    killed.close().await.expect("closes");
    let comment = "SELECT count(*)::text FROM pg_shdescription WHERE description LIKE 'aludel%'";
    assert_eq!(text(&live, comment).await, "0");
    assert!(Setting::parse("nonsense", &|_| None).is_err());
    drop(live);
    world.close().await;
}

#[tokio::test]
async fn a_shadow_that_lacks_a_setting_is_kept_all_the_same() {
    let world = World::new(&[
        "CREATE ROLE maker LOGIN CREATEDB",
        "CREATE DATABASE shop OWNER maker",
        "ALTER DATABASE shop SET log_min_duration_statement = 100",
    ])
    .await;
    let live = open(&world.target("maker", "shop")).await;
    let mut made = Vec::new();
    for _ in 0..2 {
        let one = world.shadow(&live, &Setting::Auto).await.expect("a shadow");
        made.push(text(&one, "SELECT oid::text FROM pg_database WHERE datname = current_database()").await);
        one.close().await.expect("closes");
    }
    assert_eq!(made[0], made[1]);
    drop(live);
    world.close().await;
}

#[tokio::test]
async fn many_processes_at_once_get_one_each() {
    let world = World::new(&["CREATE DATABASE shop"]).await;
    let live = open(&world.target("postgres", "shop")).await;
    let opening = (0..5).map(|_| world.shadow(&live, &Setting::Auto));
    let shadows = futures_util::future::try_join_all(opening).await.expect("five shadows");
    let names: std::collections::BTreeSet<String> = shadows.iter().map(|shadow| shadow.place.to_string()).collect();
    assert_eq!(names.len(), 5, "{names:?}");
    for shadow in shadows {
        shadow.close().await.expect("closes");
    }
    drop(live);
    world.close().await;
}

#[tokio::test]
async fn over_tcp_and_with_a_real_disk_it_works_too() {
    let admin = open(&shared()).await;
    let name = format!("server_{}", std::process::id());
    admin.batch_execute(&format!("CREATE DATABASE {name}")).await.expect("makes");
    let dir = folder();
    let live = open(&shared().with_database(&name)).await;
    let one =
        shadow(&live, &Setting::parse("auto", &env).expect("auto"), dir.path(), &search()).await.expect("a shadow");
    let Place::SameServer { database } = one.place.clone() else { panic!("{:?} {:?}", one.place, one.notes) };
    fill(&one.connected).await;
    one.close().await.expect("closes");
    live.close().await;
    for name in [&name, database.as_str()] {
        admin.batch_execute(&format!("DROP DATABASE {name} WITH (FORCE)")).await.expect("drops");
    }
}
