//! `aludel pull`: a live database as models.toml.
#![allow(missing_docs, clippy::disallowed_methods, clippy::disallowed_types)]

mod support;

use std::collections::BTreeMap;
use std::path::Path;

use aludel::command::{Session, check, pull, revision, run, upgrade};
use support::Database;

struct Bench {
    database: Database,
    folder: tempfile::TempDir,
}

impl Bench {
    async fn new(sql: &str, config: &str) -> Bench {
        let (database, folder) = (Database::empty().await, tempfile::tempdir().expect("a folder"));
        std::fs::create_dir_all(folder.path().join("migrations")).expect("a folder");
        let bench = Bench { database, folder };
        bench.put("aludel.toml", config);
        bench.run(sql).await;
        bench
    }

    async fn run(&self, sql: &str) {
        self.database.client.batch_execute(sql).await.expect("the test's SQL");
    }

    fn put(&self, file: &str, text: &str) {
        std::fs::write(self.folder.path().join(file), text).expect("a file");
    }

    async fn session(&self) -> Session {
        Session::open(self.folder.path().to_owned(), Some(self.database.url())).await.expect("a session")
    }

    /// Pulls; every file of the project but the configuration.
    async fn pull(&self) -> BTreeMap<String, String> {
        let report = pull::pull(&self.session().await).await.expect("pull");
        assert!(report.not_carried.is_empty(), "{:?}", report.not_carried);
        self.files()
    }

    fn files(&self) -> BTreeMap<String, String> {
        fn walk(root: &Path, below: &Path, out: &mut BTreeMap<String, String>) {
            for entry in std::fs::read_dir(root.join(below)).expect("a folder") {
                let entry = entry.expect("an entry");
                let path = below.join(entry.file_name());
                if entry.path().is_dir() {
                    walk(root, &path, out);
                } else if !path.starts_with(".aludel") && !path.ends_with("aludel.toml") {
                    let text = std::fs::read_to_string(entry.path()).expect("text");
                    out.insert(path.to_string_lossy().into_owned(), text);
                }
            }
        }
        let mut out = BTreeMap::new();
        walk(self.folder.path(), Path::new(""), &mut out);
        out
    }

    async fn is_in_step(&self) {
        let rest = check::check(&self.session().await).await.expect("check");
        assert!(rest.differences.is_empty(), "{:?}", rest.differences);
    }

    /// Autogenerates a revision from the models and applies it.
    async fn upgrade(&self) {
        let session = self.session().await;
        let request = revision::Request { message: "test".into(), autogenerate: true, ..Default::default() };
        revision::revision(&session, &request).await.expect("revision");
        let (graph, ledger) = (session.graph().expect("graph"), session.run_ledger());
        let request = run::Request {
            target: "head".parse().expect("a target"),
            options: Default::default(),
            lock_wait: std::time::Duration::from_secs(5),
        };
        upgrade::upgrade(&session.live, &graph, &ledger, &request, &mut ()).await.expect("upgrade");
    }

    async fn done(self) {
        self.database.drop_it().await;
    }
}

const PUBLIC: &str = "[database]\nschemas = [\"public\"]\n";

/// The blog at the root, without what a database does not know.
fn blog() -> String {
    include_str!("../models.toml").to_owned()
}

#[tokio::test]
async fn the_blog_reads_as_well_as_it_was_written() {
    let bench = Bench::new("", PUBLIC).await;
    bench.put("models.toml", &blog());
    bench.upgrade().await;
    std::fs::remove_file(bench.folder.path().join("models.toml")).expect("the models");
    let files = bench.pull().await;
    bench.is_in_step().await;
    insta::assert_snapshot!("blog", files["models.toml"]);
    assert!(files.keys().all(|file| !file.starts_with("sql")), "{files:?}");
    assert_eq!(bench.pull().await, files);
    bench.done().await;
}

#[tokio::test]
async fn what_upgrade_made_changes_nothing() {
    let bench = Bench::new("", PUBLIC).await;
    bench.put("models.toml", &blog());
    bench.upgrade().await;
    let before = bench.files();
    let report = pull::pull(&bench.session().await).await.expect("pull");
    assert!(report.files.is_empty());
    assert_eq!(bench.files(), before);
    bench.done().await;
}

