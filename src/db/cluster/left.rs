//! Shadows' files that were kept away from a folder which is gone: nobody comes back to them.

use std::os::unix::net::UnixStream;
use std::path::Path;

use super::hold;
use super::place::PREFIX;
use crate::db::machine;

/// The file that names the folder which these files belong to.
const OF: &str = "folder";

/// Notes whose files these are, and removes those of folders that are gone. What fails is tried again by the next.
pub(super) fn sweep(root: &Path, folder: &Path) {
    let _ = std::fs::write(root.join(OF), folder.as_os_str().as_encoded_bytes());
    let entries = root.parent().and_then(|parent| std::fs::read_dir(parent).ok());
    for entry in entries.into_iter().flatten().flatten() {
        let path = entry.path();
        if entry.file_name().to_string_lossy().starts_with(PREFIX) && path != root && is_left(&path) {
            let _ = std::fs::remove_dir_all(path);
        }
    }
}

fn is_left(root: &Path) -> bool {
    let ours = root
        .symlink_metadata()
        .is_ok_and(|meta| meta.is_dir() && machine::process_uid().is_some_and(|uid| machine::owner(&meta).0 == uid));
    let is_gone = || std::fs::read_to_string(root.join(OF)).is_ok_and(|folder| !Path::new(&folder).exists());
    let runs = || UnixStream::connect(root.join("socket/.s.PGSQL.5432")).is_ok();
    ours && is_gone() && !runs() && hold::is_unused(root)
}
