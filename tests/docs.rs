//! What is made of the types is what is checked in. `UPDATE_DOCS=1 cargo test --test docs` writes it.
#![allow(missing_docs, clippy::disallowed_methods, clippy::disallowed_types)]

use std::path::Path;

use aludel::disk::config::ConfigFile;
use aludel::model::docs::{markdown, models_markdown};

#[test]
fn the_documents_are_what_the_types_say() {
    let documents = [
        ("docs/commands.md", aludel::cli::manual()),
        ("docs/models.md", models_markdown()),
        ("docs/configuration.md", markdown("aludel.toml", ConfigFile::record)),
    ];
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let is_update = std::env::var_os("UPDATE_DOCS").is_some();
    for (file, text) in documents {
        if is_update {
            std::fs::write(root.join(file), &text).expect(file);
        }
        let there = std::fs::read_to_string(root.join(file)).unwrap_or_default();
        assert!(there == text, "{file} is not what the types say: UPDATE_DOCS=1 cargo test --test docs writes it");
    }
}
