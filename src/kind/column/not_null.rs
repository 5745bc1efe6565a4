//! NOT NULL of a column, which is a constraint with a name from PostgreSQL 18 on.

use serde::{Deserialize, Serialize};

use super::Column;
use crate::catalog::{Catalog, Object};
use crate::facet::remark;
use crate::kind::constraint::Form;
use crate::kind::{Body, Cx, Id, Tag, dotted};
use crate::name::{Name, object_name};
use crate::sql;
use crate::sql::Sql;
use crate::statement::{Danger, Statement, Transaction, one};

/// The constraint behind NOT NULL, where it is not only inherited: what an heir's is called then, nobody sees.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotNull {
    /// Its name.
    pub name: Name,
    /// The rows that were there were never looked at.
    pub not_valid: bool,
    /// Heirs do not have it.
    pub no_inherit: bool,
    /// What is said about it.
    pub comment: Option<String>,
}

impl NotNull {
    /// As the server makes it for NOT NULL alone.
    pub fn plain(id: &Id) -> NotNull {
        let chosen = object_name(id.part(1).as_str(), Some(id.name().as_str()), "not_null");
        NotNull { name: Name::from(chosen), not_valid: false, no_inherit: false, comment: None }
    }

    /// Whether it is as the server makes it for NOT NULL alone, whatever is said about it.
    pub fn is_plain(&self, id: &Id) -> bool {
        NotNull { comment: None, ..self.clone() } == NotNull::plain(id)
    }

    /// Whether NOT NULL alone would not make it so: it is another, or its name is elsewhere for now.
    pub(super) fn is_said(&self, id: &Id, cx: &Cx) -> bool {
        !self.is_plain(id) || [cx.before, cx.after].iter().any(|side| side.has_lent(&self.name))
    }

    /// `ADD CONSTRAINT …`, which can say all of it.
    pub(super) fn addition(&self, id: &Id) -> Sql {
        let no_inherit = Sql::raw(if self.no_inherit { " NO INHERIT" } else { "" });
        let not_valid = Sql::raw(if self.not_valid { " NOT VALID" } else { "" });
        sql!("ADD CONSTRAINT {} NOT NULL {}{}{}", self.name, id.name(), no_inherit, not_valid)
    }

    /// Nulls are refused from now on, where they were not; online without reading the table under a strong lock.
    fn refuse(&self, id: &Id, online: bool) -> Vec<Statement> {
        let table = sql!("ALTER TABLE {}", id.relation());
        let add = |not_null: &NotNull| Statement::new(sql!("{} {}", table, not_null.addition(id)));
        match online {
            _ if self.not_valid => vec![add(self)],
            false => vec![fails_on_nulls(add(self), id)],
            true => {
                let validate = Statement::new(sql!("{} VALIDATE CONSTRAINT {}", table, self.name));
                let add = add(&NotNull { not_valid: true, ..self.clone() });
                vec![add, fails_on_nulls(validate, id).in_transaction(Transaction::Last)]
            }
        }
    }

    /// What `ADD CONSTRAINT` cannot say.
    pub(super) fn remark(&self, before: Option<&NotNull>, id: &Id) -> Option<Statement> {
        let differs = self.comment.as_ref() != before.and_then(|before| before.comment.as_ref());
        let on = || sql!("CONSTRAINT {} ON {}", self.name, id.relation());
        differs.then(|| remark(&on(), self.comment.as_deref()))
    }

