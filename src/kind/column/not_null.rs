//! NOT NULL of a column, which is a constraint with a name from PostgreSQL 18 on.

use serde::{Deserialize, Serialize};

use super::{Column, column_of};
use crate::catalog::{Catalog, Object};
use crate::facet::remark;
use crate::kind::constraint::Form;
use crate::kind::inheritance::{heirs_of, in_table, line};
use crate::kind::{Body, Cx, Id, Incidental, Tag, dotted};
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
    /// It is a partition's: whether it is its own, nobody tells.
    #[serde(default)]
    pub is_parts: Incidental<bool>,
}

impl NotNull {
    /// As the server makes it for NOT NULL alone.
    pub fn plain(id: &Id) -> NotNull {
        let chosen = object_name(id.part(1).as_str(), Some(id.name().as_str()), "not_null");
        NotNull {
            name: Name::from(chosen),
            not_valid: false,
            no_inherit: false,
            comment: None,
            is_parts: Default::default(),
        }
    }

    /// Whether it is as the server makes it for NOT NULL alone, whatever is said about it.
    pub fn is_plain(&self, id: &Id) -> bool {
        NotNull { comment: None, ..self.clone() } == NotNull::plain(id)
    }

    /// Whether NOT NULL alone would not make it so: it is another, or its name is elsewhere for now.
    pub(super) fn is_said(&self, id: &Id, cx: &Cx) -> bool {
        let is_lent = |side: &Catalog| side.has_lent(&self.name);
        !self.is_plain(id) || is_lent(cx.before) || is_lent(cx.after) || cx.before.has_inherited(&self.name)
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
    fn changes(&self, after: &NotNull, cx: &Cx, online: bool) -> Vec<Statement> {
        let (old, new, table) = (&self.name, &after.name, &cx.id.path[..2]);
        let is_foreign = cx.before.is_foreign_table(table);
        let act = |action: Sql| Statement::new(sql!("ALTER TABLE {} {}", cx.id.relation(), action));
        if after.not_valid && !self.not_valid || is_foreign && self.no_inherit != after.no_inherit {
            return [sql!("DROP CONSTRAINT {}", old), after.addition(cx.id)].map(act).into();
        }
        let mut out = Vec::new();
        if old != new {
            out.push(act(sql!("RENAME CONSTRAINT {} TO {}", old, new)));
            // The server names nothing anew on a table that is made of a type.
            let stays = cx.after.below(Tag::OfType, table).next().is_some();
            let of_type = cx.before.below(Tag::OfType, table).map(|(_, object)| &object.body).next();
            if let Some(Body::OfType(of_type)) = of_type.filter(|_| stays) {
                out.insert(0, act(Sql::raw("NOT OF")));
                out.push(act(sql!("OF {}", dotted(&of_type.r#type))));
            }
        }
        if self.not_valid != after.not_valid {
            let validate = fails_on_nulls(act(sql!("VALIDATE CONSTRAINT {}", new)), cx.id);
            out.push(if online { validate.in_transaction(Transaction::Last) } else { validate });
        }
        if self.no_inherit != after.no_inherit {
            let inherit = Sql::raw(if after.no_inherit { "NO INHERIT" } else { "INHERIT" });
            let alter = act(sql!("ALTER CONSTRAINT {} {}", new, inherit));
            out.push(if after.no_inherit { alter } else { fails_on_nulls(alter, cx.id) });
        }
        in_time(out, cx)
    }
}

impl Column {
    /// Nulls are no longer refused. Those of partitions that have names of their own may stay.
    pub(super) fn admit_nulls(&self, cx: &Cx) -> Vec<Statement> {
        let own = self.not_null_as.as_ref();
        let may_stay = |part: &Id| {
            let differs = |not_null: &NotNull| not_null.is_parts.0 && own.is_some_and(|own| own.name != not_null.name);
            not_null_of(cx.before, part).is_some_and(differs) && cx.after.has(part) && !refuses_nulls(cx.after, part)
        };
        let parts = in_heirs(cx.id, cx.before).into_iter().filter(may_stay);
        [cx.id.clone()].into_iter().chain(parts).map(|id| drop_not_null(&id)).collect()
    }

    /// What refuses nulls from now on, where they were not, and what that is called.
    pub(super) fn nulls(&self, after: &Self, cx: &Cx, online: bool) -> Vec<Statement> {
        let table = sql!("ALTER TABLE {}", cx.id.relation());
        let rename = |old: &Name, new: &Name| match old == new {
            true => Vec::new(),
            false => one(sql!("{} RENAME CONSTRAINT {} TO {}", table, old, new)),
        };
        let is_led = is_led_anew(cx.id, cx.before, cx.after);
        match (&self.not_null_as, &after.not_null_as) {
            _ if !after.not_null => Vec::new(),
            _ if !self.not_null => {
                // What heirs are to call theirs they say before their parent's comes to them.
                let own = |heir: &Id| {
                    let own = not_null_of(cx.after, heir).filter(|_| !refuses_nulls(cx.before, heir));
                    own.filter(|own| after.not_null_as.as_ref().is_some_and(|led| led.name != own.name))
                };
                let heirs = in_heirs(cx.id, cx.after).into_iter().rev();
                let first = heirs.filter_map(|heir| own(&heir).map(|own| in_time(own.refuse(&heir, online), cx)));
                first.flatten().chain(refuse_nulls(after, cx, online)).collect()
            }
            _ if !refuses_nulls(cx.before, cx.id) && is_led => Vec::new(),
            // Or it would stay there for itself when its parent's goes.
            (Some(old), new) if is_led && new.as_ref().is_none_or(|new| gives_way(old, new, cx)) => {
                one(sql!("{} DROP CONSTRAINT {}", table, old.name))
            }
            (Some(old), Some(new)) => old.changes(new, cx, online),
            (Some(old), None) if self.led_not_null.0.is_none() => {
                after.led_not_null.0.as_ref().map_or(Vec::new(), |led| rename(&old.name, led))
            }
            (None, Some(new)) => self.led_not_null.0.as_ref().map_or(Vec::new(), |led| rename(led, &new.name)),
            _ => Vec::new(),
        }
    }
}

/// Nulls are refused from now on, where they were not.
fn refuse_nulls(after: &Column, cx: &Cx, online: bool) -> Vec<Statement> {
    let is_checked = cx.before.below(Tag::Constraint, &cx.id.path[..2]).any(|(id, _)| says(id, cx.id, cx.before));
    let mut statements = match &after.not_null_as {
        Some(new) if online || new.is_said(cx.id, cx) => in_time(new.refuse(cx.id, online && !is_checked), cx),
        _ if online && !is_checked => refuse_nulls_online(cx),
        _ => {
            let set = sql!("ALTER TABLE {} ALTER COLUMN {} SET NOT NULL", cx.id.relation(), cx.id.name());
            vec![fails_on_nulls(set.into(), cx.id)]
        }
    };
    // The server reads no row then.
    statements.iter_mut().filter(|_| is_checked).for_each(|statement| statement.hazards.clear());
    statements
}

/// Whether a validated check says of a column that it holds no nulls.
pub fn says(check: &Id, column: &Id, side: &Catalog) -> bool {
    let definition = || sql!("CHECK (({} IS NOT NULL))", column.name());
    check.path[..2] == column.path[..2]
        && matches!(side.get(check).map(|object| &object.body),
            Some(Body::Constraint(check)) if check.form == Form::Check && !check.not_valid && check.definition == definition())
}

/// Whether a NOT NULL becomes valid, or gets the name that the parent's has.
fn gives_way(old: &NotNull, new: &NotNull, cx: &Cx) -> bool {
    let parent = cx.after.get(cx.id).and_then(Object::leader).and_then(|parent| not_null_of(cx.after, parent));
    let is_named = new.name != old.name && parent.is_some_and(|led| led.name == new.name);
    old.not_valid && !new.not_valid || is_named
}

/// PostgreSQL 18 makes a NOT NULL anew with the type of its column and, where an heir's has another name, fails, or
/// calls that one the same: they go before, and come back behind. `None` where they can stay, or have to.
pub fn nulls_around(cx: &Cx) -> Option<(Vec<Statement>, Vec<Statement>)> {
    let renamed = renamed_in_heirs(cx.id, cx.before);
    if renamed.is_empty() || has_to_stay(cx.id, cx.before) {
        return None;
    }
    let add = |id: &Id| {
        let said = |wanted: &NotNull| {
            let added = sql!("ALTER TABLE {} {}", id.relation(), wanted.addition(id)).into();
            [added].into_iter().chain(wanted.remark(None, id)).collect::<Vec<Statement>>()
        };
        not_null_of(cx.after, id).map(said).unwrap_or_default()
    };
    let off = [cx.id].into_iter().chain(&renamed).map(drop_not_null).collect();
    // Heirs' heirs would have the names that heirs' have.
    let heirs = renamed.iter().rev().flat_map(add);
    Some((off, heirs.chain(add(cx.id)).collect()))
}

/// Whether the parent, which it was before, refuses nulls that did not.
pub fn is_led_anew(column: &Id, before: &Catalog, after: &Catalog) -> bool {
    let leads = |side: &Catalog, parent: &Id| {
        refuses_nulls(side, parent) && !not_null_of(side, parent).is_some_and(|own| own.no_inherit)
    };
    let comes = |parent: &Id| {
        let comes = leads(after, parent) && !leads(before, parent);
        comes && before.has(&line(&column.path, &parent.path))
    };
    after.get(column).and_then(Object::leader).is_some_and(comes)
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
    let is_row = |id: &Id| [Tag::Composite, Tag::Table].contains(&id.tag) && !cx.id.path.starts_with(&id.path);
    cx.after.needs(cx.id).any(|need| is_row(&need.id))
}

/// A key, or a replica identity, that is made of the column cannot wait until the end.
fn in_time(mut statements: Vec<Statement>, cx: &Cx) -> Vec<Statement> {
    if is_required(cx.after, &cx.id.path[..2], &cx.id.name()) {
        for statement in &mut statements {
            statement.transaction = match statement.transaction {
                Transaction::Last => Transaction::Outside,
                _ => Transaction::Inside,
            };
        }
    }
    statements
}

/// Whether a key, or a replica identity, of the table wants a column that refuses nulls.
fn is_required(side: &Catalog, table: &[Name], column: &Name) -> bool {
    let requires = |(_, object): (&Id, &Object)| match &object.body {
        Body::Constraint(key) => {
            key.form == Form::PrimaryKey && key.has(column) || key.form.has_index() && key.replica_identity
        }
        Body::Index(index) => index.replica_identity,
        _ => false,
    };
    [Tag::Constraint, Tag::Index].iter().any(|tag| side.below(*tag, table).any(requires))
}

/// The column in the heirs whose NOT NULL has another name.
pub(super) fn renamed_in_heirs(column: &Id, side: &Catalog) -> Vec<Id> {
    let Some(own) = not_null_of(side, column) else { return Vec::new() };
    let is_renamed = |heir: &Id| not_null_of(side, heir).is_some_and(|not_null| not_null.name != own.name);
    in_heirs(column, side).into_iter().filter(is_renamed).collect()
}

/// Whether something wants that the column, or the same one of an heir, refuses nulls all the time.
fn has_to_stay(column: &Id, side: &Catalog) -> bool {
    let is_identity = column_of(side, column).is_some_and(|column| column.identity.is_some());
    let is_required = |id: &Id| is_required(side, &id.path[..2], &id.name());
    is_identity || is_required(column) || in_heirs(column, side).iter().any(is_required)
}

/// The lines to partitions whose NOT NULL loses its name as the column gets another type, where nothing but a leave of
/// the partition can keep that.
pub fn lines_that_lose_names<'a>(column: &'a Id, side: &'a Catalog) -> Vec<&'a Id> {
    let Some(led) = not_null_of(side, column) else { return Vec::new() };
    let loses = |part: &Id| not_null_of(side, part).is_some_and(|own| own.is_parts.0 && own.name != led.name);
    let lines: Vec<&Id> = heirs_of(column, side).filter(|(_, part)| loses(part)).map(|(line, _)| line).collect();
    if lines.is_empty() || has_to_stay(column, side) { lines } else { Vec::new() }
}

/// Whether the NOT NULL that a column has of its own is to be called otherwise, or to be its parent's alone, and nothing
/// makes it anew.
pub fn is_renamed(column: &Id, before: &Catalog, after: &Catalog) -> bool {
    let name = |side| not_null_of(side, column).map(|own| &own.name);
    let is_same_type = || {
        let [was, is] = [before, after].map(|side| column_of(side, column).map(|column| &column.r#type));
        was == is
    };
    let is_other = name(before).is_some() && name(before) != name(after);
    is_other && refuses_nulls(after, column) && is_same_type()
}

/// The column in all tables that have it of this one, parents first.
fn in_heirs(column: &Id, side: &Catalog) -> Vec<Id> {
    side.descent_of(&column.path[..2]).into_iter().map(|line| in_table(column, &line.path)).collect()
}

fn drop_not_null(id: &Id) -> Statement {
    sql!("ALTER TABLE {} ALTER COLUMN {} DROP NOT NULL", id.relation(), id.name()).into()
}

/// Whether it is a column that refuses nulls.
fn refuses_nulls(side: &Catalog, column: &Id) -> bool {
    column_of(side, column).is_some_and(|column| column.not_null)
}

fn not_null_of<'a>(side: &'a Catalog, column: &Id) -> Option<&'a NotNull> {
    column_of(side, column).filter(|column| column.not_null)?.not_null_as.as_deref()
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
    statement.hazard(Danger::MayFail, format!("fails on rows where {} is null", id.name()), Some(count))
}
