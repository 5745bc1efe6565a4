//! `merge`: a revision that follows several, so that there is one head again.

use std::path::Path;

use super::revision::{Report, Request, blank};
use super::{Error, graph};
use crate::disk::config::Config;
use crate::revision::Error as RevisionError;

/// Writes a revision that follows the heads of `request.place`, and does nothing itself.
///
/// # Errors
/// If less than two heads are named, or they are none.
pub fn merge(root: &Path, config: &Config, request: &Request) -> Result<Report, Error> {
    let ids = request.place.find(&graph(root, config)?)?.down_revisions;
    if ids.len() < 2 {
        let text = request.place.heads.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        return Err(RevisionError::NothingToMerge { text, ids }.into());
    }
    let names = ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(" and ");
    let message = if request.message.is_empty() { format!("merge {names}") } else { request.message.clone() };
    blank(root, config, &Request { message, ..request.clone() })
}
