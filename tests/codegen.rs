//! Generated code: that of a schema with every oddity is laid out as rustfmt would, and says what it lacks.
#![allow(missing_docs, clippy::disallowed_methods, clippy::disallowed_types)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use aludel::codegen::{Error, Generated, MARK, Options, RelationKind, Relationship, generate};
use aludel::db::read::read;
use aludel::disk::generated::{Folder, write};
use aludel::model::table::Cascade;
use aludel::name::Name;
use aludel::scope::Scope;

mod support;

type Files = BTreeMap<String, String>;

async fn generated(sql: &str, options: &Options) -> Result<Generated, Error> {
    let database = support::Database::empty().await;
    database.client.batch_execute(sql).await.expect("the schema is made");
    let catalog = read(&database.client, "aludel_version").await.expect("the schema is read");
    database.drop_it().await;
    generate(&catalog, options)
}

fn has_many(table: &str, target: &str, cascade: Cascade) -> Relationship {
    let path = |table: &str| [Name::from("public"), Name::from(table)];
    Relationship {
        table: path(table),
        name: target.to_owned(),
        kind: RelationKind::HasMany,
        target: path(target),
        through: None,
        via: vec![],
        order: None,
        comment: None,
        cascade: Some(cascade),
    }
}

/// rustfmt with its defaults finds nothing to do, whatever the edition.
fn is_formatted(files: &Files) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut paths: Vec<PathBuf> = Vec::new();
    std::fs::write(folder.path().join("rustfmt.toml"), "").expect("settings");
    for (name, text) in files {
        paths.push(folder.path().join(name));
        std::fs::write(folder.path().join(name), text).expect("a file");
    }
    if let Ok(keep) = std::env::var("KEEP") {
        for (name, text) in files {
            std::fs::create_dir_all(&keep).expect("a folder");
            std::fs::write(Path::new(&keep).join(name), text).expect("a file");
        }
    }
    for edition in ["2021", "2024"] {
        let mut rustfmt = Command::new("rustfmt");
        rustfmt.args(["--check", "--edition", edition, "--color", "never"]).args(&paths);
        let output = rustfmt.output().expect("rustfmt runs");
        let told = String::from_utf8_lossy(&output.stdout);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "edition {edition}:\n{told}{errors}");
    }
}

#[tokio::test]
async fn every_oddity_is_laid_out_as_rustfmt_would() {
    let sql = include_str!("codegen/oddities.sql");
    let code = generated(sql, &Options::default()).await.expect("code");
    let files = &code.files;
    assert!(files.values().all(|text| text.starts_with(MARK)));
    is_formatted(files);
    let again = generated(sql, &Options::default()).await.expect("code");
    assert_eq!(code, again);
}

/// A package of its own is made of the code; clippy reads it, and its tests run on a database with the schema.
#[tokio::test]
async fn every_oddity_compiles_and_runs() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/codegen/oddities");
    let package = Path::new(env!("CARGO_TARGET_TMPDIR")).join("oddities");
    let place = |from: PathBuf, to: &str| {
        let to = package.join(to);
        std::fs::create_dir_all(to.parent().expect("a folder")).expect("made");
        std::fs::copy(from, to).expect("copied");
    };
    place(here.join("Cargo.toml"), "Cargo.toml");
    place(here.join("lib.rs"), "src/lib.rs");
    place(here.join("types.rs"), "tests/types.rs");
    let database = support::Database::empty().await;
    database.client.batch_execute(include_str!("codegen/oddities.sql")).await.expect("the schema is made");
    let catalog = read(&database.client, "aludel_version").await.expect("the schema is read");
    let relationships =
        vec![has_many("narrow", "wide", Cascade::Delete), has_many("two_keys", "narrow", Cascade::SetNull)];
    let options = Options { relationships, ..Options::default() };
    let files = generate(&catalog, &options).expect("code").files;
    is_formatted(&files);
    write(Folder { path: &package.join("src/db"), mark: MARK }, &files).expect("written");
    for arguments in ["clippy --quiet --all-targets -- -D warnings", "test --quiet"] {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(arguments.split(' ')).current_dir(&package).env("CARGO_TARGET_DIR", package.join("target"));
        let output = cargo.env("ODDITIES_URL", database.url()).output().expect("cargo runs");
        let told = [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned()).concat();
        assert!(output.status.success(), "cargo {arguments}:\n{told}");
    }
    database.drop_it().await;
}

