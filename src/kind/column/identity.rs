//! Identity of a column, with the sequence behind it.

use serde::{Deserialize, Serialize};

use super::Column;
use crate::catalog::Catalog;
use crate::kind::sequence::{Counter, identity_instead};
use crate::kind::{Cx, Id, Tag, dotted, relation_slot};
use crate::name::Name;
use crate::sql;
use crate::sql::Sql;
use crate::statement::Statement;

/// `GENERATED … AS IDENTITY`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// `ALWAYS`, or else `BY DEFAULT`.
    pub always: bool,
    /// The sequence, where it does not have the name that the server would choose.
    pub sequence: Option<Vec<Name>>,
    /// Its options.
    #[serde(flatten)]
    pub counter: Counter,
}

impl Identity {
    /// Schema and name of the sequence.
    pub fn sequence(&self, column: &Id) -> [Name; 2] {
        match self.sequence.as_deref() {
            Some([schema, name]) => [schema.clone(), name.clone()],
            _ => [column.part(0), Name::from(format!("{}_{}_seq", column.part(1).as_str(), column.name().as_str()))],
        }
    }

    pub(super) fn clause(&self, column_type: &str) -> Sql {
        let mut clauses = self.counter.clauses(column_type);
        if let Some(name) = &self.sequence {
            clauses.insert(0, sql!("SEQUENCE NAME {}", dotted(name)));
        }
        let options = if clauses.is_empty() { sql!("") } else { sql!(" ({})", Sql::join(clauses, " ")) };
        sql!("GENERATED {} AS IDENTITY{}", Sql::raw(if self.always { "ALWAYS" } else { "BY DEFAULT" }), options)
    }
}

impl Column {
    /// What the column's sequence is called on the side without an identity while this one's is there, and whether it had its name.
    fn predecessor(&self, id: &Id, without: &Catalog, with: &Catalog) -> Option<(Sql, bool)> {
        let name = self.identity.as_ref()?.sequence(id);
        let instead =
            |sequence: &Id| identity_instead(sequence, without, with).is_some_and(|(column, _)| column == *id);
        let sequence = without.sequences_of(&id.path).iter().find(|sequence| instead(sequence))?;
        let is_aside = name[..] == sequence.path[..];
        let old = if is_aside { sequence.name().aside() } else { sequence.name() };
        Some((dotted(&[sequence.part(0), old]), is_aside))
    }

    /// Whether the sequence is still that of a neighbour, which may be one that the column's expression reads.
    pub(super) fn waits_for_neighbour(&self, cx: &Cx) -> bool {
        let Some(identity) = &self.identity else { return false };
        let [schema, name] = identity.sequence(cx.id);
        let slot = relation_slot(&schema, &name);
        let mut columns = cx.before.below(Tag::Column, &cx.id.path[..2]);
        columns.any(|(id, object)| id != cx.id && object.body.slots(id).contains(&slot))
    }

    /// What happens to the identity: before the column is changed, as part of that, and behind it.
    pub(super) fn identity_steps(&self, after: &Column, cx: &Cx) -> [Vec<Statement>; 3] {
        let (mut first, mut steps, mut last) = (Vec::new(), Vec::new(), Vec::new());
        let (table, name) = (cx.id.relation(), cx.id.name());
        let act = |action: Sql| Statement::from(sql!("ALTER TABLE {} ALTER COLUMN {} {}", table, name, action));
        match (&self.identity, &after.identity) {
            (Some(old), None) => first.extend(match self.predecessor(cx.id, cx.after, cx.before) {
                // The sequence that comes in its place ends it.
                Some((_, true)) => {
                    let name = old.sequence(cx.id);
                    Some(sql!("ALTER SEQUENCE {} RENAME TO {}", dotted(&name), name[1].aside()).into())
                }
                Some((_, false)) => None,
                None => Some(act(Sql::raw("DROP IDENTITY"))),
            }),
            (None, Some(identity)) => {
                steps.push(act(sql!("ADD {}", identity.clause(after.r#type.as_str()))));
                let sequence = dotted(&identity.sequence(cx.id));
                last.extend(match after.predecessor(cx.id, cx.before, cx.after) {
                    Some((old, _)) => Some(identity.counter.go_on_from(&old, &sequence)),
                    None => identity.counter.go_on(&sequence, cx.id, cx.after),
                });
            }
            (Some(old), Some(new)) if old != new => {
                if old.always != new.always {
                    steps.push(act(sql!(
                        "SET GENERATED {}",
                        Sql::raw(if new.always { "ALWAYS" } else { "BY DEFAULT" })
                    )));
                }
                let (from, to) = (old.sequence(cx.id), new.sequence(cx.id));
                first.extend(old.counter.step_inside(&new.counter, &dotted(&from)));
                // The sequence gets the type of the column, and has to be within that.
                let options = if old.counter.narrows_type(&new.counter) { &mut first } else { &mut steps };
                let changes = old.counter.changes(&new.counter);
                let mut set = changes.iter().filter(|change| !change.as_str().starts_with("AS ")).peekable();
                if set.peek().is_some() {
                    let set = set.map(|change| match change.as_str().starts_with("RESTART") {
                        true => change.clone(),
                        false => sql!("SET {}", change),
                    });
                    let set = act(Sql::join(set, " "));
                    options.push(old.counter.narrows(&new.counter, &dotted(&from), set));
                }
                if from != to {
                    last.push(sql!("ALTER SEQUENCE {} RENAME TO {}", dotted(&from), to[1]).into());
                }
            }
            _ => {}
        }
        [first, steps, last]
    }
}
