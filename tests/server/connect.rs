use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use aludel::db::cluster::{Cluster, Purpose};
use aludel::db::connect::{Connected, Error, Refusal, Target, connect};

use crate::{cluster, folder, open, text};

fn none(_: &str) -> Option<String> {
    None
}

fn parse(url: &str) -> Target {
    Target::parse(url, &none).expect("parses")
}

async fn refused(target: &Target) -> (Refusal, String) {
    let error = connect(target, "aludel-test").await.expect_err("is refused");
    (error.refusal().expect("a refusal"), error.to_string())
}

async fn session(url: &str) -> Result<Connected, Error> {
    connect(&parse(url), "aludel-test").await
}

/// A cluster that asks for passwords on its socket.
struct Guarded {
    cluster: Cluster,
    dir: tempfile::TempDir,
}

const HBA: &str = "local all postgres trust
local all ann scram-sha-256
hostnossl plain_only all 127.0.0.1/32 trust
hostssl tls_only all 127.0.0.1/32 trust
host shop ann 127.0.0.1/32 scram-sha-256
";

impl Guarded {
    async fn new() -> Guarded {
        let dir = folder();
        let cluster = cluster(dir.path(), Purpose::Shadow).await;
        let admin = open(&cluster.target("postgres")).await;
        for statement in [
            "CREATE ROLE ann LOGIN PASSWORD 'sesame'",
            "CREATE ROLE locked",
            "CREATE DATABASE shop",
            "CREATE DATABASE plain_only",
            "CREATE DATABASE tls_only",
        ] {
            admin.batch_execute(statement).await.expect(statement);
        }
        std::fs::write(dir.path().join("data/pg_hba.conf"), HBA).expect("writes");
        admin.batch_execute("SELECT pg_reload_conf()").await.expect("reloads");
        admin.close().await;
        Guarded { cluster, dir }
    }

    fn socket(&self) -> String {
        self.dir.path().join("socket").display().to_string()
    }

    /// The same data on a port with TLS, run by hand since a private cluster listens on none.
    async fn listen(self) -> Listening {
        self.cluster.close().await.expect("stops");
        let data = self.dir.path().join("data");
        certificate(&data);
        let port = std::net::TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a port").port();
        let options = std::fs::read_to_string(data.join("postmaster.opts")).expect("its options");
        let owner = data.metadata().expect("meta");
        let mut command = Command::new(options.split_whitespace().next().expect("its program"));
        command.arg("-D").arg(&data).arg("-k").arg(self.dir.path().join("socket")).args(["-p", &port.to_string()]);
        command.args(["-c", "listen_addresses=127.0.0.1", "-c", "ssl=on", "-c", "fsync=off"]).current_dir("/");
        if aludel::db::machine::process_uid() == Some(0) {
            command.uid(owner.uid()).gid(owner.gid());
        }
        let child = command.stderr(std::process::Stdio::null()).spawn().expect("starts");
        let target = parse(&format!("host=127.0.0.1 port={port} user=postgres dbname=plain_only sslmode=disable"));
        for _ in 0..500 {
            if connect(&target, "aludel-test").await.is_ok() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        Listening { child, port, root: data.join("server.crt").display().to_string(), _dir: self.dir }
    }
}

struct Listening {
    child: std::process::Child,
    port: u16,
    root: String,
    _dir: tempfile::TempDir,
}

impl Drop for Listening {
    fn drop(&mut self) {
        let pid = self.child.id().to_string();
        Command::new("kill").args(["-INT", &pid]).status().expect("signals");
        self.child.wait().expect("ends");
    }
}

/// Makes a self-signed certificate for localhost in a data directory, owned as the directory is.
fn certificate(data: &Path) {
    let (key, cert) = (data.join("server.key"), data.join("server.crt"));
    let output = Command::new("openssl")
        .args(["req", "-new", "-x509", "-days", "2", "-nodes", "-subj", "/CN=localhost"])
        .args(["-addext", "subjectAltName=DNS:localhost", "-keyout"])
        .arg(&key)
        .arg("-out")
        .arg(&cert)
        .output()
        .expect("openssl is installed");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let owner = data.metadata().expect("meta");
    for path in [&key, &cert] {
        std::os::unix::fs::chown(path, Some(owner.uid()), Some(owner.gid())).expect("chown");
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).expect("chmod");
    }
}

