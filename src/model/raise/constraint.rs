//! Constraints, at their column where that says the same.

use toml_edit::Value;

use super::super::names::{Suffix, choose};
use super::scan::{self, Scan};
use super::table::Parts;
use super::text;
use super::{Facet, Fields, Raising, settings, strings};
use crate::kind::constraint::{Constraint, Form as Sort};
use crate::kind::{Body, Id, Tag};
use crate::name::Name;

/// A foreign key's definition.
pub(super) struct ForeignKey {
    pub(super) columns: Vec<Name>,
    pub(super) target: (Name, Name),
    pub(super) referenced: Vec<Name>,
    details: Fields,
}

/// Reads it; `None` for what models.toml has no words for.
pub(super) fn foreign_key(constraint: &Constraint) -> Option<ForeignKey> {
    let mut scan = Scan::new(constraint.definition.as_str());
    if !scan.take("FOREIGN KEY") {
        return None;
    }
    let columns = scan.names()?;
    scan.take("REFERENCES").then_some(())?;
    let (target, referenced) = (scan.path()?, scan.names()?);
    let mut details = Fields::default();
    if scan.take("MATCH FULL") {
        details.put("match", "full");
    }
    const ACTIONS: &[(&str, &str)] = &[
        ("CASCADE", "cascade"),
        ("RESTRICT", "restrict"),
        ("SET NULL", "set null"),
        ("SET DEFAULT", "set default"),
        ("NO ACTION", "no action"),
    ];
    let action = |scan: &mut Scan<'_>| ACTIONS.iter().find(|(word, _)| scan.take(word)).map(|(_, value)| *value);
    if scan.take("ON UPDATE") {
        details.put("on_update", action(&mut scan)?);
    }
    if scan.take("ON DELETE") {
        details.put("on_delete", action(&mut scan)?);
        if let Some(columns) = scan.names() {
            details.list("on_delete_columns", strings(&columns));
        }
    }
    timing(&mut scan, &mut details);
    details.flag("not_enforced", scan.take("NOT ENFORCED"));
    details.flag("not_valid", constraint.not_valid);
    scan.is_done().then_some(ForeignKey { columns, target, referenced, details })
}

fn timing(scan: &mut Scan<'_>, fields: &mut Fields) {
    let deferrable = scan.take("DEFERRABLE");
    let deferred = scan.take("INITIALLY DEFERRED");
    fields.flag("deferrable", deferrable && !deferred);
    fields.flag("initially_deferred", deferred);
}

/// What stands in a key's parentheses and behind it.
struct Key {
    columns: Vec<Name>,
    include: Vec<Name>,
    nulls_not_distinct: bool,
    without_overlaps: bool,
    timing: Fields,
}

fn key(scan: &mut Scan<'_>) -> Option<Key> {
    let nulls_not_distinct = scan.take("NULLS NOT DISTINCT");
    let mut columns = scan.list()?;
    let mut without_overlaps = false;
    if let Some(last) = columns.last_mut()
        && let Some(name) = last.strip_suffix(" WITHOUT OVERLAPS")
    {
        (*last, without_overlaps) = (name, true);
    }
    let columns = columns.into_iter().map(scan::name).collect::<Option<Vec<Name>>>()?;
    let include = if scan.take("INCLUDE") { scan.names()? } else { Vec::new() };
    let mut rest = Fields::default();
    timing(scan, &mut rest);
    scan.is_done().then_some(Key { columns, include, nulls_not_distinct, without_overlaps, timing: rest })
}

impl Key {
    /// All of it, with the storage of the index behind it; the name, where it is said inside.
    fn fields(&self, constraint: &Constraint, name: Option<Name>) -> Fields {
        let mut fields = Fields::default();
        fields.list("columns", strings(&self.columns));
        fields.some("name", name.as_ref().map(Name::as_str));
        fields.flag("nulls_not_distinct", self.nulls_not_distinct);
        fields.list("include", strings(&self.include));
        fields.flag("without_overlaps", self.without_overlaps);
        self.timing.0.iter().for_each(|(key, value)| fields.put(key, value.clone()));
        storage(constraint, &mut fields);
        fields
    }
}

