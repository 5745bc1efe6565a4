//! Constraints of tables: primary keys, uniques, checks, foreign keys, exclusions.
//!
//! They share one name space a table, one catalog and one syntax, so they are one kind:
//! <https://www.postgresql.org/docs/current/ddl-constraints.html>.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::column::Column;
use super::constraint_text::{
    duplicates, end_of_columns, key, lists, names, nulls_are_equal, path, referred, split_at_word, terms,
};
use super::index::{Marks, is_replaceable};
use super::inheritance::{is_heir, is_kept_by_heirs};
use super::options::{USER_SCHEMA, not_member, parameters, set_and_reset};
use super::retype::keeps_types;
use super::table::own_rows;
use super::{Alteration, Body, Cx, Id, Kind, Style, Tag, constraint_slot, relation_slot, table};
use crate::catalog::{Catalog, Need, Object};
use crate::facet::{Facets, remark};
use crate::name::Name;
use crate::sql;
use crate::sql::Sql;
use crate::statement::{Danger, Statement, Transaction, one};

/// A constraint of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Constraint {
    /// Which sort.
    pub form: Form,
    /// What stands behind `CONSTRAINT name`, as the server deparses it, without `NOT VALID`.
    pub definition: Sql,
    /// The rows that are there were never looked at.
    #[serde(default)]
    pub not_valid: bool,
    /// Storage parameters of the index behind it.
    #[serde(default)]
    pub options: Vec<String>,
    /// Tablespace of the index behind it.
    pub tablespace: Option<Name>,
    /// `CLUSTER ON` the index behind it.
    pub clustered: bool,
    /// The index behind it is the replica identity.
    pub replica_identity: bool,
    /// The comment on the index behind it, which may differ from its own.
    #[serde(default)]
    pub index_comment: Option<String>,
}

/// The sorts of constraint, by `contype`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Form {
    /// `PRIMARY KEY`
    #[serde(rename = "p")]
    PrimaryKey,
    /// `UNIQUE`
    #[serde(rename = "u")]
    Unique,
    /// `CHECK`
    #[serde(rename = "c")]
    Check,
    /// `FOREIGN KEY`
    #[serde(rename = "f")]
    ForeignKey,
    /// `EXCLUDE`
    #[serde(rename = "x")]
    Exclusion,
}

/// The definition of the constraint `k`, and apart from it whether it is not valid: `CREATE TABLE` takes no notice of
/// that word, so it is no part of what can be written anywhere. An heir's check is as valid as it happens to be.
pub const UNVALIDATED: &str = "regexp_replace(pg_get_constraintdef(k.oid), \
     CASE k.contype WHEN 'x' THEN ' WITH \\([^)]*\\)' ELSE ' NOT VALID$' END, '') AS definition, \
     pg_get_constraintdef(k.oid) LIKE '% NOT VALID' AND (k.conislocal OR k.contype <> 'c') AS not_valid";

impl Form {
    /// Whether an index stands behind it.
    pub fn has_index(self) -> bool {
        matches!(self, Form::PrimaryKey | Form::Unique | Form::Exclusion)
    }
}

impl Constraint {
    /// The line inside `CREATE TABLE`.
    pub fn inline(&self, id: &Id) -> Sql {
        sql!("CONSTRAINT {} {}", id.name(), self.with_storage())
    }

    /// The definition with the storage of its index, which stands before `WHERE` and deferrability.
    fn with_storage(&self) -> Sql {
        let mut storage = Sql::default();
        if !self.options.is_empty() {
            storage.push(&sql!(" WITH ({})", parameters(&self.options)));
        }
        if let Some(tablespace) = &self.tablespace {
            storage.push(&sql!(" USING INDEX TABLESPACE {}", tablespace));
        }
        if storage.is_empty() {
            return self.definition.clone();
        }
        let text = self.definition.as_str();
        let end = end_of_columns(text);
        Sql::raw(format!("{}{}{}", &text[..end], storage, &text[end..]))
    }

    /// What the definition cannot say: marks and the comment of the index behind it.
    pub fn extras(&self, before: Option<&Constraint>, cx: &Cx) -> Vec<Statement> {
        let marks = |constraint: &Constraint| Marks::new(constraint.clustered, constraint.replica_identity);
        let mut out = marks(self).change(before.map(marks), cx);
        if self.index_comment.as_ref() != before.and_then(|before| before.index_comment.as_ref()) {
            out.push(remark(&sql!("INDEX {}.{}", cx.id.part(0), cx.id.name()), self.index_comment.as_deref()));
        }
        out
    }

