//! One `ALTER TABLE` for several actions that stand side by side: the table is rewritten, or read, once.

use crate::kind::{Id, Tag};
use crate::sql;
use crate::sql::Sql;
use crate::statement::{Statement, Transaction};

/// Joins what retypes columns of one table and says whether they may be null, and what validates its constraints. What else
/// happens to columns that are through, or their sequences, stands behind that.
pub fn join(statements: Vec<(Id, Statement)>) -> Vec<(Id, Statement)> {
    let mut out: Vec<(Id, Statement)> = Vec::with_capacity(statements.len());
    // What is done to which table by the statement at this place.
    let mut open: Option<(&str, Sql, usize)> = None;
    for (id, statement) in statements {
        let action = action(&id, &statement);
        let through = |(done, _): &(Id, Statement)| *done != id;
        let at = open.as_ref().filter(|(verb, table, at)| {
            let last = &out[*at].1;
            action.as_ref().is_some_and(|(next, _)| next == verb)
                && *table == id.relation()
                && last.transaction == statement.transaction
                && out[at + 1..].iter().all(through)
        });
        match (at.map(|(.., at)| *at), action) {
            (Some(at), Some((_, action))) => {
                let last = &mut out[at].1;
                let (head, first) = last.sql.as_str().split_at(sql!("ALTER TABLE {}", id.relation()).as_str().len());
                last.sql = Sql::raw(format!("{head}\n    {},\n    {action}", first.trim_start()));
                last.hazards.extend(statement.hazards);
            }
            (_, action) => {
                let runs_inside = !matches!(statement.transaction, Transaction::Outside | Transaction::EndsIt);
                // A name that is given up may be what the next one takes.
                let renames = statement.sql.as_str().contains(" RENAME ");
                let is_aside = |table: &Sql| match id.tag {
                    Tag::Column => *table == id.relation(),
                    _ => id.tag == Tag::Sequence,
                };
                open = match action {
                    Some((verb, _)) => Some((verb, id.relation(), out.len())),
                    None => open.filter(|(_, table, _)| runs_inside && !renames && is_aside(table)),
                };
                out.push((id, statement));
            }
        }
    }
    out
}

/// What a statement does that can be done with others at once, and the words for that.
fn action(id: &Id, statement: &Statement) -> Option<(&'static str, String)> {
    let column = (id.tag == Tag::Column).then(|| sql!("ALTER COLUMN {} ", id.name()));
    let rest = statement.sql.as_str().strip_prefix(sql!("ALTER TABLE {} ", id.relation()).as_str())?;
    let verb = match column {
        _ if rest.starts_with("VALIDATE CONSTRAINT ") => "VALIDATE",
        Some(column) => match rest.strip_prefix(column.as_str())? {
            // Whatever their order, the server drops first, then retypes, then looks for nulls.
            "DROP NOT NULL" | "SET NOT NULL" => "TYPE",
            action if action.starts_with("TYPE ") => "TYPE",
            _ => return None,
        },
        None => return None,
    };
    Some((verb, rest.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_of_one_table_become_one_statement() {
        let id = |table: &str, column: &str| Id::new(Tag::Column, ["s", table, column].map(Into::into));
        let retype = |table: &str, column: &str| {
            (
                id(table, column),
                sql!(
                    "ALTER TABLE {} ALTER COLUMN {} TYPE bigint",
                    id(table, column).relation(),
                    id(table, column).name()
                )
                .into(),
            )
        };
        let texts = |statements: Vec<(Id, Statement)>| -> Vec<String> {
            join(statements).into_iter().map(|(_, statement)| statement.sql.0).collect()
        };
        let set = |sql: &str| (id("t", "a"), Statement::from(Sql::raw(sql)));
        let identity = "ALTER TABLE s.t ALTER COLUMN a ADD GENERATED ALWAYS AS IDENTITY";
        let joined = texts(vec![retype("t", "a"), set(identity), retype("t", "b")]);
        assert_eq!(
            joined,
            ["ALTER TABLE s.t\n    ALTER COLUMN a TYPE bigint,\n    ALTER COLUMN b TYPE bigint", identity]
        );
        let rename = "ALTER TABLE s.t RENAME CONSTRAINT x TO y";
        assert_eq!(texts(vec![retype("t", "a"), set(rename), retype("t", "b")]).len(), 3);
        assert_eq!(texts(vec![retype("t", "b"), set(identity), retype("t", "a")]).len(), 3);
        let other = (id("t", "a"), Statement::from(Sql::raw("ALTER TABLE s.t ALTER COLUMN a SET NOT NULL")));
        let joined = texts(vec![
            retype("t", "a"),
            retype("t", "b"),
            retype("t", "c"),
            retype("u", "a"),
            other.clone(),
            retype("u", "b"),
        ]);
        assert_eq!(
            joined,
            [
                "ALTER TABLE s.t\n    ALTER COLUMN a TYPE bigint,\n    ALTER COLUMN b TYPE bigint,\n    ALTER COLUMN c TYPE bigint",
                "ALTER TABLE s.u ALTER COLUMN a TYPE bigint",
                "ALTER TABLE s.t ALTER COLUMN a SET NOT NULL",
                "ALTER TABLE s.u ALTER COLUMN b TYPE bigint",
            ]
        );
    }
}
