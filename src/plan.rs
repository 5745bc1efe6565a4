//! From differences to ordered statements.
//!
//! `consequences` decides what happens to each object, and `drag` what that drags along; `order` makes nodes of that, `edges`
//! says what goes before what; `order` folds what belongs inside another statement, and sorts what `write` writes; `join` makes one
//! `ALTER TABLE` of several; this file puts the statements into sections.

use serde::{Deserialize, Serialize};

use crate::catalog::{Canonical, Catalog, Object};
use crate::diff::diff;
use crate::kind::constraint::Form;
use crate::kind::{Body, Id, Style, Tag};
use crate::sql::Sql;
use crate::statement::{Statement, Transaction};

mod change;
mod consequences;
mod drag;
mod edges;
mod fold;
mod join;
mod order;
mod outline;
mod partition;
mod ring;
mod stale;
mod swap;
mod touched;
mod write;

use change::{Change, Changes};
use outline::Outlines;
pub use touched::touched;

/// What cannot be planned.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Dependencies that go round in a circle.
    #[error("these objects need each other in a circle, and no order of statements serves: {}", names(.0))]
    Circle(Vec<Id>),
}

fn names(ids: &[Id]) -> String {
    ids.iter().map(Id::to_string).collect::<Vec<_>>().join(", ")
}

/// All statements that lead from one schema to another.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// In order; each is a transaction, or runs statement by statement.
    pub sections: Vec<Section>,
}

/// Statements that run in one transaction, or one by one without.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// Whether they share a transaction.
    pub transactional: bool,
    /// In order.
    pub statements: Vec<Statement>,
}

impl Plan {
    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.sections.is_empty()
    }

    /// This plan with statements at its end, or else at its beginning, in a transaction with what is there.
    pub fn joined(mut self, statements: Vec<Statement>, at_end: bool) -> Plan {
        if statements.is_empty() {
            return self;
        }
        let section = if at_end { self.sections.last_mut() } else { self.sections.first_mut() };
        match section.filter(|section| section.transactional) {
            Some(section) if at_end => section.statements.extend(statements),
            Some(section) => drop(section.statements.splice(0..0, statements)),
            None => {
                let at = if at_end { self.sections.len() } else { 0 };
                self.sections.insert(at, Section { transactional: true, statements });
            }
        }
        self
    }

    /// Every statement in order.
    pub fn statements(&self) -> impl Iterator<Item = &Statement> + Clone {
        self.sections.iter().flat_map(|section| &section.statements)
    }

    /// Every statement in order, to be changed.
    pub fn statements_mut(&mut self) -> impl Iterator<Item = &mut Statement> {
        self.sections.iter_mut().flat_map(|section| &mut section.statements)
    }
}

/// Plans the way from `before` to `after`.
pub fn plan(before: &Canonical, after: &Canonical, style: Style) -> Result<Plan, Error> {
    let mut changes = consequences::changes(&diff(before, after), before, after, style);
    let mut statements = ordered(&mut changes, before, after, style, Keys::Inside)?;
    let locks = |id: &Id| locks(id, before).max(locks(id, after));
    // The server lets no heir have a check that was not validated, and a partition that is on its own for a while has to come back.
    let moves = changes.keys().any(|id| id.tag == Tag::Inheritance);
    let has_kin = |id: &Id| [before, after].iter().any(|side| side.has_kin(&id.path[..2]));
    for (id, statement) in &mut statements {
        if moves && statement.transaction >= Transaction::Last && has_kin(id) {
            statement.transaction = Transaction::Inside;
        }
    }
    statements.sort_by_key(|(_, statement)| statement.transaction.max(Transaction::EndsIt));
    let statements = join::join(statements);
    let statements = statements.into_iter().map(|(id, statement)| (locks(&id), statement)).collect();
    // The rest is for the others that are at work.
    let budget = before.server.locks.min(after.server.locks) as usize / 2;
    Ok(Plan { sections: sections(statements, budget) })
}

/// The statements of the changes in order; what is on a circle and might as well be made again is, or has an outline.
fn ordered<'a>(
    changes: &mut Changes<'a>,
    before: &'a Catalog,
    after: &'a Catalog,
    style: Style,
    keys: Keys,
) -> Result<Vec<(Id, Statement)>, Error> {
    let mut outlines = consequences::lift(changes, before, after);
    loop {
        match order::statements(changes, &outlines, before, after, style, keys) {
            // What would be changed where it is may be in its own way.
            Err(Error::Circle(ids)) if consequences::rebuild(changes, &ids, before, after) => {}
            Err(Error::Circle(ids)) if outline::add(&mut outlines, &ids, changes, before, after) => {}
            done => return done,
        }
    }
}

