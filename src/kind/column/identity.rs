//! Identity of a column, with the sequence behind it.

use serde::{Deserialize, Serialize};

use crate::kind::sequence::Counter;
use crate::kind::{Id, dotted};
use crate::name::Name;
use crate::sql;
use crate::sql::Sql;

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
