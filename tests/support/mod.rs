//! What the tests share: a real server, and databases of their own on it.
#![allow(missing_docs, dead_code, clippy::disallowed_macros)]

pub mod dump;
pub mod road;

use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

use aludel::db::connect::{self, Connected, Target};
use aludel::db::shadow_place::empty;
use futures_util::stream::{self, StreamExt};
use tokio_postgres::{Client, NoTls};

static COUNT: AtomicU32 = AtomicU32::new(0);

/// The server that the tests run on; `scripts/test` sets it.
pub fn server_url() -> String {
    std::env::var("ALUDEL_TEST_URL")
        .expect("ALUDEL_TEST_URL names a PostgreSQL server; scripts/test starts one and sets it")
}

/// An URL of another database on the same server.
pub fn url_of(database: &str) -> String {
    let url = server_url();
    let (front, _) = url.rsplit_once('/').expect("a URL ends in /database");
    format!("{front}/{database}")
}

pub async fn connect(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.expect("the test server answers");
    tokio::spawn(async move {
        let _ = connection.await;
    });
    client
}

/// An empty database that is dropped with this value's `drop_it`.
pub struct Database {
    pub name: String,
    pub client: Connected,
}

impl Database {
    pub async fn empty() -> Database {
        let name = format!("aludel_test_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let admin = connect(&server_url()).await;
        admin.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await.expect("drop");
        admin.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE template0")).await.expect("create");
        let target = Target::parse(&url_of(&name), &|_| None).expect("a URL");
        let client = connect::connect(&target, "aludel test").await.expect("the test server answers");
        Database { name, client }
    }

    pub async fn drop_it(self) {
        // A database that holds subscriptions cannot be dropped, and those with a slot would connect.
        let mine =
            "FROM pg_subscription WHERE subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())";
        // A test may have ended the session.
        let client = connect(&self.url()).await;
        let names = client.query(&format!("SELECT quote_ident(subname) {mine}"), &[]).await.expect("subscriptions");
        for name in names.iter().map(|row| row.get::<_, String>(0)) {
            let detach = format!("ALTER SUBSCRIPTION {name} DISABLE; ALTER SUBSCRIPTION {name} SET (slot_name = NONE)");
            client.batch_execute(&format!("{detach}; DROP SUBSCRIPTION {name}")).await.expect("drop subscription");
        }
        let admin = connect(&server_url()).await;
        admin.batch_execute(&format!("DROP DATABASE {} WITH (FORCE)", self.name)).await.expect("drop");
    }

    pub fn url(&self) -> String {
        url_of(&self.name)
    }
}

/// Databases that are emptied and used again, and with them their shadows: making one costs more than most cases.
#[derive(Default)]
pub struct Pool(Mutex<Vec<Database>>);

impl Pool {
    /// An empty one.
    pub async fn take(&self) -> Database {
        let kept = self.0.lock().expect("the pool").pop();
        match kept {
            Some(database) => database,
            None => Database::empty().await,
        }
    }

    /// What can't be emptied is dropped.
    pub async fn give(&self, used: Database) {
        match empty(&used.client).await {
            Ok(left) if left.is_empty() => self.0.lock().expect("the pool").push(used),
            _ => used.drop_it().await,
        }
    }

    pub async fn close(&self) {
        let kept = self.0.lock().expect("the pool").split_off(0);
        for database in kept {
            database.drop_it().await;
        }
    }
}

/// One case of `tests/cases`.
pub struct Case {
    pub name: String,
    pub before: String,
    pub after: String,
}

/// What a server says that was built without an extension or its library, ICU or lz4, and what `tests/contrib.rs` says of an
/// extension that lives in the system's own schema: the two sides cannot be. Any other refusal of them is a failure.
const LACKS: [&str; 7] = [
    "is not available",
    "could not open extension control file",
    "could not access file",
    "not supported in this build",
    "compression method lz4 not supported",
    "unsupported XML feature",
    "is in pg_catalog",
];

/// Runs a check for every case, some at a time; the names and reasons of those that fail, in order.
pub async fn failures<'a, F: Future<Output = Result<(), String>>>(
    cases: &'a [Case],
    check: impl Fn(&'a Case) -> F,
) -> Vec<String> {
    let named = |case: &'a Case| {
        let done = check(case);
        async move {
            let began = std::time::Instant::now();
            let result = done.await;
            if std::env::var("TIMES").is_ok() {
                println!("{:6} ms {}", began.elapsed().as_millis(), case.name);
            }
            let why = result.err()?;
            let lacks = LACKS.iter().any(|words| why.contains(words));
            if (why.starts_with("before: ") || why.starts_with("after: ")) && lacks {
                println!("not run: {}: {why}", case.name);
                return None;
            }
            Some(format!("{}\n{why}\n", case.name))
        }
    };
    stream::iter(cases).map(named).buffered(6).filter_map(std::future::ready).collect().await
}

