//! One `ALTER TABLE` for several actions that stand side by side: the table is rewritten, or read, once.

use crate::kind::{Id, Tag};
use crate::sql;
use crate::sql::Sql;
use crate::statement::Statement;

/// Joins neighbours that retype columns of one table and say whether they may be null, or validate its constraints.
pub fn join(statements: Vec<(Id, Statement)>) -> Vec<(Id, Statement)> {
    let mut out: Vec<(Id, Statement)> = Vec::with_capacity(statements.len());
    // What the last statement does to which table.
    let mut open: Option<(&str, Sql)> = None;
    for (id, statement) in statements {
        let (verb, action) = action(&id, &statement).unzip();
        let next = verb.map(|verb| (verb, id.relation()));
        match (out.last_mut(), action) {
            (Some((_, last)), Some(action)) if open == next && last.transaction == statement.transaction => {
                let (head, first) = last.sql.as_str().split_at(sql!("ALTER TABLE {}", id.relation()).as_str().len());
                last.sql = Sql::raw(format!("{head}\n    {},\n    {action}", first.trim_start()));
                last.hazards.extend(statement.hazards);
            }
            _ => out.push((id, statement)),
        }
        open = next;
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
        let other = (id("t", "a"), Statement::from(Sql::raw("ALTER TABLE s.t ALTER COLUMN a SET NOT NULL")));
        let texts = |statements: Vec<(Id, Statement)>| -> Vec<String> {
            join(statements).into_iter().map(|(_, statement)| statement.sql.0).collect()
        };
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
