//! A model as DDL: the table, and what hangs on it.

use std::collections::HashSet;

use super::super::collection::Map;
use super::super::column::{ColumnUnique, Setting};
use super::super::constraint::PrimaryKey;
use super::super::decode::{Ident, Text};
use super::super::models::{Entry, Link, Models};
use super::super::names::{Suffix, choose};
use super::super::table::{Model, ReplicaIdentityWord};
use super::column::{column_line, given_line, options};
use super::constraint::{actions, constraints, unvalidated};
use super::{Lowered, Lowering, is, list, qualified, raw, settings};
use crate::kind::constraint::text::key;
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
