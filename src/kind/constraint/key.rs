//! Keys: the indexes behind them, and what hangs on them.

use std::collections::BTreeSet;

use super::text::{end_of_columns, key, lists, names, nulls_are_equal, path, referred, split_at_word, terms};
use super::{Constraint, Form};
use crate::catalog::{Catalog, Object};
use crate::facet::Facets;
use crate::kind::index::is_replaceable;
use crate::kind::inheritance::is_heir;
use crate::kind::options::parameters;
use crate::kind::retype::keeps_types;
use crate::kind::{Body, Cx, Id, Tag, table};
use crate::name::Name;
use crate::sql;
use crate::sql::Sql;
use crate::statement::{Statement, Transaction};

impl Constraint {
    /// Whether the server would take it for another key of its table if both stood in `CREATE TABLE`, and keep the other.
    pub fn is_second(&self, id: &Id, all: &Catalog) -> bool {
        let own = key(self.definition.as_str());
        let rank = |form: Form, id: &Id| (form != Form::PrimaryKey, id.name());
        let excludes = self.form == Form::Exclusion;
        (excludes || own.is_some())
            && all.below(Tag::Constraint, &id.path[..2]).any(|(other, object)| match &object.body {
                Body::Constraint(constraint) if rank(constraint.form, other) < rank(self.form, id) => match excludes {
                    true => constraint.form == self.form && constraint.definition == self.definition,
                    false => key(constraint.definition.as_str()) == own,
                },
                _ => false,
            })
    }

    /// Whether it is a key with this column.
    pub fn has(&self, column: &Name) -> bool {
        let text = self.definition.as_str().replacen(" WITHOUT OVERLAPS)", ")", 1);
        let columns = lists(&text).into_iter().next().and_then(|list| names(&list));
        columns.is_some_and(|columns| columns.iter().any(|name| name.as_str() == column.to_string()))
    }

    /// The keys that a foreign key may hang on, each with the columns that its index has besides.
    pub(super) fn keys_referred_to(&self, all: &Catalog) -> Vec<(Id, Vec<Id>)> {
        let text = self.definition.as_str();
        let (Form::ForeignKey, Some(table)) = (self.form, referred(text)) else { return Vec::new() };
        let columns = |text: &str, at: usize| -> Option<BTreeSet<String>> {
            Some(lists(text).get(at)?.iter().map(|name| (*name).to_owned()).collect())
        };
        let (path, own) = (path(table), columns(text, 1));
        let equal = |object: &Object| match &object.body {
            Body::Constraint(key) if matches!(key.form, Form::PrimaryKey | Form::Unique) => {
                terms(key.definition.as_str()).1.is_empty() && columns(key.definition.as_str(), 0) == own
            }
            Body::Index(index) if index.unique && index.valid => {
                let text = index.definition.as_str();
                split_at_word(text, "WHERE").1.is_empty() && columns(text, 0) == own
            }
            _ => false,
        };
        let both = [Tag::Constraint, Tag::Index].into_iter().flat_map(|tag| all.below(tag, &path));
        let keys = both.filter(|(_, object)| equal(object));
        keys.map(|(id, object)| (id.clone(), included(id, &object.body))).collect()
    }

    /// A key whose index is made first, while rows are written: what makes the index, and the key of it.
    pub(super) fn by_index(&self, id: &Id, made_as: &Name) -> Option<[Sql; 2]> {
        let word = match self.form {
            Form::PrimaryKey => "PRIMARY KEY",
            Form::Unique => "UNIQUE",
            _ => return None,
        };
        let (table, name, text) = (id.relation(), id.name(), self.definition.as_str());
        let lists = lists(text);
        let columns = Sql::join(names(lists.first()?)?, ", ");
        let mut index = sql!("CREATE UNIQUE INDEX CONCURRENTLY {} ON {} ({})", made_as, table, columns);
        if let Some(included) = lists.get(1) {
            index.push(&sql!(" INCLUDE ({})", Sql::join(names(included)?, ", ")));
        }
        if nulls_are_equal(text) {
            index.push(&Sql::raw(" NULLS NOT DISTINCT"));
        }
        if !self.options.is_empty() {
            index.push(&sql!(" WITH ({})", parameters(&self.options)));
        }
        if let Some(tablespace) = &self.tablespace {
            index.push(&sql!(" TABLESPACE {}", tablespace));
        }
        let timing = Sql::raw(&text[end_of_columns(text)..]);
        let key =
            sql!("ALTER TABLE {} ADD CONSTRAINT {} {} USING INDEX {}{}", table, name, Sql::raw(word), made_as, timing);
        Some([index, key])
    }

