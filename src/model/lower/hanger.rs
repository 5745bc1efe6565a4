//! Triggers, rules and policies.

use super::super::collection::Path;
use super::super::constraint::Initially;
use super::super::decode::Ident;
use super::super::models::Models;
use super::super::table::{Firing, Policy, PolicyCommand, Rule, Trigger, TriggerLevel, TriggerTime};
use super::{Lowering, deferral, is, qualified, raw};
use crate::sql;
use crate::sql::Sql;

impl Lowering {
    pub(super) fn trigger(&mut self, models: &Models, path: &Path, name: &Ident, trigger: &Trigger) {
        let table = &qualified(path);
        let word = if is(&trigger.constraint) { "CONSTRAINT TRIGGER" } else { "TRIGGER" };
        let when = match trigger.when.value {
            TriggerTime::Before => "BEFORE",
            TriggerTime::After => "AFTER",
            TriggerTime::InsteadOf => "INSTEAD OF",
        };
        let events = Sql::join(trigger.events.iter().map(raw), " OR ");
        let mut text = sql!("CREATE {} {} {} {} ON {}", Sql::raw(word), name.value, Sql::raw(when), events, table);
        if let Some(from) = &trigger.from {
            match models.resolve(from) {
                Ok(at) => text.push(&sql!(" FROM {}", qualified(&models.models[at].table))),
                Err(mistake) => self.mistakes.push(mistake),
            }
        }
        text.push(&deferral(Initially::of(trigger.deferrable.as_ref(), trigger.initially_deferred.as_ref())));
        let old = trigger.old_table.as_ref().map(|name| sql!(" OLD TABLE AS {}", name.value));
        let new = trigger.new_table.as_ref().map(|name| sql!(" NEW TABLE AS {}", name.value));
        if old.is_some() || new.is_some() {
            text.push(&sql!(" REFERENCING{}{}", old.unwrap_or_default(), new.unwrap_or_default()));
        }
        let row = trigger.each.as_ref().is_some_and(|each| each.value == TriggerLevel::Row);
        text.push(&Sql::raw(if row { " FOR EACH ROW" } else { " FOR EACH STATEMENT" }));
        if let Some(condition) = &trigger.condition {
            text.push(&sql!(" WHEN ({})", raw(condition)));
        }
        text.push(&sql!(" EXECUTE FUNCTION {}", raw(&trigger.execute)));
        self.later(name.span, text);
        self.firing(table, "TRIGGER", name, trigger.enabled.as_ref().map(|firing| firing.value).unwrap_or_default());
        for (part, firing) in trigger.partitions.iter() {
            let schema = part.schema.clone().or_else(|| path.schema.clone());
            let part = sql!("ONLY {}", qualified(&Path { schema, name: part.name.clone() }));
            self.later(firing.span, sql!("ALTER TABLE {} {} TRIGGER {}", part, action(firing.value), name.value));
        }
        self.comment(&sql!("TRIGGER {} ON {}", name.value, table), trigger.comment.as_ref());
    }

    pub(super) fn rule(&mut self, table: &Sql, name: &Ident, rule: &Rule) {
        self.later(name.span, sql!("CREATE RULE {} AS {}", name.value, raw(&rule.definition)));
        self.firing(table, "RULE", name, rule.enabled.as_ref().map(|firing| firing.value).unwrap_or_default());
        self.comment(&sql!("RULE {} ON {}", name.value, table), rule.comment.as_ref());
    }

    fn firing(&mut self, table: &Sql, word: &'static str, name: &Ident, firing: Firing) {
        if firing != Firing::Origin {
            let (action, word) = (action(firing), Sql::raw(word));
            self.later(name.span, sql!("ALTER TABLE {} {} {} {}", table, action, word, name.value));
        }
    }

    pub(super) fn policy(&mut self, table: &Sql, name: &Ident, policy: &Policy) {
        let mut text = sql!("CREATE POLICY {} ON {}", name.value, table);
        if is(&policy.restrictive) {
            text.push(&Sql::raw(" AS RESTRICTIVE"));
        }
        text.push(&Sql::raw(match policy.command.as_ref().map(|command| &command.value) {
            None | Some(PolicyCommand::All) => "",
            Some(PolicyCommand::Select) => " FOR SELECT",
            Some(PolicyCommand::Insert) => " FOR INSERT",
            Some(PolicyCommand::Update) => " FOR UPDATE",
            Some(PolicyCommand::Delete) => " FOR DELETE",
        }));
        let roles = policy.to.iter().map(|role| match role.as_str() {
            "public" => Sql::raw("PUBLIC"),
            _ => sql!("{}", role.value),
        });
        if !policy.to.is_empty() {
            text.push(&sql!(" TO {}", Sql::join(roles, ", ")));
        }
        if let Some(using) = &policy.using {
            text.push(&sql!(" USING ({})", raw(using)));
        }
        if let Some(check) = &policy.check {
            text.push(&sql!(" WITH CHECK ({})", raw(check)));
        }
        self.later(name.span, text);
        self.comment(&sql!("POLICY {} ON {}", name.value, table), policy.comment.as_ref());
    }
}

fn action(firing: Firing) -> Sql {
    Sql::raw(match firing {
        Firing::Origin => "ENABLE",
        Firing::Always => "ENABLE ALWAYS",
        Firing::Replica => "ENABLE REPLICA",
        Firing::Disabled => "DISABLE",
    })
}
