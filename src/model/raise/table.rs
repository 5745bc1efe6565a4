//! Tables as models.

use std::collections::BTreeSet;

use toml_edit::{Item, Table, Value};

use super::super::names::table_of;
use super::family::Origin;
use super::{Facet, Named, Raising, key, settings, text};
use crate::catalog::Object;
use crate::kind::{Body, Id, Tag, table};
use crate::name::Name;

/// What was found out about a table's parts, to be put at its columns or below it.
#[derive(Default)]
pub(super) struct Parts {
    pub(super) primary_key: Option<Value>,
    pub(super) uniques: Named,
    pub(super) foreign_keys: Named,
    pub(super) checks: Named,
    pub(super) exclusions: Named,
    pub(super) indexes: Named,
    pub(super) statistics: Named,
    /// The index that `CLUSTER` goes by.
    pub(super) cluster_on: Option<Name>,
    /// The index that is the replica identity.
    pub(super) identity: Option<Name>,
    /// Keys that go to a column.
    pub(super) at_columns: Vec<(Name, &'static str, Value)>,
}

impl Parts {
    /// Whether a column has this key already.
    pub(super) fn has(&self, column: &Name, key: &str) -> bool {
        self.at_columns.iter().any(|(other, known, _)| other == column && *known == key)
    }
}

impl<'a> Raising<'a> {
    /// Every model, those first that others refer to.
    pub(super) fn tables(&mut self) {
        let mut done = BTreeSet::new();
        let ids: Vec<Id> =
            self.models.keys().map(|(schema, name)| Id::new(Tag::Table, [schema.clone(), name.clone()])).collect();
        for id in ids {
            self.table(&id, &mut done, 0);
        }
    }

    fn table(&mut self, id: &Id, done: &mut BTreeSet<Id>, depth: usize) {
        if !done.insert(id.clone()) {
            return;
        }
        let targets: BTreeSet<Id> = self
            .catalog
            .below(Tag::Constraint, &id.path)
            .flat_map(|(_, object)| object.needs.iter().map(|need| table::of(&need.id)))
            .chain(self.origins.get(id).into_iter().flat_map(Origin::parents).cloned())
            .filter(|target| target != id && self.models.contains_key(&(target.part(0), target.part(1))))
            .collect();
        for target in targets {
            // Long chains are cut: the order is for the eye.
            if depth < 100 {
                self.table(&target, done, depth + 1);
            }
        }
        if let Some(Object { body: Body::Table(body), .. }) = self.catalog.get(id) {
            let item = self.model_item(id, body);
            let path = self.models[&(id.part(0), id.part(1))].clone();
            self.entry(id, "models", key(path.schema.as_ref(), &path.name), item);
        }
    }

    /// The partition key of a table.
    pub(super) fn partition_by(&self, id: &Id, body: &table::Table) -> Option<String> {
        let shown = body.partition_key.as_ref()?;
        Some(self.form(id).text(shown.as_str(), text::expression))
    }

    fn model_item(&mut self, id: &Id, body: &table::Table) -> Item {
        let origin = self.origins.get(id).cloned().unwrap_or(Origin::Own);
        let mut parts = Parts::default();
        self.constraints(id, &mut parts);
        self.indexes(id, &mut parts);
        self.statistics(id, &mut parts);
        let columns = self.columns(id, &origin, &mut parts);
        let (partitions, come_from) = (self.partitions(id), self.origin_fields(id, &origin));
        self.say_origin(id, &origin);

        let (mut said, rights) = (body.clone(), self.rights(id));
        let mut out = Table::new();
        let mut put = |key: &str, value: Option<Value>| {
            if let Some(value) = value {
                out.insert(key, Item::Value(value));
            }
        };
        let path = &self.models[&(id.part(0), id.part(1))];
        let (schema, name) = (id.part(0), id.part(1));
        let usual = table_of(path.name.as_str()) == name.as_str();
        put("table", (!usual).then(|| Value::from(key(None, &name))));
        let in_key = path.home() == schema;
        put("schema", (!in_key).then(|| Value::from(schema.as_str())));
        put("comment", self.comment(id).map(Value::from));
        put("owner", rights.owner);
        put("unlogged", body.unlogged.then(|| Value::from(true)));
        come_from.0.iter().for_each(|(key, value)| put(key, Some(value.clone())));
        put("partition_by", self.partition_by(id, body).map(Value::from));
        put("primary_key", parts.primary_key);
        put(
            "row_security",
            match (body.row_security, body.force_row_security) {
                (true, true) => Some("forced".into()),
                (true, false) => Some(true.into()),
                (false, true) => {
                    let mut fields = super::Fields::default();
                    fields.flag("forced", true);
                    Some(Value::InlineTable(fields.0))
                }
                (false, false) => None,
            },
        );
        put(
            "replica_identity",
            match (body.replica_identity.as_str(), &parts.identity) {
                ("f", _) => Some("full".into()),
                ("n", _) if body.server.is_none() => Some("nothing".into()),
                ("i", Some(index)) => {
                    let mut table = toml_edit::InlineTable::new();
                    table.insert("index", index.as_str().into());
                    Some(table.into())
                }
                ("i", None) => {
                    said.replica_identity = "d".into();
                    None
                }
                _ => None,
            },
        );
        put("cluster_on", parts.cluster_on.as_ref().map(|index| index.as_str().into()));
        put("with", settings(&body.options));
        put("tablespace", body.tablespace.as_ref().map(|space| space.as_str().into()));
        put(
            "access_method",
            body.access_method.as_ref().filter(|_| body.form != "p").map(|method| method.as_str().into()),
        );
        put(
            "foreign",
            body.server.as_ref().map(|server| {
                let mut fields = super::Fields::default();
                fields.put("server", server.as_str());
                fields.some("options", texts(&body.foreign_options));
                fields.short("server")
            }),
        );
        if !columns.is_empty() || origin == Origin::Own {
            out.insert("columns", Item::Table(columns));
        }
        if let Some(partitions) = partitions {
            out.insert("partitions", partitions);
        }
        for (key, named) in [
            ("indexes", parts.indexes),
            ("uniques", parts.uniques),
            ("foreign_keys", parts.foreign_keys),
            ("checks", parts.checks),
            ("exclusions", parts.exclusions),
            ("statistics", parts.statistics),
        ] {
            if let Some(item) = named.item() {
                out.insert(key, item);
            }
        }
        for (key, item) in self.hangers(id) {
            out.insert(key, item);
        }
        if let Some(privileges) = rights.privileges {
            out.insert("privileges", Item::Table(privileges.into_table()));
        }
        self.say_as(id, Body::Table(said), Facet::Rights);
        Item::Table(out)
    }
}

/// Options as texts.
pub(super) fn texts(options: &[String]) -> Option<Value> {
    let pairs = options.iter().map(|option| option.split_once('=').unwrap_or((option, "")));
    let table: toml_edit::InlineTable = pairs.map(|(name, value)| (name, Value::from(value))).collect();
    (!options.is_empty()).then_some(Value::InlineTable(table))
}