fn storage(constraint: &Constraint, fields: &mut Fields) {
    fields.some("with", settings(&constraint.options));
    fields.some("tablespace", constraint.tablespace.as_ref().map(Name::as_str));
}

impl<'a> Raising<'a> {
    /// Every constraint of a table.
    pub(super) fn constraints(&mut self, table: &Id, parts: &mut Parts) {
        let all: Vec<(&Id, &Constraint)> = self
            .catalog
            .below(Tag::Constraint, &table.path)
            .filter_map(|(id, object)| match &object.body {
                Body::Constraint(constraint) if !self.comes_along(id, object) => Some((id, constraint)),
                _ => None,
            })
            .collect();
        for (id, constraint) in all {
            let wanted = self.wanted(id);
            if !wanted || self.constraint(id, constraint, parts).is_none() {
                continue;
            }
            if constraint.clustered {
                parts.cluster_on = Some(id.name());
            }
            if constraint.replica_identity {
                parts.identity = Some(id.name());
            }
            let said = Constraint { index_comment: None, ..constraint.clone() };
            self.say_as(id, Body::Constraint(said), Facet::Comment);
        }
    }

    fn constraint(&self, id: &Id, constraint: &Constraint, parts: &mut Parts) -> Option<()> {
        let mut scan = Scan::new(constraint.definition.as_str());
        // What the partitions lack would come to them.
        (!constraint.form.has_index() || self.is_everywhere(id)).then_some(())?;
        match constraint.form {
            Sort::PrimaryKey => {
                scan.take("PRIMARY KEY").then_some(())?;
                let key = key(&mut scan)?;
                let usual = self.usual(id, &[], Suffix::PrimaryKey);
                let mut fields = key.fields(constraint, (!usual).then(|| id.name()));
                fields.some("comment", self.comment(id));
                match (&key.columns[..], fields.0.len()) {
                    ([only], 1) => parts.at_columns.push((only.clone(), "primary_key", true.into())),
                    _ => parts.primary_key = Some(fields.short("columns")),
                }
            }
            Sort::Unique => {
                scan.take("UNIQUE").then_some(())?;
                let key = key(&mut scan)?;
                let named: Vec<Name> = key.columns.iter().chain(&key.include).cloned().collect();
                let usual = self.usual(id, &named, Suffix::Unique);
                let mut fields = key.fields(constraint, (!usual).then(|| id.name()));
                fields.some("comment", self.comment(id));
                let only = match &key.columns[..] {
                    [only] if !parts.has(only, "unique") => Some(only.clone()),
                    _ => None,
                };
                let elsewhere = ["include", "without_overlaps", "with", "tablespace"];
                match only {
                    Some(column) if !elsewhere.iter().any(|key| fields.0.contains_key(key)) => {
                        fields.0.remove("columns");
                        let value = if fields.0.is_empty() { true.into() } else { fields.short("name") };
                        parts.at_columns.push((column, "unique", value));
                    }
                    _ => {
                        fields.0.remove("name");
                        parts.uniques.add(id.name(), usual, fields.short("columns"));
                    }
                }
            }
            Sort::Check => self.check(id, constraint, parts)?,
            Sort::ForeignKey => self.foreign_key(id, constraint, parts)?,
            Sort::Exclusion => {
                (scan.take("EXCLUDE USING")).then_some(())?;
                let method = scan.name()?;
                let elements = scan.list()?;
                let mut fields = Fields::default();
                let element = |text: &str| self.form(id).text(text, text::element);
                fields.list("elements", elements.into_iter().map(element));
                fields.some("method", (method.as_str() != "gist").then(|| method.as_str().to_owned()));
                let include = if scan.take("INCLUDE") { scan.names()? } else { Vec::new() };
                if scan.take("WHERE") {
                    fields.put("where", self.expression(id, scan.group()?));
                }
                fields.list("include", strings(&include));
                timing(&mut scan, &mut fields);
                scan.is_done().then_some(())?;
                storage(constraint, &mut fields);
                fields.some("comment", self.comment(id));
                parts.exclusions.add(id.name(), false, Value::InlineTable(fields.0));
            }
        }
        Some(())
    }

