//! What goes wrong, with the real binary: a clear message, the right exit code, and nothing lost.
#![allow(missing_docs, clippy::disallowed_macros, clippy::disallowed_methods, clippy::disallowed_types)]

mod support;

use std::process::Command;
use std::time::{Duration, Instant};

use support::{Project, Ran, connect, server_url};

const MODELS: &str = "[models.User.columns]\nid = { type = \"int\", primary_key = true }\nname = \"text\"\n";

/// The words of a refusal with this exit code.
fn refused(project: &Project, arguments: &str, code: i32) -> String {
    let ran = project.run(arguments);
    assert_eq!(ran.code, code, "{arguments}: {ran:?}");
    ran.stderr.replace(&format!("{}/", project.folder.path().display()), "")
}

/// A revision by hand.
fn write(project: &Project, id: &str, before: &str, up: &str) {
    let before = if before.is_empty() { String::new() } else { format!("-- down_revision = \"{before}\"\n") };
    project.write(
        &format!("migrations/{id}.up.sql"),
        format!("-- aludel:revision\n-- revision = \"{id}\"\n{before}\n{up}"),
    );
    project.write(&format!("migrations/{id}.down.sql"), "");
}

async fn tables(project: &Project) -> String {
    let query = "SELECT coalesce(string_agg(relname, ' ' ORDER BY relname), '') FROM pg_class \
        WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'aludel_version'";
    project.database.client.query_one(query, &[]).await.expect("the catalogs").get(0)
}

#[tokio::test]
async fn there_is_no_such_database() {
    let project = Project::new(MODELS).await;
    let ran = project.run_on(&format!("{}_gone", project.database.url()), "check");
    assert_eq!(ran.code, 3, "{ran:?}");
    let words = format!("database `{}_gone` does not exist", project.database.name);
    assert!(ran.stderr.starts_with("error: cannot connect to ") && ran.stderr.contains(&words), "{}", ran.stderr);
    project.drop_it().await;
}

/// The statement for a DBA is one that helps: run as it stands, with the setting that goes with it.
#[cfg(not(feature = "embedded"))]
#[tokio::test]
async fn who_may_not_make_databases_is_told_what_to_ask_for() {
    let project = Project::new(MODELS).await;
    let role = format!("{}_weak", project.database.name);
    let (admin, live) = (connect(&server_url()).await, &project.database.client);
    admin.batch_execute(&format!("CREATE ROLE {role} LOGIN")).await.expect("a role");
    live.batch_execute(&format!("GRANT ALL ON SCHEMA public TO {role}")).await.expect("granted");
    let url = project.database.url().replace("postgres@", &format!("{role}@"));
    let run = |arguments: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_aludel"));
        command.arg("-C").arg(project.folder.path()).args(["--database-url", &url]).args(arguments.split(' '));
        Ran::of(command.env("ALUDEL_PG_BIN", "/no/server/here"))
    };
    let ran = run("revision --autogenerate -m users");
    assert_eq!(ran.code, 3, "{ran:?}");
    assert!(ran.stderr.starts_with("error: no place for a shadow database:\n"), "{}", ran.stderr);
    assert!(!project.path("migrations").exists(), "nothing was written");

    let line =
        |begin: &str| ran.stderr.lines().find_map(|line| line.trim().strip_prefix(begin)).expect(begin).to_owned();
    let statement = format!("CREATE DATABASE {}", line("CREATE DATABASE "));
    admin.batch_execute(&statement).await.expect(&statement);
    project.write("aludel.toml", format!("[database]\nshadow = {}\n", line("shadow = ")));
    let ran = run("revision --autogenerate -m users");
    assert_eq!(ran.code, 0, "{ran:?}");
    // Its ledger goes where it may make tables, though it may make no schemas.
    let ran = run("upgrade");
    assert_eq!(ran.code, 0, "{ran:?}");
    let name = statement.split([' ', '"']).filter(|word| !word.is_empty()).nth(2).expect("a name").to_owned();
    project.drop_it().await;
    admin.batch_execute(&format!("DROP DATABASE {name} WITH (FORCE)")).await.expect("dropped");
    admin.batch_execute(&format!("DROP ROLE {role}")).await.expect("dropped");
}

