//! Revisions: their files, the graph they form, and the ways through it. Pure: texts in, texts and values out.

pub mod file;
pub mod graph;
pub mod id;
pub mod moves;
pub mod place;
pub mod render;
pub mod target;

pub use file::{Mode, Revision, Script, Section};
pub use graph::Graph;
pub use id::Id;
pub use moves::{Direction, Move};
pub use place::{Place, Splice};
pub use target::{Range, Target};

/// What can be wrong with revisions.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A mistake at one place of a file.
    #[error("{file}:{line}: {problem}")]
    File {
        /// The file's name.
        file: String,
        /// The line, from 1.
        line: usize,
        /// What is wrong, and what to do.
        problem: String,
    },
    /// An id that can't be one.
    #[error("\"{text}\" cannot be a revision id: {reason}")]
    BadId {
        /// What was given.
        text: String,
        /// Why not.
        reason: &'static str,
    },
    /// Two revisions of one id.
    #[error("{first} and {second} both hold revision {id}: give one of them another id in its header")]
    Duplicate {
        /// The id.
        id: Id,
        /// One file.
        first: String,
        /// The other.
        second: String,
    },
    /// A revision names another that does not exist.
    #[error("{file}: {key} names revision {missing}, and no file holds it{hint}")]
    Missing {
        /// The file that names it.
        file: String,
        /// `down_revision` or `depends_on`.
        key: &'static str,
        /// The name.
        missing: String,
        /// ": did you mean …", or nothing.
        hint: String,
    },
    /// Revisions that come before themselves.
    #[error("these revisions come before each other in a circle: {}; change the down_revision of one of them", files.join(" -> "))]
    Cycle {
        /// Their files, in order.
        files: Vec<String>,
    },
    /// Two revisions claim one branch label.
    #[error("{first} and {second} both carry the branch label {label}: a label stands on one revision")]
    DuplicateLabel {
        /// The label.
        label: String,
        /// One file.
        first: String,
        /// The other.
        second: String,
    },
    /// Text that is no revision in any spelling.
    #[error("there is no revision {text}{hint}")]
    Unknown {
        /// What was asked for.
        text: String,
        /// ": did you mean …", or nothing.
        hint: String,
    },
    /// A prefix of several ids.
    #[error("{text} is short for several revisions: {}; give more of the id", candidates.join(", "))]
    Ambiguous {
        /// The prefix.
        text: String,
        /// What begins with it.
        candidates: Vec<String>,
    },
    /// One head was asked for, and there are several.
    #[error("there are {} heads{}: {}; say `heads`, name one, or merge them", heads.len(), within(branch), heads.join(", "))]
    ManyHeads {
        /// The branch asked for.
        branch: Option<String>,
        /// The heads.
        heads: Vec<String>,
    },
    /// A new revision was to follow one that others follow.
    #[error("revision {id} is no head ({} follows it): --splice begins a branch there", next.join(", "))]
    NotAHead {
        /// The revision.
        id: Id,
        /// What follows it.
        next: Vec<String>,
    },
    /// A merge of less than two.
    #[error("a merge needs several revisions, and {text} means {}: `aludel heads` shows what there is", ids.first().map_or("none", Id::as_str))]
    NothingToMerge {
        /// What was asked for.
        text: String,
        /// What it means.
        ids: Vec<Id>,
    },
    /// A label that the revision syntax would read otherwise.
    #[error("\"{text}\" cannot be a branch label: {reason}")]
    BadLabel {
        /// What was given.
        text: String,
        /// Why not.
        reason: &'static str,
    },
    /// Text that the revision syntax does not know.
    #[error(
        "\"{text}\" is no revision: {reason}; examples: head, heads, base, +1, -1, 4a1f+2, label@head, 4a1f0c2b9d3e"
    )]
    Syntax {
        /// What was given.
        text: String,
        /// What is wrong.
        reason: &'static str,
    },
    /// A relative step that could go several ways.
    #[error("{text} can go several ways from {from}: {}; name the revision, or the branch as label@{text}", candidates.join(", "))]
    AmbiguousStep {
        /// The target as written.
        text: String,
        /// The revision at the fork.
        from: String,
        /// The ways.
        candidates: Vec<String>,
    },
    /// A relative step past the end.
    #[error("{text} goes past the {end}: only {possible} of the steps exist")]
    TooFar {
        /// The target as written.
        text: String,
        /// `last revision` or `first revision`.
        end: &'static str,
        /// How many steps there are.
        possible: usize,
    },
    /// A revision is not on the branch that was named with it.
    #[error("revision {id} is not on branch {branch}")]
    NotOnBranch {
        /// The revision.
        id: Id,
        /// The branch.
        branch: String,
    },
    /// A downgrade to what was never applied.
    #[error("cannot downgrade to {id}: it is not applied to this database; `current` shows what is")]
    NotApplied {
        /// The revision.
        id: Id,
    },
    /// The database knows a revision that the folder does not.
    #[error(
        "the database has revision {id}, and no file of the migrations folder holds it: get the missing file (another branch?), or `stamp` the database"
    )]
    Foreign {
        /// The revision.
        id: Id,
    },
    /// A template of a revision file does not render.
    #[error("the template {template} does not render: {source}")]
    Template {
        /// Which.
        template: &'static str,
        /// Why.
        source: minijinja::Error,
    },
}

fn within(branch: &Option<String>) -> String {
    branch.as_ref().map(|branch| format!(" on branch {branch}")).unwrap_or_default()
}

/// ": did you mean …" for the nearest of some names, or nothing where none is near.
pub(crate) fn did_you_mean<'a>(text: &str, names: impl IntoIterator<Item = &'a str>) -> String {
    names
        .into_iter()
        .map(|name| (strsim::jaro_winkler(text, name), name))
        .filter(|(score, _)| *score > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| format!(": did you mean {name}?"))
        .unwrap_or_default()
}
