//! Where tables come from: parents, composite types, and the partitions that are no more than their bounds.

use std::collections::{BTreeMap, BTreeSet};

use toml_edit::{Item, Table, Value};

use super::super::names::Suffix;
use super::{Facet, Fields, Keys, Raising, key, scan, settings};
use crate::catalog::{Object, Strength};
use crate::kind::column::Column;
use crate::kind::column_default::ColumnDefault;
use crate::kind::composite::Composite;
use crate::kind::constraint::Form as Sort;
use crate::kind::constraint::text::lists;
use crate::kind::inheritance::Inheritance;
use crate::kind::tuning::Tuning;
use crate::kind::{Body, Id, Kind, Tag, table};
use crate::name::Name;

/// How a table becomes one.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Origin {
    /// All that it has is its own.
    Own,
    /// It inherits from these tables.
    Heir(Vec<Id>),
    /// It is made of a composite type.
    Typed(Id),
    /// It is made as a partition of this table, and has its columns.
    Partition(Id),
    /// It is made apart, with all that it has, and attached to this table.
    Attached(Id),
    /// A partition of this table that stands in its entry.
    Part(Id),
}

impl Origin {
    /// The tables that it comes from.
    pub(super) fn parents(&self) -> &[Id] {
        match self {
            Origin::Own | Origin::Typed(_) => &[],
            Origin::Heir(parents) => parents,
            Origin::Partition(parent) | Origin::Attached(parent) | Origin::Part(parent) => std::slice::from_ref(parent),
        }
    }
}

/// A column as it comes from elsewhere.
pub(super) struct Given<'a> {
    pub(super) column: Column,
    pub(super) default: Option<&'a ColumnDefault>,
}

impl<'a> Raising<'a> {
    /// What becomes of the tables that models.toml can say; the rest is not among them.
    pub(super) fn find_origins(&self, keys: &Keys) -> BTreeMap<Id, Origin> {
        let mut lines: BTreeMap<Id, Vec<(&'a Id, &'a Object)>> = BTreeMap::new();
        let mut partitions: BTreeMap<Id, Vec<Id>> = BTreeMap::new();
        for (line, object) in self.catalog.below(Tag::Inheritance, &[]) {
            let (child, parent) = (table::of(line), Id::new(Tag::Table, line.path[2..].iter().cloned()));
            if matches!(&object.body, Body::Inheritance(Inheritance { bound: Some(_), .. })) {
                partitions.entry(parent).or_default().push(child.clone());
            }
            lines.entry(child).or_default().push((line, object));
        }
        lines.values_mut().for_each(|lines| lines.sort_by_key(|(_, object)| object.position));
        let origin = |(id, _): (&'a Id, &'a Object)| {
            let lines = lines.get(id).map_or(&[][..], Vec::as_slice);
            Some((id.clone(), self.origin(id, lines)?))
        };
        let mut origins: BTreeMap<Id, Origin> = self.catalog.below(Tag::Table, &[]).filter_map(origin).collect();
        // Whoever comes from what cannot be said cannot be said either.
        loop {
            let lost = |origin: &Origin| origin.parents().iter().any(|parent| !origins.contains_key(parent));
            let gone: Vec<Id> = origins.iter().filter(|(_, origin)| lost(origin)).map(|(id, _)| id.clone()).collect();
            if gone.is_empty() {
                break;
            }
            gone.iter().for_each(|id| drop(origins.remove(id)));
        }
        let mut plain: BTreeSet<Id> = BTreeSet::new();
        // Those below first: what has a model below it is a model.
        let mut open: Vec<(Id, Id)> = Vec::new();
        for (id, origin) in &origins {
            if let Origin::Partition(parent) = origin {
                open.push((id.clone(), parent.clone()));
            }
        }
        loop {
            let below = |id: &Id| {
                let said = partitions.get(id).into_iter().flatten().filter(|part| origins.contains_key(part));
                said.into_iter().all(|part| plain.contains(part))
            };
            let is_plain = |(id, _): &&(Id, Id)| {
                let has_model = keys.contains_key(&(id.part(0), id.part(1)));
                !plain.contains(id) && !has_model && below(id) && self.is_bounds_only(id)
            };
            let found: Vec<Id> = open.iter().filter(is_plain).map(|(id, _)| id.clone()).collect();
            if found.is_empty() {
                break;
            }
            plain.extend(found);
        }
        for (id, parent) in open.into_iter().filter(|(id, _)| plain.contains(id)) {
            origins.insert(id, Origin::Part(parent));
        }
        origins
    }