#[tokio::test]
async fn only_what_differs_changes() {
    let bench = Bench::new("", PUBLIC).await;
    bench.put(
        "models.toml",
        &format!("{}\n# The end.\n", blog().replace("title      =", "# What it says.\ntitle      =")),
    );
    bench.upgrade().await;
    bench
        .run(
            "ALTER TABLE users ADD avatar text; ALTER TABLE users ALTER bio TYPE varchar(400);
             ALTER TABLE posts DROP COLUMN body; ALTER TABLE posts ALTER status SET DEFAULT 'published';
             DROP TABLE post_tags; CREATE TABLE notes (id serial PRIMARY KEY, user_id bigint REFERENCES users);
             ALTER TYPE post_status ADD VALUE 'lost'; COMMENT ON TABLE tags IS 'Words';
             CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        )
        .await;
    let files = bench.pull().await;
    bench.is_in_step().await;
    insta::assert_snapshot!("edited", files["models.toml"]);
    assert!(
        files.contains_key("sql/function/public.f().sql") || files.keys().any(|file| file.starts_with("sql/function"))
    );
    assert_eq!(bench.pull().await, files);
    bench.run("DROP TABLE notes; DROP FUNCTION f").await;
    let files = bench.pull().await;
    assert!(!files["models.toml"].contains("Note") && !files.keys().any(|file| file.starts_with("sql")));
    bench.done().await;
}

#[tokio::test]
async fn schemas_that_the_models_make_are_pulled_too() {
    let bench = Bench::new("", PUBLIC).await;
    let models =
        "[schemas.billing]\n\n[models.Invoice]\nschema = \"billing\"\n\n[models.Invoice.columns]\nid = \"int\"\n";
    bench.put("models.toml", models);
    bench.upgrade().await;
    let others = "CREATE SCHEMA other; CREATE TABLE other.t ()";
    bench
        .run(&format!("ALTER TABLE billing.invoices ADD total numeric; CREATE TABLE billing.lines (); {others}"))
        .await;
    let text = &bench.pull().await["models.toml"];
    assert!(text.contains("total") && text.contains("billing.Line") && !text.contains("other"), "{text}");
    bench.is_in_step().await;
    bench.done().await;
}

#[tokio::test]
async fn a_new_column_stands_behind_those_that_have_headers() {
    let bench = Bench::new("CREATE TABLE users (id int NOT NULL, email text)", PUBLIC).await;
    let models =
        "[models.User.columns.id]\ntype = \"int\"\n\n# theirs\n[models.User.columns.email]\ntype = \"text?\"\n";
    bench.put("models.toml", models);
    bench.run("ALTER TABLE users ADD n int, ADD m int DEFAULT 1").await;
    let files = bench.pull().await;
    let added =
        "\n[models.User.columns.n]\ntype = \"integer?\"\n\n[models.User.columns.m]\ntype = \"integer?\"\ndefault = 1\n";
    assert_eq!(files["models.toml"], format!("{models}{added}"));
    bench.is_in_step().await;
    bench.done().await;
}

#[tokio::test]
async fn what_needs_something_unmanaged_is_told() {
    let bench = Bench::new(
        "CREATE SCHEMA app; CREATE TYPE app.mood AS ENUM ('a'); CREATE TABLE t (id int PRIMARY KEY, m app.mood);
         CREATE TABLE u (id int PRIMARY KEY)",
        PUBLIC,
    )
    .await;
    let error = pull::pull(&bench.session().await).await.expect_err("half of it").to_string();
    assert_eq!(
        error,
        "table public.t needs type app.mood, which is not managed\n\
         add what is missing to `schemas` of [database] in aludel.toml, or leave the others out with `exclude`"
    );
    bench.done().await;
}

