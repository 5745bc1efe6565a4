//! What no plan fails on, and a person had better know before a revision is used.

use std::collections::BTreeSet;

use super::Error;
use super::desired::Sides;
use crate::catalog::{Catalog, Object};
use crate::db::bodies;
use crate::db::prove::Proven;
use crate::diff::{Delta, diff};
use crate::kind::function::Function;
use crate::kind::{Body, Id, Tag, dotted, table};
use crate::name::Name;
use crate::rename::{Rename, old_of};
use crate::sql::aliases::aliased;
use crate::sql::words;

/// Sentences about what a revision makes or changes. The shadow holds the desired side, under its new names.
pub async fn warnings(sides: &Sides, proven: &Proven) -> Result<Vec<String>, Error> {
    let deltas = diff(&sides.actual, &sides.desired);
    let made: BTreeSet<&Id> =
        deltas.iter().filter(|delta| !matches!(delta, Delta::Drop(..))).map(|delta| delta.id()).collect();
    let mut out = sides.shadow.notes.clone();
    out.extend(made.iter().filter_map(|id| without_effect(id, sides)));
    let named = if sides.renames.is_empty() { &sides.desired } else { &sides.renamed };
    let functions: Vec<(&Id, &Function)> = named
        .below(Tag::Function, &[])
        .filter_map(|(id, object)| match &object.body {
            Body::Function(function) if made.contains(&old_of(id, &sides.renames)) => Some((id, function)),
            _ => None,
        })
        .collect();
    let refused = bodies::refused(&sides.shadow.connected, &functions).await?;
    out.extend(refused.into_iter().map(|(id, words)| format!("the server does not take the body of {id}: {words}")));
    out.extend(functions.iter().filter_map(|(id, function)| too_early(id, function, sides, proven)));
    out.extend(borrowed_grants(sides, proven));
    out.extend(by_place(sides));
    Ok(out)
}

/// What comes to read other columns than it is to, up and down.
pub fn by_place(sides: &Sides) -> Vec<String> {
    let mut out = named_by_place(&sides.actual, &sides.desired, "in the database");
    out.extend(named_by_place(&sides.desired, &sides.actual, "after a downgrade"));
    out
}

/// What names the columns of a table by their place, where that comes to have them in another order than is desired; `place` says where.
pub fn named_by_place(actual: &Catalog, desired: &Catalog, place: &str) -> Vec<String> {
    let tables = desired.below(Tag::Table, &[]).map(|(id, _)| &id.path[..]);
    let moved: BTreeSet<&[Name]> = tables.filter(|table| !table::keeps_order(table, actual, desired)).collect();
    let concerned = |(id, object): (&Id, &Object)| {
        let read = object.needs.iter().filter_map(|need| moved.get(need.id.path.get(..2)?));
        let read: BTreeSet<&&[Name]> = read.collect();
        if read.is_empty() {
            return None;
        }
        let mut body = object.body.clone();
        let aliased: Vec<_> = body.texts().into_iter().flat_map(|text| aliased(text.as_str())).collect();
        let is_aliased =
            |table: &&&&[Name]| aliased.iter().any(|name| name.as_ref().is_none_or(|name| *name == table[1]));
        let table = read.iter().find(is_aliased)?;
        Some(format!(
            "{id} names columns of {} by their place, and those are in another order {place}: it reads others there; \
             say `select a as b` instead of a list of names behind the table",
            dotted(table)
        ))
    };
    if moved.is_empty() { Vec::new() } else { desired.objects.iter().filter_map(concerned).collect() }
}

/// A policy on a table that does not ask for it.
fn without_effect(id: &Id, sides: &Sides) -> Option<String> {
    let table = table::of(id);
    match &sides.desired.get(&table)?.body {
        Body::Table(body) if id.tag == Tag::Policy && !body.row_security => {
            Some(format!("{id} has no effect: {table} has no `row_security`"))
        }
        _ => None,
    }
}

/// A function whose new body is in use before what it names is called so: renames are the last thing that happens.
fn too_early(id: &Id, function: &Function, sides: &Sides, proven: &Proven) -> Option<String> {
    let body = function.computes();
    let is_in_use =
        sides.actual.has(&old_of(id, &sides.renames)) && proven.up.sections.len() > 1 && body.starts_with("\nAS ");
    let new_name =
        |rename: &Rename| rename.wish.value.clone().unwrap_or_else(|| rename.wish.to.name().as_str().to_owned());
    let is_said = |name: &String| words(body).any(|word| word == name);
    let name = sides.renames.iter().filter(|_| is_in_use).map(new_name).find(is_said)?;
    Some(format!(
        "{id} gets a body that names {name}, which is called so only when the last section is through: it may fail until then; \
         a revision with the renames alone, before this one, has no such time"
    ))
}

/// Objects made again come back with the privileges that this database gives on them, managed or not.
fn borrowed_grants(sides: &Sides, proven: &Proven) -> Option<String> {
    let is_grant = |sql: &str| ["GRANT ", "REVOKE "].iter().any(|word| sql.starts_with(word));
    let stated = sides.scope.stated.privileges.iter();
    let on = |id: &Id| Some(format!(" ON {} ", sides.desired.get(id)?.body.grantable(id)?));
    let stated: Vec<String> = stated.filter_map(on).collect();
    let is_stated = |sql: &str| stated.iter().any(|on| sql.contains(on.as_str()));
    let both = proven.up.statements().chain(proven.down.statements()).map(|statement| statement.sql.as_str());
    let count = both.filter(|sql| is_grant(sql) && !is_stated(sql)).count();
    (count > 0 && !sides.scope.privileges).then(|| {
        format!(
            "privileges are not managed, and {count} statements give those of this database to objects that are made \
             again: where others are given, or the roles are not there, change these statements"
        )
    })
}
