//! The README's own blocks: the tour runs as it is written, and the Rust compiles with the blog's code.
#![allow(missing_docs, clippy::disallowed_macros, clippy::disallowed_methods, clippy::disallowed_types)]

#[path = "support/mod.rs"]
mod support;

use std::path::Path;
use std::process::Command;

use support::Project;

const README: &str = include_str!("../README.md");

/// The blocks of a language.
fn blocks(language: &str) -> Vec<&'static str> {
    let fence = format!("```{language}\n");
    let block = |rest: &'static str| rest.split_once("```").map(|(block, _)| block);
    README.split(fence.as_str()).skip(1).filter_map(block).collect()
}

#[tokio::test]
async fn the_tour_can_be_gone() {
    let [_, tour] = blocks("sh")[..] else { panic!("two shell blocks: {:?}", blocks("sh")) };
    let [models] = blocks("toml")[..] else { panic!("one block of models") };
    let project = Project::new("").await;
    project.database.client.batch_execute("CREATE TABLE tags (id int PRIMARY KEY)").await.expect("a table");
    std::fs::remove_file(project.path("models.toml")).expect("the tour begins in an empty folder");
    let tool = Path::new(env!("CARGO_BIN_EXE_aludel")).parent().expect("a folder").display();
    let path = format!("{tool}:{}", std::env::var("PATH").unwrap_or_default());
    let mut lines: Vec<&str> = tour.lines().collect();
    assert!(lines.remove(0).starts_with("export DATABASE_URL=postgres://"), "{tour}");
    for line in &lines {
        if line.starts_with("aludel revision") {
            project.write("models.toml", format!("{}\n{models}", project.read("models.toml")));
        }
        let mut shell = Command::new("sh");
        shell.args(["-c", line]).current_dir(project.folder.path()).env("PATH", &path);
        let ran = shell.env("DATABASE_URL", project.database.url()).output().expect("sh runs");
        assert!(ran.status.success(), "{line}: {ran:?}");
        if line.starts_with("aludel upgrade") {
            let count = "SELECT count(*) FROM pg_class WHERE relname IN ('users', 'posts', 'tags')";
            let count: i64 = project.database.client.query_one(count, &[]).await.expect("a count").get(0);
            assert_eq!(count, 3, "the tour's revision made the README's models");
        }
    }
    assert!(lines.len() > 7, "{tour}");
    assert!(project.path("src/db/post.rs").exists(), "the tour generates code");
    project.drop_it().await;
}

#[test]
fn the_rust_compiles() {
    let [block] = blocks("rust")[..] else { panic!("one block of Rust") };
    let package = Path::new(env!("CARGO_TARGET_TMPDIR")).join("readme");
    let blog = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/blog");
    let copied = |from: &str, to: &str| {
        let to = package.join(to);
        std::fs::create_dir_all(to.parent().expect("a folder")).expect("made");
        std::fs::copy(blog.join(from), to).expect("copied");
    };
    for file in ["Cargo.toml", "Cargo.lock", "src/lib.rs"] {
        copied(file, file);
    }
    for file in std::fs::read_dir(blog.join("src/db")).expect("the blog's code") {
        let name = file.expect("a file").file_name();
        let name = format!("src/db/{}", name.to_string_lossy());
        copied(&name, &name);
    }
    std::fs::create_dir_all(package.join("tests")).expect("made");
    let around = format!(
        "use blog::db::*;\nuse futures_util::TryStreamExt;\n\n\
         pub async fn readme(client: tokio_postgres::Client, author: User) -> Result<(), Box<dyn std::error::Error>> {{\n\
         {block}    let _ = (authors, tags);\n    Ok(())\n}}\n"
    );
    std::fs::write(package.join("tests/readme.rs"), around).expect("written");
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["check", "--quiet", "--locked", "--tests"]).current_dir(&package);
    let output = cargo.env("CARGO_TARGET_DIR", package.join("target")).output().expect("cargo runs");
    assert!(output.status.success(), "{block}\n{}", String::from_utf8_lossy(&output.stderr));
}