#[tokio::test]
async fn a_catalog_that_the_server_hides_is_told() {
    let project = Project::new("").await;
    let role = format!("{}_weak", project.database.name);
    let (admin, live) = (connect(&server_url()).await, &project.database.client);
    admin.batch_execute(&format!("CREATE ROLE {role} LOGIN")).await.expect("a role");
    live.batch_execute("REVOKE SELECT ON pg_catalog.pg_publication FROM PUBLIC").await.expect("hidden");
    let ran = project.run_on(&project.database.url().replace("postgres@", &format!("{role}@")), "pull");
    assert_eq!(ran.code, 3, "{ran:?}");
    assert!(ran.stderr.starts_with("error: permission denied for table pg_publication (SQLSTATE 42501)\n"), "{ran:?}");
    assert!(ran.stderr.contains("have SELECT on it granted"), "{ran:?}");
    project.drop_it().await;
    admin.batch_execute(&format!("DROP ROLE {role}")).await.expect("gone");
}

#[tokio::test]
async fn roles_have_stand_ins_where_the_shadow_is_elsewhere() {
    let project = Project::new("").await;
    let (weak, other) = (format!("{}_weak", project.database.name), format!("{}_other", project.database.name));
    let (admin, live) = (connect(&server_url()).await, &project.database.client);
    admin.batch_execute(&format!("CREATE ROLE {weak} LOGIN; CREATE ROLE {other}")).await.expect("roles");
    let table = format!(
        "CREATE TABLE t (id int PRIMARY KEY); ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON t TO {other};
         ALTER TABLE t OWNER TO {weak}; ALTER SCHEMA public OWNER TO {weak}; GRANT SELECT ON t TO {other}"
    );
    live.batch_execute(&table).await.expect("a table");
    project.write("aludel.toml", "[database]\nschemas = [\"public\"]\nmanage = [\"*\"]\n");
    let url = project.database.url().replace("postgres@", &format!("{weak}@"));
    let pulled = project.run_on(&url, "pull");
    assert_eq!(pulled.code, 0, "{pulled:?}");
    let checked = project.run_on(&url, "check");
    assert_eq!((checked.code, checked.stdout.as_str()), (0, "The database is what the models say.\n"), "{checked:?}");
    // One that the live server has not either is a person's to make.
    let models = project.read("models.toml");
    project.write("models.toml", models.replace(&other, "aludel_nobody"));
    let refused = project.run_on(&url, "check");
    assert!(refused.code == 2 && refused.stderr.contains("role \"aludel_nobody\" does not exist"), "{refused:?}");
    assert!(
        refused.stderr.ends_with("hint: roles belong to the server, and aludel makes none: CREATE ROLE there first\n")
    );
    // Who may make databases has the shadow on the live server, where not everything is allowed either.
    project.write("models.toml", &models);
    admin.batch_execute(&format!("ALTER ROLE {weak} CREATEDB")).await.expect("a right");
    live.batch_execute("CREATE FOREIGN DATA WRAPPER f").await.expect("a superuser's");
    project.write("aludel.toml", "[database]\nschemas = [\"*\"]\n");
    let refused = project.run_on(&url, "pull");
    assert!(
        refused.code == 2 && refused.stderr.contains("hint: this user may not make it in the shadow"),
        "{refused:?}"
    );
    project.drop_it().await;
    let shadow = "SELECT string_agg(format('DROP DATABASE %I', datname), '; ') FROM pg_database WHERE pg_get_userbyid(datdba) = $1";
    let row = admin.query_one(shadow, &[&weak]).await.expect("its shadow");
    admin.batch_execute(&row.get::<_, Option<String>>(0).unwrap_or_default()).await.expect("dropped");
    admin.batch_execute(&format!("DROP ROLE {weak}; DROP ROLE {other}")).await.expect("dropped");
}