#[tokio::test]
async fn relationships_stay_as_long_as_both_ends_do() {
    let models = "[models.Author]\ntable = \"writers\" # Not our name.\nrow_security = false\n\n\
        [models.Author.columns]\nid = { type = \"int\", primary_key = true } # By hand.\nname = { type = \"text\", renamed_from = \"title\" }\n\n\
        [models.Author.relationships]\nbooks = { has_many = \"Book\" }\nnotes = { has_many = \"Note\" }\n\n\
        [models.Book.columns]\nid = \"int\"\nauthor_id = { references = \"Author\" }\n\n\
        [models.Note.columns]\nauthor_id = { references = \"Author\" }\n";
    let bench = Bench::new("", PUBLIC).await;
    bench.put("models.toml", models);
    bench.upgrade().await;
    bench.run("DROP TABLE notes; ALTER TABLE writers ALTER name SET DEFAULT 'x'; CREATE TABLE extra (id int)").await;
    let files = bench.pull().await;
    bench.is_in_step().await;
    insta::assert_snapshot!("relationships", files["models.toml"]);
    bench.done().await;
}

/// Keys may be written in full, and columns may be called like keys that no database knows.
#[tokio::test]
async fn odd_keys_are_found_and_odd_columns_are_kept() {
    let bench = Bench::new(
        "CREATE TABLE ps (id int PRIMARY KEY); CREATE TABLE ts (p_id int); CREATE TABLE os (\"using\" int)",
        "",
    )
    .await;
    let models = "[models.\"public.P\"]\ncolumns.id = { type = \"int\", primary_key = true }\n\
        relationships.ts = { has_many = \"T\" }\n\n[models.T.columns]\np_id = { type = \"int?\", references = \"P.id\" }\n\n\
        # They are few.\n[models.O]\ncolumns = { relationships = \"text?\", using = \"int?\" }\nchecks.k = \"foo\"\n";
    std::fs::write(bench.folder.path().join("models.toml"), models).expect("models");
    let files = bench.pull().await;
    assert_eq!(files.len(), 1, "{files:?}");
    insta::assert_snapshot!("odd_keys", files["models.toml"]);
    bench.is_in_step().await;
    bench.done().await;
}

#[tokio::test]
async fn everything_at_once() {
    let bench = Bench::new(include_str!("pull/everything.sql"), "[database]\nschemas = [\"*\"]\n").await;
    let files = bench.pull().await;
    bench.is_in_step().await;
    let shown: String = files
        .iter()
        .filter(|(file, _)| !file.starts_with("migrations"))
        .map(|(file, text)| format!("==> {file}\n{text}\n"))
        .collect();
    insta::assert_snapshot!("everything", shown);
    assert_eq!(bench.pull().await, files);
    bench.done().await;
}

#[tokio::test]
async fn what_a_person_wrote_in_sql_stays_there() {
    let bench = Bench::new("", PUBLIC).await;
    bench.put("models.toml", &format!("{}\n[sql]\nfiles = \"own.sql\"\n", blog()));
    bench.put("own.sql", "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';\n");
    bench.upgrade().await;
    bench.run("ALTER TABLE users ADD avatar text").await;
    let files = bench.pull().await;
    bench.is_in_step().await;
    assert!(files["models.toml"].contains("avatar") && !files.keys().any(|file| file.starts_with("sql")), "{files:?}");
    bench.done().await;
}

/// Every key of models.toml, made on a server and pulled again: what SQL files say is what was SQL before.
#[tokio::test]
async fn every_key_comes_back() {
    let bench = Bench::new("", "[database]\nschemas = [\"*\"]\n").await;
    bench.put("models.toml", include_str!("../src/model/everything.toml"));
    std::fs::create_dir(bench.folder.path().join("sql")).expect("a folder");
    bench.put(
        "sql/touch.sql",
        "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
         CREATE FOREIGN DATA WRAPPER nothing; CREATE SERVER other FOREIGN DATA WRAPPER nothing;",
    );
    bench.upgrade().await;
    bench.is_in_step().await;
    let report = pull::pull(&bench.session().await).await.expect("pull");
    assert!(report.files.is_empty(), "{:?}", report.files);
    std::fs::remove_file(bench.folder.path().join("models.toml")).expect("the models");
    std::fs::remove_dir_all(bench.folder.path().join("sql")).expect("the SQL");
    let files = bench.pull().await;
    bench.is_in_step().await;
    insta::assert_snapshot!("every_key", files["models.toml"]);
    let sql: Vec<&str> = files.keys().map(String::as_str).filter(|file| file.starts_with("sql/")).collect();
    assert_eq!(sql, ["sql/foreign_data_wrapper/nothing.sql", "sql/function/public.touch.sql", "sql/server/other.sql"]);
    assert_eq!(bench.pull().await, files);
    bench.done().await;
}