#[tokio::test]
async fn options_name_structs_and_relationships() {
    let sql = "CREATE TABLE people (id int PRIMARY KEY);
        CREATE TABLE notes (id int PRIMARY KEY, writer int REFERENCES people, reader int REFERENCES people);";
    let path = |table: &str| [Name::from("public"), Name::from(table)];
    let authored = Relationship {
        table: path("people"),
        name: "written".to_owned(),
        kind: RelationKind::HasMany,
        target: path("notes"),
        through: None,
        via: vec![Name::from("writer")],
        order: Some(aludel::sql::Sql::raw("id DESC")),
        comment: Some("Newest first".to_owned()),
        cascade: None,
    };
    let options = Options {
        structs: [(path("people"), "Human".to_owned())].into(),
        relationships: vec![authored.clone()],
        templates: [("error.rs.j2".to_owned(), "// mine".to_owned())].into(),
        ..Options::default()
    };
    let Generated { files, left_out } = generated(sql, &options).await.expect("code");
    assert_eq!(left_out, []);
    let human = &files["human.rs"];
    assert!(human.contains("/// Newest first") && human.contains("pub async fn load_written("), "{human}");
    assert!(human.contains("WHERE writer = ANY($1)\n            ORDER BY id DESC\""), "{human}");
    assert!(human.contains("pub async fn load_notes_by_reader("), "{human}");
    assert!(!human.contains("load_notes_by_writer"), "{human}");
    assert_eq!(files["error.rs"], format!("{MARK}; changes by hand are lost.\n\n// mine\n"));

    let vague = Options { relationships: vec![Relationship { via: vec![], ..authored.clone() }], ..Options::default() };
    let error = generated(sql, &vague).await.expect_err("two keys").to_string();
    assert!(error.contains("the relationship written with public.notes") && error.contains("`via`"), "{error}");
    let alone = Relationship { kind: RelationKind::HasOne, order: None, ..authored.clone() };
    let alone = Options { relationships: vec![alone], ..Options::default() };
    let error = generated(sql, &alone).await.expect_err("one of several").to_string();
    assert!(error.contains("no unique key says that there is only one"), "{error}");
    let unknown = Options { templates: [("x.j2".to_owned(), String::new())].into(), ..Options::default() };
    let error = generated(sql, &unknown).await.expect_err("no such template").to_string();
    assert!(error.starts_with("there is no template x.j2 to replace; there are mod.rs.j2, "), "{error}");
    let two = Options {
        structs: [(path("people"), "Thing".to_owned()), (path("notes"), "Thing".to_owned())].into(),
        ..Options::default()
    };
    let error = generated(sql, &two).await.expect_err("one name").to_string();
    assert!(error.starts_with("public.notes and public.people both need the Rust name Thing"), "{error}");
    let structs = [(path("people"), "Result".to_owned()), (path("notes"), "match".to_owned())].into();
    let error =
        generated(sql, &Options { structs, ..Options::default() }).await.expect_err("reserved names").to_string();
    for taken in [
        "public.people: Rust or the generated code has the name Result ",
        "public.notes: Rust or the generated code has the name match ",
    ] {
        assert!(error.contains(taken), "{error}");
    }
    assert_eq!(error.lines().count(), 2, "{error}");
}

#[tokio::test]
async fn what_is_left_out_is_told() {
    let sql = "CREATE SCHEMA other;
        CREATE TABLE other.far (id int PRIMARY KEY);
        CREATE TABLE bare (a int REFERENCES other.far, b real UNIQUE);
        CREATE TABLE of_real (b real PRIMARY KEY REFERENCES bare (b));
        CREATE TABLE empty ();
        CREATE TABLE parts (at date PRIMARY KEY) PARTITION BY RANGE (at);
        CREATE TABLE parts_1 PARTITION OF parts DEFAULT;";
    let target = [Name::from("other"), Name::from("far")];
    let far = Relationship { target, ..has_many("bare", "far_away", Cascade::Delete) };
    let scope = Scope { schemas: vec!["public".into()], ..Scope::default() };
    let options = Options { scope, relationships: vec![far], ..Options::default() };
    let left_out = generated(sql, &options).await.expect("code").left_out;
    let told: Vec<String> = left_out.iter().map(|one| format!("{}: {}", one.object, one.why)).collect();
    let expected = [
        "column public.bare.b: no `load_of_real`: f32 is no key of a map",
        "column public.of_real.b: no `load_b`: f32 is no key of a map",
        "table public.bare: in its code there is no `get`, `update` and `delete`, for it has no primary key",
        "table public.bare: no relationship `far_away`: there is no code for other.far",
        "table public.bare: no relationship by (a): there is no code for other.far",
        "table public.empty: no code: it has no columns",
        "table public.parts_1: no code: a partition is read and written through its parent",
    ];
    assert_eq!(told, expected);
}

#[tokio::test]
async fn keys_of_two_types_meet_and_rows_that_refer_go_first() {
    let sql = "CREATE TABLE users (id bigint PRIMARY KEY);
        CREATE TABLE posts (id int PRIMARY KEY, author int REFERENCES users);
        CREATE TABLE notes (id int PRIMARY KEY, post int REFERENCES posts);";
    let relationships = vec![has_many("users", "posts", Cascade::Delete), has_many("posts", "notes", Cascade::SetNull)];
    let code = generated(sql, &Options { relationships, ..Options::default() }).await.expect("code");
    assert_eq!(code.left_out, []);
    is_formatted(&code.files);
    insta::assert_snapshot!(code.files["user.rs"]);
}
