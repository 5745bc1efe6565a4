//! Where the files of a cluster go, and which account its server runs as.
//!
//! The server refuses to run as root, so for root it runs as `postgres` or `nobody`; the data then belongs to that
//! account and has to be where it can get at it. A socket's path has a short limit of its own.

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::hold::io_error;
use super::{Error, Purpose};
use crate::db::machine::{self, Account};
use crate::name::hex;

/// What a socket's path may have at most, less its NUL: 104 on macOS, 108 on Linux.
const LONGEST_SOCKET: usize = 103;
/// The name PostgreSQL gives the socket of its default port, with the slash before it.
const SOCKET_NAME: &str = "/.s.PGSQL.5432";

/// How the names of our folders begin that are not where they were wanted.
pub(super) const PREFIX: &str = "aludel-";

/// The folders of one cluster.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// Data, log and locks.
    pub(super) root: PathBuf,
    /// The server's data directory.
    pub(super) data: PathBuf,
    /// The folder of its socket.
    pub(super) socket: PathBuf,
    /// What it prints.
    pub(super) log: PathBuf,
    /// Whom it runs as, where that is not this process's own user.
    pub(super) account: Option<Account>,
}

/// The account to run the server as: none, unless this is root.
pub(super) fn account() -> Result<Option<Account>, Error> {
    if machine::process_uid() != Some(0) {
        return Ok(None);
    }
    let found = ["postgres", "nobody"].iter().find_map(|name| machine::account(name));
    found.map(Some).ok_or(Error::NoAccount)
}

/// The folder itself where the account can get at it, else one of our own beside the machine's temporary files.
pub(super) fn root(folder: &Path, purpose: Purpose, account: Option<&Account>) -> PathBuf {
    match account {
        Some(account) if !machine::can_reach(account, &folder.join("data")) => {
            // /var/tmp outlives a restart of the machine.
            let lasting = Path::new("/var/tmp");
            let parent =
                if purpose == Purpose::Data && lasting.is_dir() { lasting.into() } else { std::env::temp_dir() };
            parent.join(short_name(folder))
        }
        _ => folder.to_owned(),
    }
}

/// Makes what is missing of the folders under `root`.
pub(super) fn prepare(root: PathBuf, folder: &Path, account: Option<Account>) -> Result<Place, Error> {
    if root == folder {
        std::fs::create_dir_all(&root).map_err(io_error(root.clone()))?;
    } else {
        own_folder(&root, None, 0o755)?;
    }
    let socket = socket_folder(&root, account.as_ref())?;
    Ok(Place { data: root.join("data"), log: root.join("log"), root, socket, account })
}

/// Makes the folder of the server's socket: under `root` where its path is short enough.
pub(in crate::db) fn socket_folder(root: &Path, account: Option<&Account>) -> Result<PathBuf, Error> {
    let inside = root.join("socket");
    let length = inside.as_os_str().len() + SOCKET_NAME.len();
    // The server takes a list of folders, in which these two mean something.
    let is_plain = !inside.to_string_lossy().contains([',', '"']);
    let socket =
        if is_plain && length <= LONGEST_SOCKET { inside } else { std::env::temp_dir().join(short_name(root) + "-s") };
    own_folder(&socket, account, 0o700)?;
    Ok(socket)
}

/// Makes a folder that belongs to the account, or takes the one that is there if nobody else can have put it there.
fn own_folder(path: &Path, account: Option<&Account>, mode: u32) -> Result<(), Error> {
    use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
    match std::fs::DirBuilder::new().mode(mode).create(path) {
        Ok(()) => give(path, account)?,
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
        Err(source) => return Err(io_error(path.to_owned())(source)),
    }
    // Not through a link: somebody else may have put one into the temporary folder.
    let meta = path.symlink_metadata().map_err(io_error(path.to_owned()))?;
    let (uid, _) = machine::owner(&meta);
    let ours = Some(uid) == machine::process_uid() || account.is_some_and(|account| account.uid == uid);
    if !meta.is_dir() || !ours {
        return Err(Error::Strange(path.to_owned()));
    }
    give(path, account)?;
    if meta.permissions().mode() & 0o777 != mode {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).map_err(io_error(path.to_owned()))?;
    }
    Ok(())
}

/// Makes the account the owner.
pub(super) fn give(path: &Path, account: Option<&Account>) -> Result<(), Error> {
    let Some(account) = account else { return Ok(()) };
    std::os::unix::fs::chown(path, Some(account.uid), Some(account.gid)).map_err(io_error(path.to_owned()))
}

fn short_name(path: &Path) -> String {
    let digest = Sha256::digest(path.as_os_str().as_encoded_bytes());
    format!("{PREFIX}{}", hex(&digest[..6]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_path_gets_a_short_socket() {
        let dir = tempfile::tempdir().expect("a folder");
        let long = dir.path().join("x".repeat(120));
        let place = prepare(long.clone(), &long, None).expect("prepares");
        assert!(place.socket.as_os_str().len() + SOCKET_NAME.len() <= LONGEST_SOCKET);
        assert!(place.data.starts_with(&long));
        std::fs::remove_dir(&place.socket).expect("was made");
    }

    #[test]
    fn a_folder_out_of_reach_moves() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().expect("a folder");
        std::fs::set_permissions(dir.path(), std::fs::Permissions::from_mode(0o700)).expect("chmod");
        let stranger = Account { name: "x".to_owned(), uid: 999_999, gid: 999_999 };
        let folder = dir.path().join("inner");
        assert_eq!(root(&folder, Purpose::Shadow, None), folder);
        assert!(root(&folder, Purpose::Shadow, Some(&stranger)).starts_with(std::env::temp_dir()));
    }

    #[test]
    fn a_link_in_the_way_is_refused() {
        let dir = tempfile::tempdir().expect("a folder");
        let link = dir.path().join("link");
        std::os::unix::fs::symlink(dir.path(), &link).expect("links");
        assert!(matches!(own_folder(&link, None, 0o700), Err(Error::Strange(_))));
    }
}