#[tokio::test]
async fn refusals_say_what_to_do() {
    let server = Guarded::new().await;
    let socket = server.socket();
    let on_socket = |user: &str, password: &str, database: &str| {
        parse(&format!("host={socket} user={user} dbname={database} password={password}"))
    };
    open(&on_socket("ann", "sesame", "shop")).await.close().await;
    for (target, kind, needle) in [
        (on_socket("ann", "wrong-one", "shop"), Refusal::Login, "password"),
        (parse(&format!("host={socket} user=ann dbname=shop")), Refusal::Login, "PGPASSWORD"),
        (on_socket("ann", "sesame", "nowhere"), Refusal::NoDatabase, "nowhere"),
        (on_socket("locked", "x", "shop"), Refusal::NoEntry, "pg_hba"),
        (parse(&format!("host={socket}/none user=ann dbname=shop")), Refusal::Unreachable, "no socket"),
        (parse("postgres://ann:sesame@127.0.0.1:1/shop"), Refusal::Unreachable, "nothing listens"),
        (parse("postgres://ann:sesame@no-such-host.invalid/shop"), Refusal::UnknownHost, "spelling"),
    ] {
        let (found, message) = refused(&target).await;
        assert_eq!(found, kind, "{message}");
        assert!(message.contains(needle), "{needle}: {message}");
        assert!(!message.contains("sesame") && !message.contains("wrong-one"), "{message}");
    }
    server.cluster.close().await.expect("stops");
}

#[tokio::test]
async fn a_wrong_password_is_told_and_never_shown() {
    let server = Guarded::new().await;
    let project = tempfile::tempdir().expect("a folder");
    let host = server.socket().replace('/', "%2F");
    std::fs::write(
        project.path().join("aludel.toml"),
        format!("[database]\nurl = \"postgres://ann:wrong-one@{host}/shop\"\n"),
    )
    .expect("writes");
    for command in [&["current"][..], &["--format", "json", "check"], &["revision", "--autogenerate", "-m", "x"]] {
        let mut aludel = Command::new(env!("CARGO_BIN_EXE_aludel"));
        let output =
            aludel.arg("-C").arg(project.path()).args(command).env_remove("DATABASE_URL").output().expect("runs");
        let words = String::from_utf8_lossy(&output.stderr);
        assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(3), &b""[..]), "{words}");
        assert!(words.starts_with("error: cannot connect to ") && words.contains("password"), "{words}");
        assert!(!words.contains("wrong-one"), "{words}");
    }
    server.cluster.close().await.expect("stops");
}

#[tokio::test]
async fn passwords_come_from_the_environment_and_the_file() {
    let server = Guarded::new().await;
    let url = format!("host={} user=ann dbname=shop", server.socket());
    let with = |key: &'static str, value: String| {
        Target::parse(&url, &move |asked| (asked == key).then(|| value.clone())).expect("parses")
    };
    open(&with("PGPASSWORD", "sesame".to_owned())).await.close().await;
    let file = server.dir.path().join("pass");
    std::fs::write(&file, "elsewhere:*:*:*:no\n*:*:shop:ann:sesame\n").expect("writes");
    let chmod = |mode| std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).expect("chmod");
    chmod(0o600);
    let by_file = || with("PGPASSFILE", file.display().to_string());
    open(&by_file()).await.close().await;
    chmod(0o644);
    let (_, message) = refused(&by_file()).await;
    assert!(message.contains("chmod 600"), "{message}");
    server.cluster.close().await.expect("stops");
}

#[tokio::test]
async fn a_session_is_what_was_asked_for() {
    let dir = folder();
    let server = cluster(dir.path(), Purpose::Shadow).await;
    let socket = dir.path().join("socket").display().to_string();
    let plain = open(&server.target("postgres")).await;
    assert_eq!(text(&plain, "SELECT current_setting('application_name')").await, "aludel-test");
    assert!(plain.version_num() / 10_000 == plain.major() && plain.major() >= 12);
    plain.batch_execute("DO $$ BEGIN RAISE WARNING 'hear this'; END $$").await.expect("runs");
    assert_eq!(plain.take_notices(), ["WARNING: hear this"]);
    let env = |key: &str| match key {
        "PGHOST" => Some(socket.clone()),
        "PGUSER" => Some("postgres".to_owned()),
        "PGOPTIONS" => Some("-c work_mem=123kB".to_owned()),
        "PGAPPNAME" => Some("mine".to_owned()),
        _ => None,
    };
    let session = open(&Target::parse("", &env).expect("parses")).await;
    assert_eq!(text(&session, "SELECT current_setting('work_mem')").await, "123kB");
    assert_eq!(text(&session, "SELECT current_setting('application_name')").await, "mine");

    let canceller = session.canceller();
    let since = Instant::now();
    let (result, _) = tokio::join!(session.batch_execute("SELECT pg_sleep(20)"), async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        canceller.cancel().await
    });
    result.expect_err("was cancelled");
    assert!(since.elapsed() < Duration::from_secs(10));

    let pid = session.backend_pid();
    plain.execute("SELECT pg_terminate_backend($1)", &[&pid]).await.expect("ends it");
    // A statement that is sent while the server hangs up can lose the server's last words.
    while !session.is_closed() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    session.batch_execute("SELECT 1").await.expect_err("is gone");
    assert!(session.end().is_some_and(|why| why.contains("terminating")), "{:?}", session.end());
    drop((plain, session));
    server.close().await.expect("stops");
}

