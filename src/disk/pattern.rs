//! File patterns: `*` and `?` within a name, `**` for any folders.

use std::path::{Path, PathBuf};

/// Whether a text is a pattern, and not the path of one file.
pub fn is_pattern(text: &str) -> bool {
    text.contains(['*', '?'])
}

/// Files below a folder that fit a pattern, sorted, relative to the folder. A plain path is itself, there or not.
pub fn expand(folder: &Path, pattern: &str) -> Vec<PathBuf> {
    if !is_pattern(pattern) {
        return vec![PathBuf::from(pattern)];
    }
    let parts: Vec<&str> = pattern.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    let mut found = Vec::new();
    descend(folder, Path::new(""), &parts, &mut found);
    found.sort();
    found.dedup();
    found
}

fn descend(root: &Path, below: &Path, parts: &[&str], found: &mut Vec<PathBuf>) {
    let Some((part, rest)) = parts.split_first() else { return };
    if *part == "**" {
        descend(root, below, rest, found);
    } else if !is_pattern(part) {
        let next = below.join(part);
        match (rest.is_empty(), root.join(&next).is_file()) {
            (true, true) => found.push(next),
            (true, false) => {}
            (false, _) => descend(root, &next, rest, found),
        }
        return;
    }
    // A folder that is not there or not readable has no files that fit.
    let Ok(entries) = std::fs::read_dir(root.join(below)) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let Some(text) = name.to_str().filter(|text| !text.starts_with('.')) else { continue };
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        let next = below.join(text);
        if *part == "**" {
            if is_folder {
                descend(root, &next, parts, found);
            }
        } else if fits(part, text) {
            if rest.is_empty() && root.join(&next).is_file() {
                found.push(next);
            } else if !rest.is_empty() {
                descend(root, &next, rest, found);
            }
        }
    }
}

/// Whether a name fits. A star that fails is tried one character further on, so that no pattern takes long.
fn fits(pattern: &str, name: &str) -> bool {
    let (pattern, name): (Vec<char>, Vec<char>) = (pattern.chars().collect(), name.chars().collect());
    let (mut at, mut next, mut star) = (0, 0, None);
    while next < name.len() {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, next));
                at += 1;
            }
            Some(letter) if *letter == '?' || *letter == name[next] => {
                at += 1;
                next += 1;
            }
            _ => match star {
                Some((star_at, taken)) => {
                    star = Some((star_at, taken + 1));
                    at = star_at + 1;
                    next = taken + 1;
                }
                None => return false,
            },
        }
    }
    pattern[at..].iter().all(|letter| *letter == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fit() {
        assert!(fits("*.toml", "a.toml") && fits("a?c*", "abcd") && fits("*a*b", "xaab"));
        assert!(!fits("*.toml", "a.sql") && !fits("a?", "a"));
        assert!(!fits(&"*a".repeat(50), &"a".repeat(49)));
    }

    #[test]
    fn folders_are_searched() {
        let folder = tempfile::tempdir().unwrap();
        for file in ["sql/a.sql", "sql/b/c.sql", "sql/b/d.txt", "e.sql"] {
            let path = folder.path().join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "").unwrap();
        }
        let show = |path: &PathBuf| path.display().to_string();
        let found = |pattern| expand(folder.path(), pattern).iter().map(show).collect::<Vec<_>>();
        assert_eq!(found("sql/*.sql"), ["sql/a.sql"]);
        assert_eq!(found("sql/**/*.sql"), ["sql/a.sql", "sql/b/c.sql"]);
        assert_eq!(found("none/*.sql"), Vec::<String>::new());
        assert_eq!(found("x.sql"), ["x.sql"]);
    }
}