    /// How a table can be said; `None` if it cannot.
    fn origin(&self, id: &Id, lines: &[(&'a Id, &'a Object)]) -> Option<Origin> {
        let Body::Table(body) = &self.catalog.get(id)?.body else { return None };
        let sayable = self.wanted(id) && self.columns_of(id).all(|(_, object)| Self::is_sayable(object));
        sayable.then_some(())?;
        let parent = |line: &Id| Id::new(Tag::Table, line.path[2..].iter().cloned());
        let origin = match lines {
            [(line, Object { body: Body::Inheritance(Inheritance { bound: Some(_), .. }), .. })] => {
                let origin = Origin::Partition(parent(line));
                let names = |id: &Id| self.in_order(id).into_iter().map(|(id, _)| id.name()).collect::<Vec<_>>();
                let usual = self.all_fit(id, &origin) && names(id) == names(&parent(line)) && self.has_usual_names(id);
                return Some(if usual { origin } else { Origin::Attached(parent(line)) });
            }
            [] if body.type_order.is_none() => return Some(Origin::Own),
            [] => {
                let Body::OfType(of_type) = &self.catalog.get(&id.prefix(Tag::OfType, 2))?.body else { return None };
                Origin::Typed(Id::new(Tag::Composite, of_type.r#type.iter().cloned()))
            }
            heirs => Origin::Heir(heirs.iter().map(|(line, _)| parent(line)).collect()),
        };
        self.all_fit(id, &origin).then_some(origin)
    }

    /// Whether every column of a table is the one that is given, or can be made of it.
    fn all_fit(&self, table: &Id, origin: &Origin) -> bool {
        self.columns_of(table).all(|(id, object)| match (self.given(id, origin), &object.body) {
            (Some(Given { column: made, default }), Body::Column(own)) => {
                let tuned = |own: &Option<String>, made: &Option<String>| own == made || own.is_some();
                (&own.r#type, &own.collation, &own.generated) == (&made.r#type, &made.collation, &made.generated)
                    && own.not_null >= made.not_null
                    && tuned(&own.tuning.storage, &made.tuning.storage)
                    && tuned(&own.tuning.compression, &made.tuning.compression)
                    && (default.is_none() || self.default_of(id).is_some())
            }
            _ => !object.is_inherited() && !matches!(origin, Origin::Typed(_)),
        })
    }

    fn columns_of<'s>(&'s self, table: &'s Id) -> impl Iterator<Item = (&'a Id, &'a Object)> + use<'s, 'a> {
        self.catalog.below(Tag::Column, &table.path)
    }

    /// The columns of a table in their order.
    pub(super) fn in_order(&self, table: &Id) -> Vec<(&'a Id, &'a Object)> {
        self.catalog.columns_of(&table.path)
    }

    fn default_of(&self, column: &Id) -> Option<&'a ColumnDefault> {
        match &self.catalog.get(&Id { tag: Tag::ColumnDefault, path: column.path.clone() })?.body {
            Body::ColumnDefault(default) => Some(default),
            _ => None,
        }
    }

    /// The column as its table has it when it is made, where it comes from elsewhere.
    pub(super) fn given(&self, id: &Id, origin: &Origin) -> Option<Given<'a>> {
        match origin {
            Origin::Own | Origin::Attached(_) => None,
            Origin::Typed(of_type) => {
                let Body::Composite(Composite { attributes }) = &self.catalog.get(of_type)?.body else { return None };
                let attribute = attributes.iter().find(|attribute| attribute.name == id.name())?;
                let (Body::Column(own), r#type) = (&self.catalog.get(id)?.body, attribute.r#type.clone()) else {
                    return None;
                };
                let tuning = Tuning { type_storage: own.tuning.type_storage.clone(), ..Tuning::default() };
                let column = Column {
                    r#type,
                    collation: attribute.collation.clone(),
                    not_null: false,
                    not_null_as: None,
                    led_not_null: Default::default(),
                    identity: None,
                    generated: None,
                    r#virtual: false,
                    tuning,
                    foreign_options: Vec::new(),
                    using: Default::default(),
                };
                Some(Given { column, default: None })
            }
            Origin::Heir(_) | Origin::Partition(_) | Origin::Part(_) => {
                let parent = self.catalog.get(id)?.parent()?;
                let Body::Column(led) = &self.catalog.get(parent)?.body else { return None };
                let mut column = led.clone().into_heir();
                // Any of several parents refuses nulls for all of them.
                let parents = self.catalog.get(id)?.needs.iter().filter(|need| need.strength == Strength::Inherited);
                column.not_null = parents
                    .filter_map(|need| self.catalog.get(&need.id))
                    .any(|parent| matches!(&parent.body, Body::Column(led) if led.clone().into_heir().not_null));
                (column.tuning.statistics, column.tuning.options) = (None, Vec::new());
                column.foreign_options = Vec::new();
                if matches!(origin, Origin::Heir(_)) {
                    column.not_null_as = None;
                }
                Some(Given { column, default: self.default_of(parent) })
            }
        }
    }

