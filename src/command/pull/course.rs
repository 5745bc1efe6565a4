//! Which form each object is tried in: what did not come back as it was takes its next one.

use std::collections::BTreeSet;

use super::{Attempt, Project};
use crate::catalog::Canonical;
use crate::kind::{Id, Tag};
use crate::model::raise::{Form, Forms};

/// After how many attempts what needs something that differs is suspected, too.
const PATIENCE: usize = 12;

/// What the attempts so far have taught.
#[derive(Default)]
pub(super) struct Course {
    pub(super) forms: Forms,
    /// Entries that are written anew instead of being changed.
    pub(super) anew: BTreeSet<Id>,
    /// What a person's SQL files make.
    pub(super) by_hand: BTreeSet<Id>,
    attempts: usize,
}

impl Course {
    /// What a person says in SQL stays there.
    pub(super) fn new(by_hand: BTreeSet<Id>) -> Course {
        let mut course = Course { by_hand, ..Course::default() };
        course.by_hand.iter().for_each(|id| course.forms.to_sql(id));
        course
    }

    /// Takes another way for what did not come back; false if there is none left.
    pub(super) fn advance(&mut self, attempt: &Attempt, project: &Project, actual: &Canonical) -> bool {
        self.attempts += 1;
        let mut moved = false;
        for id in attempt.mistakes.iter().filter_map(|(_, id)| id.as_ref()) {
            if self.forms.of(id, actual) < Form::SqlSpelled {
                self.forms.to_sql(id);
                moved = true;
            }
        }
        let differing: BTreeSet<&Id> = attempt.differing.iter().map(|(id, _)| id).collect();
        // What needs something that differs itself may well be innocent.
        let is_root = |id: &Id| {
            let own = actual.get(id).into_iter();
            // Foreign keys stand in the statement that makes their table.
            let keys =
                actual.below(Tag::Constraint, &id.path).filter(|_| id.tag == Tag::Table).map(|(_, object)| object);
            let mut needs = own.chain(keys).flat_map(|object| &object.needs);
            !needs.any(|need| {
                need.id != *id && (id.tag != Tag::Table || need.id.anchor() != *id) && differing.contains(&need.id)
            })
        };
        let roots = differing.iter().copied().filter(|id| is_root(id)).collect();
        moved |= self.attempts <= PATIENCE && self.take_next(roots, project, actual)
            || self.take_next(differing.iter().copied().collect(), project, actual);
        if !moved && !attempt.refused.is_empty() {
            // What was changed in an entry does not go with what stayed in it.
            let touched = project.scope.differing(&project.made, actual).into_iter().map(|id| actual.whole(&id));
            for owner in touched.filter(|owner| project.declares(owner)) {
                moved |= self.anew.insert(owner);
            }
        }
        moved
    }

    /// Takes the next form of these; false if none has one.
    fn take_next(&mut self, suspects: Vec<&Id>, project: &Project, actual: &Canonical) -> bool {
        let (mut anew, mut next) = (BTreeSet::new(), BTreeSet::new());
        for id in suspects {
            let owner = actual.whole(id);
            // A column has no form in SQL of its own.
            let last = if id.tag == Tag::Column { Form::Shown } else { Form::Sql };
            if project.declares(&owner) && !self.anew.contains(&owner) {
                anew.insert(owner);
            } else if actual.has(id) && self.forms.of(id, actual) < last {
                next.insert(id.clone());
            } else {
                next.insert(owner);
            }
        }
        let mut moved = !anew.is_empty();
        self.anew.extend(anew);
        // What takes the next form takes its parts along.
        for id in &next {
            let owner = actual.whole(id);
            moved |= (owner == *id || !next.contains(&owner)) && self.forms.advance(id, actual);
        }
        moved
    }
}
