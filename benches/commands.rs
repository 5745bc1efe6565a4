//! The commands beside what people would use instead, on made-up schemas: tables of 8 columns with 2 indexes and a
//! foreign key each.
//!
//!     ALUDEL_TEST_URL=postgres://…/postgres cargo bench --no-default-features --bench commands -- 10 100 1000 5000
//!
//! Needs `psql` and `pg_dump`, and a server whose `max_locks_per_transaction` holds a transaction over the largest size
//! (8192 for 5,000 tables). With ALEMBIC=python, where python can import alembic, sqlalchemy and psycopg, Alembic's
//! autogenerate is timed too, at up to 1,000 tables.
#![allow(missing_docs, clippy::disallowed_macros, clippy::disallowed_methods, clippy::disallowed_types)]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use aludel::catalog::Canonical;
use aludel::codegen::{self, Options};
use aludel::db::connect::{Target, connect};
use aludel::db::read::read;
use aludel::kind::Style;
use aludel::model::models::Models;
use aludel::plan::plan;

/// Wall time in seconds, and the most memory that it had in MiB.
#[derive(Clone, Copy)]
struct Cost {
    seconds: f64,
    memory: f64,
}

fn url(database: &str) -> String {
    let server = std::env::var("ALUDEL_TEST_URL").expect("ALUDEL_TEST_URL names a PostgreSQL server");
    format!("{}/{database}", server.rsplit_once('/').expect("a URL ends in /database").0)
}

/// Runs a program to its end, which must be a good one.
fn run(command: &mut Command) -> Cost {
    let shown = format!("{command:?}");
    let begun = Instant::now();
    let mut child =
        command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap_or_else(|e| panic!("{shown}: {e}"));
    let stderr = child.stderr.take().expect("its standard error");
    let said = std::thread::spawn(move || std::io::read_to_string(stderr).unwrap_or_default());
    let status = PathBuf::from(format!("/proc/{}/status", child.id()));
    let mut memory = 0.0;
    let ended = loop {
        // The peak as the kernel keeps it; the last look before the end counts.
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let peak =
            text.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse::<f64>().ok());
        memory = peak.map_or(memory, |peak| peak / 1024.0);
        if let Some(ended) = child.try_wait().expect("a child") {
            break ended;
        }
        std::thread::sleep(Duration::from_millis(1));
    };
    let seconds = begun.elapsed().as_secs_f64();
    assert!(ended.success(), "{shown}: {ended}\n{}", said.join().unwrap_or_default());
    Cost { seconds, memory }
}

/// The one in the middle.
fn middle(mut costs: Vec<Cost>) -> Cost {
    costs.sort_by(|a, b| a.seconds.total_cmp(&b.seconds));
    costs[costs.len() / 2]
}

/// The median of several runs.
fn median(times: usize, mut once: impl FnMut() -> Cost) -> Cost {
    middle((0..times).map(|_| once()).collect())
}

/// The medians of two things done in turn, so that both see the same moods of the machine.
fn medians(times: usize, mut ours: impl FnMut() -> Cost, mut theirs: impl FnMut() -> Cost) -> (Cost, Cost) {
    let (ours, theirs) = (0..times).map(|_| (ours(), theirs())).unzip();
    (middle(ours), middle(theirs))
}

fn psql(database: &str) -> Command {
    let mut command = Command::new("psql");
    command.args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", &url(database)]);
    command
}

fn fresh(database: &str) {
    run(psql("postgres").args(["-c", &format!("DROP DATABASE IF EXISTS {database} WITH (FORCE)")]));
    run(psql("postgres").args(["-c", &format!("CREATE DATABASE {database} TEMPLATE template0")]));
}

fn aludel(folder: &Path, database: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_aludel"));
    command.current_dir(folder).env("DATABASE_URL", url(database)).args(arguments);
    command
}

fn pg_dump(database: &str) -> Cost {
    let program = std::env::var("ALUDEL_PG_DUMP").unwrap_or_else(|_| "pg_dump".into());
    run(Command::new(program).args(["--schema-only", &url(database)]))
}