    /// Whether a column is in a primary key that its table has of its own.
    pub(super) fn is_in_own_key(&self, column: &Id) -> bool {
        let mut constraints = self.catalog.below(Tag::Constraint, &column.path[..2]);
        constraints.any(|(id, object)| match &object.body {
            Body::Constraint(constraint) => {
                constraint.form == Sort::PrimaryKey && constraint.has(&column.name()) && !self.is_attached(id)
            }
            _ => false,
        })
    }

    /// Whether an index, or a constraint with an index, is part of one of the partitioned table.
    pub(super) fn is_attached(&self, id: &Id) -> bool {
        self.catalog.has(&id.prefix(Tag::IndexPartition, 3))
    }

    /// Whether an index or a constraint is there as soon as its table is.
    pub(super) fn comes_along(&self, id: &Id, object: &Object) -> bool {
        match self.origins.get(&table::of(id)) {
            Some(Origin::Attached(_)) => self.is_attached(id) && self.has_usual_name(id, object),
            _ => object.is_inherited() || self.is_attached(id),
        }
    }

    /// Whether what a partition has by its parent's indexes has the names that the server gives it.
    fn has_usual_names(&self, table: &Id) -> bool {
        let of = |tag| self.catalog.below(tag, &table.path).filter(|(id, _)| self.is_attached(id));
        of(Tag::Constraint).chain(of(Tag::Index)).all(|(id, object)| self.has_usual_name(id, object))
    }

    fn has_usual_name(&self, id: &Id, object: &Object) -> bool {
        let (columns, suffix): (Vec<String>, Suffix) = match &object.body {
            Body::Index(index) => match self.index(id, index) {
                Some((elements, _)) => (elements, Suffix::Index),
                None => return false,
            },
            Body::Constraint(constraint) => {
                // `room WITH =`, `during WITHOUT OVERLAPS`
                let bare = |text: &str| text.split(" WITH").next().unwrap_or_default().to_owned();
                let columns = lists(constraint.definition.as_str()).concat().into_iter().map(bare);
                let suffix = match constraint.form {
                    Sort::PrimaryKey => Suffix::PrimaryKey,
                    Sort::Exclusion => Suffix::Exclusion,
                    _ => Suffix::Unique,
                };
                (columns.collect(), suffix)
            }
            _ => return false,
        };
        match columns.iter().map(|text| scan::name(text)).collect::<Option<Vec<Name>>>() {
            Some(names) => self.usual(id, &names, suffix),
            // The name that an expression gets is the server's to choose: whether it was, shows when it is made.
            None => self.form(id).is_persons(),
        }
    }

    /// Whether a partition has nothing but what its parent gives it, and what stands beside its bounds.
    fn is_bounds_only(&self, id: &Id) -> bool {
        let Some(Object { body: Body::Table(body), .. }) = self.catalog.get(id) else { return false };
        let plain = table::Table {
            unlogged: body.unlogged,
            partition_key: body.partition_key.clone(),
            key_types: body.key_types.clone(),
            options: body.options.clone(),
            tablespace: body.tablespace.clone(),
            ..table::Table::plain(&body.form)
        };
        let origin = Origin::Partition(id.clone());
        let columns = self.columns_of(id).all(|(id, object)| match (self.given(id, &origin), &object.body) {
            (Some(Given { column, default }), Body::Column(own)) => {
                *own == column && default == self.default_of(id) && self.comment(id).is_none()
            }
            _ => false,
        });
        let is_copy = |(id, object): (&Id, &Object)| match &object.body {
            Body::Constraint(constraint) => {
                (object.is_inherited() || self.is_attached(id))
                    && !constraint.clustered
                    && !constraint.replica_identity
                    && self.comment(id).is_none()
            }
            Body::Index(index) => {
                self.is_attached(id)
                    && !index.clustered
                    && !index.replica_identity
                    && index.statistics.is_empty()
                    && self.comment(id).is_none()
            }
            _ => false,
        };
        let hangers = [Tag::Constraint, Tag::Index, Tag::Policy, Tag::Trigger, Tag::Rule];
        *body == plain
            && columns
            && hangers.into_iter().flat_map(|tag| self.catalog.below(tag, &id.path)).all(is_copy)
            && !self.statistics.contains_key(&id.path[..])
    }

