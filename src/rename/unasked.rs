//! Renames that nobody asked for: the server's own naming makes some, others are likely.

use std::collections::{BTreeMap, BTreeSet};

use super::{Rename, Wish, resolve};
use crate::catalog::{Canonical, Catalog};
use crate::diff::{Delta, diff};
use crate::kind::{Body, Id, Tag, owned_by};

/// What differs in nothing but its name: constraints, indexes, sequences that belong to the same column,
/// operator classes and families.
pub fn unasked(actual: &Canonical, desired: &Canonical) -> Vec<Wish> {
    pairs(actual, desired, |side, _, id| nameless(side, id)).map(wish).collect()
}

/// Schemas, tables and columns that went while one like them, with a similar name, came: the only one.
pub fn likely(actual: &Canonical, desired: &Canonical) -> Vec<(Id, Id)> {
    let is_alike = |(old, new): &(&Id, &Id)| alike(old.name().as_str(), new.name().as_str());
    let wishes: Vec<Wish> = pairs(actual, desired, likeness).filter(is_alike).map(wish).collect();
    // What cannot be renamed, since something else takes the old name, is no question.
    let (successors, possible): (Vec<Rename>, Vec<_>) =
        resolve(&wishes, actual, desired).into_iter().partition(|rename| rename.is_successor);
    let is_followed = |rename: &Rename| {
        let old = rename.wish.was(&rename.wish.to);
        successors.iter().any(|successor| successor.wish.to.path == old.path)
    };
    let possible = possible.into_iter().filter(|rename| !is_followed(rename));
    let mut likely: Vec<(Id, Id)> = possible.map(|rename| (rename.old, rename.wish.to)).collect();
    likely.sort();
    likely
}

fn wish((old, new): (&Id, &Id)) -> Wish {
    Wish { to: new.clone(), from: old.name(), schema: None, value: None }
}

/// What went and what came with the same key (asked of an object's own side, and the other), where it is one of each.
fn pairs<'a>(
    actual: &'a Canonical,
    desired: &'a Canonical,
    key: impl Fn(&Catalog, &Catalog, &Id) -> Option<String>,
) -> impl Iterator<Item = (&'a Id, &'a Id)> {
    let (mut gone, mut come) = (Vec::new(), Vec::new());
    for delta in diff(actual, desired) {
        match delta {
            Delta::Drop(id, _) => gone.push(id),
            Delta::Create(id, _) => come.push(id),
            Delta::Alter(..) => {}
        }
    }
    let tags = |ids: &[&Id]| ids.iter().map(|id| id.tag).collect::<BTreeSet<Tag>>();
    let both = &tags(&gone) & &tags(&come);
    let mut found: BTreeMap<String, [Vec<&Id>; 2]> = BTreeMap::new();
    for (ids, side, other, at) in [(gone, actual, desired, 0), (come, desired, actual, 1)] {
        for id in ids.into_iter().filter(|id| both.contains(&id.tag)) {
            if let Some(key) = key(side, other, id) {
                found.entry(key).or_default()[at].push(id);
            }
        }
    }
    found.into_values().filter_map(|[old, new]| match (&old[..], &new[..]) {
        ([old], [new]) => Some((*old, *new)),
        _ => None,
    })
}

/// An object of a table as it would be under any name; `None` where a name is more than a name.
fn nameless(catalog: &Catalog, id: &Id) -> Option<String> {
    let object = catalog.get(id)?;
    let holder = match id.tag {
        // The server renames it with that of the parent.
        Tag::Constraint if object.leader().is_some() => return None,
        Tag::Constraint | Tag::Index | Tag::DomainConstraint => id.path[..2].to_vec(),
        // A family that nobody declared has its class's name.
        Tag::OperatorFamily | Tag::OperatorClass => vec![id.part(0), id.part(2)],
        // Whatever else is said of it, it goes on counting.
        Tag::Sequence => match &catalog.get(&id.prefix(Tag::OwnedBy, 2))?.body {
            Body::OwnedBy(owned_by::OwnedBy { column }) => return Some(format!("{}", Id::new(id.tag, column.clone()))),
            _ => return None,
        },
        _ => return None,
    };
    let body = serde_json::to_string(&object.body.without_name(id)?).ok()?;
    Some(format!("{} {body}", Id::new(id.tag, holder)))
}

/// Whether one name could be the other's successor.
fn alike(old: &str, new: &str) -> bool {
    let words =
        |name: &'_ str| name.split('_').filter(|word| word.len() > 3).map(str::to_lowercase).collect::<Vec<_>>();
    let shared = words(old).iter().any(|word| words(new).contains(word));
    shared || old.contains(new) || new.contains(old) || strsim::jaro_winkler(old, new) > 0.8
}

/// A schema, table or column as it would be under any name.
fn likeness(side: &Catalog, other: &Catalog, id: &Id) -> Option<String> {
    let table = id.prefix(Tag::Table, 2);
    match id.tag {
        Tag::Column if other.has(&table) && !side.get(id)?.is_inherited() => {
            Some(format!("{table} {}", serde_json::to_string(&side.get(id)?.body.without_name(id)?).ok()?))
        }
        Tag::Table => {
            let columns: Vec<_> = side
                .below(Tag::Column, &id.path)
                .map(|(id, object)| (id.name(), object.body.without_name(id)))
                .collect();
            // A partition for other rows is another one.
            let parents: Vec<_> = side.below(Tag::Inheritance, &id.path).map(|(_, object)| &object.body).collect();
            let key = serde_json::to_string(&(&columns, parents)).ok()?;
            (!columns.is_empty()).then(|| format!("{} {key}", id.part(0)))
        }
        // With all that is in it, rows too.
        Tag::Schema => {
            let inside = side.objects.keys().filter(|other| other.path.len() > 1 && other.part(0) == id.name());
            let inside: Vec<_> = inside.map(|other| (other.tag, &other.path[1..])).collect();
            let has_tables = inside.iter().any(|(tag, _)| *tag == Tag::Table);
            has_tables.then(|| serde_json::to_string(&inside).ok()).flatten().map(|inside| format!("schema {inside}"))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::alike;

    #[test]
    fn names_that_could_be_one() {
        for (old, new) in
            [("name", "full_name"), ("expirein", "expire_in"), ("user_id", "users_id"), ("zip_code", "postal_code")]
        {
            assert!(alike(old, new), "{old} {new}");
        }
        for (old, new) in [("retention_minutes", "retry_delay_max"), ("t1", "t2"), ("age", "email")] {
            assert!(!alike(old, new), "{old} {new}");
        }
    }
}
