//! One file a use case: takes a request, returns a report, prints nothing.

pub mod branches;
pub mod current;
pub mod describe;
pub mod downgrade;
pub mod heads;
pub mod history;
pub mod run;
pub mod show;
pub mod stamp;
pub mod upgrade;

/// What a use case can fail with.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// What was asked for, or the graph, is wrong.
    #[error(transparent)]
    Revision(#[from] crate::revision::Error),
    /// A run stopped.
    #[error(transparent)]
    Run(#[from] crate::db::apply::Error),
}