    /// The bounds of a partition.
    pub(super) fn for_values(&self, table: &Id) -> Option<String> {
        let (line, Object { body: Body::Inheritance(body), .. }) =
            self.catalog.below(Tag::Inheritance, &table.path).next()?
        else {
            return None;
        };
        let shown = body.bound.as_ref()?.as_str();
        let bound = shown.strip_prefix("FOR VALUES ").unwrap_or(shown);
        Some(self.expression(line, bound))
    }

    /// What a table's model says of where it comes from.
    pub(super) fn origin_fields(&self, id: &Id, origin: &Origin) -> Fields {
        let mut fields = Fields::default();
        let model = |id: &Id| self.model(&id.part(0), &id.part(1));
        match origin {
            Origin::Own | Origin::Part(_) => {}
            Origin::Heir(parents) => fields.list("inherits", parents.iter().filter_map(model)),
            Origin::Typed(of_type) => {
                fields.put("of_type", super::type_text(self.form(id), crate::kind::dotted(&of_type.path).as_str()));
            }
            Origin::Partition(parent) | Origin::Attached(parent) => {
                fields.some("partition_of", model(parent));
                fields.some("for_values", self.for_values(id));
            }
        }
        fields
    }

    /// Notes what a table has by where it comes from.
    pub(super) fn say_origin(&mut self, id: &Id, origin: &Origin) {
        let lines = [Tag::Inheritance, Tag::OfType].into_iter().flat_map(|tag| self.catalog.below(tag, &id.path));
        let mut said: Vec<&Id> = lines.map(|(id, _)| id).collect();
        if matches!(origin, Origin::Heir(_) | Origin::Partition(_) | Origin::Part(_)) {
            let checks = self.catalog.below(Tag::Constraint, &id.path).filter(|(_, object)| object.is_inherited());
            said.extend(checks.map(|(id, _)| id));
        }
        let parts: Vec<&Id> = self.catalog.below(Tag::IndexPartition, &id.path).map(|(id, _)| id).collect();
        said.extend(&parts);
        said.into_iter().for_each(|id| self.say(id, Facet::None));
        for id in parts.into_iter().flat_map(|id| [Tag::Index, Tag::Constraint].map(|tag| id.prefix(tag, 3))) {
            if self.catalog.get(&id).is_some_and(|object| self.comes_along(&id, object)) {
                self.say(&id, Facet::None);
            }
        }
    }

    /// The partitions of a table that stand in its entry.
    pub(super) fn partitions(&mut self, parent: &Id) -> Option<Item> {
        if !self.catalog.is_partitioned(&parent.path) {
            return None;
        }
        let heirs = self.catalog.heirs_of(&parent.path).iter().map(|line| line.prefix(Tag::Table, 2));
        let is_it = |id: &Id| matches!(self.origins.get(id), Some(Origin::Part(of)) if of == parent);
        let parts: Vec<Id> = heirs.filter(is_it).collect();
        let mut out = Table::new();
        for id in parts {
            let Some(Object { body: Body::Table(body), .. }) = self.catalog.get(&id) else { continue };
            let mut fields = Fields::default();
            fields.some("for_values", self.for_values(&id));
            fields.some("partition_by", self.partition_by(&id, body));
            if let Some(Item::Table(inner)) = self.partitions(&id) {
                fields.put("partitions", Value::InlineTable(inner.into_inline_table()));
            }
            fields.some("comment", self.comment(&id));
            fields.some("with", settings(&body.options));
            fields.some("tablespace", body.tablespace.as_ref().map(Name::as_str));
            fields.flag("unlogged", body.unlogged);
            self.rights(&id).put(&mut fields);
            out.insert(&part_key(&parent.part(0), &id.part(0), &id.part(1)), fields.item("for_values"));
            let origin = Origin::Part(parent.clone());
            self.say_origin(&id, &origin);
            self.say(&id, Facet::Rights);
            for (column, _) in self.in_order(&id) {
                self.say(column, Facet::Rights);
                self.say(&Id { tag: Tag::ColumnDefault, path: column.path.clone() }, Facet::None);
            }
        }
        (!out.is_empty()).then_some(Item::Table(out))
    }
}

/// The key of a partition below a table of the schema `home`.
pub(super) fn part_key(home: &Name, schema: &Name, name: &Name) -> String {
    match schema.as_str() {
        _ if schema == home => key(None, name),
        "public" => format!("public.{}", key(None, name)),
        _ => key(Some(schema), name),
    }
}
