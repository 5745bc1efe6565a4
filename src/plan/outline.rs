//! Views and functions that need each other in a circle: one of them is an outline before the others are made, and once more
//! before they go.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::change::{Change, Changes};
use crate::catalog::Catalog;
use crate::kind::Id;

/// Which objects are an outline for a while, and the others on their circles, which make do with that.
pub(super) type Outlines = BTreeMap<Id, BTreeSet<Id>>;

/// The first on a circle that opens it as an outline and is none for all the others yet; views before functions.
pub(super) fn next<'c>(
    outlines: &Outlines,
    circle: &'c [Id],
    changes: &Changes,
    before: &Catalog,
    after: &Catalog,
) -> Option<&'c Id> {
    let has_outline = |side: &Catalog, id: &Id| side.get(id).is_some_and(|object| object.body.outline(id).is_some());
    let can_be = |id: &Id| match changes.get(id) {
        Some(Change::Create) => has_outline(after, id),
        Some(Change::Drop) => has_outline(before, id),
        Some(Change::Rebuild) => has_outline(before, id) && has_outline(after, id),
        _ => false,
    };
    let serves = |id: &Id| {
        let served = outlines.get(id);
        circle.iter().all(|other| other == id || served.is_some_and(|served| served.contains(other)))
    };
    circle.iter().filter(|id| can_be(id) && !serves(id)).min_by_key(|id| (Reverse(id.tag), &id.path))
}

/// Opens a circle by the outline of one on it; whether that could be.
pub(super) fn add(
    outlines: &mut Outlines,
    circle: &[Id],
    changes: &Changes,
    before: &Catalog,
    after: &Catalog,
) -> bool {
    let Some(id) = next(outlines, circle, changes, before, after) else { return false };
    let others = circle.iter().filter(|other| *other != id).cloned();
    outlines.entry(id.clone()).or_default().extend(others);
    true
}