    /// What leads from one to the other where both refuse nulls.
    fn changes(&self, after: &NotNull, cx: &Cx) -> Vec<Sql> {
        let (old, new, table) = (&self.name, &after.name, &cx.id.path[..2]);
        let is_foreign = cx.before.is_foreign_table(table);
        if after.not_valid && !self.not_valid || is_foreign && self.no_inherit != after.no_inherit {
            return vec![sql!("DROP CONSTRAINT {}", old), after.addition(cx.id)];
        }
        let mut out = Vec::new();
        if old != new {
            out.push(sql!("RENAME CONSTRAINT {} TO {}", old, new));
            // The server names nothing anew on a table that is made of a type.
            let stays = cx.after.below(Tag::OfType, table).next().is_some();
            let of_type = cx.before.below(Tag::OfType, table).map(|(_, object)| &object.body).next();
            if let Some(Body::OfType(of_type)) = of_type.filter(|_| stays) {
                out.insert(0, Sql::raw("NOT OF"));
                out.push(sql!("OF {}", dotted(&of_type.r#type)));
            }
        }
        if self.not_valid != after.not_valid {
            out.push(sql!("VALIDATE CONSTRAINT {}", new));
        }
        if self.no_inherit != after.no_inherit {
            let inherit = Sql::raw(if after.no_inherit { "NO INHERIT" } else { "INHERIT" });
            out.push(sql!("ALTER CONSTRAINT {} {}", new, inherit));
        }
        out
    }
}

impl Column {
    /// What refuses nulls from now on, where they were not, and what that is called.
    pub(super) fn nulls(&self, after: &Self, cx: &Cx, online: bool) -> Vec<Statement> {
        let table = sql!("ALTER TABLE {}", cx.id.relation());
        let rename = |old: &Name, new: &Name| match old == new {
            true => Vec::new(),
            false => one(sql!("{} RENAME CONSTRAINT {} TO {}", table, old, new)),
        };
        match (&self.not_null_as, &after.not_null_as) {
            _ if !after.not_null => Vec::new(),
            (_, Some(new)) if !self.not_null && (online || new.is_said(cx.id, cx)) => {
                in_time(new.refuse(cx.id, online), cx)
            }
            _ if !self.not_null && online => refuse_nulls_online(cx),
            _ if !self.not_null => {
                vec![fails_on_nulls(sql!("{} ALTER COLUMN {} SET NOT NULL", table, cx.id.name()).into(), cx.id)]
            }
            // Or it would stay there for itself when its parent's goes.
            (Some(old), new) if old.not_valid && !new.as_ref().is_some_and(|new| new.not_valid) && is_led_anew(cx) => {
                one(sql!("{} DROP CONSTRAINT {}", table, old.name))
            }
            (Some(old), Some(new)) => {
                old.changes(new, cx).into_iter().map(|action| sql!("{} {}", table, action).into()).collect()
            }
            (Some(old), None) if self.led_not_null.0.is_none() => {
                after.led_not_null.0.as_ref().map_or(Vec::new(), |led| rename(&old.name, led))
            }
            (None, Some(new)) => self.led_not_null.0.as_ref().map_or(Vec::new(), |led| rename(led, &new.name)),
            _ => Vec::new(),
        }
    }
}

/// Whether a parent refuses nulls that did not.
fn is_led_anew(cx: &Cx) -> bool {
    let parent = cx.after.get(cx.id).and_then(Object::leader).and_then(|parent| cx.before.get(parent));
    matches!(parent.map(|object| &object.body), Some(Body::Column(parent)) if !parent.not_null)
}

/// `SET NOT NULL` reads the whole table under a lock that stops everybody, unless a check says it already; that is
/// validated under a weak one. Each lock is gone with its transaction.
fn refuse_nulls_online(cx: &Cx) -> Vec<Statement> {
    let (id, table, column) = (cx.id, sql!("ALTER TABLE {}", cx.id.relation()), cx.id.name());
    let check = free_name(cx, &object_name(column.as_str(), None, "is_set"));
    let is_set = Sql::raw(if is_row(cx) { "IS DISTINCT FROM NULL" } else { "IS NOT NULL" });
    let add = sql!("{} ADD CONSTRAINT {} CHECK ({} {}) NOT VALID", table, check, column, is_set).into();
    let validate = fails_on_nulls(sql!("{} VALIDATE CONSTRAINT {}", table, check).into(), id);
    let set = sql!("{} ALTER COLUMN {} SET NOT NULL", table, column);
    let drop = sql!("{} DROP CONSTRAINT {}", table, check);
    let behind = [set, drop].map(|sql| Statement::new(sql).in_transaction(Transaction::Behind));
    in_time(vec![add, validate.in_transaction(Transaction::Last)].into_iter().chain(behind).collect(), cx)
}

/// Whether the column holds rows, of which `IS NOT NULL` would ask that every value within is set.
fn is_row(cx: &Cx) -> bool {
    let mut needs = cx.after.get(cx.id).into_iter().flat_map(|object| &object.needs);
    needs.any(|need| [Tag::Composite, Tag::Table].contains(&need.id.tag) && !cx.id.path.starts_with(&need.id.path))
}

/// A key, or a replica identity, that is made of the column cannot wait until the end.
fn in_time(mut statements: Vec<Statement>, cx: &Cx) -> Vec<Statement> {
    let table = &cx.id.path[..2];
    let is_awaited = |(_, object): (&Id, &Object)| match &object.body {
        Body::Constraint(key) => {
            key.form == Form::PrimaryKey && key.has(&cx.id.name()) || key.form.has_index() && key.replica_identity
        }
        Body::Index(index) => index.replica_identity,
        _ => false,
    };
    if [Tag::Constraint, Tag::Index].iter().any(|tag| cx.after.below(*tag, table).any(is_awaited)) {
        for statement in &mut statements {
            statement.transaction = match statement.transaction {
                Transaction::Last => Transaction::Outside,
                _ => Transaction::Inside,
            };
        }
    }
    statements
}

/// A name like this that no constraint of the table has, nor one of its heirs.
fn free_name(cx: &Cx, wanted: &str) -> Name {
    let is_taken = |side: &Catalog, name: &Name| {
        let has = |table: &[Name]| side.has(&Id::new(Tag::Constraint, table.iter().chain([name]).cloned()));
        let table = &cx.id.path[..2];
        has(table) || side.descent_of(table).iter().any(|line| has(&line.path[..2]))
    };
    let names = (0..).map(|n| Name::from(if n == 0 { wanted.to_owned() } else { format!("{wanted}{n}") }));
    let free = |name: &Name| !is_taken(cx.before, name) && !is_taken(cx.after, name);
    names.into_iter().find(free).unwrap_or_else(|| Name::from(wanted))
}

fn fails_on_nulls(statement: Statement, id: &Id) -> Statement {
    let count = sql!("SELECT count(*) FROM {} WHERE {} IS NULL", id.relation(), id.name());
    statement.hazard(Danger::MayFail, "fails on rows where the column is null", Some(count))
}
