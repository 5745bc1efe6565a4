//! `init`: the files of a new project.

use std::path::{Path, PathBuf};

use crate::disk::{Error, write_atomic};

const CONFIG: &str = "\
[database]
# url = \"postgres://localhost/app\"    # or --database-url, or DATABASE_URL
schemas = [\"public\"]                  # [\"*\"]: all but the system's
";

const MODELS: &str = "\
# The schema of the database. `aludel pull` fills it from a live one.
[sql]
files = [\"sql/**/*.sql\"]
";

/// Makes what is missing, and gives the names of what it made.
pub fn init(root: &Path) -> Result<Vec<PathBuf>, Error> {
    let files =
        [("aludel.toml", CONFIG), ("models.toml", MODELS), ("migrations/.gitkeep", ""), (".aludel/.gitignore", "*\n")];
    let mut made = Vec::new();
    for (name, text) in files {
        let path = root.join(name);
        if !path.exists() {
            write_atomic(&path, text.as_bytes())?;
            made.push(PathBuf::from(name));
        }
    }
    Ok(made)
}
