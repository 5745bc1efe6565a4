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

/// A cluster that listens on a port with passwords, and with TLS if there is an `openssl`.
struct Guarded {
    cluster: Option<Cluster>,
    dir: tempfile::TempDir,
    port: u16,
}

const HBA: &str = "local all postgres trust
local all ann scram-sha-256
hostnossl plain_only all 127.0.0.1/32 trust
hostssl tls_only all 127.0.0.1/32 trust
host shop ann 127.0.0.1/32 scram-sha-256
host shop old 127.0.0.1/32 md5
";

impl Guarded {
    /// The same data run by hand, since a private cluster listens on no port.
    async fn new() -> Guarded {
        let dir = folder();
        let cluster = cluster(dir.path(), Purpose::Shadow).await;
        let admin = open(&cluster.target("postgres")).await;
        let port = std::net::TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a port").port();
        for statement in [
            "CREATE ROLE ann LOGIN PASSWORD 'sesame'",
            "CREATE ROLE old LOGIN",
            "CREATE ROLE locked",
            "CREATE DATABASE shop",
            "CREATE DATABASE plain_only",
            "CREATE DATABASE tls_only",
        ] {
            admin.batch_execute(statement).await.expect(statement);
        }
        let data = dir.path().join("data");
        std::fs::write(data.join("pg_hba.conf"), HBA).expect("writes");
        let has_tls = certificate(&data);
        admin.batch_execute(&format!("ALTER SYSTEM SET port = {port}")).await.expect("sets");
        if has_tls {
            admin.batch_execute("ALTER SYSTEM SET ssl = on").await.expect("sets");
        }
        admin.batch_execute("SELECT pg_reload_conf()").await.expect("reloads");
        admin.close().await;
        Guarded { cluster: Some(cluster), dir, port }
    }

    fn socket(&self) -> String {
        self.dir.path().join("socket").display().to_string()
    }
}

/// Makes a self-signed certificate for localhost in a data directory, owned as the directory is.
fn certificate(data: &Path) -> bool {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    let (key, cert) = (data.join("server.key"), data.join("server.crt"));
    let made = Command::new("openssl")
        .args(["req", "-new", "-x509", "-days", "2", "-nodes", "-subj", "/CN=localhost"])
        .args(["-addext", "subjectAltName=DNS:localhost", "-keyout"])
        .arg(&key)
        .arg("-out")
        .arg(&cert)
        .output()
        .is_ok_and(|output| output.status.success());
    if made {
        let owner = data.metadata().expect("meta");
        for path in [&key, &cert] {
            std::os::unix::fs::chown(path, Some(owner.uid()), Some(owner.gid())).expect("chown");
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).expect("chmod");
        }
    }
    made
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
    server.cluster.expect("is there").close().await.expect("stops");
}

#[tokio::test]
async fn passwords_come_from_the_environment_and_the_file() {
    use std::os::unix::fs::PermissionsExt;
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
    server.cluster.expect("is there").close().await.expect("stops");
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