#[tokio::test]
async fn an_invalid_index_is_told_and_built_again() {
    let project = Project::new("").await;
    let live = &project.database.client;
    live.batch_execute("CREATE TABLE dup (a int); INSERT INTO dup VALUES (1), (1)").await.expect("a table");
    live.batch_execute("CREATE UNIQUE INDEX CONCURRENTLY dup_a ON dup (a)").await.expect_err("duplicates");
    let pulled = project.done("pull");
    assert!(pulled.contains("invalid, and a revision builds it again: index public.dup.dup_a\n"), "{pulled}");
    assert_eq!(project.run("check").stdout, "rebuild index public.dup.dup_a, which is invalid\n");
    let models = project.read("models.toml");
    assert!(models.contains("\na = "), "{models}");
    project.write("models.toml", models.replace("\na = ", "\nb = \"text?\"\na = "));
    project.done("revision --autogenerate -m more");
    assert!(refused(&project, "upgrade", 3).contains("could not create unique index"));
    live.batch_execute("DELETE FROM dup").await.expect("no duplicates");
    project.done("upgrade");
    project.done("check");
    project.done("downgrade -1");
    assert_eq!(project.run("check").stdout, "create column public.dup.b\n");
    live.batch_execute("INSERT INTO dup VALUES (1), (1)").await.expect_err("it is unique now");
    project.drop_it().await;
}

#[tokio::test]
async fn ctrl_c_cancels_the_statement_and_says_where_it_was() {
    let project = Project::new(MODELS).await;
    write(&project, "aaaa", "", "CREATE TABLE a (i int);\nSELECT pg_sleep(60);");
    let ran = project.interrupted("upgrade", "up aaaa");
    assert_eq!(ran.code, 3, "{ran:?}");
    assert!(
        ran.stderr.contains("canceling statement due to user request (SQLSTATE 57014)\nin: SELECT pg_sleep(60)"),
        "{ran:?}"
    );
    assert!(ran.stderr.contains("nothing of it is applied"), "{ran:?}");
    assert_eq!((tables(&project).await.as_str(), project.done("current").as_str()), ("", ""));
    project.drop_it().await;
}

#[tokio::test]
async fn a_third_statement_that_fails_takes_the_first_two_along() {
    let project = Project::new(MODELS).await;
    write(&project, "aaaa", "", "CREATE TABLE early ();\n");
    write(
        &project,
        "bbbb",
        "aaaa",
        "CREATE TABLE one (x int);\nINSERT INTO one VALUES (0);\nSELECT 1 / x FROM one;\nSELECT 4;\n",
    );
    let words = refused(&project, "upgrade", 3);
    assert!(words.contains("migrations/bbbb.up.sql:7: division by zero (SQLSTATE 22012)"), "{words}");
    assert!(words.ends_with("the transaction was rolled back; nothing of it is applied\n"), "{words}");
    assert_eq!(tables(&project).await, "early");
    assert_eq!(project.done("current"), "aaaa  (current)\n");
    write(&project, "bbbb", "aaaa", "CREATE TABLE one (x int);\n");
    project.done("upgrade");
    assert_eq!(tables(&project).await, "early one");
    project.drop_it().await;
}

#[tokio::test]
async fn a_folder_that_does_not_hold_together_is_told_before_a_database_is_touched() {
    let project = Project::new(MODELS).await;
    for command in ["upgrade", "history", "heads", "check --migrations", "stamp head"] {
        let words = refused(&project, command, 2);
        assert!(
            words.starts_with("error: there is no migrations folder migrations: `aludel init` makes one"),
            "{words}"
        );
    }
    write(&project, "aaaa", "", "CREATE TABLE a ();\n");
    write(&project, "bbbb", "aaab", "CREATE TABLE b ();\n");
    let words = refused(&project, "upgrade", 2);
    let told = "migrations/bbbb.up.sql: down_revision names revision aaab, and no file holds it: did you mean aaaa?\n";
    assert!(words.ends_with(told), "{words}");
    write(&project, "bbbb", "aaaa", "CREATE TABLE b ();\n");
    for (end, text) in [("up", project.read("migrations/bbbb.up.sql")), ("down", String::new())] {
        project.write(&format!("migrations/copy.{end}.sql"), text);
    }
    let words = refused(&project, "revision --autogenerate -m more", 2);
    let told = "migrations/bbbb.up.sql and migrations/copy.up.sql both hold revision bbbb: give one of them another id";
    assert!(words.contains(told), "{words}");
    assert_eq!(tables(&project).await, "");
    project.drop_it().await;
}

