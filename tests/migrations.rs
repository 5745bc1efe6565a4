//! `check --migrations` and `pull --baseline`: the folder as a whole, with the real binary.
#![allow(missing_docs, clippy::disallowed_methods, clippy::disallowed_types)]

mod support;

use support::Project;

const MODELS: &str = r#"
[models.Author.columns]
id = { type = "bigint", primary_key = true, identity = "always" }
name = "text"
[models.Book.columns]
id = { type = "bigint", primary_key = true, identity = "always" }
author_id = { references = "Author", index = true }
[models.Book.checks]
positive = "id > 0"
"#;

/// A project whose one revision makes its models.
async fn begun() -> Project {
    let project = Project::new(MODELS).await;
    project.done("revision --autogenerate -m first");
    project
}

fn edit(project: &Project, file: &str, from: &str, to: &str) {
    let file = format!("migrations/{file}");
    let text = project.read(&file);
    assert!(text.contains(from), "{text}");
    project.write(&file, text.replace(from, to));
}

#[tokio::test]
async fn the_migrations_are_replayed_up_and_down() {
    let project = begun().await;
    let said = project.done("check --migrations");
    assert_eq!(said, "The migrations make what the models say, and lead back to nothing; revisions: 1\n");
    assert_eq!(project.run("check").code, 1, "the database itself has nothing yet");

    // What a hand may do: a column more, a constraint less, a table that stays.
    let (up, down) = (project.migrations(".up.sql").remove(0), project.migrations(".down.sql").remove(0));
    edit(&project, &up, "name text NOT NULL", "name text NOT NULL,\n    extra text");
    edit(&project, &up, "positive", "positively");
    edit(&project, &down, "DROP TABLE public.books;", "");
    edit(&project, &down, "DROP TABLE public.authors;", "DROP TABLE public.authors CASCADE;");
    let ran = project.run("check --migrations");
    insta::assert_snapshot!(ran.stdout, @r"
    upgraded, beside the models: column public.authors.extra is too much
    upgraded, beside the models: constraint public.books.positive is missing
    upgraded, beside the models: constraint public.books.positively is too much
    downgraded, beside an empty database: table public.books is too much
    downgraded, beside an empty database: column public.books.author_id is too much
    downgraded, beside an empty database: column public.books.id is too much
    downgraded, beside an empty database: constraint public.books.books_pkey is too much
    downgraded, beside an empty database: constraint public.books.positively is too much
    downgraded, beside an empty database: index public.books.books_author_id_idx is too much
    ");
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    let json: serde_json::Value =
        serde_json::from_str(&project.run("--format json check --migrations").stdout).expect("JSON");
    assert_eq!(json["up"][0], serde_json::json!({"object": "column public.authors.extra", "is": "too_much"}));

    edit(&project, &up, "CREATE TABLE", "CREATE TABEL");
    let ran = project.run("check --migrations");
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    let words = "error: replayed in an empty shadow database, the migrations stop: ";
    assert!(ran.stderr.starts_with(words) && ran.stderr.contains(&format!("{up}:6:8: syntax error")), "{}", ran.stderr);
    project.drop_it().await;
}

#[tokio::test]
async fn a_baseline_is_the_first_revision_of_a_database_that_is_there() {
    let project = Project::new("").await;
    let said = project.done("pull --baseline");
    assert!(said.ends_with("Nothing differs; no revision was written.\n"), "{said}");
    let schema = "CREATE TABLE authors (id int PRIMARY KEY, kind text CHECK (kind IN ('a', 'b'))); \
        CREATE VIEW kinds AS SELECT DISTINCT kind FROM authors; INSERT INTO authors VALUES (1, 'a')";
    project.database.client.batch_execute(schema).await.expect("schema");
    let said = project.done("pull --baseline -m 'as it was'");
    let up = project.migrations(".up.sql").remove(0);
    let id = &up[..12];
    assert!(said.contains("create table public.authors\n") && said.ends_with(&format!("stamped {id}\n")), "{said}");
    assert!(up.ends_with("_as_it_was.up.sql"), "{up}");
    assert_eq!(project.done("current"), format!("{id} as it was (head) (current)\n"));
    assert_eq!(project.done("upgrade"), "Nothing to do.\n");
    project.done("check");
    project.done("check --migrations");

    let ran = project.run("pull --baseline");
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
    assert_eq!(
        ran.stderr,
        "error: --baseline writes the first revision, and migrations holds 1 already: leave the flag out, and \
        `aludel revision --autogenerate` writes the next one\n"
    );
    std::fs::remove_dir_all(project.path("migrations")).expect("removed");
    let ran = project.run("pull --baseline");
    assert!(ran.code == 2 && ran.stderr.contains(&format!("and the database has revision {id}: ")), "{}", ran.stderr);
    project.drop_it().await;
}
