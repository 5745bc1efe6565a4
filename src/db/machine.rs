//! Facts of this machine that the standard library does not hand out: who runs this process, and the users there are.

use std::path::Path;

/// One line of the machine's user database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Login name.
    pub name: String,
    /// User id.
    pub uid: u32,
    /// Primary group id.
    pub gid: u32,
}

/// The account of that name in `/etc/passwd`.
pub fn account(name: &str) -> Option<Account> {
    accounts().into_iter().find(|account| account.name == name)
}

/// The name of whoever runs this process, from the environment or the user database.
pub fn user_name(env: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    // The id goes first: after `su` the variables may still name somebody else.
    let by_id = process_uid().and_then(|uid| accounts().into_iter().find(|account| account.uid == uid));
    by_id
        .map(|account| account.name)
        .or_else(|| ["USER", "LOGNAME", "USERNAME"].iter().find_map(|key| env(key).filter(|name| !name.is_empty())))
}

/// The user id of this process where the system tells it without a system call of our own.
#[cfg(unix)]
pub fn process_uid() -> Option<u32> {
    Path::new("/proc/self").metadata().ok().map(|meta| owner(&meta).0)
}

#[cfg(not(unix))]
pub fn process_uid() -> Option<u32> {
    None
}

/// Owner and group of a file.
#[cfg(unix)]
pub fn owner(meta: &std::fs::Metadata) -> (u32, u32) {
    use std::os::unix::fs::MetadataExt;
    (meta.uid(), meta.gid())
}

/// Whether another account can pass through every folder on the way to `path`.
#[cfg(unix)]
pub fn can_reach(account: &Account, path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.ancestors().skip(1).all(|folder| {
        let Ok(meta) = folder.metadata() else { return true };
        let mode = meta.permissions().mode();
        match owner(&meta) {
            (uid, _) if uid == account.uid => mode & 0o100 != 0,
            (_, gid) if gid == account.gid => mode & 0o010 != 0,
            _ => mode & 0o001 != 0,
        }
    })
}

fn accounts() -> Vec<Account> {
    let text = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    text.lines().filter_map(parse).collect()
}

fn parse(line: &str) -> Option<Account> {
    let mut fields = line.split(':');
    let name = fields.next()?.to_owned();
    let uid = fields.nth(1)?.parse().ok()?;
    let gid = fields.next()?.parse().ok()?;
    Some(Account { name, uid, gid })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_passwd_is_an_account() {
        let line = "postgres:x:101:104:PostgreSQL administrator,,,:/var/lib/postgresql:/bin/bash";
        assert_eq!(parse(line), Some(Account { name: "postgres".to_owned(), uid: 101, gid: 104 }));
        assert_eq!(parse("# comment"), None);
    }

    #[cfg(unix)]
    #[test]
    fn a_private_folder_is_out_of_reach() {
        use std::os::unix::fs::PermissionsExt;
        let stranger = Account { name: "x".to_owned(), uid: 999_999, gid: 999_999 };
        let dir = tempfile::tempdir().expect("a folder");
        std::fs::set_permissions(dir.path(), std::fs::Permissions::from_mode(0o700)).expect("chmod");
        assert!(!can_reach(&stranger, &dir.path().join("data")));
        assert!(can_reach(&stranger, Path::new("/tmp/data")));
    }
}