    fn check(&self, id: &Id, constraint: &Constraint, parts: &mut Parts) -> Option<()> {
        let mut scan = Scan::new(constraint.definition.as_str());
        scan.take("CHECK").then_some(())?;
        let condition = scan.group()?;
        let mut fields = Fields::default();
        fields.put("expression", self.expression(id, condition));
        fields.flag("no_inherit", scan.take("NO INHERIT"));
        fields.flag("not_enforced", scan.take("NOT ENFORCED"));
        fields.flag("not_valid", constraint.not_valid);
        scan.is_done().then_some(())?;
        fields.some("comment", self.comment(id));
        let spoken = scan::names(condition);
        let columns = self.catalog.below(Tag::Column, &id.path[..2]).map(|(id, _)| id.name());
        let columns: Vec<Name> = columns.filter(|name| spoken.contains(name)).collect();
        match &columns[..] {
            [only] if self.usual(id, &columns, Suffix::Check) && !parts.has(only, "check") => {
                parts.at_columns.push((only.clone(), "check", fields.short("expression")));
            }
            _ => parts.checks.add(id.name(), false, fields.short("expression")),
        }
        Some(())
    }

    fn foreign_key(&self, id: &Id, constraint: &Constraint, parts: &mut Parts) -> Option<()> {
        let key = foreign_key(constraint)?;
        let model = self.model(&key.target.0, &key.target.1)?;
        let usual = self.usual(id, &key.columns, Suffix::ForeignKey);
        let mut fields = key.details;
        fields.some("comment", self.comment(id));
        let single = match (&key.columns[..], &key.referenced[..]) {
            ([column], [target]) if !target.as_str().contains('.') => Some((column, target)),
            _ => None,
        };
        match single
            .filter(|(column, _)| !parts.has(column, "references") && !fields.0.contains_key("on_delete_columns"))
        {
            Some((column, target)) => {
                let to = format!("{model}.{}", target.as_str());
                let mut reference = Fields::default();
                reference.put("to", to);
                reference.some("name", (!usual).then(|| id.name().as_str().to_owned()));
                let inside = ["not_valid", "not_enforced", "comment"].iter().any(|key| fields.0.contains_key(key));
                for (key, value) in fields.0 {
                    if usual && !inside {
                        let known = ["match", "on_update", "on_delete", "deferrable", "initially_deferred"];
                        let key = known.into_iter().find(|known| *known == key.as_str()).unwrap_or("match");
                        parts.at_columns.push((column.clone(), key, value));
                    } else {
                        reference.put(&key, value);
                    }
                }
                parts.at_columns.push((column.clone(), "references", reference.short("to")));
            }
            None => {
                let mut whole = Fields::default();
                whole.list("columns", strings(&key.columns));
                whole.put("references", model);
                let target = self.primary_key(&key.target);
                whole.list(
                    "referenced",
                    strings(&key.referenced).filter(|_| target.as_deref() != Some(&key.referenced)),
                );
                fields.0.iter().for_each(|(key, value)| whole.put(key, value.clone()));
                parts.foreign_keys.add(id.name(), usual, Value::InlineTable(whole.0));
            }
        }
        Some(())
    }

    /// The columns of a table's primary key.
    fn primary_key(&self, table: &(Name, Name)) -> Option<Vec<Name>> {
        let path = [table.0.clone(), table.1.clone()];
        let mut all = self.catalog.below(Tag::Constraint, &path).filter(|(id, _)| self.wanted(id));
        all.find_map(|(_, object)| match &object.body {
            Body::Constraint(key) if key.form == Sort::PrimaryKey => {
                let mut scan = Scan::new(key.definition.as_str());
                scan.take("PRIMARY KEY").then(|| scan.names()).flatten()
            }
            _ => None,
        })
    }

    /// Whether the name of a part is what the server would choose; what has a comment is
    /// named, so that the comment has something to speak of.
    pub(super) fn usual(&self, id: &Id, columns: &[Name], suffix: Suffix) -> bool {
        let chosen = choose(id.part(1).as_str(), strings(columns), suffix, |_| false);
        self.form(id).is_persons() && chosen == id.name().as_str() && self.comment(id).is_none()
    }
}
