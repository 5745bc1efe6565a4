//! What stands aside for its successor, and which successors come to stand beside what they succeed.

use std::collections::HashSet;

use super::change::{Change, Changes};
use crate::catalog::{Catalog, Object};
use crate::kind::retype::TYPES;
use crate::kind::sequence::identity_instead;
use crate::kind::{Body, Id, Tag};
use crate::sql::Sql;

/// What a type that columns move away from needs as long as it is there: functions of its own, or in its default, an operator class.
pub(super) fn parts<'a>(changes: &mut Changes<'a>, before: &'a Catalog) {
    let leaves = |change: &Change| matches!(change, Change::Swap | Change::Drop);
    let mut wholes: Vec<&Id> = changes.iter().filter(|(_, change)| leaves(change)).map(|(id, _)| *id).collect();
    while let Some(whole) = wholes.pop() {
        let is_swapped = matches!(changes[whole], Change::Swap);
        for need in before.needs(whole) {
            let stays = is_swapped && SERVES_TYPES.contains(&need.id.tag) || before.is_part(&need.id, whole);
            let change = changes.get(&need.id);
            if stays
                && (matches!(change, Some(Change::Rebuild)) || is_family_of_one(whole, &need.id, changes, before))
                && let Some((id, _)) = before.objects.get_key_value(&need.id)
            {
                changes.insert(id, Change::Swap);
                wholes.push(id);
            }
        }
    }
}

/// Whether a family stays for a class that is put aside alone, and would hold the operators of both.
fn is_family_of_one(class: &Id, family: &Id, changes: &Changes, before: &Catalog) -> bool {
    let is_swapped = |id: &Id| matches!(changes.get(id), Some(Change::Swap));
    let types_differ = || before.needs(class).any(|need| TYPES.contains(&need.id.tag) && is_swapped(&need.id));
    let classes = || before.below(Tag::OperatorClass, &[]);
    let is_alone = || classes().all(|(id, object)| id == class || object.needs.iter().all(|need| need.id != *family));
    class.tag == Tag::OperatorClass
        && family.tag == Tag::OperatorFamily
        && !changes.contains_key(family)
        && !types_differ()
        && is_alone()
}

/// Kinds that types are made with, and that can have another name meanwhile, be it by those of their types.
const SERVES_TYPES: &[Tag] = &[Tag::Function, Tag::Operator, Tag::OperatorClass, Tag::OperatorFamily];

/// A type whose name one of another kind takes, while columns move from the one to the other; a sequence whose place that
/// of an identity takes, and goes on from where it is.
pub(super) fn put_aside<'a>(changes: &mut Changes<'a>, before: &'a Catalog, after: &'a Catalog) {
    let slots = |id: &Id, side: &Catalog| side.get(id).map_or(Vec::new(), |object| object.body.slots(id));
    let of_types = |(id, change): (&&'a Id, &Change), side, wanted: fn(&Change) -> bool| {
        if TYPES.contains(&id.tag) && wanted(change) { slots(id, side) } else { Vec::new() }
    };
    let taken: Vec<String> =
        changes.iter().flat_map(|change| of_types(change, after, |change| matches!(change, Change::Create))).collect();
    for (id, change) in changes.iter_mut() {
        let left = of_types((id, change), before, |change| matches!(change, Change::Drop));
        let instead = || identity_instead(id, before, after).is_some_and(|(_, name)| name[..] == id.path[..]);
        let yields = matches!(change, Change::Drop) && instead();
        if yields || left.iter().any(|slot| taken.contains(slot)) {
            *change = Change::Aside;
        }
    }
}

/// A domain that columns hold inside of arrays or composites gets no new constraints where it is: the server would have
/// to look into those. Its successor takes its place. Whether there is one more of them.
pub(super) fn contained_domains<'a>(changes: &mut Changes<'a>, before: &'a Catalog, after: &'a Catalog) -> bool {
    let stricter = |(id, change): (&&'a Id, &Change)| match (id.tag, change) {
        (Tag::DomainConstraint, Change::Create | Change::Rebuild | Change::InPlace(..)) => match &after.get(id)?.body {
            Body::DomainConstraint(check) if !check.not_valid => Some(id.prefix(Tag::Domain, 2)),
            _ => None,
        },
        (Tag::Domain, Change::InPlace(..)) => match (&before.get(id)?.body, &after.get(id)?.body) {
            (Body::Domain(old), Body::Domain(new)) if new.not_null && !old.not_null => Some((*id).clone()),
            _ => None,
        },
        _ => None,
    };
    let stricter: Vec<Id> = changes.iter().filter_map(stricter).collect();
    let both = stricter.iter().filter_map(|id| before.objects.get_key_value(id).filter(|_| after.has(id)));
    let mut found = false;
    for (domain, _) in both {
        if !matches!(changes.get(domain), None | Some(Change::InPlace(..))) {
            continue;
        }
        let over = domains_over(domain, before);
        let names = |object: &Object| object.needs.iter().any(|need| over.contains(&&need.id));
        let columns = before.below(Tag::Column, &[]).filter(|(_, object)| names(object));
        let rows: HashSet<String> = columns.map(|(id, _)| id.relation().to_string()).collect();
        let holds_rows = |r#type: &Sql| rows.contains(r#type.as_str().trim_end_matches("[]"));
        let contained = |object: &Object| match &object.body {
            Body::Column(column) => column.r#type.as_str().ends_with("[]") && names(object),
            Body::MaterializedView(view) => view.columns.iter().any(|(_, r#type)| holds_rows(r#type)),
            Body::Composite(_) | Body::Range(_) => names(object),
            _ => false,
        };
        if before.objects.values().any(contained) {
            changes.insert(domain, Change::Rebuild);
            found = true;
        }
    }
    found
}

/// A domain and those that stand on it.
fn domains_over<'a>(domain: &'a Id, catalog: &'a Catalog) -> Vec<&'a Id> {
    let mut over = vec![domain];
    let mut next = 0;
    while next < over.len() {
        let stands = |object: &Object| object.needs.iter().any(|need| need.id == *over[next]);
        let domains = catalog.objects.iter().filter(|(id, object)| id.tag == Tag::Domain && stands(object));
        let more: Vec<&Id> = domains.map(|(id, _)| id).filter(|id| !over.contains(id)).collect();
        over.extend(more);
        next += 1;
    }
    over
}
