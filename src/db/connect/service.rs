//! Service files: `pg_service.conf`, sections of settings under a name.
//!
//! Rules: <https://www.postgresql.org/docs/current/libpq-pgservice.html>.

use std::path::PathBuf;

use super::error::Error;

/// The settings of one service: the user's file first, then the one of the machine.
pub(super) fn load(
    name: &str,
    file: Option<&str>,
    env: &dyn Fn(&str) -> Option<String>,
) -> Result<Vec<(String, String)>, Error> {
    let user = file.map(PathBuf::from).or_else(|| Some(PathBuf::from(env("HOME")?).join(".pg_service.conf")));
    let system = PathBuf::from(env("PGSYSCONFDIR").unwrap_or_else(|| "/etc/postgresql-common".to_owned()));
    let files: Vec<PathBuf> = user.into_iter().chain([system.join("pg_service.conf")]).collect();
    for (i, path) in files.iter().enumerate() {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            // A file that was named has to be there; the usual ones need not.
            Err(_) if i > 0 || file.is_none() => continue,
            Err(source) => return Err(Error::File { what: "service file", path: path.clone(), source }),
        };
        if let Some(found) = section(&text, name, path)? {
            return Ok(found);
        }
    }
    Err(Error::NoService { name: name.to_owned(), files })
}

fn section(text: &str, name: &str, path: &std::path::Path) -> Result<Option<Vec<(String, String)>>, Error> {
    let mut found = None;
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(title) = line.strip_prefix('[') {
            if found.is_some() {
                break;
            }
            if title.strip_suffix(']') == Some(name) {
                found = Some(Vec::new());
            }
        } else if let Some(pairs) = &mut found {
            let Some((key, value)) = line.split_once('=') else {
                return Err(Error::ServiceLine { path: path.to_owned(), line: number + 1 });
            };
            pairs.push((key.trim().to_owned(), value.trim().to_owned()));
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_is_its_section() {
        let text = "# ours\n[a]\nhost=one\n\n[b]\nhost = two\nport=7\n[c]\nnonsense\n";
        let path = std::path::Path::new("f");
        let pairs = |name| section(text, name, path);
        assert_eq!(pairs("a").expect("reads"), Some(vec![("host".into(), "one".into())]));
        assert_eq!(pairs("b").expect("reads").map(|p| p.len()), Some(2));
        assert_eq!(pairs("d").expect("reads"), None);
        assert!(pairs("c").expect_err("a bad line").to_string().contains("f:9"));
    }
}