    /// Whether rows are looked at, some day.
    fn is_enforced(&self) -> bool {
        terms(self.definition.as_str()).2
    }

    fn hazard(&self, cx: &Cx) -> (Danger, String, Option<Sql>) {
        let why = match self.form {
            Form::PrimaryKey => "fails on duplicates and nulls",
            Form::Unique => "fails on duplicates",
            Form::Check => "fails on rows that do not satisfy it",
            Form::ForeignKey => "fails on rows without a counterpart",
            Form::Exclusion => "fails on rows that exclude each other",
        };
        let count = match self.form {
            Form::Check => self.broken(cx),
            Form::PrimaryKey | Form::Unique => self.duplicates(cx),
            Form::ForeignKey => self.orphans(cx),
            Form::Exclusion => None,
        };
        (Danger::MayFail, why.into(), count)
    }

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

    /// Whether it is a foreign key whose two sides have one type at any time: that of periods, which an index compares.
    pub fn is_of_periods(&self) -> bool {
        self.form == Form::ForeignKey && self.definition.as_str().contains(", PERIOD ")
    }

    /// Whether it is a key with this column.
    pub fn has(&self, column: &Name) -> bool {
        let text = self.definition.as_str().replacen(" WITHOUT OVERLAPS)", ")", 1);
        let columns = lists(&text).into_iter().next().and_then(|list| names(&list));
        columns.is_some_and(|columns| columns.iter().any(|name| name.as_str() == column.to_string()))
    }

    /// Whether a column of the key is new and null in every row, so that none can break it.
    fn is_of_nulls(&self, cx: &Cx) -> bool {
        let text = self.definition.as_str();
        let serves = match self.form {
            Form::ForeignKey => !text.contains(" MATCH FULL"),
            Form::Unique => !nulls_are_equal(text),
            Form::PrimaryKey | Form::Check | Form::Exclusion => false,
        };
        let is_null = |(id, object): (&Id, &Object)| {
            let default = Id { tag: Tag::ColumnDefault, path: id.path.clone() };
            let plain = |column: &Column| column.generated.is_none() && column.identity.is_none();
            let filled = cx.after.has(&default) || object.needs.iter().any(|need| need.id.tag == Tag::Domain);
            let empty = matches!(&object.body, Body::Column(column) if plain(column)) && !filled;
            empty && !cx.before.has(id) && self.has(&id.name())
        };
        serves && cx.after.below(Tag::Column, &cx.id.path[..2]).any(is_null)
    }

    /// Counts the rows that a check refuses.
    fn broken(&self, cx: &Cx) -> Option<Sql> {
        let is_alone = self.definition.as_str().trim_end_matches(" NOT ENFORCED").ends_with(" NO INHERIT");
        let rows = if is_alone { own_rows(&cx.id.path[..2], cx.before) } else { cx.id.relation() };
        Some(sql!("SELECT count(*) FROM {} WHERE NOT ({})", rows, self.condition()?))
    }

    /// Counts the keys that more than one row has.
    fn duplicates(&self, cx: &Cx) -> Option<Sql> {
        let columns = names(lists(self.definition.as_str()).first()?)?;
        let rows = own_rows(&cx.id.path[..2], cx.before);
        Some(duplicates(&rows, &columns, nulls_are_equal(self.definition.as_str()), None))
    }