#[tokio::test]
async fn the_next_host_is_tried_and_silence_ends() {
    let dir = folder();
    let server = cluster(dir.path(), Purpose::Shadow).await;
    let socket = dir.path().join("socket").display().to_string();
    session(&format!("host=127.0.0.1,{socket} port=1,5432 user=postgres dbname=postgres"))
        .await
        .expect("the second one")
        .close()
        .await;
    // A listener that says nothing.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").expect("listens");
    let port = silent.local_addr().expect("an address").port();
    let (kind, message) = refused(&parse(&format!("postgres://a@127.0.0.1:{port}/d?connect_timeout=2"))).await;
    assert_eq!(kind, Refusal::Timeout, "{message}");
    server.close().await.expect("stops");
}

#[tokio::test]
async fn every_sslmode_means_what_it_means_to_psql() {
    let guarded = Guarded::new().await;
    let server = guarded.listen().await;
    let (port, root) = (server.port, &server.root);
    let url =
        |database: &str, query: &str| format!("host=localhost port={port} user=postgres dbname={database} {query}");
    let encrypted = async |database: &str, query: &str| match session(&url(database, query)).await {
        Ok(session) => text(&session, "SELECT ssl::text FROM pg_stat_ssl WHERE pid = pg_backend_pid()").await,
        Err(error) => error.to_string(),
    };
    let (with_root, by_address) = (format!("sslrootcert={root}"), format!("host=127.0.0.1 sslrootcert={root}"));
    for (database, query, outcome) in [
        ("tls_only", "sslmode=disable", "no pg_hba.conf entry"),
        ("plain_only", "sslmode=disable", "false"),
        ("plain_only", "sslmode=allow", "false"),
        ("tls_only", "sslmode=allow", "true"),
        ("tls_only", "", "true"),
        ("plain_only", "sslmode=prefer", "false"),
        ("tls_only", "sslmode=require", "true"),
        ("plain_only", "sslmode=require", "no pg_hba.conf entry"),
        ("tls_only", &format!("sslmode=require {with_root}"), "true"),
        ("tls_only", &format!("sslmode=verify-ca {with_root}"), "true"),
        ("tls_only", &format!("sslmode=verify-full {with_root}"), "true"),
        ("tls_only", &format!("sslmode=verify-ca {by_address}"), "true"),
        ("tls_only", &format!("sslmode=verify-full {by_address}"), "verify-ca"),
        ("tls_only", "sslmode=verify-full sslrootcert=/none.crt", "/none.crt"),
        ("tls_only", "sslrootcert=system", "sslrootcert"),
    ] {
        let found = encrypted(database, query).await;
        assert!(found.contains(outcome), "{database} {query}: {found}");
    }
    // Over TLS, SCRAM is bound to the channel.
    let bound = format!("host=localhost hostaddr=127.0.0.1 port={port} user=ann password=sesame dbname=shop");
    session(&format!("{bound} channel_binding=require sslmode=require")).await.expect("binds").close().await;
}

#[tokio::test]
async fn a_server_without_tls_is_refused_by_those_who_want_it() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("listens");
    let port = listener.local_addr().expect("an address").port();
    // All that a server without TLS says to the request for it.
    let serving = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("accepts");
        let mut request = [0; 8];
        tokio::io::AsyncReadExt::read_exact(&mut stream, &mut request).await.expect("reads");
        tokio::io::AsyncWriteExt::write_all(&mut stream, b"N").await.expect("writes");
    });
    let (kind, message) = refused(&parse(&format!("postgres://a@127.0.0.1:{port}/d?sslmode=require"))).await;
    assert_eq!(kind, Refusal::Tls, "{message}");
    assert!(message.contains("sslmode"), "{message}");
    serving.await.expect("served");
}
