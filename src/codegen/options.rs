//! What the models say beyond the schema: names of structs, relationships.

use std::collections::BTreeMap;

use super::{Options, RelationKind, Relationship};
use crate::model::collection::Path;
use crate::model::models::{Entry, Models};
use crate::model::table;
use crate::name::Name;
use crate::sql::Sql;

impl Options {
    /// What these models say.
    pub fn of(models: &Models) -> Self {
        let structs = models.models.iter().map(|entry| (path(&entry.table), entry.rust_name().to_owned()));
        let relationships = models.models.iter().flat_map(|entry| {
            let named = entry.model.relationships.iter();
            named.filter_map(|(name, relationship)| relation(models, entry, name.as_str(), relationship))
        });
        Options {
            relationships: relationships.collect(),
            structs: structs.collect::<BTreeMap<_, _>>(),
            ..Self::default()
        }
    }
}

fn path(table: &Path) -> [Name; 2] {
    [table.home(), table.name.clone()]
}

/// `None` only for what the models' own check has refused.
fn relation(models: &Models, entry: &Entry, name: &str, written: &table::Relationship) -> Option<Relationship> {
    let kinds = [
        (RelationKind::HasMany, &written.has_many),
        (RelationKind::HasOne, &written.has_one),
        (RelationKind::BelongsTo, &written.belongs_to),
    ];
    let (kind, target) = kinds.into_iter().find_map(|(kind, target)| Some((kind, target.as_ref()?)))?;
    let table = |model: &str| Some(path(&models.models[models.find(model)?].table));
    Some(Relationship {
        table: path(&entry.table),
        name: name.to_owned(),
        kind,
        target: table(target)?,
        through: written.through.as_ref().and_then(|model| table(model)),
        via: written.via.iter().map(|column| column.value.clone()).collect(),
        order: written.order.as_ref().map(|order| Sql::raw(order.value.clone())),
        comment: written.comment.as_ref().map(|comment| comment.value.clone()),
        cascade: written.cascade.as_ref().map(|cascade| cascade.value),
    })
}
