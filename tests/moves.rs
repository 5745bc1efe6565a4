//! Rows on the move: a table that has to be made again brings them along.
#![allow(missing_docs, clippy::disallowed_macros, clippy::disallowed_methods, clippy::disallowed_types)]

mod support;

use std::time::Duration;

use aludel::command::{Session, check, downgrade, revision, run, upgrade};
use support::Database;

/// What stands on the table, and would act on each row that comes into it, or look at it too soon.
const AROUND: &str = r#"
[enums]
mood = ["good", "bad"]

[models.Mark.columns]
id = { type = "int", primary_key = true }
reading_id = "bigint"
reading_at = "date"

[models.Mark.foreign_keys]
marks_reading = { columns = ["reading_id", "reading_at"], references = "Reading", referenced = ["id", "at"] }

[views.latest]
query = "select id, value from readings where at > '2026-01-01'"

[materialized_views.total]
query = "select count(*) as n from latest"

[models.Reading.triggers]
never_again = { when = "before", events = ["insert"], each = "row", execute = "never_again()" }

[sql]
files = ["f.sql"]
"#;

/// The table, its value of some type, and what is said of it besides its columns.
fn readings(value: &str, more: &str) -> String {
    format!(
        r#"
[models.Reading.columns]
id = {{ type = "bigint", identity = "always" }}
at = "date"
mood = "mood?"
value = "{value}"
twice = {{ type = "{value}", generated = "value * 2" }}

[models.Reading]
primary_key = ["id", "at"]
{more}
"#
    )
}

const ORDINARY: &str = "";

const PARTITIONED: &str = r#"
partition_by = "range (at)"

[models.Reading.partitions]
readings_old = "from (minvalue) to ('2026-01-01')"
readings_new = { for_values = "default", partition_by = "list (id)", partitions = { readings_rest = "default" } }
"#;

const BY_ID: &str = r#"
partition_by = "hash (id)"
partitions.readings_0 = "with (modulus 1, remainder 0)"
"#;

#[tokio::test]
async fn rows_go_over_into_partitions_and_back() {
    let database = Database::empty().await;
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("a file");
    let function = "CREATE FUNCTION never_again() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
                    IF NEW.id < 3 THEN RAISE 'again'; END IF; RETURN NEW; END $$;";
    file("f.sql", function);
    let session = Session::open(folder.path().to_owned(), Some(database.url())).await.expect("a session");
    let to = |target: &str| run::Request {
        target: target.parse().expect("a target"),
        options: Default::default(),
        lock_wait: Duration::from_secs(5),
    };
    let up = async |value: &str, more: &str| {
        file("models.toml", &format!("{}{AROUND}", readings(value, more)));
        let request = revision::Request { message: "step".into(), autogenerate: true, ..Default::default() };
        let report = revision::revision(&session, &request).await.expect("a revision");
        let graph = session.graph().expect("graph");
        upgrade::upgrade(&session.live, &graph, &session.run_ledger(), &to("head"), &mut ()).await.expect("upgrade");
        assert_eq!(check::check(&session).await.expect("check").differences, Vec::<String>::new());
        report.files.iter().map(|path| std::fs::read_to_string(path).expect("a file")).collect::<String>()
    };
    let down = async || {
        let graph = session.graph().expect("graph");
        downgrade::downgrade(&session.live, &graph, &session.run_ledger(), &to("-1"), &mut ())
            .await
            .expect("downgrade");
    };
    let text = async |sql: &str| {
        let rows = database.client.query(sql, &[]).await.expect(sql);
        rows.iter().map(|row| row.get::<_, String>(0)).collect::<Vec<_>>().join(" ")
    };
    let rows = "SELECT format('%s:%s:%s:%s', id, mood, value, twice) FROM readings ORDER BY id";

    up("int?", ORDINARY).await;
    let made = "ALTER TABLE readings DISABLE TRIGGER USER; \
                INSERT INTO readings (at, mood, value) VALUES ('2025-05-05', 'good', 7), ('2026-05-05', 'bad', 8); \
                ALTER TABLE readings ENABLE TRIGGER USER; INSERT INTO marks VALUES (1, 2, '2026-05-05')";
    database.client.batch_execute(made).await.expect("rows");

    let sql = up("bigint?", PARTITIONED).await;
    assert!(!sql.contains("data is lost"), "{sql}");
    assert_eq!(text(rows).await, "1:good:7:14 2:bad:8:16");
    assert_eq!(
        text("SELECT id || '' FROM ONLY readings_old UNION ALL SELECT id || '' FROM readings_rest").await,
        "1 2"
    );
    assert_eq!(text("SELECT n || '' FROM total").await, "1");
    let next = "INSERT INTO readings (at, value) VALUES ('2026-06-06', 9) RETURNING id || ''";
    assert_eq!(text(next).await, "3");

    let sql = up("bigint?", BY_ID).await;
    assert!(!sql.contains("data is lost"), "{sql}");
    assert_eq!(text(rows).await, "1:good:7:14 2:bad:8:16 3::9:18");
    assert_eq!(text("SELECT count(*) || '' FROM readings_0").await, "3");
    down().await;
    assert_eq!(text("SELECT id || '' FROM readings_rest ORDER BY id").await, "2 3");
    down().await;
    assert_eq!(text(rows).await, "1:good:7:14 2:bad:8:16 3::9:18");
    assert_eq!(
        text("SELECT relkind::text FROM pg_class WHERE relname LIKE 'readings%' AND relkind IN ('r', 'p')").await,
        "r"
    );
    assert_eq!(text(&next.replace("06-06", "07-07")).await, "4");
    database.drop_it().await;
}

