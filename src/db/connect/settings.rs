//! The settings of a connection string, as libpq reads them: URL or `key=value`, then the service file, then `PG*`.
//!
//! Rules: <https://www.postgresql.org/docs/current/libpq-connect.html>.

use std::collections::BTreeMap;

use super::error::Error;
use super::service;

/// What aludel does with a setting that libpq knows.
#[derive(Clone, Copy)]
enum Support {
    /// Read by [`super::Target`].
    Used,
    /// Accepted, and of no consequence here.
    Ignored,
    /// Would weaken what the user asked for if it were passed over; the text says what to do.
    Refused(&'static str),
}

struct Setting {
    key: &'static str,
    env: Option<&'static str>,
    support: Support,
}

const fn used(key: &'static str, env: Option<&'static str>) -> Setting {
    Setting { key, env, support: Support::Used }
}

const fn ignored(key: &'static str) -> Setting {
    Setting { key, env: None, support: Support::Ignored }
}

const fn refused(key: &'static str, env: Option<&'static str>, why: &'static str) -> Setting {
    Setting { key, env, support: Support::Refused(why) }
}

const NO_CRL: &str = "revocation lists are not checked by aludel: remove it, or connect through a proxy that does";
const SETTINGS: &[Setting] = &[
    used("host", Some("PGHOST")),
    used("hostaddr", Some("PGHOSTADDR")),
    used("port", Some("PGPORT")),
    used("dbname", Some("PGDATABASE")),
    used("user", Some("PGUSER")),
    used("password", Some("PGPASSWORD")),
    used("passfile", Some("PGPASSFILE")),
    used("service", Some("PGSERVICE")),
    used("servicefile", Some("PGSERVICEFILE")),
    used("options", Some("PGOPTIONS")),
    used("application_name", Some("PGAPPNAME")),
    used("connect_timeout", Some("PGCONNECT_TIMEOUT")),
    used("sslmode", Some("PGSSLMODE")),
    used("sslrootcert", Some("PGSSLROOTCERT")),
    used("sslcert", Some("PGSSLCERT")),
    used("sslkey", Some("PGSSLKEY")),
    used("sslnegotiation", Some("PGSSLNEGOTIATION")),
    used("channel_binding", Some("PGCHANNELBINDING")),
    used("target_session_attrs", Some("PGTARGETSESSIONATTRS")),
    used("load_balance_hosts", Some("PGLOADBALANCEHOSTS")),
    used("keepalives", None),
    used("keepalives_idle", None),
    used("keepalives_interval", None),
    used("keepalives_count", None),
    used("tcp_user_timeout", None),
    ignored("client_encoding"),
    ignored("fallback_application_name"),
    ignored("gssencmode"),
    ignored("gssdelegation"),
    ignored("gsslib"),
    ignored("krbsrvname"),
    ignored("sslcompression"),
    ignored("sslsni"),
    ignored("sslcertmode"),
    refused("sslcrl", Some("PGSSLCRL"), NO_CRL),
    refused("sslcrldir", Some("PGSSLCRLDIR"), NO_CRL),
    refused(
        "sslpassword",
        None,
        "encrypted client keys are not read: decrypt it with `openssl pkey -in key -out plain`",
    ),
    refused("requirepeer", Some("PGREQUIREPEER"), "the server's user is not checked on sockets: remove it"),
    refused("require_auth", Some("PGREQUIREAUTH"), "the method is not checked: use channel_binding=require instead"),
    refused("ssl_min_protocol_version", Some("PGSSLMINPROTOCOLVERSION"), "TLS 1.2 is the least used anyway: remove it"),
    refused(
        "ssl_max_protocol_version",
        Some("PGSSLMAXPROTOCOLVERSION"),
        "the newest common version is used: remove it",
    ),
    refused("replication", None, "aludel needs an ordinary connection: remove it"),
];

/// Settings by libpq's name, with empty values left out.
pub(super) type Settings = BTreeMap<&'static str, String>;

/// Reads a connection string over its defaults: what it says wins over the service, which wins over `PG*`.
pub(super) fn read(text: &str, env: &dyn Fn(&str) -> Option<String>) -> Result<Settings, Error> {
    let mut settings = parse(text)?;
    let named = |key: &str, settings: &Settings| {
        settings.get(key).cloned().or_else(|| env(env_of(key)?).filter(|value| !value.is_empty()))
    };
    if let Some(name) = named("service", &settings) {
        let file = named("servicefile", &settings);
        for (key, value) in service::load(&name, file.as_deref(), env)? {
            let key = known(&key, &value)?;
            if let Some(key) = key.filter(|&key| key != "service") {
                settings.entry(key).or_insert(value);
            }
        }
    }
    for setting in SETTINGS {
        let Some(value) = setting.env.and_then(env).filter(|value| !value.is_empty()) else { continue };
        if let (Some(key), false) = (known(setting.key, &value)?, settings.contains_key(setting.key)) {
            settings.insert(key, value);
        }
    }
    settings.retain(|_, value| !value.is_empty());
    Ok(settings)
}

fn env_of(key: &str) -> Option<&'static str> {
    SETTINGS.iter().find(|s| s.key == key).and_then(|s| s.env)
}

