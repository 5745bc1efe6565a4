//! Every exit code of the table, provoked with the real binary.
#![allow(missing_docs, clippy::disallowed_methods, clippy::disallowed_types)]

mod support;

use std::time::Duration;

use aludel::command::Exit;
use aludel::db::ledger::Ledger;
use aludel::db::lock::Lock;
use support::{Project, Ran, connect};

const MODELS: &str = "[models.User.columns]\nid = { type = \"int\", primary_key = true }\nname = \"text\"\n";

/// Provokes one; the words that must be told.
async fn provoke(exit: Exit, project: &Project) -> Vec<(Ran, &'static str)> {
    match exit {
        Exit::Done => vec![
            (project.run("revision --autogenerate -m users"), "create table public.users"),
            (project.run("upgrade"), "up "),
            (project.run("check"), "The database is what the models say."),
            (project.run("--version"), "aludel "),
        ],
        Exit::Found => {
            let more = MODELS.replace("text", "varchar");
            project.write("models.toml", &more);
            let ran = [project.run("check"), project.run("check --migrations"), project.run("diff --exit-code")];
            let more = project.run("generate --check");
            project.write("models.toml", MODELS);
            ran.into_iter()
                .zip(["alter column public.users.name", "column public.users.name is otherwise", "ALTER"])
                .chain([(more, "files differ: run `aludel generate`")])
                .collect()
        }
        Exit::Mistake => {
            project.write("models.toml", MODELS.replace("type", "typ"));
            let key = project.run("check");
            project.write("models.toml", MODELS);
            let folder = tempfile::tempdir().expect("a folder");
            let mut alone = std::process::Command::new(env!("CARGO_BIN_EXE_aludel"));
            for name in ["DATABASE_URL", "PGHOST", "PGHOSTADDR", "PGSERVICE", "PGDATABASE"] {
                alone.env_remove(name);
            }
            let nowhere = Ran::of(alone.arg("-C").arg(folder.path()).arg("check"));
            vec![
                (project.run("upgarde"), "unrecognized subcommand"),
                (project.run("upgrade nowhere"), "there is no revision nowhere"),
                (key, "unknown key `typ`"),
                (nowhere, "there is no aludel.toml in "),
                (project.run_on("mysql://localhost/app", "check"), "is not a PostgreSQL URL"),
                (project.run("pull --baseline"), "--baseline writes the first revision"),
            ]
        }
        Exit::Refused => {
            let nowhere = project.run_on("postgres://127.0.0.1:1/app", "current");
            project.done("revision -m wrong --rev-id wrong");
            let file = "migrations/wrong_wrong.up.sql";
            project.write(file, project.read(file) + "\nSELECT nothing;\n");
            let refused = project.run("upgrade");
            for file in [file, "migrations/wrong_wrong.down.sql"] {
                std::fs::remove_file(project.path(file)).expect("removed");
            }
            vec![(nowhere, "nothing listens there"), (refused, "column \"nothing\" does not exist")]
        }
        Exit::Locked => {
            let other = connect(&project.database.url()).await;
            let ledger = Ledger::new("public", "aludel_version");
            let lock = Lock::acquire(&other, &ledger, Duration::ZERO, &mut ()).await.expect("the lock");
            let held = project.run("upgrade --lock-wait 0");
            lock.release().await;
            vec![(held, "another run holds the migration lock")]
        }
        Exit::Undecided => {
            project.write("models.toml", MODELS.replace("name", "full_name"));
            let ran = project.run("revision --autogenerate -m rename");
            project.write("models.toml", MODELS);
            vec![(ran, "--rename old=new")]
        }
        Exit::Interrupted => {
            let other = connect(&project.database.url()).await;
            let ledger = Ledger::new("public", "aludel_version");
            let lock = Lock::acquire(&other, &ledger, Duration::ZERO, &mut ()).await.expect("the lock");
            let waiting = project.interrupted("upgrade", "waiting for ");
            lock.release().await;
            vec![(waiting, "interrupted: what was not committed is rolled back")]
        }
    }
}

#[tokio::test]
async fn every_code_of_the_table_is_given() {
    let project = Project::new(MODELS).await;
    for (exit, _) in Exit::ALL {
        for (ran, words) in provoke(exit, &project).await {
            assert_eq!(ran.code, i32::from(exit.code()), "{exit:?}: {ran:?}");
            let told = if exit.code() > 1 { &ran.stderr } else { &ran.stdout };
            assert!(told.contains(words), "{words}: {ran:?}");
        }
    }
    assert_eq!(project.migrations(".up.sql").len(), 1, "what failed wrote nothing");
    project.drop_it().await;
}