#[tokio::test]
async fn an_edited_file_that_is_applied_is_told() {
    let project = Project::new(MODELS).await;
    write(&project, "aaaa", "", "CREATE TABLE a ();\n");
    project.done("upgrade");
    write(&project, "aaaa", "", "CREATE TABLE a (x int);\n");
    for command in ["current", "upgrade"] {
        assert!(project.done(command).contains("aaaa was edited after it was applied: "), "{command}");
    }
    project.drop_it().await;
}

#[tokio::test]
async fn bytes_that_are_no_text_are_told_with_their_place() {
    let project = Project::new(MODELS).await;
    write(&project, "aaaa", "", "");
    project.write("migrations/aaaa.up.sql", b"-- aludel:revision\n-- revision = \"aaaa\"\n\nSELECT '\xff';\n");
    let words = refused(&project, "upgrade", 2);
    assert!(words.contains("migrations/aaaa.up.sql:4: the file is not valid UTF-8 (byte 49)"), "{words}");
    project.write("models.toml", b"[models.User]\ncomment = \"caf\xe9\"\n");
    let words = refused(&project, "check", 2);
    assert!(words.starts_with("error: not valid UTF-8\n --> models.toml:2:15\n"), "{words}");
    project.write("aludel.toml", b"\xfe\xff");
    let words = refused(&project, "check", 2);
    assert!(words.starts_with("error: not valid UTF-8\n --> aludel.toml:1:1\n"), "{words}");
    project.drop_it().await;
}

#[tokio::test]
async fn a_table_made_by_hand_is_reported_and_not_dropped_in_silence() {
    let project = Project::new(MODELS).await;
    project.done("revision --autogenerate -m users");
    project.done("upgrade");
    project.database.client.batch_execute("CREATE TABLE mine AS SELECT 1 AS x").await.expect("by hand");
    let ran = project.run("check");
    assert!(ran.code == 1 && ran.stdout.contains("drop table public.mine"), "{ran:?}");
    let said = project.done("revision --autogenerate -m more");
    assert!(said.contains("data is lost: drops table public.mine with all its rows (1 row)"), "{said}");
    let file = project.migrations("_more.up.sql").remove(0);
    let text = project.read(&format!("migrations/{file}"));
    assert!(text.contains("-- hazard: data is lost: drops table public.mine with all its rows\n"), "{text}");
    assert_eq!(tables(&project).await, "mine users");
    project.drop_it().await;
}