/// About how many locks a statement about this object takes; a drop locks each part.
fn locks(id: &Id, catalog: &Canonical) -> usize {
    if id.tag != Tag::Table || !catalog.has(id) {
        return 2;
    }
    let below = |tag| catalog.below(tag, &id.path);
    let of_constraint = |object: &Object| match &object.body {
        // With its four triggers, and the table it refers to.
        Body::Constraint(constraint) if constraint.form == Form::ForeignKey => 6,
        Body::Constraint(constraint) if constraint.form.has_index() => 2,
        _ => 1,
    };
    let constraints: usize = below(Tag::Constraint).map(|(_, object)| of_constraint(object)).sum();
    // With its TOAST table, its types, and the sequences of its columns.
    6 + constraints + below(Tag::Index).count() + 2 * below(Tag::ColumnDefault).count()
}

/// Where foreign keys are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Keys {
    /// Inside `CREATE TABLE`, where the order allows it.
    Inside,
    /// In statements of their own, so that tables can be made in any order.
    Apart,
}

/// The statements that make everything that `after` has and `before` has not, each with the object it belongs to.
pub fn creation(before: &Canonical, after: &Canonical) -> Result<Vec<(Id, Statement)>, Error> {
    let mut changes = consequences::changes(&diff(before, after), before, after, Style::Plain);
    ordered(&mut changes, before, after, Style::Plain, Keys::Apart)
}

/// The statements that make one object, all else being there.
pub fn creation_of(id: &Id, catalog: &Canonical) -> Result<Vec<Statement>, Error> {
    let changes = catalog.objects.get_key_value(id).map(|(id, _)| (id, Change::Create)).into_iter().collect();
    let statements = order::statements(&changes, &Outlines::new(), catalog, catalog, Style::Plain, Keys::Apart)?;
    Ok(statements.into_iter().map(|(_, statement)| statement).collect())
}

/// Puts statements, each with the locks that it takes, into as few transactions as can be.
fn sections(statements: Vec<(usize, Statement)>, budget: usize) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    let (mut last, mut held) = (None, 0);
    for (locks, statement) in statements {
        let transactional = statement.transaction != Transaction::Outside;
        let fits = match (last, statement.transaction) {
            (Some(last), Transaction::Last | Transaction::Behind) | (Some(last @ Transaction::EndsIt), _) => {
                last == statement.transaction
            }
            _ => true,
        };
        last = Some(statement.transaction);
        match sections.last_mut() {
            Some(section) if fits && section.transactional == transactional && held + locks <= budget => {
                section.statements.push(statement);
                held += locks;
            }
            _ => {
                sections.push(Section { transactional, statements: vec![statement] });
                held = locks;
            }
        }
    }
    for section in &mut sections {
        // Bodies may name what comes later; the server looks at them when they run.
        if section.transactional && section.statements.iter().any(|statement| makes_routine(&statement.sql)) {
            section.statements.insert(0, Sql::raw("SET LOCAL check_function_bodies = off").into());
        }
    }
    sections
}

fn makes_routine(sql: &Sql) -> bool {
    let text = sql.as_str();
    let text = text.strip_prefix("CREATE OR REPLACE ").or_else(|| text.strip_prefix("CREATE ")).unwrap_or("");
    text.starts_with("FUNCTION") || text.starts_with("PROCEDURE")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_validated_begins_a_transaction_and_shares_it() {
        let plain = |text: &str| (1, Statement::new(Sql::raw(text)));
        let last = |text: &str| (1, Statement::new(Sql::raw(text)).in_transaction(Transaction::Last));
        let shape = |statements| -> Vec<usize> {
            sections(statements, 9).iter().map(|section| section.statements.len()).collect()
        };
        assert_eq!(shape(vec![plain("add"), plain("other"), last("validate"), last("validate")]), [2, 2]);
        assert_eq!(shape(vec![plain("add"), last("validate"), plain("attach")]), [1, 2]);
        let value = |text: &str| (1, Statement::new(Sql::raw(text)).in_transaction(Transaction::EndsIt));
        assert_eq!(shape(vec![value("one"), value("two"), plain("use")]), [2, 1]);
    }
}