/// Numbers that were given out are not given out again, though their rows are gone.
#[tokio::test]
async fn counters_go_on_in_what_takes_their_place() {
    let table =
        |id: &str, more: &str| format!("[models.Log]\n{more}\n[models.Log.columns]\nid = {id}\nn = \"text?\"\n");
    let named = |name: &str| {
        let id = format!("{{ type = \"bigint\", default = {{ sql = \"nextval('{name}')\" }} }}");
        format!("[sequences.{name}]\n{}", table(&id, ""))
    };
    let project = support::Project::new(&table("\"serial\"", "")).await;
    let step = async |models: &str, more: &str, name: &str| {
        project.write("models.toml", models);
        project.done(&format!("revision --autogenerate -m step{more}"));
        project.done("upgrade");
        project.done("check");
        let next = format!("WITH one AS (INSERT INTO {name} (n) VALUES ('x') RETURNING id) SELECT id::bigint FROM one");
        let id: i64 = project.database.client.query_one(&next, &[]).await.expect("a row").get(0);
        project.database.client.batch_execute(&format!("DELETE FROM {name}")).await.expect("gone");
        id
    };
    let parts = "partition_by = \"list (n)\"\npartitions.logs_rest = \"default\"";
    let identity = "{ type = \"bigint\", identity = \"always\" }";
    let seen = [
        step(&table("\"serial\"", ""), "", "logs").await,
        step(&table("\"bigserial\"", "table = \"entries\""), " --rename logs=entries", "entries").await,
        step(&table(identity, "table = \"entries\""), "", "entries").await,
        step(&table(identity, parts).replace("logs_rest", "rest"), " --rename entries=logs", "logs").await,
        step(&named("one"), "", "logs").await,
        step(&named("other"), "", "logs").await,
    ];
    assert_eq!(seen, [1, 2, 3, 4, 5, 6]);
    project.drop_it().await;
}

/// Policies say what an owner sees who is under them, and not which of his rows there are.
#[tokio::test]
async fn rows_that_their_owner_does_not_see_go_over_too() {
    let table = |more: &str| {
        format!(
            "[models.Note]\nrow_security = \"forced\"\n{more}\n[models.Note.columns]\nid = \"int\"\nk = \"text\"\n\
             [models.Note.policies]\nown = {{ using = \"k = 'a'\" }}\n"
        )
    };
    let project = support::Project::new(&table("")).await;
    let (name, role) = (&project.database.name, format!("{}_owner", project.database.name));
    let admin = support::connect(&project.database.url()).await;
    let owner = format!(
        "CREATE ROLE {role} LOGIN; ALTER DATABASE {name} OWNER TO {role}; GRANT ALL ON SCHEMA public TO {role}"
    );
    admin.batch_execute(&owner).await.expect("an owner");
    let url = project.database.url().replace("postgres@", &format!("{role}@"));
    let count = async || -> i64 { admin.query_one("SELECT count(*) FROM notes", &[]).await.expect("notes").get(0) };
    let done = |arguments: &str| {
        let ran = project.run_on(&url, arguments);
        assert_eq!(ran.code, 0, "{arguments}: {}", ran.stderr);
        ran.stdout
    };
    done("revision --autogenerate -m first");
    done("upgrade");
    admin.batch_execute("INSERT INTO notes VALUES (1, 'a'), (2, 'b')").await.expect("rows");
    project.write("models.toml", table("partition_by = \"list (k)\"\npartitions.notes_rest = \"default\""));
    let told = done("revision --autogenerate -m parts");
    assert!(!told.contains("data is lost"), "{told}");
    done("upgrade");
    assert_eq!(count().await, 2);
    done("check");
    done("downgrade -1");
    assert_eq!(count().await, 2);
    let forced = "SELECT relforcerowsecurity FROM pg_class WHERE oid = 'notes'::regclass";
    assert!(admin.query_one(forced, &[]).await.expect("notes").get::<_, bool>(0));
    let gone = format!("ALTER DATABASE {name} OWNER TO CURRENT_USER; DROP OWNED BY {role}");
    admin.batch_execute(&gone).await.expect("no owner");
    drop(admin);
    let database = project.database.name.clone();
    project.drop_it().await;
    let server = support::connect(&support::server_url()).await;
    server.batch_execute(&format!("DROP ROLE {database}_owner")).await.expect("no role");
}
