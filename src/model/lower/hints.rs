//! What the models say to the planner, and no catalog has: what was called otherwise, and how values change their type.

use super::super::collection::{Path, PathText};
use super::super::column::Column;
use super::super::decode::Ident;
use super::super::models::{Entry, Models, place};
use super::super::names::{Suffix, choose};
use super::index::{index_name, statistics_name};
use super::{Lowered, raw};
use crate::facet::Stated;
use crate::kind::{Id, Tag};
use crate::name::Name;
use crate::rename::Wish;

/// Does the same with each object of every kind that has a schema, models apart: its kind, its place, and what is said of it.
macro_rules! each_with_a_schema {
    ($models:ident, |$tag:ident, $path:ident, $item:ident| $body:expr) => {
        each_with_a_schema!($models, |$tag, $path, $item| $body; Enum in enums, Domain in domains, Composite in composites,
            Range in ranges, Sequence in sequences, View in views, MaterializedView in materialized_views)
    };
    ($models:ident, |$tag:ident, $path:ident, $item:ident| $body:expr; $($kind:ident in $list:ident),*) => {
        $(for (key, $item) in $models.$list.iter() {
            let ($tag, $path) = (Tag::$kind, place(key, $item.schema.as_ref()));
            $body;
        })*
    };
}

/// The objects whose owner, or whose privileges, the models state.
pub fn stated(models: &Models) -> Stated {
    let mut out = Stated::default();
    let mut add = |id: Id, owner: bool, privileges: bool| {
        out.owners.extend(owner.then(|| id.clone()));
        out.privileges.extend(privileges.then_some(id));
    };
    for entry in &models.models {
        add(id(Tag::Table, &entry.table, None), entry.model.owner.is_some(), entry.model.privileges.is_some());
        for part in entry.parts() {
            add(id(Tag::Table, &part.table, None), part.body.owner.is_some(), part.body.privileges.is_some());
        }
    }
    each_with_a_schema!(models, |tag, path, item| {
        add(id(tag, &path, None), item.owner.is_some(), item.privileges.is_some());
    });
    for (name, schema) in models.schemas.iter() {
        add(Id::schema(&name.value), schema.owner.is_some(), schema.privileges.is_some());
    }
    out
}

/// Every `renamed_from`, and the values and columns that have new names.
pub fn wishes(models: &Models) -> Vec<Wish> {
    let mut out = Vec::new();
    let mut add = |tag: Tag, path: &Path, inner: Option<&Name>, from: Option<Path>| {
        let to = id(tag, path, inner);
        out.extend(from.map(|Path { schema, name }| Wish { to, from: name, schema, value: None }));
    };
    let bare = |from: &Option<Ident>| from.as_ref().map(|from| Path { schema: None, name: from.value.clone() });
    let full = |from: &Option<PathText>| from.as_ref().map(|from| from.value.clone());
    for entry in &models.models {
        let (table, model) = (&entry.table, &entry.model);
        add(Tag::Table, table, None, full(&model.renamed_from));
        for part in entry.parts() {
            add(Tag::Table, &part.table, None, full(&part.body.renamed_from));
        }
        for (name, column) in model.columns.iter() {
            add(Tag::Column, table, Some(&name.value), bare(&column.renamed_from));
        }
        for (name, index) in model.indexes.iter() {
            let usual = index_name(&table.name, index);
            add(Tag::Index, table, Some(name.as_ref().map_or(&usual, |name| &name.value)), bare(&index.renamed_from));
        }
        for (name, from) in constraints(entry) {
            add(Tag::Constraint, table, Some(&name), Some(Path { schema: None, name: from.value.clone() }));
        }
        for (name, item) in model.statistics.iter() {
            let usual = statistics_name(&table.name, item);
            let name = name.as_ref().map_or(usual, |name| name.value.clone());
            add(Tag::Statistics, &Path { name, ..table.clone() }, None, bare(&item.renamed_from));
        }
        for (name, trigger) in model.triggers.iter() {
            add(Tag::Trigger, table, Some(&name.value), bare(&trigger.renamed_from));
        }
        for (name, policy) in model.policies.iter() {
            add(Tag::Policy, table, Some(&name.value), bare(&policy.renamed_from));
        }
        for (name, rule) in model.rules.iter() {
            add(Tag::Rule, table, Some(&name.value), bare(&rule.renamed_from));
        }
    }
    each_with_a_schema!(models, |tag, path, item| add(tag, &path, None, full(&item.renamed_from)));
    for (name, schema) in models.schemas.iter() {
        let to = Id::new(Tag::Schema, [name.value.clone()]);
        out.extend(schema.renamed_from.as_ref().map(|from| Wish {
            to,
            from: from.value.clone(),
            schema: None,
            value: None,
        }));
    }
    let mut inside = |tag: Tag, (key, schema): (&PathText, &Option<Ident>), new: &str, old: &str| {
        let (to, value) = (id(tag, &place(key, schema.as_ref()), None), Some(new.to_owned()));
        out.push(Wish { to, from: Name::from(old), schema: None, value });
    };
    for (key, item) in models.composites.iter() {
        for (name, attribute) in item.attributes.iter() {
            let from = attribute.renamed_from.iter();
            from.for_each(|from| inside(Tag::Composite, (key, &item.schema), name.as_str(), from.as_str()));
        }
    }
    for (key, item) in models.enums.iter() {
        let values = item.renamed_values.iter();
        values.for_each(|(new, old)| inside(Tag::Enum, (key, &item.schema), &new.value, &old.value));
    }
    for (key, item) in models.views.iter() {
        let columns = item.renamed_columns.iter();
        columns.for_each(|(new, old)| inside(Tag::View, (key, &item.schema), new.as_str(), old.as_str()));
    }
    for (key, item) in models.materialized_views.iter() {
        let columns = item.renamed_columns.iter();
        columns.for_each(|(new, old)| inside(Tag::MaterializedView, (key, &item.schema), new.as_str(), old.as_str()));
    }
    out
}