/// The cases whose name contains the words of the variable `CASE` and that the server can run: a name may end in the first major
/// version that does, `(18)`, or the last on which it holds, `(to 17)`: a gap that docs/ARCHITECTURE.md names.
/// `(catalogs)` is no version: what it leads to differs in dumps only, where PostgreSQL has no `ALTER`.
pub async fn cases() -> Vec<Case> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases");
    let mut files: Vec<_> =
        std::fs::read_dir(folder).expect("tests/cases").map(|entry| entry.expect("entry").path()).collect();
    files.sort();
    let mut cases = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).expect("a case file is text");
        for part in text.split("-- case: ").skip(1) {
            let (name, body) = part.split_once('\n').expect("a case has a body");
            let (before, after) = body.split_once("-- after\n").expect("a case has an after");
            let stem = file.file_stem().expect("stem").to_string_lossy();
            cases.push(Case { name: format!("{stem}: {name}"), before: before.into(), after: after.into() });
        }
    }
    let wanted = std::env::var("CASE").unwrap_or_default();
    let version =
        connect(&server_url()).await.query_one("SELECT current_setting('server_version_num')::int", &[]).await;
    let major = version.expect("a version").get::<_, i32>(0) / 10_000;
    let mark = |name: &str| name.strip_suffix(')').and_then(|name| Some(name.rsplit_once('(')?.1.to_owned()));
    let runs = |mark: String| match mark.strip_prefix("to ") {
        Some(last) => last.parse::<i32>().is_ok_and(|last| major <= last),
        None => mark.parse::<i32>().is_ok_and(|since| since <= major) || mark.parse::<i32>().is_err(),
    };
    cases.retain(|case| case.name.contains(&wanted) && mark(&case.name).is_none_or(runs));
    cases
}

/// A project's folder and a database for it; dropped with `drop_it`.
pub struct Project {
    pub folder: tempfile::TempDir,
    pub database: Database,
}

/// How the binary ended, and what it said.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Project {
    pub async fn new(models: &str) -> Project {
        let project = Project { folder: tempfile::tempdir().expect("a folder"), database: Database::empty().await };
        project.write("models.toml", models);
        project
    }

    pub fn path(&self, file: &str) -> std::path::PathBuf {
        self.folder.path().join(file)
    }

    pub fn write(&self, file: &str, text: impl AsRef<[u8]>) {
        let path = self.path(file);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, text).expect("written");
    }

    pub fn read(&self, file: &str) -> String {
        std::fs::read_to_string(self.path(file)).expect(file)
    }

    /// The names of the files in `migrations` that end so, sorted.
    pub fn migrations(&self, end: &str) -> Vec<String> {
        let entries = std::fs::read_dir(self.path("migrations")).into_iter().flatten();
        let names = entries.map(|entry| entry.expect("entry").file_name().to_string_lossy().into_owned());
        let mut names: Vec<String> = names.filter(|name| name.ends_with(end)).collect();
        names.sort();
        names
    }

    /// Runs the real binary on the project's database.
    pub fn run(&self, arguments: &str) -> Ran {
        self.run_on(&self.database.url(), arguments)
    }

    /// Runs the real binary; `'…'` keeps blanks together.
    pub fn run_on(&self, url: &str, arguments: &str) -> Ran {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_aludel"));
        command.arg("-C").arg(self.folder.path()).args(["--database-url", url]).args(words(arguments));
        Ran::of(&mut command)
    }

    /// Runs the real binary and presses Ctrl-C as soon as it has written a line to standard error that begins so.
    pub fn interrupted(&self, arguments: &str, after: &str) -> Ran {
        use std::io::{BufRead, Read};
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_aludel"));
        command.arg("-C").arg(self.folder.path()).args(["--database-url", &self.database.url()]).args(words(arguments));
        let piped = std::process::Stdio::piped;
        let mut child = command.stdout(piped()).stderr(piped()).spawn().expect("aludel runs");
        let mut lines = std::io::BufReader::new(child.stderr.take().expect("piped"));
        let mut stderr = String::new();
        while !stderr.lines().any(|line| line.starts_with(after)) {
            assert_ne!(lines.read_line(&mut stderr).expect("text"), 0, "{stderr}");
        }
        std::thread::sleep(std::time::Duration::from_secs(1));
        let pid = child.id().to_string();
        assert!(std::process::Command::new("kill").args(["-INT", &pid]).status().expect("kill runs").success());
        lines.read_to_string(&mut stderr).expect("text");
        let ended = child.wait_with_output().expect("it ended");
        let stdout = String::from_utf8(ended.stdout).expect("text");
        Ran { code: ended.status.code().unwrap_or(-1), stdout, stderr }
    }

    /// Runs the real binary, which must end with 0; what it printed.
    pub fn done(&self, arguments: &str) -> String {
        let ran = self.run(arguments);
        assert_eq!(ran.code, 0, "{arguments}\n{}{}", ran.stdout, ran.stderr);
        ran.stdout
    }

    pub async fn drop_it(self) {
        self.database.drop_it().await;
    }
}

impl Ran {
    pub fn of(command: &mut std::process::Command) -> Ran {
        let output = command.env_remove("DATABASE_URL").output().expect("aludel runs");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
        let code = output.status.code().expect("no signal");
        Ran { code, stdout: text(output.stdout), stderr: text(output.stderr) }
    }
}

fn words(line: &str) -> impl Iterator<Item = String> {
    let parts = line.split('\'').enumerate();
    parts.flat_map(|(i, part)| match i % 2 {
        0 => part.split_whitespace().map(str::to_owned).collect(),
        _ => vec![part.to_owned()],
    })
}
