//! What stands on its own: schemas, extensions, types, sequences and views.

use toml_edit::{Item, Value};

use super::column::counter;
use super::scan::Scan;
use super::table::Parts;
use super::text;
use super::{Facet, Fields, Named, Raising, key_of, query_value, settings, type_text};
use crate::catalog::Object;
use crate::kind::domain_constraint::DomainConstraint;
use crate::kind::materialized_view::MaterializedView;
use crate::kind::view::View;
use crate::kind::{Body, Id, Tag};
use crate::name::Name;

impl<'a> Raising<'a> {
    /// All that tables may need.
    pub(super) fn objects(&mut self) {
        const TAGS: &[Tag] =
            &[Tag::Schema, Tag::Extension, Tag::Enum, Tag::Domain, Tag::Composite, Tag::Range, Tag::Sequence];
        for tag in TAGS {
            for (id, object) in self.catalog.below(*tag, &[]) {
                if self.wanted(id) && !comes_along(id) {
                    self.object(id, object);
                }
            }
        }
    }

    fn object(&mut self, id: &Id, object: &Object) {
        let form = self.form(id);
        let mut fields = Fields::default();
        let (section, short) = match &object.body {
            Body::Schema(_) => ("schemas", ""),
            Body::Extension(extension) => {
                let schema = Some(&extension.schema).filter(|schema| {
                    !["public", "pg_catalog"].contains(&schema.as_str()) && self.catalog.has(&Id::schema(schema))
                });
                let is_said = !form.is_persons() || self.written.pinned.contains(&id.name());
                fields.some("version", is_said.then_some(extension.version.as_str()));
                fields.some("schema", schema.map(Name::as_str));
                ("extensions", "version")
            }
            Body::Enum(body) => {
                fields.put("values", body.labels.iter().map(String::as_str).collect::<toml_edit::Array>());
                ("enums", "values")
            }
            Body::Domain(body) => {
                fields.put("type", type_text(form, body.base.as_str()));
                fields.flag("not_null", body.not_null);
                fields.some("default", body.default.as_ref().map(|shown| self.default_value(id, shown.as_str())));
                fields.some("collation", body.collation.as_ref().map(|shown| type_text(form, shown.as_str())));
                match self.domain_checks(id).item() {
                    Some(Item::Table(table)) => fields.put("checks", Value::InlineTable(table.into_inline_table())),
                    Some(Item::Value(value)) => fields.put("checks", value),
                    _ => {}
                }
                ("domains", "type")
            }
            Body::Composite(body) => {
                let mut attributes = Fields::default();
                for attribute in &body.attributes {
                    let mut fields = Fields::default();
                    fields.put("type", type_text(form, attribute.r#type.as_str()));
                    fields.some("collation", attribute.collation.as_ref().map(|shown| type_text(form, shown.as_str())));
                    fields.some("comment", object.facets.column_comments.get(&attribute.name).map(String::as_str));
                    attributes.put(attribute.name.as_str(), fields.short("type"));
                }
                fields.put("attributes", Value::InlineTable(attributes.0));
                ("composites", "")
            }
            Body::Range(body) => {
                fields.put("subtype", type_text(form, body.subtype.as_str()));
                fields.some("operator_class", body.operator_class.as_ref().map(|shown| shown.0.clone()));
                fields.some("collation", body.collation.as_ref().map(|shown| type_text(form, shown.as_str())));
                fields.some("canonical", body.canonical.as_ref().map(|shown| type_text(form, shown.as_str())));
                fields.some("subtype_diff", body.difference.as_ref().map(|shown| type_text(form, shown.as_str())));
                let usual = usual_multirange(id.part(1).as_str());
                let multirange = body.multirange.as_ref().filter(|name| !form.is_persons() || name.as_str() != usual);
                fields.some("multirange", multirange.map(|name| format!("{}.{name}", id.part(0))));
                ("ranges", "subtype")
            }
            Body::Sequence(body) => {
                // One that a serial column brings along.
                let Some(owner) = self.sequence(id) else { return };
                fields = counter(&body.counter);
                fields.flag("unlogged", body.unlogged);
                fields.some("owned_by", owner);
                ("sequences", "")
            }
            _ => return,
        };
        // An extension brings its comment along.
        let brought = section == "extensions" && form.is_persons();
        fields.some("comment", object.facets.comment.as_deref().filter(|_| !brought));
        if section == "extensions" {
            self.say(id, Facet::Comment);
        } else {
            self.rights(id).put(&mut fields);
            self.say(id, Facet::Rights);
        }
        let key = if id.path.len() == 1 { id.name().as_str().to_owned() } else { key_of(id) };
        self.entry(id, section, key, fields.item(short));
    }

    fn domain_checks(&mut self, domain: &Id) -> Named {
        let mut named = Named::default();
        let all: Vec<(&Id, &Object)> = self.catalog.below(Tag::DomainConstraint, &domain.path).collect();
        for (id, object) in all {
            let Body::DomainConstraint(DomainConstraint { definition, not_valid }) = &object.body else { continue };
            let mut scan = Scan::new(definition.as_str());
            let Some(condition) = scan.take("CHECK").then(|| scan.group()).flatten() else { continue };
            if !scan.is_done() || !self.wanted(id) {
                continue;
            }
            let usual =
                self.form(id).is_persons() && id.name().as_str() == format!("{}_check", domain.part(1).as_str());
            let mut fields = Fields::default();
            fields.put("expression", self.expression(id, condition));
            fields.flag("not_valid", *not_valid);
            fields.some("comment", self.comment(id));
            named.add(id.name(), usual && self.comment(id).is_none(), fields.short("expression"));
            self.say(id, Facet::Comment);
        }
        named
    }

    /// The column that a sequence belongs to, as `Model.column`; `None` if a serial column says the sequence.
    fn sequence(&mut self, id: &Id) -> Option<Option<String>> {
        let owned = id.prefix(Tag::OwnedBy, 2);
        let Some(Body::OwnedBy(owner)) = self.catalog.get(&owned).map(|object| &object.body) else { return Some(None) };
        let [schema, table, column] = &owner.column[..] else { return Some(None) };
        let Some(model) = self.model(schema, table) else { return Some(None) };
        let column_id = Id::new(Tag::Column, owner.column.iter().cloned());
        if let Some(Body::Column(body)) = self.catalog.get(&column_id).map(|object| &object.body)
            && let Some((_, ids)) = self.serial(&column_id, body)
            && ids.contains(id)
        {
            return None;
        }
        if !self.wanted(&owned) || column.as_str().contains('.') {
            return Some(None);
        }
        self.say(&owned, Facet::None);
        Some(Some(format!("{model}.{}", column.as_str())))
    }

    /// Views and materialized views.
    pub(super) fn views(&mut self) {
        for (id, object) in self.catalog.below(Tag::View, &[]).chain(self.catalog.below(Tag::MaterializedView, &[])) {
            if !self.wanted(id) {
                continue;
            }
            match &object.body {
                Body::View(view) => self.view(id, object, view),
                Body::MaterializedView(view) => self.materialized_view(id, object, view),
                _ => {}
            }
        }
    }

    fn query(&self, id: &Id, shown: &str) -> Value {
        query_value(self.form(id).respelled(shown, text::query).trim())
    }

    fn view(&mut self, id: &Id, object: &Object, view: &View) {
        let mut fields = Fields::default();
        for option in &view.options {
            match option.split_once('=') {
                Some((name @ ("security_barrier" | "security_invoker"), value @ ("true" | "false"))) => {
                    fields.put(name, value == "true");
                }
                Some(("check_option", value)) => fields.put("check_option", value),
                _ => return,
            }
        }
        fields.put("query", self.query(id, view.query.as_str()));
        let mut defaults = Fields::default();
        for (column, _) in &view.columns {
            let default = Id::new(Tag::ColumnDefault, [id.part(0), id.part(1), column.clone()]);
            defaults.some(column.as_str(), self.default(&default));
        }
        if !defaults.0.is_empty() {
            fields.put("defaults", Value::InlineTable(defaults.0));
        }
        comments(object, &mut fields);
        self.rights(id).put(&mut fields);
        self.say(id, Facet::Rights);
        let mut table = fields.0.into_table();
        for (key, item) in self.hangers(id) {
            table.insert(key, item);
        }
        self.entry(id, "views", key_of(id), Item::Table(table));
    }

    fn materialized_view(&mut self, id: &Id, object: &Object, view: &MaterializedView) {
        if !view.tunings.is_empty() || view.replica_identity != "d" {
            return;
        }
        let mut fields = Fields::default();
        fields.put("query", self.query(id, view.query.as_str()));
        fields.some("with", settings(&view.options));
        fields.some("tablespace", view.tablespace.as_ref().map(Name::as_str));
        fields.some("access_method", view.access_method.as_ref().map(Name::as_str));
        fields.some("with_data", (!view.filled.0).then_some(false));
        comments(object, &mut fields);
        self.rights(id).put(&mut fields);
        let mut table = fields.0.into_table();
        let mut parts = Parts::default();
        parts.indexes = self.indexes_of_view(id, &mut parts.cluster_on);
        self.statistics(id, &mut parts);
        if let Some(index) = &parts.cluster_on {
            table.insert("cluster_on", toml_edit::value(index.as_str()));
        }
        for (key, named) in [("indexes", parts.indexes), ("statistics", parts.statistics)] {
            if let Some(item) = named.item() {
                table.insert(key, item);
            }
        }
        self.say(id, Facet::Rights);
        self.entry(id, "materialized_views", key_of(id), Item::Table(table));
    }
}

fn comments(object: &Object, fields: &mut Fields) {
    fields.some("comment", object.facets.comment.as_deref());
    let columns: toml_edit::InlineTable = object
        .facets
        .column_comments
        .iter()
        .map(|(column, text)| (column.as_str(), Value::from(text.as_str())))
        .collect();
    if !columns.is_empty() {
        fields.put("column_comments", Value::InlineTable(columns));
    }
}

/// The schema that every database has is not declared.
fn comes_along(id: &Id) -> bool {
    id.tag == Tag::Schema && id.name().as_str() == "public"
}

/// The name that the server gives to the multirange type of a range type.
fn usual_multirange(range: &str) -> String {
    match range.rfind("range") {
        Some(at) => format!("{}multi{}", &range[..at], &range[at..]),
        None => format!("{range}_multirange"),
    }
}