    /// Whether this key takes over an index of its name, which is the one that it would build.
    pub fn takes_over(&self, id: &Id, before: &Catalog, after: &Catalog) -> bool {
        let Some(object) = before.get(&Id { tag: Tag::Index, ..id.clone() }) else { return false };
        let Body::Index(index) = &object.body else { return false };
        let stays = |id: &Id| before.get(id).map(|object| &object.body) == after.get(id).map(|object| &object.body);
        let changes = |id: &Id| !stays(id) || !keeps_types(id, before, after);
        let mut columns = object.needs.iter().map(|need| &need.id).filter(|id| id.tag == Tag::Column);
        let is_ordinary = [before, after].iter().all(|side| side.is_ordinary_table(&id.path[..2]));
        let is_bare = *object.facets == Facets::default() && self.index_comment.is_none();
        if !is_ordinary || !is_bare || columns.any(changes) || self.makes_own(id, before, after) {
            return false;
        }
        let Some([made, _]) = self.by_index(id, &id.name()) else { return false };
        let tablespace = index.tablespace.as_ref().map_or(String::new(), |name| format!(" TABLESPACE {name}"));
        let there = format!("{}{tablespace}", index.definition).replacen(" USING btree", "", 1);
        index.valid && made.as_str().replacen(" CONCURRENTLY", "", 1) == there
    }

    /// Whether it would make a NOT NULL that a table has of its parent its own (PostgreSQL 18), by `USING INDEX` or inside
    /// `CREATE TABLE`.
    pub fn makes_own(&self, id: &Id, before: &Catalog, after: &Catalog) -> bool {
        // That of a partition is always read; one that is yet to be attached loses it then.
        let mut lines = after.below(Tag::Inheritance, &id.path[..2]).map(|(line, _)| line);
        let is_partition = before.has(&table::of(id)) && lines.any(|line| !is_heir(line, after));
        let is_led = |(column, object): (&Id, &Object)| match &object.body {
            Body::Column(definition) => (definition.not_null_as.is_none() || is_partition) && self.has(&column.name()),
            _ => false,
        };
        let is_heir = || after.below(Tag::Inheritance, &id.path[..2]).next().is_some();
        let has_own = self.form == Form::PrimaryKey && after.server.version >= 180_000;
        has_own && is_heir() && after.below(Tag::Column, &id.path[..2]).any(is_led)
    }

    /// What builds a key beside the one that has its name, which goes then: rows are never without one.
    pub(super) fn successor(&self, cx: &Cx) -> Option<Vec<Statement>> {
        let [index, key] = self.by_index(cx.id, &cx.id.name().successor())?;
        if !is_replaceable(cx) || self.replica_identity || self.index_comment.is_some() {
            return None;
        }
        let (danger, why, count) = self.hazard(cx);
        let mut out = vec![Statement::new(index).in_transaction(Transaction::Outside).hazard(danger, why, count)];
        out.push(sql!("ALTER TABLE {} DROP CONSTRAINT {}", cx.id.relation(), cx.id.name()).into());
        out.push(key.into());
        out.extend(self.extras(None, cx));
        Some(out)
    }

    /// What the index behind it is made of.
    pub fn index(&self) -> Option<&str> {
        let text = self.definition.as_str();
        let key = |word| text.strip_prefix(word);
        self.form.has_index().then(|| key("PRIMARY KEY ").or_else(|| key("UNIQUE ")).unwrap_or(text))
    }
}

/// The columns that the index of a key has besides the key.
fn included(id: &Id, key: &Body) -> Vec<Id> {
    let text = match key {
        Body::Constraint(key) => key.definition.as_str(),
        Body::Index(index) => index.definition.as_str(),
        _ => "",
    };
    let lists = if text.contains(" INCLUDE (") { lists(text) } else { Vec::new() };
    let column = |name: &&str| Id::new(Tag::Column, id.path[..2].iter().cloned().chain(path(name)));
    lists.get(1).into_iter().flatten().map(column).collect()
}

/// The id of the constraint or index of this name on a table.
pub fn index_behind(catalog: &Catalog, table: &[Name], name: &Name) -> Option<Id> {
    let path = || table.iter().cloned().chain([name.clone()]);
    [Id::new(Tag::Constraint, path()), Id::new(Tag::Index, path())].into_iter().find(|id| catalog.has(id))
}
