//! A model as DDL: the table, and what hangs on it.

use std::collections::HashSet;

use super::super::collection::{Map, Named, Path};
use super::super::column::{ColumnUnique, Setting};
use super::super::constraint::{Initially, PrimaryKey};
use super::super::decode::{Ident, Text};
use super::super::diagnostic::Span;
use super::super::element::{Element, element};
use super::super::index::Index;
use super::super::models::{Entry, Link, Models};
use super::super::names::{Suffix, choose, index_columns};
use super::super::table::{
    Firing, Model, Policy, PolicyCommand, ReplicaIdentityWord, Rule, Statistics, Trigger, TriggerLevel, TriggerTime,
};
use super::column::{column_line, given_line, options};
use super::constraint::{actions, constraints, unvalidated};
use super::{Lowered, Lowering, deferral, is, list, qualified, raw, settings};
use crate::kind::constraint_text::key;
use crate::name::Name;
use crate::sql;
use crate::sql::Sql;

impl Lowering {
    /// Lowers one model.
    pub(super) fn model(&mut self, models: &Models, at: usize) {
        let entry = &models.models[at];
        let (model, table) = (&entry.model, qualified(&entry.table));
        let mut lines: Vec<Lowered> = Vec::new();
        for (name, column) in model.columns.iter() {
            match (models.is_given(at, name.as_str()), models.column_type(at, name.as_str())) {
                (true, _) if !model.inherits.is_empty() => {} // `CREATE TABLE` has no word for it
                (true, _) => lines.extend(given_line(name, column)),
                (false, Some(r#type)) => lines.push(column_line(name, r#type, column)),
                (false, None) => self.not_yet(name.span, "a column without a known type"),
            }
        }
        // Of two keys that are the same, `CREATE TABLE` makes one; and a primary key, the first of them, would give an heir's
        // column a NOT NULL of its own.
        let constraints = constraints(entry);
        let is_led = !model.inherits.is_empty() && !entry.primary_key().is_empty();
        let mut keys = HashSet::new();
        let mut apart = Vec::new();
        for (number, line) in constraints.iter().enumerate() {
            let is_second = key(line.sql.as_str()).is_some_and(|key| !keys.insert(key));
            if is_second || is_led && number == 0 { apart.push(line) } else { lines.push(line.clone()) }
        }
        let (inside, outside): (Vec<Link>, Vec<Link>) =
            models.links(at).into_iter().partition(|link| models.is_there_for(at, link));
        lines.extend(inside.iter().map(|link| Lowered::new(link.at, foreign_key_line(models, link))));
        let (parents, bound) = (self.parents(models, entry), model.for_values.as_ref());
        let part_of = bound.filter(|_| !entry.is_attached()).zip(parents.first());
        let (span, made_of) = match (&model.of_type, part_of) {
            (Some(of_type), _) => (of_type.span, sql!(" OF {}", raw(of_type))),
            (None, Some((values, parent))) => (values.span, sql!(" PARTITION OF {}", parent)),
            (None, None) => (entry.key.span, Sql::default()),
        };
        let mut statement = Lowered::new(span, sql!("{} {}{}", head(model), table, made_of));
        for (number, line) in lines.iter().enumerate() {
            statement.sql.push(&Sql::raw(if number == 0 { " (\n    " } else { ",\n    " }));
            statement.append(line);
        }
        let mut text = Sql::raw(match () {
            () if !lines.is_empty() => "\n)",
            () if made_of.is_empty() => " ()",
            () => "",
        });
        if let (None, Some((values, _))) = (&model.of_type, part_of) {
            text.push(&sql!(" {}", for_values(values)));
        }
        text.push(&list(" INHERITS", if model.inherits.is_empty() { &[] } else { &parents }));
        text.push(&storage(
            model.partition_by.as_ref(),
            model.access_method.as_ref(),
            &model.with,
            model.tablespace.as_ref(),
        ));
        if let Some(foreign) = &model.foreign {
            text.push(&sql!(" SERVER {}", foreign.server.value));
            text.push(&list(" OPTIONS", &options(&foreign.options)));
        }
        statement.push(span, &text);
        self.out.push(statement);
        self.not_nulls(models, at, &table);
        self.columns(models, at, &table);
        self.parts(entry);
        for line in apart {
            self.later(line.parts[0].1, sql!("ALTER TABLE {} ADD {}", table, line.sql));
        }
        for (span, line) in unvalidated(entry) {
            self.later(span, sql!("ALTER TABLE {} ADD {}", table, line));
        }
        for link in &outside {
            self.later(link.at, sql!("ALTER TABLE {} ADD {}", table, foreign_key_line(models, link)));
        }
        inside.iter().chain(&outside).for_each(|link| self.comment_on_key(entry, link));
        self.indexes(models, at);
        self.comments_of_constraints(entry, &table);
        self.hangers(models, entry, &table);
        self.switches(entry, &table);
        if let (true, Some(values), [parent]) = (entry.is_attached(), bound, &parents[..]) {
            self.later(values.span, sql!("ALTER TABLE {} ATTACH PARTITION {} {}", parent, table, for_values(values)));
        }
    }

    /// The tables that a model is made from.
    fn parents(&mut self, models: &Models, entry: &Entry) -> Vec<Sql> {
        let mut parents = Vec::new();
        for parent in entry.parents() {
            match models.resolve(parent) {
                Ok(at) => parents.push(qualified(&models.models[at].table)),
                Err(mistake) => self.mistakes.push(mistake),
            }
        }
        parents
    }

    /// The partitions that are no models.
    fn parts(&mut self, entry: &Entry) {
        for part in entry.parts() {
            let (table, body) = (qualified(&part.table), part.body);
            let unlogged = Sql::raw(if is(&body.unlogged) { "UNLOGGED " } else { "" });
            let mut text = sql!("CREATE {}TABLE {} PARTITION OF {}", unlogged, table, qualified(&part.parent));
            text.push(&sql!(" {}", for_values(&body.for_values)));
            text.push(&storage(body.partition_by.as_ref(), None, &body.with, body.tablespace.as_ref()));
            self.push(body.for_values.span, text);
            self.comment(&sql!("TABLE {}", table), body.comment.as_ref());
            self.rights("TABLE", &table, body.owner.as_ref(), body.privileges.as_ref());
        }
    }

    fn comment_on_key(&mut self, entry: &Entry, link: &Link) {
        if let Some(comment) = &link.details.comment {
            let chosen = link.name.as_ref().map(|name| name.value.clone()).unwrap_or_else(|| {
                let columns = link.columns.iter().map(Name::as_str);
                Name::from(choose(entry.table.name.as_str(), columns, Suffix::ForeignKey, |_| false))
            });
            self.comment(&sql!("CONSTRAINT {} ON {}", chosen, qualified(&entry.table)), Some(comment));
        }
    }

    fn indexes(&mut self, models: &Models, at: usize) {
        let entry = &models.models[at];
        let table = &entry.table;
        let own = || entry.model.columns.iter().map(|(name, _)| name.value.clone()).collect();
        let columns: Vec<Name> = models.columns(at).unwrap_or_else(own);
        for (name, column) in entry.model.columns.iter() {
            if let Some(index) =
                column.index.as_ref().filter(|index| index.enabled.as_ref().is_none_or(|flag| flag.value))
            {
                let body = index.as_index(&name.value.to_string());
                self.index(table, index.name.as_ref(), &body, name.span, &columns);
            }
        }
        for (name, index) in entry.model.indexes.iter() {
            self.index(table, name.as_ref(), index, name.as_ref().map_or(index.at, |name| name.span), &columns);
        }
    }

    /// One index of a table or materialized view, whose columns are known for tables.
    pub(super) fn index(&mut self, table: &Path, name: Option<&Ident>, index: &Index, span: Span, columns: &[Name]) {
        let elements = index.columns.iter().map(|text| match element(&text.value, columns) {
            Element::Column { name, rest } => sql!("{} {}", name, Sql::raw(rest.trim())),
            Element::Expression(_) | Element::Unknown(_) | Element::Empty => raw(text),
        });
        let only = Sql::raw(if is(&index.only) { "ONLY " } else { "" });
        let unique = Sql::raw(if is(&index.unique) { "UNIQUE " } else { "" });
        let method = index.method.as_ref().map(|method| sql!(" USING {}", method.value)).unwrap_or_default();
        let shown = name.map(|name| sql!("{} ", name.value)).unwrap_or_default();
        let mut text = sql!("CREATE {}INDEX {}ON {}{}{}", unique, shown, only, qualified(table), method);
        text.push(&sql!(" ({})", Sql::join(elements, ", ")));
        text.push(&list(" INCLUDE", &index.include.iter().map(|name| sql!("{}", name.value)).collect::<Vec<_>>()));
        if is(&index.nulls_not_distinct) {
            text.push(&Sql::raw(" NULLS NOT DISTINCT"));
        }
        text.push(&list(" WITH", &settings(&index.with)));
        if let Some(tablespace) = &index.tablespace {
            text.push(&sql!(" TABLESPACE {}", tablespace.value));
        }
        if let Some(condition) = &index.r#where {
            text.push(&sql!(" WHERE {}", raw(condition)));
        }
        self.later(span, text);
        let schema = table.home();
        let chosen =
            sql!("{}.{}", schema, name.map_or_else(|| index_name(&table.name, index), |name| name.value.clone()));
        self.comment(&sql!("INDEX {}", chosen), index.comment.as_ref());
        for (number, target) in index.statistics.iter() {
            let column = Sql::raw(number.value.as_str());
            let text = sql!("ALTER INDEX {} ALTER COLUMN {} SET STATISTICS {}", chosen, column, target.value);
            self.later(target.span, text);
        }
        if let Some(parent) = &index.partition_of {
            let parent_name = Name::from(parent.value.as_str());
            self.later(parent.span, sql!("ALTER INDEX {}.{} ATTACH PARTITION {}", schema, parent_name, chosen));
        }
    }

    /// The comments on constraints. What has no name of its own has the one that the server chooses.
    fn comments_of_constraints(&mut self, entry: &Entry, table: &Sql) {
        let model = &entry.model;
        let usual =
            |columns: Vec<&str>, suffix| Name::from(choose(entry.table.name.as_str(), columns, suffix, |_| false));
        fn names(columns: &[Ident]) -> Vec<&str> {
            columns.iter().map(|column| column.value.as_str()).collect()
        }
        let own = |name: Option<&Ident>| name.map(|name| name.value.clone());
        let mut all: Vec<(Option<Name>, &Text)> = Vec::new();
        if let Some(PrimaryKey { name, comment: Some(comment), .. }) = &model.primary_key {
            all.push((own(name.as_ref()).or_else(|| Some(usual(Vec::new(), Suffix::PrimaryKey))), comment));
        }
        for (name, column) in model.columns.iter() {
            let alone = vec![name.value.as_str()];
            if let Some(ColumnUnique { name, comment: Some(comment), .. }) = column.unique.as_deref() {
                all.push((own(name.as_ref()).or_else(|| Some(usual(alone.clone(), Suffix::Unique))), comment));
            }
            for check in column.check.iter() {
                all.extend(check.comment.as_ref().map(|comment| {
                    (own(check.name.as_ref()).or_else(|| Some(usual(alone.clone(), Suffix::Check))), comment)
                }));
            }
        }
        for (name, unique) in model.uniques.iter() {
            all.extend(unique.comment.as_ref().map(|comment| {
                let columns = [names(&unique.columns), names(&unique.include)].concat();
                (own(name.as_ref()).or_else(|| Some(usual(columns, Suffix::Unique))), comment)
            }));
        }
        let checks =
            model.checks.iter().map(|(name, check)| (own(name.as_ref().or(check.name.as_ref())), &check.comment));
        let exclusions = model.exclusions.iter().map(|(name, item)| (own(name.as_ref()), &item.comment));
        all.extend(checks.chain(exclusions).filter_map(|(name, comment)| Some((name, comment.as_ref()?))));
        for (name, comment) in all {
            match name {
                Some(name) => self.comment(&sql!("CONSTRAINT {} ON {}", name, table), Some(comment)),
                None => self.not_yet(comment.span, "a comment on a constraint without a name"),
            }
        }
    }

    /// Statistics, triggers, rules, policies and comments; and a look at what generated code will say.
    fn hangers(&mut self, models: &Models, entry: &Entry, table: &Sql) {
        let model = &entry.model;
        for (_, relationship) in model.relationships.iter() {
            let ends = [&relationship.has_many, &relationship.has_one, &relationship.belongs_to];
            let target = ends.into_iter().flatten().next().and_then(|end| models.resolve(end).ok());
            if let Some((order, target)) = relationship.order.as_ref().zip(target) {
                let other = qualified(&models.models[target].table);
                self.later(order.span, sql!("SELECT FROM {} ORDER BY {} LIMIT 0", other, raw(order)));
            }
        }
        let word = if model.foreign.is_some() { "FOREIGN TABLE" } else { "TABLE" };
        self.comment(&sql!("{} {}", Sql::raw(word), table), model.comment.as_ref());
        self.rights(word, table, model.owner.as_ref(), model.privileges.as_ref());
        for (name, column) in model.columns.iter() {
            self.comment(&sql!("COLUMN {}.{}", table, name.value), column.comment.as_ref());
        }
        self.statistics(&entry.table, &model.statistics);
        model.triggers.iter().for_each(|(name, trigger)| self.trigger(models, &entry.table, name, trigger));
        model.rules.iter().for_each(|(name, rule)| self.rule(table, name, rule));
        model.policies.iter().for_each(|(name, policy)| self.policy(table, name, policy));
    }

    /// The extended statistics of a table or materialized view.
    pub(super) fn statistics(&mut self, table: &Path, all: &Named<Statistics>) {
        for (name, item) in all.iter() {
            let columns = item.columns.iter().map(raw);
            let chosen =
                name.as_ref().map(|name| name.value.clone()).unwrap_or_else(|| statistics_name(&table.name, item));
            let kinds = list("", &item.kinds.iter().map(|kind| sql!("{}", kind.value)).collect::<Vec<_>>());
            let object = sql!("{}.{}", table.home(), chosen);
            let text =
                sql!("CREATE STATISTICS {}{} ON {} FROM {}", object, kinds, Sql::join(columns, ", "), qualified(table));
            self.later(item.at, text);
            if let Some(target) = &item.target {
                self.later(target.span, sql!("ALTER STATISTICS {} SET STATISTICS {}", object, target.value));
            }
            self.comment(&sql!("STATISTICS {}", object), item.comment.as_ref());
        }
    }

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

    fn policy(&mut self, table: &Sql, name: &Ident, policy: &Policy) {
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

    /// What `ALTER TABLE` says after the table is there.
    fn switches(&mut self, entry: &Entry, table: &Sql) {
        let model = &entry.model;
        if let Some(security) = &model.row_security {
            for (flag, word) in [(&security.enabled, "ENABLE"), (&security.forced, "FORCE")] {
                if is(flag) {
                    self.later(security.at, sql!("ALTER TABLE {} {} ROW LEVEL SECURITY", table, Sql::raw(word)));
                }
            }
        }
        if let Some(identity) = &model.replica_identity {
            let what = match (&identity.index, identity.rows.as_ref().map(|rows| &rows.value)) {
                (Some(index), _) => sql!("USING INDEX {}", index.value),
                (None, Some(ReplicaIdentityWord::Full)) => Sql::raw("FULL"),
                (None, Some(ReplicaIdentityWord::Nothing)) => Sql::raw("NOTHING"),
                (None, Some(ReplicaIdentityWord::Default) | None) => Sql::raw("DEFAULT"),
            };
            self.later(identity.at, sql!("ALTER TABLE {} REPLICA IDENTITY {}", table, what));
        }
        if let Some(index) = &model.cluster_on {
            self.later(index.span, sql!("ALTER TABLE {} CLUSTER ON {}", table, index.value));
        }
    }
}

/// The name that the server chooses for an index.
pub(super) fn index_name(table: &Name, index: &Index) -> Name {
    let word = |text: &Text| text.value.split_whitespace().next().unwrap_or_default().trim_matches('"').to_owned();
    let columns: Vec<String> =
        index.columns.iter().map(word).chain(index.include.iter().map(|name| name.to_string())).collect();
    let columns = index_columns(columns.iter().map(String::as_str));
    Name::from(choose(table.as_str(), columns.iter().map(String::as_str), Suffix::Index, |_| false))
}

/// The name that the server chooses for extended statistics.
pub(super) fn statistics_name(table: &Name, item: &Statistics) -> Name {
    let columns = index_columns(item.columns.iter().map(|text| text.value.as_str()));
    Name::from(choose(table.as_str(), columns.iter().map(String::as_str), Suffix::Statistics, |_| false))
}

fn foreign_key_line(models: &Models, link: &Link) -> Sql {
    let target = qualified(&models.models[link.target].table);
    let name = link.name.as_ref().map(|name| sql!("CONSTRAINT {} ", name.value)).unwrap_or_default();
    let period = is(&link.details.period);
    let (columns, referenced) = (key_columns(&link.columns, period), key_columns(&link.target_columns, period));
    sql!("{}FOREIGN KEY ({}) REFERENCES {} ({}){}", name, columns, target, referenced, actions(&link.details))
}

/// How the statement that makes a model's table begins.
fn head(model: &Model) -> Sql {
    Sql::raw(match (&model.foreign, is(&model.unlogged)) {
        (Some(_), _) => "CREATE FOREIGN TABLE",
        (None, true) => "CREATE UNLOGGED TABLE",
        (None, false) => "CREATE TABLE",
    })
}

/// What stands behind a table's columns and parents.
fn storage(key: Option<&Text>, method: Option<&Ident>, with: &Map<Text, Setting>, tablespace: Option<&Ident>) -> Sql {
    let mut text = key.map(|key| sql!(" PARTITION BY {}", raw(key))).unwrap_or_default();
    text.push(&method.map(|method| sql!(" USING {}", method.value)).unwrap_or_default());
    text.push(&list(" WITH", &settings(with)));
    text.push(&tablespace.map(|space| sql!(" TABLESPACE {}", space.value)).unwrap_or_default());
    text
}

/// The bounds of a partition.
fn for_values(values: &Text) -> Sql {
    let word = if values.value.trim().eq_ignore_ascii_case("default") { "" } else { "FOR VALUES " };
    sql!("{}{}", Sql::raw(word), raw(values))
}

/// The columns of a foreign key, of which the last one may be a range.
fn key_columns(columns: &[Name], period: bool) -> Sql {
    let is_period = |at: usize| period && at + 1 == columns.len();
    let one = |(at, name)| if is_period(at) { sql!("PERIOD {}", name) } else { sql!("{}", name) };
    Sql::join(columns.iter().enumerate().map(one), ", ")
}

fn action(firing: Firing) -> Sql {
    Sql::raw(match firing {
        Firing::Origin => "ENABLE",
        Firing::Always => "ENABLE ALWAYS",
        Firing::Replica => "ENABLE REPLICA",
        Firing::Disabled => "DISABLE",
    })
}