fn parse(text: &str) -> Result<Settings, Error> {
    let text = text.trim();
    let pairs = match text.split_once("://") {
        Some(("postgres" | "postgresql", rest)) => parse_url(rest)?,
        Some((scheme, _)) if scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b)) => {
            return Err(Error::Scheme(scheme.to_owned()));
        }
        _ => parse_pairs(text)?,
    };
    let mut settings = Settings::new();
    for (key, value) in pairs {
        if let Some(key) = known(&key, &value)? {
            settings.insert(key, value);
        }
    }
    Ok(settings)
}

/// The setting of that name if it is to be kept.
fn known(key: &str, value: &str) -> Result<Option<&'static str>, Error> {
    let Some(setting) = SETTINGS.iter().find(|s| s.key == key) else {
        let nearest = SETTINGS
            .iter()
            .map(|s| (strsim::damerau_levenshtein(s.key, key), s.key))
            .min()
            .filter(|(distance, _)| *distance <= 3);
        return Err(Error::UnknownSetting { key: key.to_owned(), nearest: nearest.map(|(_, key)| key) });
    };
    match setting.support {
        Support::Used => Ok(Some(setting.key)),
        Support::Refused(why) if !value.is_empty() => Err(Error::Unsupported { key: setting.key, why }),
        _ if key == "gssencmode" && value == "require" => {
            Err(Error::Unsupported { key: "gssencmode", why: "GSSAPI is not spoken: use TLS (sslmode=verify-full)" })
        }
        Support::Ignored | Support::Refused(_) => Ok(None),
    }
}

/// `[user[:password]@][host[:port],…][/dbname][?key=value&…]`.
fn parse_url(rest: &str) -> Result<Vec<(String, String)>, Error> {
    let mut pairs = Vec::new();
    let (before, query) = rest.split_once('?').map_or((rest, ""), |(a, b)| (a, b));
    // The last @, so that a password with an unescaped one still works.
    let (login, address) = before.rsplit_once('@').map_or((None, before), |(a, b)| (Some(a), b));
    let (hosts, database) = address.split_once('/').map_or((address, ""), |(a, b)| (a, b));
    if let Some(login) = login {
        let (user, password) = login.split_once(':').map_or((login, None), |(a, b)| (a, Some(b)));
        pairs.push(("user".to_owned(), decode(user)?));
        if let Some(password) = password {
            pairs.push(("password".to_owned(), decode(password)?));
        }
    }
    let (mut names, mut ports) = (Vec::new(), Vec::new());
    for host in hosts.split(',') {
        let (name, port) = match host.strip_prefix('[').and_then(|inner| inner.split_once(']')) {
            Some((name, after)) => (name, after.strip_prefix(':').unwrap_or(after)),
            None => host.rsplit_once(':').unwrap_or((host, "")),
        };
        names.push(decode(name)?);
        ports.push(decode(port)?);
    }
    if names.iter().any(|name| !name.is_empty()) {
        pairs.push(("host".to_owned(), names.join(",")));
    }
    if ports.iter().any(|port| !port.is_empty()) {
        pairs.push(("port".to_owned(), ports.join(",")));
    }
    if !database.is_empty() {
        pairs.push(("dbname".to_owned(), decode(database)?));
    }
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (key, value) = pair.split_once('=').ok_or_else(|| Error::Pair(pair.to_owned()))?;
        let (key, value) = (decode(key)?, decode(value)?);
        match (key.as_str(), value.as_str()) {
            ("ssl", "true") => pairs.push(("sslmode".to_owned(), "require".to_owned())),
            _ => pairs.push((key, value)),
        }
    }
    Ok(pairs)
}