#[tokio::test]
async fn values_that_a_new_type_has_no_place_for_are_counted_and_kept() {
    let models = |labels: &str, size: &str| {
        format!(
            "[enums.mood]\nvalues = [{labels}]\n[models.User.columns]\nid = {{ type = \"{size}\", primary_key = true }}\n\
             mood = \"mood\"\nname = \"varchar({})\"\n",
            size.len()
        )
    };
    let project = Project::new(&models("'fine', 'bad'", "bigint")).await;
    project.done("revision --autogenerate -m users");
    project.done("upgrade");
    let rows = "INSERT INTO users VALUES (5000000000, 'bad', 'ab'), (2, 'fine', 'abcdef'), (3, 'bad', 'abc  ')";
    project.database.client.batch_execute(rows).await.expect("rows");
    let new = "size = { type = \"int\", generated = \"nullif(length(name), 6)\" }\n";
    project.write("models.toml", models("'fine'", "int") + new);
    let said = project.done("revision --autogenerate -m less");
    for words in [
        "may fail on existing data: fails on rows whose mood holds 'bad' (2 rows)",
        "may fail on existing data: fails on values of id that are out of range of integer (1 row)",
        "may fail on existing data: fails on values of name that are no character varying(3), but for blanks at their end, which are cut off (1 row)",
        "may fail on existing data: fails if the expression of size is null for a row (1 row)",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    let words = refused(&project, "upgrade", 3);
    assert!(words.contains("nothing of it is applied"), "{words}");
    let count = project.database.client.query_one("SELECT count(*) FROM users", &[]).await.expect("the rows");
    assert_eq!(count.get::<_, i64>(0), 3);
    project.drop_it().await;
}

#[tokio::test]
async fn what_the_server_refuses_of_a_family_is_told_at_its_line() {
    let project = Project::new(
        "sql = \"own.sql\"\n[models.A]\npartition_by = \"range (i)\"\ncolumns.i = \"int\"\n[models.A.partitions]\n\
         a1 = \"from (1) to (3)\"\na2 = \"from (2) to (4)\"\na3 = \"from (9)\"\n\
         [models.A4]\npartition_of = \"A\"\nfor_values = \"in (1)\"\n\
         [models.Typed]\ncomment = \"x\"\nof_type = \"nothing\"\n",
    )
    .await;
    project.write("own.sql", "CREATE TYPE something AS (i int)");
    let words = refused(&project, "check", 2);
    for place in [
        "models.toml:7: partition \"a2\" would overlap partition \"a1\"",
        "models.toml:8: syntax error",
        "models.toml:11: invalid bound specification for a range partition",
        "models.toml:14: type \"nothing\" does not exist",
    ] {
        assert!(words.contains(place), "{place}: {words}");
    }
    project.drop_it().await;
}

#[tokio::test]
async fn files_that_reach_beyond_the_database_are_not_run() {
    let project = Project::new(
        "sql = \"own.sql\"\n[models.A]\nchecks.one = \"i > 0); CREATE TABLE evil (a int); --\"\ncolumns.i = \"int\"\n\
         [views.v]\nquery = \"select 1; CREATE TABLE evil (b int)\"\n",
    )
    .await;
    let role = "aludel_evil";
    project.write(
        "own.sql",
        format!(
            "CREATE TYPE fine AS (i int);\n-- mine\nCREATE ROLE {role};\nCOMMIT;\nCOPY (SELECT 1) TO PROGRAM 'true';\n\
             DO $$ BEGIN EXECUTE 'CREATE ROLE {role}'; END $$;\nINSERT INTO t VALUES (1);\nPREPARE TRANSACTION 'x';\n/* open"
        ),
    );
    for command in ["check", "diff", "revision --autogenerate -m x", "generate"] {
        let words = refused(&project, command, 2);
        if command == "check" {
            insta::assert_snapshot!("beyond", words);
        }
    }
    let found =
        project.database.client.query("SELECT FROM pg_roles WHERE rolname = $1", &[&role]).await.expect("roles");
    assert_eq!(found.len(), 0);
    project.drop_it().await;
}

/// What a file sets holds below it, and nowhere else.
#[tokio::test]
async fn files_set_what_they_set_for_themselves() {
    let project = Project::new(
        "sql = [\"a.sql\", \"b.sql\", \"c.sql\"]\n[models.A]\ntable = \"a\"\ncolumns.i = \"int\"\n[views.v]\nquery = \"select i from a\"\n",
    )
    .await;
    let function = "FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'";
    project.write(
        "a.sql",
        "SELECT pg_catalog.set_config('search_path', '', false);\nCREATE VIEW public.w AS SELECT 1 AS i;\n",
    );
    project.write(
        "b.sql",
        format!("CREATE SCHEMA app;\nSET search_path = app;\nCREATE {function};\nCREATE VIEW u AS SELECT f();\n"),
    );
    project.write("c.sql", format!("CREATE {function};\n"));
    project.done("revision --autogenerate -m x");
    project.done("upgrade");
    project.done("check");
    let made = "SELECT string_agg(pronamespace::regnamespace || '.' || proname, ' ' ORDER BY 1) FROM pg_proc WHERE oid >= 16384";
    let made = project.database.client.query_one(made, &[]).await.expect("functions");
    assert_eq!(made.get::<_, String>(0), "app.f public.f");
    project.write("c.sql", "CREATE TABLE t ();\nSET statement_timeout = 'soon';\nCREATE TABLE u ();\n");
    let words = refused(&project, "check", 2);
    assert!(words.contains("c.sql:2") && words.contains("invalid value for parameter"), "{words}");
    project.write("c.sql", "SET ROLE pg_monitor;\n");
    assert!(refused(&project, "check", 2).contains("ALTER … OWNER TO"));
    project.drop_it().await;
}

#[tokio::test]
async fn mistakes_are_told_all_at_once_and_underlined() {
    let project = Project::new(
        "[models.A.columns]\nid = { type = \"int\", primery_key = true }\n\"ä\" = { type = 3 }\n\
         b_id = { references = \"C.id\" }\n[models.B.columns]\nx = \"int\"\n",
    )
    .await;
    let words = refused(&project, "check", 2);
    insta::assert_snapshot!("underlined", words);
    project.drop_it().await;
}

#[tokio::test]
async fn what_nothing_fails_on_yet_is_a_warning_of_the_revision() {
    let models = |r#type: &str| {
        format!(
            "sql = \"own.sql\"\n[models.User]\npolicies.mine = {{ using = \"id > 0\" }}\n\
             columns.id = \"{type}\"\n[views.v]\nquery = \"select id from users\"\n"
        )
    };
    let project = Project::new(&models("int")).await;
    let function = |name: &str, language: &str, body: &str| {
        format!("CREATE FUNCTION {name}() RETURNS int LANGUAGE {language} AS $${body}$$;\n")
    };
    let fine = function("fine", "sql", "SELECT id FROM users") + &function("same", "plpgsql", "BEGIN RETURN nme; END");
    let wrong = function("odd", "plpgsql", "BEGIN RETUR 1; END") + &function("far", "sql", "SELECT nme FROM users");
    project.write("own.sql", fine.clone() + &wrong);
    let told = project.done("revision --autogenerate -m one");
    for warning in [
        "warning: policy public.users.mine has no effect: table public.users has no `row_security`\n",
        "warning: the server does not take the body of function public.far(): column \"nme\" does not exist",
        "warning: the server does not take the body of function public.odd(): syntax error at or near \"RETUR\"",
    ] {
        assert!(told.contains(warning), "{warning}: {told}");
    }
    assert_eq!(told.matches("warning: ").count(), 3, "{told}");
    project.done("upgrade");

    // What is there and stays is not told again; what a rebuilt view takes from this database is.
    project.database.client.batch_execute("GRANT SELECT ON v TO pg_monitor").await.expect("a grant");
    project.write("models.toml", models("bigint"));
    let told = project.done("revision --autogenerate -m two");
    assert!(told.contains("warning: privileges are not managed, and 2 statements give"), "{told}");
    assert_eq!(told.matches("warning: ").count(), 1, "{told}");
    project.drop_it().await;
}

