//! Generated code: the blog's is checked in, and that of a schema with every oddity is laid out as rustfmt would.
#![allow(missing_docs)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use aludel::codegen::{Error, MARK, Options, RelationKind, Relationship, generate};
use aludel::db::read::read;
use aludel::name::Name;

mod support;

type Files = BTreeMap<String, String>;

async fn generated(sql: &str, options: &Options) -> Result<Files, Error> {
    let database = support::Database::empty().await;
    database.client.batch_execute(sql).await.expect("the schema is made");
    let catalog = read(&database.client, "aludel_version").await.expect("the schema is read");
    database.drop_it().await;
    generate(&catalog, options)
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
async fn the_blog_is_checked_in() {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/blog");
    let sql = std::fs::read_to_string(example.join("schema.sql")).expect("the blog's schema");
    let files = generated(&sql, &Options::default()).await.expect("code");
    is_formatted(&files);
    let folder = example.join("src/db");
    if std::env::var("UPDATE").is_ok() {
        aludel::disk::generated::write(&folder, &files).expect("written");
    }
    let stale = aludel::disk::generated::compare(&folder, &files).expect("compared");
    assert!(stale.is_empty(), "UPDATE=1 writes it again: {stale:?}");
}

#[tokio::test]
async fn every_oddity_is_laid_out_as_rustfmt_would() {
    let sql = include_str!("codegen/oddities.sql");
    let files = generated(sql, &Options::default()).await.expect("code");
    assert_eq!(MARK, aludel::disk::generated::MARK);
    assert!(files.values().all(|text| text.starts_with(MARK)));
    is_formatted(&files);
    let again = generated(sql, &Options::default()).await.expect("code");
    assert_eq!(files, again);
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
    };
    let options = Options {
        structs: [(path("people"), "Human".to_owned())].into(),
        relationships: vec![authored.clone()],
        templates: [("error.rs.j2".to_owned(), "// mine".to_owned())].into(),
        ..Options::default()
    };
    let files = generated(sql, &options).await.expect("code");
    let human = &files["human.rs"];
    assert!(human.contains("/// Newest first") && human.contains("pub async fn load_written("), "{human}");
    assert!(human.contains("WHERE writer = ANY($1)\n            ORDER BY id DESC\""), "{human}");
    assert!(human.contains("pub async fn load_notes_by_reader("), "{human}");
    assert!(!human.contains("load_notes_by_writer"), "{human}");
    assert_eq!(files["error.rs"], format!("{MARK}; changes by hand are lost.\n\n// mine\n"));

    let vague = Options { relationships: vec![Relationship { via: vec![], ..authored }], ..Options::default() };
    let error = generated(sql, &vague).await.expect_err("two keys").to_string();
    assert!(error.contains("the relationship written with public.notes") && error.contains("`via`"), "{error}");
    let unknown = Options { templates: [("x.j2".to_owned(), String::new())].into(), ..Options::default() };
    let error = generated(sql, &unknown).await.expect_err("no such template").to_string();
    assert!(error.starts_with("there is no template x.j2 to replace; there are mod.rs.j2, "), "{error}");
    let two = Options {
        structs: [(path("people"), "Thing".to_owned()), (path("notes"), "Thing".to_owned())].into(),
        ..Options::default()
    };
    let error = generated(sql, &two).await.expect_err("one name").to_string();
    assert!(error.starts_with("public.notes and public.people both need the Rust name Thing"), "{error}");
}
