//! How a command ends: the one table of exit codes, from which docs/commands.md is made and which the tests provoke.

/// How a command ends, as scripts see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Done, or nothing to say.
    Done = 0,
    /// A difference or finding that was asked for.
    Found = 1,
    /// The user has to write something otherwise.
    Mistake = 2,
    /// The database refused, or could not be had.
    Refused = 3,
    /// A lock that was not had in time.
    Locked = 4,
    /// Something that only the user can decide.
    Undecided = 5,
    /// Ctrl-C.
    Interrupted = 130,
}

impl Exit {
    /// Every code with what it means.
    pub const ALL: [(Exit, &str); 7] = [
        (Exit::Done, "Done, or there was nothing to do."),
        (
            Exit::Found,
            "A difference or finding that was asked for: `check`, `check --migrations`, `diff --exit-code`, `generate --check`.",
        ),
        (Exit::Mistake, "Usage, configuration, models, revision files: something has to be written otherwise."),
        (
            Exit::Refused,
            "The database refused a statement or could not be reached, there is no place for a shadow, or a plan has no proof.",
        ),
        (
            Exit::Locked,
            "A lock was not had in time: another run holds the migration lock (`--lock-wait`), or others a table (`lock_timeout`).",
        ),
        (Exit::Undecided, "A decision is needed: a likely rename (`--rename`, `renamed_from`, `--no-renames`)."),
        (
            Exit::Interrupted,
            "Ctrl-C, and the statement did not end: what was not committed is rolled back. One that ends is cancelled, which is code 3.",
        ),
    ];

    /// 0 if there is nothing, 1 if something was found.
    pub fn found(something: bool) -> Exit {
        if something { Exit::Found } else { Exit::Done }
    }

    /// The code.
    pub fn code(self) -> u8 {
        self as u8
    }
}