/// Columns that are new come last: what says "the first" reads another one then, here and on the way back.
#[tokio::test]
async fn what_names_columns_by_their_place_is_told() {
    let models =
        |columns: &str, view: &str| format!("[models.R]\ncolumns = {{ {columns} }}\n[views.v]\nquery = \"{view}\"\n");
    let by_place = "select x.k from rs x(k, l)";
    let project = Project::new(&models("b = \"int?\", c = \"int?\"", by_place)).await;
    let told = project.done("revision --autogenerate -m one");
    assert!(!told.contains("warning: "), "{told}");
    project.done("upgrade");
    project.write("models.toml", models("a = \"int?\", b = \"int?\", c = \"int?\"", by_place));
    let says = |what: &str, place: &str| {
        format!(
            "{what}: view public.v names columns of public.rs by their place, and those are in another order {place}"
        )
    };
    let told = project.done("revision --autogenerate -m two");
    assert!(told.contains(&says("warning", "in the database")) && !told.contains("after a downgrade"), "{told}");
    project.done("upgrade");
    let ran = project.run("check");
    assert!(ran.stdout.contains(&says("warning", "in the database")), "{ran:?}");
    project.write("models.toml", models("a = \"int?\", c = \"int?\"", "select x.a as k from rs x"));
    let told = project.done("revision --autogenerate -m three");
    assert!(told.contains(&says("warning", "after a downgrade")), "{told}");
    project.drop_it().await;
}

