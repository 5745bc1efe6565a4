//! `aludel demo` on this machine's server programs, and what can be done with the folder that it leaves.
#![allow(missing_docs, clippy::disallowed_methods, clippy::disallowed_types)]

mod support;

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use support::Ran;

fn aludel(folder: &Path, arguments: &[&str]) -> Ran {
    let mut command = Command::new(env!("CARGO_BIN_EXE_aludel"));
    Ran::of(command.arg("-C").arg(folder).args(arguments))
}

#[test]
fn the_story_is_played_and_the_folder_goes_on() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).expect("the server may enter");
    // Not even a URL on the command line leads the story elsewhere.
    let ran = aludel(folder.path(), &["--database-url", "postgres://127.0.0.1:1/none", "demo", "story"]);
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    let told = [
        "CREATE TABLE public.posts (",
        "ALTER TABLE public.posts RENAME COLUMN state TO status;",
        "Notes on the engine: published",
        "ALTER TABLE public.posts RENAME COLUMN status TO state;",
        "pub struct Post {",
    ];
    told.iter().for_each(|words| assert!(ran.stdout.contains(words), "{words}\n{}", ran.stdout));

    let story = folder.path().join("story");
    for arguments in [&["check"][..], &["check", "--migrations"], &["generate", "--check"]] {
        let ran = aludel(&story, arguments);
        assert_eq!(ran.code, 0, "{arguments:?}: {}{}", ran.stdout, ran.stderr);
    }
    let ran = aludel(folder.path(), &["demo", "story"]);
    assert_eq!(ran.code, 2, "{}", ran.stdout);
    assert!(ran.stderr.contains("story is there already, and nothing was written over it"), "{}", ran.stderr);
    let ran = aludel(folder.path(), &["--format", "json", "demo", "again"]);
    let json: serde_json::Value = serde_json::from_str(&ran.stdout).expect("JSON");
    assert_eq!(json["scenes"][0]["does"], "write models.toml");
}
