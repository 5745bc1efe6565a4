//! What hangs on a table or view: policies, triggers and rules.

use toml_edit::{InlineTable, Item, Table, Value};

use super::family::part_key;
use super::index::roles;
use super::scan::Scan;
use super::text;
use super::{Facet, Fields, Raising};
use crate::kind::policy::Policy;
use crate::kind::trigger::Trigger;
use crate::kind::{Body, Id, Tag};
use crate::name::Name;

impl<'a> Raising<'a> {
    /// All that hangs on a relation, by the key that it has below the relation.
    pub(super) fn hangers(&mut self, holder: &Id) -> Vec<(&'static str, Item)> {
        let mut out = Vec::new();
        for (tag, key) in [(Tag::Policy, "policies"), (Tag::Trigger, "triggers"), (Tag::Rule, "rules")] {
            let mut table = Table::new();
            let all: Vec<_> = self.catalog.below(tag, &holder.path[..2]).collect();
            for (id, object) in all {
                if !self.wanted(id) || object.is_inherited() {
                    continue;
                }
                let fields = match &object.body {
                    Body::Policy(policy) => Some(self.policy(id, policy)),
                    Body::Trigger(trigger) => self.trigger(id, trigger),
                    Body::Rule(rule) => self.rule(id, rule.definition.as_str(), &rule.enabled),
                    _ => None,
                };
                if let Some(mut fields) = fields {
                    fields.some("comment", self.comment(id));
                    table.insert(id.name().as_str(), fields.item("definition"));
                    self.say(id, Facet::Comment);
                }
            }
            if !table.is_empty() {
                out.push((key, Item::Table(table)));
            }
        }
        out
    }

    fn policy(&self, id: &Id, policy: &Policy) -> Fields {
        let mut fields = Fields::default();
        fields.some("command", (policy.command != "ALL").then(|| policy.command.to_lowercase()));
        let to: Vec<Value> = roles(&policy.roles).collect();
        fields.list("to", to);
        fields.some("using", policy.using.as_ref().map(|text| self.expression(id, text.as_str())));
        fields.some("check", policy.check.as_ref().map(|text| self.expression(id, text.as_str())));
        fields.flag("restrictive", !policy.permissive);
        fields
    }

    fn trigger(&self, id: &Id, trigger: &Trigger) -> Option<Fields> {
        let mut scan = Scan::new(trigger.definition.as_str());
        scan.take("CREATE").then_some(())?;
        let constraint = scan.take("CONSTRAINT");
        scan.take("TRIGGER").then_some(())?;
        scan.name()?;
        let times = [("BEFORE", "before"), ("AFTER", "after"), ("INSTEAD OF", "instead of")];
        let (_, when) = times.into_iter().find(|(word, _)| scan.take(word))?;
        let events = scan
            .until(&["ON"])
            .split(" OR ")
            .map(|event| text::expression(event, text::Literals::Bare))
            .collect::<Vec<String>>();
        scan.take("ON").then_some(())?;
        scan.path()?;
        let mut fields = Fields::default();
        fields.put("when", when);
        fields.list("events", events);
        if scan.take("FROM") {
            let (schema, table) = scan.path()?;
            fields.put("from", self.model(&schema, &table)?);
        }
        let deferrable = scan.take("DEFERRABLE");
        scan.take("NOT DEFERRABLE");
        let deferred = scan.take("INITIALLY DEFERRED");
        scan.take("INITIALLY IMMEDIATE");
        let (mut old, mut new) = (None, None);
        if scan.take("REFERENCING") {
            while let Some(table) = [("OLD TABLE AS", &mut old), ("NEW TABLE AS", &mut new)]
                .into_iter()
                .find_map(|(words, table)| scan.take(words).then_some(table))
            {
                *table = Some(scan.name()?);
            }
        }
        let row = scan.take("FOR EACH ROW");
        (row || scan.take("FOR EACH STATEMENT")).then_some(())?;
        fields.some("each", row.then_some("row"));
        if scan.take("WHEN") {
            fields.put("condition", self.expression(id, scan.group()?));
        }
        scan.take("EXECUTE FUNCTION").then_some(())?;
        let called = scan.rest();
        let called = match self.form(id) {
            form if form.is_persons() => called.strip_prefix("public.").unwrap_or(called),
            _ => called,
        };
        fields.put("execute", called);
        fields.some("old_table", old.as_ref().map(Name::as_str));
        fields.some("new_table", new.as_ref().map(Name::as_str));
        fields.flag("constraint", constraint);
        fields.flag("deferrable", deferrable && !deferred);
        fields.flag("initially_deferred", deferred);
        fields.some("enabled", firing(&trigger.enabled)?);
        let mut copies = InlineTable::new();
        for (table, enabled, comment) in &trigger.copies {
            if comment.is_some() {
                return None;
            }
            copies.insert(part_key(&id.part(0), &table[0], &table[1]), firing(enabled)?.unwrap_or("origin").into());
        }
        if !copies.is_empty() {
            fields.put("partitions", copies);
        }
        Some(fields)
    }

    fn rule(&self, id: &Id, definition: &str, enabled: &str) -> Option<Fields> {
        let mut scan = Scan::new(definition);
        scan.take("CREATE RULE").then_some(())?;
        scan.name()?;
        scan.take("AS").then_some(())?;
        let rest = scan.rest();
        let mut fields = Fields::default();
        fields.put("definition", self.form(id).text(rest, text::statement));
        fields.some("enabled", firing(enabled)?);
        Some(fields)
    }
}

/// In which sessions it fires, where that is not the usual; `None` for what has no word.
fn firing(enabled: &str) -> Option<Option<&'static str>> {
    match enabled {
        "O" => Some(None),
        "A" => Some(Some("always")),
        "R" => Some(Some("replica")),
        "D" => Some(Some("disabled")),
        _ => None,
    }
}