#[tokio::test]
async fn what_the_server_refuses_within_a_statement_is_told_at_its_line_and_underlined() {
    let project = Project::new(
        "sql = \"own.sql\"\n[models.A.columns]\ni = \"int\"\nj = { type = \"int\", default = \"x\", index = true }\nk = \"nit\"\n\
         [models.B]\nchecks.one = \"\"\"\n  i > 0\n  AND k > 0\"\"\"\ncolumns.i = \"int\"\n\
         [models.D.columns]\nid = { type = \"int\", primary_key = true }\nup = { references = \"D\", nullable = true }\n\
         [models.D.relationships]\ndown = { has_many = \"D\", order = \"nme desc\" }\n\
         [models.C.columns.i]\nnullable = true\ntype = \"no.such\"\n",
    )
    .await;
    project.write("own.sql", "-- its head\nCREATE VIEW v AS\n  SELECT 'ä',\n    no;");
    let words = refused(&project, "check", 2);
    insta::assert_snapshot!("refused", words);
    project.drop_it().await;
}

#[tokio::test]
async fn a_using_that_the_server_refuses_is_told_at_its_line() {
    let models = |column: &str| {
        format!("[models.User.columns]\nid = {{ type = \"int\", primary_key = true }}\nage = {column}\n")
    };
    let project = Project::new(&models("\"text\"")).await;
    project.done("revision --autogenerate -m users");
    project.done("upgrade");
    project.write("models.toml", models("{ type = \"int\", using = \"length(aeg)\" }"));
    let words = refused(&project, "revision --autogenerate -m more", 2);
    assert!(words.contains("models.toml:3: column \"aeg\" does not exist"), "{words}");
    // One whose column does not change its type is never looked at.
    project.write("models.toml", models("{ type = \"text\", using = \"length(aeg)\" }"));
    project.done("check");
    project.drop_it().await;
}

#[tokio::test]
async fn twenty_megabytes_of_models_are_read_and_a_mistake_in_them_is_found() {
    let project = Project::new("").await;
    let mut text = String::new();
    let mut count = 0;
    while text.len() < 20_000_000 {
        text.push_str(&format!(
            "[models.Model{count}]\ncomment = \"{}\"\n[models.Model{count}.columns]\n\
            id = {{ type = \"bigint\", primary_key = true, identity = \"always\" }}\nname = \"varchar(80)?\"\n\n",
            "What it is for. ".repeat(40)
        ));
        count += 1;
    }
    text.push_str("[models.Last.columns]\nid = { typ = \"int\" }\n");
    project.write("models.toml", &text);
    let since = Instant::now();
    let words = refused(&project, "check", 2);
    let took = since.elapsed();
    let line = text.lines().count();
    assert!(words.contains(&format!("error: unknown key `typ`\n      --> models.toml:{line}:8\n")), "{words:.300}");
    println!("{count} models, {} bytes: {took:?}", text.len());
    assert!(took < Duration::from_secs(60), "{took:?}");
    project.drop_it().await;
}

/// What somebody might write for a name.
const EVIL: &str = r#"x"; DROP TABLE victim; --"#;
const EVIL2: &str = r"y'; DROP TABLE victim; --";

