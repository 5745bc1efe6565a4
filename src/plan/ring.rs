//! Tables that refer to each other in a ring and become logged, or unlogged.

use std::collections::{BTreeMap, BTreeSet};

use super::change::{Change, Changes, switched};
use crate::catalog::Catalog;
use crate::kind::{Id, Tag, table};

/// No logged table refers to an unlogged one: where each waits for the other, their foreign keys go meanwhile.
pub(super) fn open<'a>(changes: &mut Changes<'a>, before: &'a Catalog, after: &'a Catalog) {
    let tables = changes.keys().copied().filter(|id| id.tag == Tag::Table && switched(id, before, after).is_some());
    let switching: BTreeSet<Id> = tables.cloned().collect();
    let mut keys: BTreeMap<&Id, Vec<(Id, &'a Id)>> = BTreeMap::new();
    for referred in &switching {
        for key in before.referring_to(&referred.path) {
            let own = table::of(key);
            if own != *referred && switching.contains(&own) && after.has(key) {
                keys.entry(referred).or_default().push((own, key));
            }
        }
    }
    let leads_back = |from: &Id, to: &Id| {
        let (mut open, mut seen) = (vec![from], BTreeSet::from([from]));
        while let Some(table) = open.pop() {
            for (own, _) in keys.get(table).into_iter().flatten() {
                if own == to {
                    return true;
                }
                if seen.insert(own) {
                    open.push(own);
                }
            }
        }
        false
    };
    for (referred, own, key) in keys.iter().flat_map(|(to, keys)| keys.iter().map(move |(own, key)| (*to, own, *key))) {
        if leads_back(own, referred) {
            changes.insert(key, Change::Rebuild);
        }
    }
}
