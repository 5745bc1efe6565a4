//! Indexes and extended statistics.

use toml_edit::{InlineTable, Value};

use super::super::names::Suffix;
use super::scan::{self, Scan};
use super::table::Parts;
use super::text;
use super::{Facet, Fields, Named, Raising, settings, strings};
use crate::catalog::Object;
use crate::kind::index::Index;
use crate::kind::{Body, Id, Tag};
use crate::name::Name;

impl<'a> Raising<'a> {
    /// Every index of a table that no constraint made.
    pub(super) fn indexes(&mut self, table: &Id, parts: &mut Parts) {
        let mut named = std::mem::take(&mut parts.indexes);
        for (id, index) in self.indexes_of(table) {
            let Some((elements, fields)) = self.index(id, index) else { continue };
            let plain = elements.iter().map(|text| scan::name(text)).collect::<Option<Vec<Name>>>();
            let usual = plain.as_ref().is_some_and(|names| self.usual(id, names, Suffix::Index));
            match plain.as_deref() {
                Some([column]) if usual && fields.0.len() == 1 && !parts.has(column, "index") => {
                    parts.at_columns.push((column.clone(), "index", true.into()));
                }
                _ => named.add(id.name(), usual && !fields.0.contains_key("comment"), fields.short("columns")),
            }
            if index.clustered {
                parts.cluster_on = Some(id.name());
            }
            if index.replica_identity {
                parts.identity = Some(id.name());
            }
            self.say(id, Facet::Comment);
        }
        parts.indexes = named;
    }

    /// The indexes of a materialized view.
    pub(super) fn indexes_of_view(&mut self, view: &Id, cluster_on: &mut Option<Name>) -> Named {
        let mut named = Named::default();
        for (id, index) in self.indexes_of(view) {
            if let Some((_, fields)) = self.index(id, index) {
                named.add(id.name(), false, fields.short("columns"));
                if index.clustered {
                    *cluster_on = Some(id.name());
                }
                self.say(id, Facet::Comment);
            }
        }
        named
    }

    fn indexes_of(&self, table: &Id) -> Vec<(&'a Id, &'a Index)> {
        self.catalog
            .below(Tag::Index, &table.path)
            .filter_map(|(id, object)| match &object.body {
                Body::Index(index) if !self.comes_along(id, object) => Some((id, index)),
                _ => None,
            })
            .collect()
    }

    /// Whether all partitions of a partitioned table have their part of its index.
    pub(super) fn is_everywhere(&self, id: &Id) -> bool {
        if !self.catalog.is_partitioned(&id.path[..2]) {
            return true;
        }
        let is_part = |(_, part): (&Id, &Object)| matches!(&part.body, Body::IndexPartition(part) if part.parent[..] == id.path[..]);
        let has_part = |line: &Id| self.catalog.below(Tag::IndexPartition, &line.path[..2]).any(is_part);
        self.catalog.heirs_of(&id.path[..2]).iter().all(has_part)
    }

    /// The elements of an index, and all that models.toml says of it.
    pub(super) fn index(&self, id: &Id, index: &Index) -> Option<(Vec<String>, Fields)> {
        let form = self.form(id);
        let mut scan = Scan::new(index.definition.as_str());
        scan.take("CREATE").then_some(())?;
        let unique = scan.take("UNIQUE");
        (scan.take("INDEX") && self.wanted(id) && index.valid).then_some(())?;
        scan.name()?;
        scan.take("ON").then_some(())?;
        // What the partitions lack would come to them.
        let only = scan.take("ONLY");
        (!only || self.is_everywhere(id)).then_some(())?;
        scan.path()?;
        scan.take("USING").then_some(())?;
        let method = scan.name()?;
        let element = |text: &str| form.text(text, text::element);
        let elements: Vec<String> = scan.list()?.into_iter().map(element).collect();
        let mut fields = Fields::default();
        fields.list("columns", elements.iter().map(String::as_str));
        fields.some("method", (method.as_str() != "btree").then(|| method.as_str().to_owned()));
        fields.flag("unique", unique);
        let include = if scan.take("INCLUDE") { scan.names()? } else { Vec::new() };
        let nulls_not_distinct = scan.take("NULLS NOT DISTINCT");
        if scan.take("WITH") {
            scan.group()?;
        }
        if scan.take("WHERE") {
            fields.put("where", self.expression(id, scan.rest()));
        }
        scan.is_done().then_some(())?;
        fields.list("include", strings(&include));
        fields.flag("nulls_not_distinct", nulls_not_distinct);
        fields.some("with", settings(&index.options));
        fields.some("tablespace", index.tablespace.as_ref().map(Name::as_str));
        fields.flag("only", only && !self.catalog.is_partitioned(&id.path[..2]));
        let targets: InlineTable = index
            .statistics
            .iter()
            .map(|(column, target)| (column.to_string(), Value::from(i64::from(*target))))
            .collect();
        fields.some("statistics", (!targets.is_empty()).then_some(Value::InlineTable(targets)));
        fields.some("comment", self.comment(id));
        Some((elements, fields))
    }

    /// The extended statistics of a table.
    pub(super) fn statistics(&mut self, table: &Id, parts: &mut Parts) {
        let of_table = self.statistics.get(&table.path[..]).cloned().unwrap_or_default();
        for (id, object) in of_table.into_iter().filter(|(id, _)| id.part(0) == table.part(0)) {
            let Body::Statistics(body) = &object.body else { continue };
            let mut scan = Scan::new(body.definition.as_str());
            let Some((fields, of)) = self.statistics_fields(id, &mut scan) else { continue };
            if of != (table.part(0), table.part(1)) {
                continue;
            }
            let mut fields = fields;
            fields.some("target", body.target.map(i64::from));
            fields.some("comment", self.comment(id));
            parts.statistics.add(id.part(1), false, fields.short("columns"));
            self.say(id, Facet::Comment);
        }
    }

    fn statistics_fields(&self, id: &Id, scan: &mut Scan<'_>) -> Option<(Fields, (Name, Name))> {
        (self.wanted(id) && scan.take("CREATE STATISTICS")).then_some(())?;
        scan.path()?;
        let kinds = scan.names().unwrap_or_default();
        scan.take("ON").then_some(())?;
        let columns = format!("({})", scan.until(&["FROM"]));
        let mut list = Scan::new(&columns);
        let shown = list.list()?;
        let text = |text: &str| self.form(id).text(text, text::element);
        let mut fields = Fields::default();
        fields.list("columns", shown.into_iter().map(text));
        fields.list("kinds", strings(&kinds));
        scan.take("FROM").then_some(())?;
        let of = scan.path()?;
        scan.is_done().then_some((fields, of))
    }
}

/// The name of a role as a value.
pub(super) fn roles(names: &[Name]) -> impl Iterator<Item = Value> {
    strings(names).map(Value::from)
}