    /// The keys that a foreign key may hang on, each with the columns that its index has besides.
    fn keys_referred_to(&self, all: &Catalog) -> Vec<(Id, Vec<Id>)> {
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

    /// Counts the rows that refer to none.
    fn orphans(&self, cx: &Cx) -> Option<Sql> {
        let text = self.definition.as_str();
        let (lists, other) = (lists(text), referred(text)?);
        let (own, theirs) = (names(lists.first()?)?, names(lists.get(1)?)?);
        let each = |what: &str, between: &str| {
            Sql::join(own.iter().map(|column| sql!("own.{} IS {}", column, Sql::raw(what))), between)
        };
        let pairs = own.iter().zip(&theirs).map(|(own, theirs)| sql!("other.{} = own.{}", theirs, own));
        let (other, matched) = (own_rows(&path(other), cx.before), Sql::join(pairs, " AND "));
        let (set, exists) =
            (each("NOT NULL", " AND "), sql!("EXISTS (SELECT FROM {} AS other WHERE {})", other, matched));
        let orphans = sql!("{} AND NOT {}", set, exists);
        // All of the key, or nothing.
        let in_part = (own.len() > 1 && !split_at_word(text, "FULL").1.is_empty())
            .then(|| sql!(" OR ({}) AND ({})", each("NULL", " OR "), each("NOT NULL", " OR ")));
        let rows = own_rows(&cx.id.path[..2], cx.before);
        Some(sql!("SELECT count(*) FROM {} AS own WHERE {}{}", rows, orphans, in_part.unwrap_or_default()))
    }

    /// A key whose index is made first, while rows are written: what makes the index, and the key of it.
    fn by_index(&self, id: &Id, made_as: &Name) -> Option<[Sql; 2]> {
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
    fn successor(&self, cx: &Cx) -> Option<Vec<Statement>> {
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

    /// The expression of a check, without `CHECK (…)` and what stands behind.
    pub fn condition(&self) -> Option<Sql> {
        let text = self.definition.as_str().strip_prefix("CHECK (")?;
        let text = text.trim_end_matches(" NOT ENFORCED").trim_end_matches(" NO INHERIT");
        text.strip_suffix(')').map(Sql::raw)
    }
}

impl Kind for Constraint {
    const WORD: &'static str = "constraint";
    const CATALOG: &'static str = "pg_constraint";

    fn query(_version: u32) -> Option<String> {
        // A foreign key of a partition that its parent's made (conparentid) is the parent's. Of exclusion constraints the
        // definition has the storage parameters as well.
        Some(format!(
            "SELECT k.oid, 0 AS sub, NULL::int AS position, ARRAY[n.nspname, c.relname, k.conname]::text[] AS path,
                    NULL::text AS owner, NULL::text[] AS acl, k.contype::text AS form,
                    {UNVALIDATED}, COALESCE(ic.reloptions, '{{}}') AS options,
                    (SELECT s.spcname FROM pg_tablespace s WHERE s.oid = ic.reltablespace) AS tablespace,
                    COALESCE(i.indisclustered, false) AS clustered,
                    COALESCE(i.indisreplident, false) AS replica_identity,
                    obj_description(ic.oid, 'pg_class') AS index_comment
             FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
             LEFT JOIN pg_class ic ON ic.oid = k.conindid AND k.contype IN ('p', 'u', 'x')
             LEFT JOIN pg_index i ON i.indexrelid = ic.oid
             WHERE k.contype IN ('c', 'f', 'p', 'u', 'x') AND (k.contype <> 'f' OR k.conparentid = 0)
               AND c.relpersistence <> 't' AND {USER_SCHEMA} AND {}",
            not_member("pg_class", "c.oid")
        ))
    }

    fn create(&self, cx: &Cx) -> Vec<Statement> {
        let (table, name) = (cx.id.relation(), cx.id.name());
        let partitioned = cx.after.is_partitioned(&cx.id.path[..2]);
        let only = Sql::raw(if partitioned && self.form.has_index() { "ONLY " } else { "" });
        let risky = |statement: Statement| {
            if self.is_of_nulls(cx) || !self.is_enforced() {
                return statement;
            }
            let (danger, why, count) = self.hazard(cx);
            statement.hazard(danger, why, count)
        };
        let existing = cx.before.has(&table::of(cx.id));
        let definition = self.with_storage();
        let waits =
            !partitioned || self.form == Form::Check || self.form == Form::ForeignKey && cx.version() >= 180_000;
        let online = cx.style == Style::Online && existing && waits && !self.not_valid;
        let beside = online && !cx.before.has(cx.id) && !self.makes_own(cx.id, cx.before, cx.after);
        let by_index = if beside { self.by_index(cx.id, &cx.id.name()) } else { None };
        let mut statements = match (self.form, by_index) {
            (_, Some([_, key])) if self.takes_over(cx.id, cx.before, cx.after) => vec![key.into()],
            (_, Some([index, key])) => {
                vec![risky(Statement::new(index).in_transaction(Transaction::Outside)), key.into()]
            }
            (Form::Check | Form::ForeignKey, _) if online && self.is_enforced() => {
                let add = sql!("ALTER TABLE {} ADD CONSTRAINT {} {} NOT VALID", table, name, definition);
                let validate = sql!("ALTER TABLE {} VALIDATE CONSTRAINT {}", table, name);
                // Validation takes a weak lock of its own: after the commit, so that the strong one is gone.
                vec![add.into(), risky(Statement::new(validate).in_transaction(Transaction::Last))]
            }
            _ => {
                let end = Sql::raw(if self.not_valid { " NOT VALID" } else { "" });
                let add = sql!("ALTER TABLE {}{} ADD CONSTRAINT {} {}{}", only, table, name, definition, end);
                vec![if existing && !self.not_valid { risky(add.into()) } else { add.into() }]
            }
        };
        statements.extend(self.extras(None, cx));
        statements
    }

    fn drop(&self, cx: &Cx) -> Vec<Statement> {
        let only = Sql::raw(if is_kept_by_heirs(cx.id, cx.before, cx.after) { "ONLY " } else { "" });
        one(sql!("ALTER TABLE {}{} DROP CONSTRAINT {}", only, cx.id.relation(), cx.id.name()))
    }

    fn alter(&self, after: &Self, cx: &Cx) -> Alteration {
        let (table, name) = (cx.id.relation(), cx.id.name());
        let mut statements: Vec<Statement> = Vec::new();
        if self.definition != after.definition {
            let ((key, timing, enforced), is) = (terms(self.definition.as_str()), terms(after.definition.as_str()));
            // What begins to be enforced is made again, so that the rows are looked at under a weak lock.
            if self.form != Form::ForeignKey || key != is.0 || is.2 && !enforced {
                return after.successor(cx).map_or(Alteration::Rebuild, Alteration::in_place);
            }
            let mut words = String::new();
            if timing != is.1 {
                words += if is.1.is_empty() { " NOT DEFERRABLE" } else { is.1 };
            }
            if enforced != is.2 {
                words += " NOT ENFORCED";
            }
            statements.push(sql!("ALTER TABLE {} ALTER CONSTRAINT {}{}", table, name, Sql::raw(words)).into());
        }
        if self.form != after.form || (after.not_valid && !self.not_valid) {
            return Alteration::Rebuild;
        }
        if self.not_valid && !after.not_valid && after.is_enforced() {
            let (danger, why, count) = after.hazard(cx);
            let validate = Statement::new(sql!("ALTER TABLE {} VALIDATE CONSTRAINT {}", table, name));
            let transaction = if cx.style == Style::Online { Transaction::Last } else { Transaction::Inside };
            statements.push(validate.hazard(danger, why, count).in_transaction(transaction));
        }
        let index = sql!("{}.{}", cx.id.part(0), name);
        for action in set_and_reset(&self.options, &after.options) {
            statements.push(sql!("ALTER INDEX {} {}", index, action).into());
        }
        if self.tablespace != after.tablespace {
            let to = after.tablespace.clone().unwrap_or_else(|| "pg_default".into());
            statements.push(sql!("ALTER INDEX {} SET TABLESPACE {}", index, to).into());
        }
        statements.extend(after.extras(Some(self), cx));
        Alteration::in_place(statements)
    }

    fn designation(&self, id: &Id) -> Sql {
        sql!("CONSTRAINT {} ON {}", id.name(), id.relation())
    }

    fn rename(&self, id: &Id, to: &Name) -> Option<Sql> {
        Some(sql!("ALTER TABLE {} RENAME CONSTRAINT {} TO {}", id.relation(), id.name(), to))
    }

    /// The server looks at the rows when it makes the copy.
    fn into_heir(self) -> Self {
        Constraint { not_valid: false, ..self }
    }

    fn followed(self, _was: &Self, _from: &Self, _to: &Self) -> Self {
        self.into_heir()
    }

    fn slots(&self, id: &Id) -> Vec<String> {
        let index = self.form.has_index().then(|| relation_slot(&id.part(0), &id.part(2)));
        index.into_iter().chain([constraint_slot(id, &id.name())]).collect()
    }

    fn needs(&self, id: &Id, all: &Catalog) -> Vec<Need> {
        let mut needs = vec![Need::auto(table::of(id))];
        let keys = self.keys_referred_to(all);
        // Of several the server takes the oldest, which is no part of the schema.
        if keys.len() > 1 {
            needs.extend(keys.iter().map(|(id, _)| Need::normal(id.clone())));
        }
        // It records the columns that are the key, and drops that for any other in it that changes its type.
        needs.extend(keys.into_iter().flat_map(|(_, included)| included).map(Need::normal));
        needs
    }

    fn without_name(&self, _id: &Id) -> Option<Self> {
        Some(self.clone())
    }

    fn texts(&mut self) -> Vec<&mut Sql> {
        vec![&mut self.definition]
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
