//! What a constraint may fail on, and how many rows that is.

use super::text::{duplicates, is_full, lists, names, nulls_are_equal, path, referred, terms};
use super::{Constraint, Form};
use crate::catalog::Object;
use crate::kind::column::Column;
use crate::kind::retype::{is_implied, stays, stays_true_of};
use crate::kind::table::own_rows;
use crate::kind::{Body, Cx, Id, Tag};
use crate::sql;
use crate::sql::Sql;
use crate::statement::Danger;

impl Constraint {
    /// Whether rows are looked at, some day.
    pub(super) fn is_enforced(&self) -> bool {
        terms(self.definition.as_str()).2
    }

    /// What it asks of rows, and not what it does to them or when it is looked at.
    fn demands(&self) -> &str {
        let text = terms(self.definition.as_str()).0;
        let actions = [" ON UPDATE ", " ON DELETE "].into_iter().filter_map(|word| text.find(word)).min();
        actions.filter(|_| self.form == Form::ForeignKey).map_or(text, |at| &text[..at])
    }

    pub(super) fn hazard(&self, cx: &Cx) -> (Danger, String, Option<Sql>) {
        let why = match self.form {
            Form::PrimaryKey => "duplicates and nulls",
            Form::Unique => "duplicates",
            Form::Check => "rows that do not satisfy it",
            Form::ForeignKey => "rows without a counterpart",
            Form::Exclusion => "rows that exclude each other",
        };
        let count = match self.form {
            _ if !self.keeps_values(cx) => None,
            Form::Check => self.broken(cx),
            Form::PrimaryKey | Form::Unique => self.duplicates(cx),
            Form::ForeignKey => self.orphans(cx),
            Form::Exclusion => None,
        };
        (Danger::MayFail, format!("{} fails on {why}", cx.id.name()), count)
    }

    /// Whether it was true of all rows, and cannot be untrue now.
    pub(super) fn stays_true(&self, cx: &Cx) -> bool {
        let is_same = match cx.before.get(cx.id).map(|object| &object.body) {
            Some(Body::Constraint(old)) => !old.not_valid && old.is_enforced() && old.demands() == self.demands(),
            _ => false,
        };
        let columns = || cx.after.needs(cx.id).map(|need| &need.id).filter(|id| id.tag == Tag::Column);
        let code =
            || cx.after.needs(cx.id).any(|need| need.id.tag != Tag::Column && !stays(&need.id, cx.before, cx.after));
        is_same && !self.not_valid && columns().all(|id| stays_true_of(id, cx)) && !code()
    }

    /// Whether the columns that it is about have the values, and the equality, that they will have.
    fn keeps_values(&self, cx: &Cx) -> bool {
        cx.after.needs(cx.id).filter(|need| need.id.tag == Tag::Column).all(|need| is_implied(&need.id, cx))
    }

    /// Counts the rows that a check refuses.
    fn broken(&self, cx: &Cx) -> Option<Sql> {
        let is_alone = terms(self.definition.as_str()).0.ends_with(" NO INHERIT");
        let rows = if is_alone { own_rows(&cx.id.path[..2], cx.before) } else { cx.id.relation() };
        Some(sql!("SELECT count(*) FROM {} WHERE NOT ({})", rows, self.condition()?))
    }

    /// Counts the keys that more than one row has.
    fn duplicates(&self, cx: &Cx) -> Option<Sql> {
        let columns = names(lists(self.definition.as_str()).first()?)?;
        let rows = own_rows(&cx.id.path[..2], cx.before);
        Some(duplicates(&rows, &columns, nulls_are_equal(self.definition.as_str()), None))
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
        let in_part = (own.len() > 1 && is_full(text))
            .then(|| sql!(" OR ({}) AND ({})", each("NULL", " OR "), each("NOT NULL", " OR ")));
        let rows = own_rows(&cx.id.path[..2], cx.before);
        Some(sql!("SELECT count(*) FROM {} AS own WHERE {}{}", rows, orphans, in_part.unwrap_or_default()))
    }

    /// Whether a column of the key is new and null in every row, so that none can break it.
    pub(super) fn is_of_nulls(&self, cx: &Cx) -> bool {
        let text = self.definition.as_str();
        let serves = match self.form {
            Form::ForeignKey => !is_full(text),
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
}
