//! What a function computed before its body changed, and is kept: the server computes none of it again.

use std::collections::HashSet;

use super::change::{Change, Changes};
use crate::catalog::{Catalog, Object};
use crate::kind::index::Index;
use crate::kind::{Body, Id, Tag};
use crate::statement::{Danger, Hazard};

/// Says of every function that gets another body what stays as the old one left it.
pub fn tell(changes: &mut Changes, before: &Catalog, after: &Catalog) {
    let is_told = |(id, change): &(&&Id, &Change)| {
        id.tag == Tag::Function && matches!(change, Change::InPlace(..)) && computes(before, id) != computes(after, id)
    };
    let told: HashSet<Id> = changes.iter().filter(is_told).map(|(id, _)| (*id).clone()).collect();
    if told.is_empty() {
        return;
    }
    for (id, object) in &before.objects {
        let Some(why) = kept(id, object).filter(|_| !changes.contains_key(id)) else { continue };
        for need in object.needs.iter().filter(|need| told.contains(&need.id)) {
            if let Some(Change::InPlace(statements, _)) = changes.get_mut(&need.id)
                && let Some(first) = statements.first_mut()
            {
                first.hazards.push(Hazard { danger: Danger::OutOfDate, why: why.clone(), count: None });
            }
        }
    }
}

fn computes<'a>(side: &'a Catalog, id: &Id) -> Option<&'a str> {
    match &side.get(id)?.body {
        Body::Function(function) => Some(function.computes()),
        _ => None,
    }
}

/// What of an object was computed once, and how it is brought up to date.
fn kept(id: &Id, object: &Object) -> Option<String> {
    let relation = id.relation();
    Some(match &object.body {
        Body::Index(_) => {
            let index = Index::name(id);
            format!("index {index} holds what the old body computed, until REINDEX INDEX CONCURRENTLY {index}")
        }
        Body::Column(column) if column.generated.is_some() && !column.r#virtual => {
            format!("column {} of {relation} holds what the old body computed, until its rows are updated", id.name())
        }
        Body::MaterializedView(_) => {
            format!("{relation} holds what the old body computed, until REFRESH MATERIALIZED VIEW {relation}")
        }
        Body::Constraint(_) | Body::DomainConstraint(_) => {
            format!("rows of {relation} are not looked at again for constraint {}", id.name())
        }
        Body::Table(table) if table.partition_key.is_some() => {
            format!("rows of {relation} stay in the partitions that the old body chose")
        }
        _ => return None,
    })
}