/// `key = value key='quoted \' value'`.
fn parse_pairs(text: &str) -> Result<Vec<(String, String)>, Error> {
    let mut pairs = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let Some((key, after)) = rest.split_once('=') else { return Err(Error::NotAConnectionString) };
        let key = key.trim();
        if key.is_empty() || key.contains(char::is_whitespace) {
            return Err(Error::NotAConnectionString);
        }
        let after = after.trim_start();
        let quoted = after.starts_with('\'');
        let mut value = String::new();
        let mut chars = after.char_indices().skip(usize::from(quoted));
        let end = loop {
            match chars.next() {
                Some((_, '\\')) => value.extend(chars.next().map(|(_, c)| c)),
                Some((at, '\'')) if quoted => break at + 1,
                Some((at, c)) if !quoted && c.is_whitespace() => break at,
                Some((_, c)) => value.push(c),
                None if quoted => return Err(Error::OpenQuote(key.to_owned())),
                None => break after.len(),
            }
        };
        pairs.push((key.to_owned(), value));
        rest = after[end..].trim_start();
    }
    Ok(pairs)
}

fn decode(text: &str) -> Result<String, Error> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let mut digit = || rest.next().and_then(|b| char::from(b).to_digit(16));
        match (digit(), digit()) {
            (Some(high), Some(low)) if high + low > 0 => bytes.push((high * 16 + low) as u8),
            _ => return Err(Error::Percent),
        }
    }
    String::from_utf8(bytes).map_err(|_| Error::Percent)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn none(_: &str) -> Option<String> {
        None
    }

    fn shown(text: &str) -> String {
        match read(text, &none) {
            Ok(settings) => settings.iter().map(|(k, v)| format!("{k}={v}")).collect::<Vec<_>>().join(" "),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn urls_and_pairs_say_the_same() {
        assert_eq!(
            shown("postgres://ann:p%40ss@db.example:6000/shop?sslmode=require"),
            "dbname=shop host=db.example password=p@ss port=6000 sslmode=require user=ann"
        );
        assert_eq!(
            shown("host=db.example port = 6000 user=ann password='p\\'s s' dbname=shop"),
            "dbname=shop host=db.example password=p's s port=6000 user=ann"
        );
        assert_eq!(shown("postgresql://a@b,c:1,[::1]:2/d"), "dbname=d host=b,c,::1 port=,1,2 user=a");
        assert_eq!(shown("postgres:///shop?host=/run/pg"), "dbname=shop host=/run/pg");
        assert_eq!(shown("postgres://%2Frun%2Fpg/shop"), "dbname=shop host=/run/pg");
        assert_eq!(shown("postgres://ann:a@b@host/d"), "dbname=d host=host password=a@b user=ann");
        assert_eq!(shown("postgres://h/d?ssl=true"), "dbname=d host=h sslmode=require");
        assert_eq!(shown("postgres://"), "");
    }

    #[test]
    fn mistakes_say_what_to_write() {
        for (text, needle) in [
            ("mysql://h/d", "mysql"),
            ("postgres://h/d?sslmod=require", "sslmode"),
            ("postgres://h/d?schema=public", "schema"),
            ("host='a", "quote"),
            ("shop", "postgres://"),
            ("postgres://u:%zz@h/d", "%25"),
            ("host=h sslcrl=x", "sslcrl"),
            ("host=h gssencmode=require", "gssencmode"),
        ] {
            let message = read(text, &none).expect_err(text).to_string();
            assert!(message.contains(needle), "{text}: {message}");
        }
    }

    #[test]
    fn the_environment_fills_what_is_not_said() {
        let env = |key: &str| match key {
            "PGHOST" => Some("elsewhere".to_owned()),
            "PGUSER" => Some("bob".to_owned()),
            "PGDATABASE" => Some("shop".to_owned()),
            "PGPASSWORD" => Some(String::new()),
            _ => None,
        };
        let settings = read("postgres://h/d", &env).expect("parses");
        assert_eq!(settings["host"], "h");
        assert_eq!(settings["user"], "bob");
        assert!(!settings.contains_key("password"));
        assert_eq!(settings["dbname"], "d");
        for nothing in ["postgres://", "postgres://h", "postgres://h/", "postgres://h?sslmode=require"] {
            assert_eq!(read(nothing, &env).expect("parses")["dbname"], "shop", "{nothing}");
        }
    }
}
