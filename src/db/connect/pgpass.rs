//! The password file: `.pgpass`, lines of `host:port:database:user:password`.
//!
//! Rules: <https://www.postgresql.org/docs/current/libpq-pgpass.html>.

use std::fmt;
use std::path::{Path, PathBuf};

use super::Secret;

/// A password file that was read, or why it was not.
#[derive(Clone, Debug, Default)]
pub(super) struct PassFile {
    rules: Vec<Rule>,
    /// Why the file was passed over, for the message of a failed login.
    pub(super) note: Option<String>,
}

#[derive(Clone)]
struct Rule {
    fields: [String; 4],
    password: Secret,
}

impl fmt::Debug for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:***", self.fields.join(":"))
    }
}

impl PassFile {
    /// Reads the file that was named, or `~/.pgpass`; like libpq it passes over one that others can read.
    pub(super) fn load(named: Option<&str>, env: &dyn Fn(&str) -> Option<String>) -> PassFile {
        let Some(path) = named.map(PathBuf::from).or_else(|| Some(PathBuf::from(env("HOME")?).join(".pgpass"))) else {
            return PassFile::default();
        };
        if !path.is_file() {
            let note = named.map(|_| format!("the password file {} does not exist", path.display()));
            return PassFile { rules: Vec::new(), note };
        }
        if is_open_to_others(&path) {
            let note = format!("{} was ignored because others can read it: run `chmod 600 {0}`", path.display());
            return PassFile { rules: Vec::new(), note: Some(note) };
        }
        match std::fs::read_to_string(&path) {
            Ok(text) => PassFile { rules: text.lines().filter_map(rule).collect(), note: None },
            Err(error) => {
                PassFile { rules: Vec::new(), note: Some(format!("cannot read {}: {error}", path.display())) }
            }
        }
    }

    /// The password of the first line that fits.
    pub(super) fn password(&self, host: &str, port: u16, database: &str, user: &str) -> Option<&Secret> {
        // libpq looks a socket in a default folder up as localhost.
        let host = if host == "/tmp" || host.ends_with("/run/postgresql") { "localhost" } else { host };
        let port = port.to_string();
        let wanted = [host, port.as_str(), database, user];
        let fits = |rule: &&Rule| {
            rule.fields.iter().zip(wanted).all(|(field, wanted)| field == "*" || unescape(field) == wanted)
        };
        self.rules.iter().find(fits).map(|rule| &rule.password)
    }
}

#[cfg(unix)]
fn is_open_to_others(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata().is_ok_and(|meta| meta.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn is_open_to_others(_: &Path) -> bool {
    false
}

fn rule(line: &str) -> Option<Rule> {
    if line.starts_with('#') {
        return None;
    }
    let mut fields = Vec::new();
    let mut field = String::new();
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match c {
            ':' if fields.len() < 4 => fields.push(std::mem::take(&mut field)),
            '\\' => {
                field.push('\\');
                field.extend(chars.next());
            }
            c => field.push(c),
        }
    }
    Some(Rule { fields: fields.try_into().ok()?, password: Secret(unescape(&field)) })
}

fn unescape(field: &str) -> String {
    let mut out = String::with_capacity(field.len());
    let mut chars = field.chars();
    while let Some(c) = chars.next() {
        out.extend(if c == '\\' { chars.next() } else { Some(c) });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_that_fits_wins() {
        let text = "#c\nh:5432:d:u:one\n*:*:d:u:two\nlocalhost:*:*:*:a\\:b\\\\c:d\nshort:1\n\\*:1:d:x:star\n";
        let file = PassFile { rules: text.lines().filter_map(rule).collect(), note: None };
        let found = |host, port, database, user| file.password(host, port, database, user).map(|s| s.0.as_str());
        assert_eq!(found("h", 5432, "d", "u"), Some("one"));
        assert_eq!(found("x", 1, "d", "u"), Some("two"));
        assert_eq!(found("/var/run/postgresql", 1, "z", "y"), Some("a:b\\c:d"));
        assert_eq!(found("h", 1, "d", "x"), None);
        assert_eq!(found("*", 1, "d", "x"), Some("star"));
        assert!(!format!("{file:?}").contains("two"));
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_others_can_read_is_ignored_and_said() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("pass");
        std::fs::write(&path, "*:*:*:*:secret\n").expect("writes");
        let load = |mode| {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).expect("chmod");
            PassFile::load(path.to_str(), &|_| None)
        };
        let open = load(0o644);
        assert!(open.note.expect("a note").contains("chmod 600"));
        assert!(load(0o600).password("h", 1, "d", "u").is_some());
    }
}