fn schema(tables: usize) -> String {
    let mut out = "CREATE TYPE state AS ENUM ('new', 'old');\n".to_owned();
    for i in 0..tables {
        let parent = i.saturating_sub(1);
        writeln!(
            out,
            "CREATE TABLE t{i} (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name varchar(50) NOT NULL, body text, \
             made timestamptz DEFAULT now(), price numeric(10,2) DEFAULT 0, live boolean NOT NULL DEFAULT true, \
             state state, parent bigint REFERENCES t{parent});\n\
             CREATE INDEX ON t{i} (name);\nCREATE INDEX ON t{i} (made DESC) WHERE live;"
        )
        .expect("text");
    }
    out
}

/// What stands on the tables of a schema that has been in use for a while.
fn furniture(tables: usize) -> String {
    let mut out = String::new();
    for i in 0..tables / 2 {
        let body =
            format!("BEGIN RETURN (SELECT count(*) FROM t{i} WHERE t{i}.parent = p AND t{i}.name LIKE q || '%'); END");
        writeln!(
            out,
            "CREATE FUNCTION f{i}(p bigint, q text DEFAULT 'x') RETURNS bigint LANGUAGE plpgsql STABLE AS $$ {body} $$;"
        )
        .expect("text");
    }
    out.push_str(
        "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN new.made := now(); RETURN new; END $$;\n",
    );
    for i in 0..tables * 3 / 10 {
        let other = i + 1;
        writeln!(
            out,
            "CREATE VIEW v{i} AS SELECT a.id, a.name, b.price, f{i}(b.id) AS n FROM t{i} a JOIN t{other} b ON b.parent = a.id WHERE a.live AND b.price > 0;\n\
             CREATE TRIGGER touched BEFORE UPDATE ON t{i} FOR EACH ROW WHEN (old.* IS DISTINCT FROM new.*) EXECUTE FUNCTION touch();"
        )
        .expect("text");
    }
    for i in 0..tables / 5 {
        writeln!(out, "ALTER TABLE t{i} ENABLE ROW LEVEL SECURITY;\nCREATE POLICY own ON t{i} FOR SELECT USING (name = current_user OR live);").expect("text");
    }
    out
}

/// What a database holds.
fn catalog(database: &str) -> Canonical {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let target = Target::parse(&url(database), &|_| None).expect("a URL");
        read(&connect(&target, "aludel bench").await.expect("connects"), "aludel_version").await.expect("reads")
    })
}

/// One thread's time for something that happens inside the process.
fn inside<T>(what: impl FnOnce() -> T) -> Cost {
    let begun = Instant::now();
    std::hint::black_box(what());
    Cost { seconds: begun.elapsed().as_secs_f64(), memory: f64::NAN }
}

/// The files of the only revision in the folder that was not there before: up, down.
fn newest(folder: &Path, end: &str) -> PathBuf {
    let files =
        std::fs::read_dir(folder.join("migrations")).expect("migrations").map(|entry| entry.expect("entry").path());
    let mut files: Vec<_> = files.filter(|path| path.to_string_lossy().ends_with(end)).collect();
    files.sort_by_key(|path| std::fs::metadata(path).and_then(|data| data.modified()).expect("a time"));
    files.pop().expect("a revision")
}