const FAMILY: &str = r#"
[models.Animal.columns]
id   = { type = "int", primary_key = true } # By hand.
name = "text"

[models.Dog]
inherits = "Animal"
columns.bark = "text" # Loud.

[models.Visit]
partition_by = "range (at)" # By year.
columns.at = "date"

[models.Visit.partitions] # One a year.
visits_2025 = "from ('2025-01-01') to ('2026-01-01')"
visits_2026 = "from ('2026-01-01') to ('2027-01-01')" # This one.
visits_2027 = { for_values = "from ('2027-01-01') to ('2028-01-01')", comment = "Next" }

[models.Visit2028]
table = "visits_2028"
partition_of = "Visit"
for_values = "from ('2028-01-01') to ('2029-01-01')" # Nothing of its own, and a model all the same.
"#;

/// A partition that gets something of its own becomes a model, one that is new goes to the others, and comments stay.
#[tokio::test]
async fn families_change_where_they_differ() {
    let bench = Bench::new("", PUBLIC).await;
    bench.put("models.toml", FAMILY);
    bench.upgrade().await;
    let report = pull::pull(&bench.session().await).await.expect("pull");
    assert!(report.files.is_empty());
    bench
        .run(
            "CREATE TABLE visits_2024 PARTITION OF visits FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
             DROP TABLE visits_2025; CREATE INDEX ON visits_2027 (at);
             ALTER TABLE visits ADD place text; ALTER TABLE dogs ALTER name SET DEFAULT 'Rex';
             ALTER TABLE animals ADD legs int; CREATE TABLE cats () INHERITS (animals)",
        )
        .await;
    let files = bench.pull().await;
    bench.is_in_step().await;
    insta::assert_snapshot!("families", files["models.toml"]);
    assert!(files.keys().all(|file| !file.starts_with("sql")), "{files:?}");
    assert_eq!(bench.pull().await, files);
    bench.done().await;
}

/// A partition that says what it has of its table anyway is written anew where what it is to say does not go with that.
#[tokio::test]
async fn a_partition_that_says_too_much_gets_a_comment() {
    let bench = Bench::new("", PUBLIC).await;
    let entry = |name: &str, more: &str, index: &str| {
        format!(
            "[models.{name}]\n{more}\n[models.{name}.columns]\nid = \"int?\"\nv  = \"int?\"\n\n\
             [models.{name}.indexes]\n{index} = {{ columns = [\"v\"], with = {{ fillfactor = 70 }} }}\n"
        )
    };
    let whole = entry("P", "table = \"p\"\npartition_by = \"range (id)\"\n", "i");
    let part = "table = \"p0\"\npartition_of = \"P\"\nfor_values = \"from (0) to (1)\"\n";
    bench.put("models.toml", &format!("{whole}\n{}", entry("P0", part, "p0_v_idx")));
    bench.upgrade().await;
    bench.run("COMMENT ON COLUMN p0.v IS 'one'").await;
    let files = bench.pull().await;
    let toml = &files["models.toml"];
    assert!(toml.contains("comment = \"one\"") && !toml.contains("p0_v_idx"), "{toml}");
    bench.is_in_step().await;
    bench.done().await;
}