/// The constraints of a model that had other names.
fn constraints<'m>(entry: &'m Entry) -> Vec<(Name, &'m Ident)> {
    let (model, table) = (&entry.model, entry.table.name.as_str());
    let mut out: Vec<(Name, &'m Ident)> = Vec::new();
    let mut add = |name: Option<&Ident>, columns: &[&str], suffix: Suffix, from: &'m Option<Ident>| {
        let usual = || Name::from(choose(table, columns.iter().copied(), suffix, |_| false));
        out.extend(from.as_ref().map(|from| (name.map_or_else(usual, |name| name.value.clone()), from)));
    };
    let names = |columns: &'m [Ident]| columns.iter().map(|name| name.as_str()).collect::<Vec<&str>>();
    if let Some(key) = &model.primary_key {
        add(key.name.as_ref(), &[], Suffix::PrimaryKey, &key.renamed_from);
    }
    for (name, column) in model.columns.iter() {
        let checks = column.check.iter();
        checks.for_each(|check| add(check.name.as_ref(), &[name.as_str()], Suffix::Check, &check.renamed_from));
        if let Some(reference) = &column.references {
            add(reference.name.as_ref(), &[name.as_str()], Suffix::ForeignKey, &reference.renamed_from);
        }
    }
    for (name, unique) in model.uniques.iter() {
        add(
            name.as_ref(),
            &[names(&unique.columns), names(&unique.include)].concat(),
            Suffix::Unique,
            &unique.renamed_from,
        );
    }
    for (name, key) in model.foreign_keys.iter() {
        add(name.as_ref(), &names(&key.columns), Suffix::ForeignKey, &key.renamed_from);
    }
    for (name, check) in model.checks.iter() {
        add(name.as_ref().or(check.name.as_ref()), &[], Suffix::Check, &check.renamed_from);
    }
    for (name, exclusion) in model.exclusions.iter() {
        add(name.as_ref(), &[], Suffix::Exclusion, &exclusion.renamed_from);
    }
    out
}

/// Every `using`, by its column.
pub fn usings(models: &Models) -> Vec<(Id, Lowered)> {
    let columns = models.models.iter().flat_map(|entry| entry.model.columns.iter().map(move |column| (entry, column)));
    let using = |(entry, (name, column)): (&Entry, &(Ident, Column))| {
        let using = column.using.as_ref()?;
        let expression = Lowered::new(using.span, raw(using));
        Some((id(Tag::Column, &entry.table, Some(&name.value)), expression))
    };
    columns.filter_map(using).collect()
}

fn id(tag: Tag, path: &Path, inner: Option<&Name>) -> Id {
    Id::new(tag, [path.home(), path.name.clone()].into_iter().chain(inner.cloned()))
}
