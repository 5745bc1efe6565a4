//! Mistakes in relationships: each needs a foreign key behind it.

use super::super::column::Column;
use super::super::decode::{Ident, Text};
use super::super::diagnostic::Diagnostic;
use super::super::models::{Link, Models};
use super::super::table::{Cascade, Relationship};
use super::all_known;
use crate::name::Name;

/// Every relationship of a model.
pub fn check(models: &Models, at: usize, found: &mut Vec<Diagnostic>) {
    let entry = &models.models[at];
    for (name, relationship) in entry.model.relationships.iter() {
        if entry.column(name.as_str()).is_some() {
            let message = format!("`{}` has a column and a relationship `{}`", entry.rust_name(), name.as_str());
            found.push(Diagnostic::new(name.span, message).help("give the relationship another name"));
        }
        one(models, at, name, relationship, found);
    }
}

fn one(models: &Models, at: usize, name: &Ident, relationship: &Relationship, found: &mut Vec<Diagnostic>) {
    let here = models.models[at].rust_name();
    let targets = [&relationship.has_many, &relationship.has_one, &relationship.belongs_to];
    let given: Vec<&Text> = targets.into_iter().flatten().collect();
    let [target_name] = given.as_slice() else {
        let message = format!("the relationship `{here}.{}` is not exactly one kind", name.as_str());
        found.push(Diagnostic::new(name.span, message).help("give one of `has_many`, `has_one` and `belongs_to`"));
        return;
    };
    let target = match models.resolve(target_name) {
        Ok(target) => target,
        Err(mistake) => return found.push(mistake),
    };
    if let Some(through) = &relationship.through {
        let middle = match models.resolve(through) {
            Ok(middle) => middle,
            Err(mistake) => return found.push(mistake),
        };
        let links = models.links(middle);
        for end in [at, target] {
            if !links.iter().any(|link| link.target == end) {
                let message = format!("`{through}` does not refer to `{}`", models.models[end].rust_name());
                found.push(Diagnostic::new(through.span, message).help("the model in between refers to both"));
            }
        }
        return;
    }
    // `belongs_to` has its foreign key here, the others on the far side.
    let (from, to) = if relationship.belongs_to.is_some() { (at, target) } else { (target, at) };
    let referring = models.models[from].rust_name();
    all_known(relationship.via.iter(), referring, models.columns(from).as_deref(), found);
    let links: Vec<Link> = models.links(from).into_iter().filter(|link| link.target == to).collect();
    let via: Vec<&str> = relationship.via.iter().map(|column| column.as_str()).collect();
    let fitting =
        |link: &&Link| via.is_empty() || link.columns.iter().map(|column| column.as_str()).eq(via.iter().copied());
    let fitting: Vec<&Link> = links.iter().filter(fitting).collect();
    let to_name = models.models[to].rust_name();
    if fitting.is_empty() {
        let message = format!("no foreign key of `{referring}` refers to `{to_name}`");
        let message = if via.is_empty() { message } else { format!("{message} by {}", via.join(", ")) };
        let help = format!("give a column of `{referring}` `references = \"{to_name}.…\"`");
        found.push(Diagnostic::new(target_name.span, message).label("nothing is behind this relationship").help(help));
    } else if fitting.len() > 1 {
        let ways: Vec<String> = fitting.iter().map(|link| link.columns[0].as_str().to_string()).collect();
        let message = format!("`{referring}` refers to `{to_name}` in {} ways: {}", fitting.len(), ways.join(", "));
        found.push(Diagnostic::new(target_name.span, message).help("say which with `via = \"…\"`"));
    } else if let Some(cascade) = relationship.cascade.as_ref().filter(|cascade| cascade.value == Cascade::SetNull) {
        let is_set = |column: &&Name| !models.models[from].column(column.as_str()).is_none_or(Column::is_nullable);
        if let Some(column) = fitting[0].columns.iter().find(is_set) {
            let message = format!("`{referring}.{}` cannot be set to null: it refuses nulls", column.as_str());
            found.push(
                Diagnostic::new(cascade.span, message).help("let it be `nullable`, or say `cascade = \"delete\"`"),
            );
        }
    }
}