#[tokio::test]
async fn no_name_reaches_the_server_as_sql() {
    let toml = |text: &str| serde_json::to_string(text).expect("a string");
    let (a, b, lines) = (toml(EVIL), toml(EVIL2), toml("z\n; DROP TABLE victim; --"));
    let models = format!(
        r#"
schemas = [{a}, {b}]
[models.Evil]
table = {a}
schema = {a}
comment = {b}
[models.Evil.columns]
{a} = {{ type = "bigint", primary_key = true, identity = "always", comment = {a} }}
{b} = {{ type = "text", unique = true, default = {b}, collation = '"C"' }}
{lines} = {{ type = "int", default = 1 }}
[models.Evil.indexes]
{b} = {{ columns = [{b}] }}
{lines} = {{ columns = [{lines}] }}
[models.Evil.checks]
{a} = "1 = 1"
[models.Other]
table = {lines}
schema = {b}
[models.Other.columns]
evil = {{ references = "Evil", index = true }}
kind = {{ type = "\"kind'\"", default = {a} }}
[enums]
"kind'" = [{a}, {b}, {lines}]
[domains]
{a} = {{ type = "text", default = {a}, comment = {b} }}
[sequences]
{lines} = {{ comment = {a} }}
[views]
{b} = {{ query = "select 1 as x", comment = {a} }}
"#
    );
    let project = Project::new(&models).await;
    project.write("aludel.toml", "[database]\nschemas = [\"*\"]\nexclude = [\"public.victim\"]\n");
    project.database.client.batch_execute("CREATE TABLE victim ()").await.expect("a victim");
    project.done("revision --autogenerate -m 'users\n; DROP TABLE victim; --'");
    project.done("upgrade");
    project.done("check");
    project.done("check --migrations");
    assert_eq!(tables(&project).await, "victim");
    project.done("downgrade base");
    assert_eq!(tables(&project).await, "victim");
    project.done("generate");
    let parsed = Command::new("rustfmt")
        .args(["--edition", "2024", "--emit", "stdout"])
        .arg(project.path("src/db/mod.rs"))
        .output();
    let parsed = parsed.expect("rustfmt");
    assert!(parsed.status.success(), "a name left its string: {}", String::from_utf8_lossy(&parsed.stderr));
    for flag in ["--rev-id 'a; DROP'", "--branch-label 'a; DROP'"] {
        let words = refused(&project, &format!("revision -m x {flag}"), 2);
        assert!(words.contains("cannot be a"), "{words}");
    }
    project.drop_it().await;
}

/// A folder on a disk of its own, as small as said.
struct SmallDisk(std::path::PathBuf);

impl SmallDisk {
    fn mount(at: std::path::PathBuf, size: &str) -> Option<SmallDisk> {
        std::fs::create_dir_all(&at).expect("a folder");
        let options = format!("size={size}");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &options, "none"]).arg(&at).output();
        mounted.ok().filter(|output| output.status.success()).map(|_| SmallDisk(at))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
    }
}

#[tokio::test]
async fn a_full_disk_loses_nothing() {
    let project = Project::new(MODELS).await;
    // Mounting is root's; where it is not allowed, disk::tests has what /dev/full says.
    let (Some(migrations), Some(code)) =
        (SmallDisk::mount(project.path("migrations"), "8k"), SmallDisk::mount(project.path("src/db"), "16k"))
    else {
        println!("not allowed to mount a small disk");
        return project.drop_it().await;
    };
    let long: String = (0..400).map(|i| format!("a_long_column_{i:030} = \"text?\"\n")).collect();
    project.write("models.toml", format!("{MODELS}{long}"));
    let words = refused(&project, "revision --autogenerate -m wide", 2);
    assert!(words.contains("No space left on device"), "{words}");
    assert_eq!(std::fs::read_dir(&migrations.0).expect("a folder").count(), 0, "no half of a revision, no rest of one");
    let words = refused(&project, "generate", 2);
    assert!(words.contains("No space left on device"), "{words}");
    assert_eq!(std::fs::read_dir(&code.0).expect("a folder").count(), 0, "all of the code, or none");
    project.write("models.toml", MODELS);
    project.done("revision --autogenerate -m users");
    drop((migrations, code));
    project.drop_it().await;
}