/// The same of a family: a partition and an heir that an SQL file makes are not said again.
#[tokio::test]
async fn a_family_that_a_person_wrote_in_sql_stays_there() {
    let bench = Bench::new("", PUBLIC).await;
    bench.put("models.toml", &format!("sql = \"own.sql\"\n{FAMILY}"));
    bench.put(
        "own.sql",
        "CREATE TABLE visits_rest PARTITION OF visits DEFAULT; CREATE TABLE cats (paws int) INHERITS (animals);\n",
    );
    bench.upgrade().await;
    bench.run("ALTER TABLE visits ADD place text; ALTER TABLE animals ADD legs int").await;
    let files = bench.pull().await;
    bench.is_in_step().await;
    let toml = &files["models.toml"];
    assert!(toml.contains("columns.place = \"text?\"") && toml.contains("\nlegs = \"int"), "{toml}");
    assert!(
        !toml.contains("rest") && !toml.contains("Cat") && files.keys().all(|file| !file.starts_with("sql")),
        "{toml}"
    );
    bench.done().await;
}

/// Long forms stay long, lists keep their layout and their comments, versions are still said, lines end as they did.
#[tokio::test]
async fn what_stays_keeps_its_form() {
    let models = "# All of it\n[enums.status] # states\n# in order\nvalues = [\n    \"a\", # first\n    \"b\",\n]\n\n\
        [domains.d]\ntype = \"int\"\n\n[domains.d.checks]\n# the check\nd_check = \"value > 0\" # positive\n\n\
        [extensions]\nhstore = \"1.4\" # pinned\n\n[models.T.columns]\n# the key\nid = \"int\"\n\n\
        [models.T.indexes]\nt_id = { columns = [\"id\"] } # alone\n";
    let bench = Bench::new("", PUBLIC).await;
    bench.put("models.toml", &models.replace('\n', "\r\n"));
    bench.upgrade().await;
    bench
        .run(
            "ALTER TYPE status ADD VALUE 'c'; ALTER DOMAIN d ADD CONSTRAINT d2 CHECK (value < 9);
             ALTER EXTENSION hstore UPDATE; ALTER TABLE ts ADD b int; DROP INDEX t_id; CREATE INDEX t_id ON ts (id, b)",
        )
        .await;
    let files = bench.pull().await;
    bench.is_in_step().await;
    assert!(files["models.toml"].lines().count() * 2 == files["models.toml"].matches(['\r', '\n']).count());
    insta::assert_snapshot!("forms", files["models.toml"].replace("\r\n", "\n"));
    bench.done().await;
}

#[tokio::test]
async fn backslashes_are_only_backslashes() {
    let off = "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET standard_conforming_strings = off', current_database()); END $$";
    let bench = Bench::new(off, PUBLIC).await;
    bench.run("CREATE TABLE ts (c text CONSTRAINT k CHECK (c ~ '\\w')); CREATE VIEW v AS SELECT 'q\\r' AS x").await;
    let files = bench.pull().await;
    assert!(files["models.toml"].contains(r"'\w'") && files["models.toml"].contains(r"'q\r'"), "{files:?}");
    bench.run("DROP VIEW v; DROP TABLE ts").await;
    bench.upgrade().await;
    bench.is_in_step().await;
    let row = bench.database.client.query_one("SELECT x FROM v", &[]).await.expect("a row");
    assert_eq!(row.get::<_, String>(0), r"q\r");
    bench.done().await;
}

#[tokio::test]
async fn a_value_that_needs_a_table_stays_where_it_is() {
    let models = "[models.T.columns]\nid = \"int\"\n\n[views] # all\nv = \"select id from ts\" # one\nw = \"select id from ts\" # two\n\n\
                  [models.U.columns]\nid = \"int\"\n";
    let bench = Bench::new("", PUBLIC).await;
    bench.put("models.toml", models);
    bench.upgrade().await;
    bench.run("COMMENT ON VIEW v IS 'it'; DROP VIEW w; CREATE VIEW w AS SELECT id, 'a long text that makes a line' AS x, 'a long text that makes a line' AS y, count(*) FROM ts GROUP BY id").await;
    let toml = bench.pull().await["models.toml"].clone();
    bench.is_in_step().await;
    let head = "[views] # all\nv = { query = \"select id from ts\", comment = \"it\" } # one\n\n# two\n[views.w]\nquery = '''\n";
    assert!(toml.contains(head), "{toml}");
    bench.done().await;
}
