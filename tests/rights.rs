//! Owners and privileges that models.toml states, where `manage` asks for none.
#![allow(missing_docs, clippy::disallowed_macros, clippy::disallowed_methods, clippy::disallowed_types)]

mod support;

use support::Project;

const MODELS: &str = r#"
[schemas.shop]
privileges = { pg_monitor = "usage" }

[enums.mood]
values = ["sad", "happy"]
owner = "pg_monitor"
privileges = { public = [], pg_read_all_data = "usage" }

[models.User]
owner = "pg_monitor"
privileges = { pg_read_all_data = ["select", "update (name, mood)"], pg_write_all_data = "insert with grant option" }

[models.User.columns]
id = { type = "bigint", primary_key = true, identity = "always" }
name = "text"
mood = "mood"

[models.Plain.columns]
id = { type = "serial", primary_key = true }

[views.names]
query = "select name from users"
privileges = { public = "select (name)" }
"#;

/// What the server has on a relation: its owner, and its privileges.
async fn rights(project: &Project, relation: &str) -> String {
    let client = support::connect(&project.database.url()).await;
    let sql = "SELECT concat_ws(' ', relowner::regrole, relacl::text, (SELECT string_agg(attname || attacl::text, ' ' \
               ORDER BY attnum) FROM pg_attribute WHERE attrelid = c.oid AND attacl IS NOT NULL)) \
               FROM pg_class c WHERE oid = $1::text::regclass";
    let told: String = client.query_one(sql, &[&relation]).await.expect("a relation").get(0);
    // PostgreSQL 17 has one more.
    told.replace("Dxtm/", "Dxt/")
}

#[tokio::test]
async fn what_is_stated_is_managed_and_nothing_else() {
    let project = Project::new(MODELS).await;
    project.write("aludel.toml", "[database]\nschemas = [\"*\"]\n");
    project.done("revision --autogenerate -m first");
    project.done("upgrade");
    assert_eq!(
        rights(&project, "users").await,
        "pg_monitor {pg_monitor=arwdDxt/pg_monitor,pg_read_all_data=r/pg_monitor,pg_write_all_data=a*/pg_monitor} \
         name{pg_read_all_data=w/pg_monitor} mood{pg_read_all_data=w/pg_monitor}"
    );
    assert_eq!(rights(&project, "names").await, "postgres name{=r/postgres}");
    assert_eq!(rights(&project, "plains").await, "postgres");
    project.done("check");

    // What is stated differs; what is not is left alone.
    let client = support::connect(&project.database.url()).await;
    client
        .batch_execute(
            "GRANT DELETE ON users TO pg_monitor, pg_read_all_data; ALTER TYPE mood OWNER TO postgres;
             GRANT ALL ON plains TO pg_monitor; ALTER TABLE plains OWNER TO pg_read_all_data",
        )
        .await
        .expect("changes");
    assert_eq!(project.run("check").stdout.trim(), "alter type public.mood\nalter table public.users");
    let sql = project.done("revision --autogenerate --sql");
    assert!(sql.contains("REVOKE DELETE ON TABLE public.users FROM pg_read_all_data;"), "{sql}");
    assert!(sql.contains("ALTER TYPE public.mood OWNER TO pg_monitor;") && !sql.contains("plains"), "{sql}");

    // Pulled, it is stated as the database has it now.
    project.done("pull");
    let models = project.read("models.toml");
    assert!(models.contains("pg_read_all_data = [\"delete\", \"select\", \"update (name, mood)\"]"), "{models}");
    assert!(models.contains("owner = \"postgres\"") && !models.contains("owner = \"pg_read_all_data\""), "{models}");
    project.done("check");
    project.done("downgrade base");
    project.drop_it().await;
}

#[tokio::test]
async fn pull_states_what_is_managed() {
    let project = Project::new(MODELS).await;
    project.write("aludel.toml", "[database]\nschemas = [\"*\"]\n");
    project.done("revision --autogenerate -m first");
    project.done("upgrade");
    project.write("aludel.toml", "[database]\nschemas = [\"*\"]\nmanage = [\"privileges\"]\n");
    std::fs::remove_file(project.path("models.toml")).expect("the models");
    project.done("pull");
    let models = project.read("models.toml");
    for line in [
        "pg_write_all_data = \"insert with grant option\"",
        "mood = { values = [\"sad\", \"happy\"], privileges = { public = [], pg_read_all_data = \"usage\" } }",
        "public = \"select (name)\"",
    ] {
        assert!(models.contains(line), "{line}: {models}");
    }
    assert!(!models.contains("owner") && !project.path("sql").exists(), "{models}");
    project.done("check");
    project.drop_it().await;
}

#[tokio::test]
async fn sql_files_about_rights_that_nobody_manages_are_told() {
    let project = Project::new("[sql]\nfiles = \"own.sql\"\n[models.User.columns]\nid = \"bigint\"\n").await;
    project.write("own.sql", "\ngrant select on users to pg_monitor;\nalter table users owner to pg_monitor;\n");
    project.done("revision --autogenerate -m first");
    project.done("upgrade");
    let told = project.done("check");
    assert!(told.contains("own.sql:2 has no effect: privileges are managed where"), "{told}");
    assert!(told.contains("own.sql:3 has no effect: owners are managed where"), "{told}");
    project.drop_it().await;
}

#[tokio::test]
async fn a_missing_role_and_no_privilege_are_told_at_their_line() {
    let project = Project::new("[models.User]\nowner = \"nobody_here\"\ncolumns = { id = \"bigint\" }\n").await;
    let told = project.run("check").stderr;
    assert!(told.contains("models.toml:2") && told.contains("role \"nobody_here\" does not exist"), "{told}");
    project.write(
        "models.toml",
        "[models.User]\ncolumns = { id = \"bigint\" }\n[models.User.privileges]\npublic = \"selekt\"\n",
    );
    let told = project.run("check").stderr;
    assert!(told.contains("models.toml:4") && told.contains("selekt"), "{told}");
    project.drop_it().await;
}

#[tokio::test]
async fn an_upgrade_without_the_role_says_what_to_do() {
    let project = Project::new("").await;
    project.done("revision -m grants");
    let file = format!("migrations/{}", project.migrations(".up.sql")[0]);
    project.write(&file, project.read(&file) + "\nGRANT USAGE ON SCHEMA public TO nobody_here;\n");
    let told = project.run("upgrade").stderr;
    assert!(
        told.contains("hint: roles belong to the server, and aludel makes none: CREATE ROLE there first"),
        "{told}"
    );
    project.drop_it().await;
}
