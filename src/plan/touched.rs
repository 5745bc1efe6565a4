//! What a change may touch.

use std::collections::{BTreeSet, HashMap};

use crate::catalog::Canonical;
use crate::diff::diff;
use crate::kind::{Id, Tag};

/// What differs, what stands on that, and what those stand on.
pub fn touched(before: &Canonical, after: &Canonical) -> BTreeSet<Id> {
    let mut next: Vec<Id> = diff(before, after).iter().map(|delta| delta.id().anchor()).collect();
    if next.is_empty() {
        return BTreeSet::new();
    }
    let (mut users, mut needs) = (HashMap::<Id, Vec<Id>>::new(), HashMap::<Id, Vec<Id>>::new());
    // A foreign key does not make its table another one.
    let objects = before.objects.iter().chain(&after.objects).filter(|(id, _)| id.tag != Tag::Constraint);
    for (id, object) in objects {
        for need in object.needs.iter().filter(|need| need.id.tag != Tag::Schema) {
            let (user, needed) = (id.anchor(), need.id.anchor());
            users.entry(needed.clone()).or_default().push(user.clone());
            needs.entry(user).or_default().push(needed);
        }
    }
    let mut found = BTreeSet::new();
    while let Some(id) = next.pop() {
        if found.insert(id.clone()) {
            next.extend(users.get(&id).into_iter().flatten().cloned());
        }
    }
    let below: Vec<Id> = found.iter().filter_map(|id| needs.get(id)).flatten().cloned().collect();
    found.extend(below);
    found
}
