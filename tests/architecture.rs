//! The floors of the house: a room imports only from floors below its own.
#![allow(missing_docs, clippy::disallowed_methods, clippy::disallowed_types)]

use std::path::{Path, PathBuf};

/// Room and floor; docs/ARCHITECTURE.md says what each holds.
const FLOORS: &[(&str, u8)] = &[
    ("main", 6),
    ("lib", 6),
    ("cli", 5),
    ("command", 4),
    ("db", 3),
    ("disk", 3),
    ("codegen", 3),
    ("model", 2),
    ("plan", 2),
    ("revision", 2),
    ("scope", 2),
    ("catalog", 1),
    ("diff", 1),
    ("facet", 1),
    ("kind", 1),
    ("rename", 1),
    ("sql", 0),
    ("statement", 0),
    ("name", 0),
    ("dag", 0),
];

fn floor(room: &str) -> Option<u8> {
    FLOORS.iter().find(|(name, _)| *name == room).map(|(_, floor)| *floor)
}

/// What is wrong with the imports of one file of a room.
fn faults(room: &str, text: &str) -> Vec<String> {
    let Some(own) = floor(room) else { return vec![format!("{room} has no floor in the table")] };
    let mut out = Vec::new();
    for part in text.split("crate::").skip(1) {
        let names: Vec<&str> = match part.strip_prefix('{') {
            Some(list) => list.split('}').next().unwrap_or("").split(',').collect(),
            None => vec![part],
        };
        for name in names {
            let name: String = name.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            // A floor may use itself: the kinds and the catalog are one ground. Above it, rooms of one floor are strangers.
            let fine = name == room || floor(&name).is_none_or(|other| other < own || (other == own && own <= 1));
            let peers = [("scope", "plan"), ("disk", "model")].contains(&(room, name.as_str()));
            if !fine && !peers {
                out.push(format!("{room} (floor {own}) imports {name}"));
            }
        }
    }
    out
}

fn files(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("src") {
        let path = entry.expect("entry").path();
        if path.is_dir() {
            files(&path, out);
        } else if path.extension().is_some_and(|end| end == "rs") {
            out.push(path);
        }
    }
}

#[test]
fn every_import_goes_down() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut all = Vec::new();
    files(&source, &mut all);
    let mut wrong = Vec::new();
    for path in all {
        let relative = path.strip_prefix(&source).expect("below src");
        let first = relative.components().next().expect("a part").as_os_str().to_string_lossy();
        let room = first.trim_end_matches(".rs").to_owned();
        let text = std::fs::read_to_string(&path).expect("text");
        wrong.extend(faults(&room, &text).into_iter().map(|fault| format!("{}: {fault}", relative.display())));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn an_import_that_goes_up_is_found() {
    assert_eq!(faults("kind", "use crate::db::read;"), ["kind (floor 1) imports db"]);
    assert_eq!(faults("plan", "use crate::{catalog::Id, cli};"), ["plan (floor 2) imports cli"]);
    assert!(faults("db", "use crate::kind::{Id, Tag};").is_empty());
    assert_eq!(faults("attic", ""), ["attic has no floor in the table"]);
}