fn measure(tables: usize) -> Vec<(String, Cost, Option<Cost>)> {
    let mut rows: Vec<(String, Cost, Option<Cost>)> = Vec::new();
    let home = tempfile::tempdir().expect("a folder");
    let folder = home.path();
    let (made, live, other) = ("aludel_bench_made", "aludel_bench_live", "aludel_bench_other");
    [made, live, other].into_iter().for_each(fresh);
    let file = folder.join("schema.sql");
    std::fs::write(&file, schema(tables)).expect("a file");
    run(psql(made).arg("-1").arg("-f").arg(&file));
    std::fs::create_dir(folder.join("migrations")).expect("a folder");
    rows.push(("pull, beside pg_dump".into(), run(&mut aludel(folder, made, &["pull"])), Some(pg_dump(made))));

    let first = run(&mut aludel(folder, live, &["revision", "--autogenerate", "-m", "first"]));
    let up = newest(folder, ".up.sql");
    let alone = || {
        fresh(other);
        run(psql(other).arg("-1").arg("-f").arg(&up))
    };
    let upgrade = || {
        fresh(live);
        run(&mut aludel(folder, live, &["upgrade", "head"]))
    };
    let (upgrade, psql_time) = medians(3, upgrade, alone);
    rows.push(("revision of everything, beside psql -1 -f of it".into(), first, Some(psql_time)));
    rows.push(("upgrade, beside psql -1 -f".into(), upgrade, Some(psql_time)));

    let cold = run(&mut aludel(folder, live, &["check"]));
    let (warm, dump) = medians(5, || run(&mut aludel(folder, live, &["check"])), || pg_dump(live));
    rows.push(("check, nothing kept, beside pg_dump".into(), cold, Some(dump)));
    rows.push(("check, warm, beside pg_dump".into(), warm, Some(dump)));
    rows.push(("generate".into(), median(3, || run(&mut aludel(folder, live, &["generate"]))), None));

    let models = folder.join("models.toml");
    let text = std::fs::read_to_string(&models).expect("models");
    let changed = text.replacen("varchar(50)", "varchar(60)", 1);
    assert_ne!(text, changed, "a column to change");
    std::fs::write(&models, changed).expect("models");
    let change = || run(&mut aludel(folder, live, &["revision", "--autogenerate", "--sql", "-m", "one column"]));
    let (changed, psql_time) = medians(3, change, alone);
    rows.push(("revision of one column, beside psql -1 -f of everything".into(), changed, Some(psql_time)));
    if let (Ok(python), ..=1000) = (std::env::var("ALEMBIC"), tables) {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/alembic_revision.py");
        run(Command::new(&python).args([script, &url(live), "alembic.models", "prepare"]).current_dir(folder));
        let alembic = || run(Command::new(&python).args([script, &url(live), "alembic.models"]).current_dir(folder));
        let (changed, alembic) = medians(3, change, alembic);
        rows.push(("revision of one column, beside Alembic's".into(), changed, Some(alembic)));
    }

    fresh(other);
    let (nothing, all) = (catalog(other), catalog(live));
    rows.push((
        "planning everything, the catalogs at hand".into(),
        inside(|| plan(&nothing, &all, Style::Online)),
        None,
    ));
    let options = Options::of(&Models::default());
    rows.push(("code of everything, the catalog at hand".into(), inside(|| codegen::generate(&all, &options)), None));
    drop((nothing, all));

    std::fs::write(&file, furniture(tables)).expect("a file");
    run(psql(live).arg("-1").arg("-f").arg(&file));
    run(&mut aludel(folder, live, &["pull"]));
    run(&mut aludel(folder, live, &["check"]));
    let (warm, dump) = medians(5, || run(&mut aludel(folder, live, &["check"])), || pg_dump(live));
    let furnished = format!(
        "check, warm, with {} functions, {} views and triggers, {} policies, beside pg_dump",
        tables / 2,
        tables * 3 / 10,
        tables / 5
    );
    rows.push((furnished, warm, Some(dump)));
    for database in [made, live, other] {
        run(psql("postgres").args(["-c", &format!("DROP DATABASE IF EXISTS {database} WITH (FORCE)")]));
    }
    rows
}

fn main() {
    let sizes: Vec<usize> = std::env::args().filter_map(|argument| argument.parse().ok()).collect();
    let start = median(11, || run(Command::new(env!("CARGO_BIN_EXE_aludel")).arg("--version")));
    println!("`aludel --version`: {:.1} ms\n", start.seconds * 1000.0);
    println!("| tables | what | aludel, s | beside it, s | ratio | MiB |\n|---:|---|---:|---:|---:|---:|");
    for tables in if sizes.is_empty() { vec![10, 100] } else { sizes } {
        for (what, ours, theirs) in measure(tables) {
            let beside = theirs
                .map_or(" | ".into(), |theirs| format!("{:.2} | {:.2}", theirs.seconds, ours.seconds / theirs.seconds));
            let memory = if ours.memory.is_nan() { String::new() } else { format!("{:.0}", ours.memory) };
            println!("| {tables} | {what} | {:.2} | {beside} | {memory} |", ours.seconds);
        }
    }
}
