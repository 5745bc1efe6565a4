//! Reads the columns out of constraints as the server deparses them.
//!
//! `PRIMARY KEY (a, b)`, `UNIQUE NULLS NOT DISTINCT (a) INCLUDE (b)`, `FOREIGN KEY (a) REFERENCES public.t(b) ON …`:
//! <https://www.postgresql.org/docs/current/sql-createtable.html>.

use crate::model::table::Cascade;
use crate::name::Name;
use crate::sql::Sql;
use crate::sql::token::{Token, tokens};

/// A foreign key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForeignKey {
    /// The referring columns.
    pub columns: Vec<Name>,
    /// Schema and name of the table referred to.
    pub table: [Name; 2],
    /// The columns referred to, in the order of `columns`.
    pub targets: Vec<Name>,
    /// What the server does with the referring rows before a row is deleted.
    pub on_delete: Option<Cascade>,
}

/// The columns of a primary key or a unique constraint.
pub fn key(definition: &Sql) -> Option<Vec<Name>> {
    columns(&mut code(definition).iter().copied())
}

/// The columns of a key that `ON CONFLICT` can name: one that is checked at once.
pub fn arbiter(definition: &Sql) -> Option<Vec<Name>> {
    let is_deferrable = code(definition).windows(2).any(|two| !two[0].is_word("not") && two[1].is_word("deferrable"));
    key(definition).filter(|_| !is_deferrable)
}

/// The columns of an index `CREATE UNIQUE INDEX …`, if it is over all rows and columns as they are.
pub fn unique_index(definition: &Sql) -> Option<Vec<Name>> {
    key(definition).filter(|_| !code(definition).iter().any(|token| token.is_word("where")))
}

/// The column of an array for which a check says that no element is null: `array_position(tags, NULL) IS NULL`.
pub fn without_null_elements(definition: &Sql) -> Option<Name> {
    let code: Vec<Token> = tokens(definition.as_str())
        .filter(Token::is_code)
        .filter(|token| !token.is_punct("(") && !token.is_punct(")"))
        .collect();
    let [check, function, column, between @ .., is, null] = code.as_slice() else { return None };
    let ends = [(check, "check"), (function, "array_position"), (is, "is"), (null, "null")];
    let fits = ends.iter().all(|(token, word)| token.is_word(word));
    let is_one = !between.iter().any(|token| ["and", "or", "not"].iter().any(|word| token.is_word(word)));
    let looks_for_null = between.iter().any(|token| token.is_word("null"));
    column.name().filter(|_| fits && is_one && looks_for_null)
}

/// A foreign key; `None` for one over periods, which is no equality of columns.
pub fn foreign_key(definition: &Sql) -> Option<ForeignKey> {
    let code = code(definition);
    let mut rest = code.iter().copied();
    let columns_here = columns(&mut rest)?;
    rest.next().filter(|token| token.is_word("references"))?;
    let mut path = Vec::new();
    for token in rest.by_ref() {
        match token.name() {
            Some(part) => path.push(part),
            None if token.is_punct(".") => {}
            None => break,
        }
    }
    let table: [Name; 2] = path.try_into().ok()?;
    let targets = list(&mut rest)?;
    let actions = [("cascade", Cascade::Delete), ("set", Cascade::SetNull)];
    let on_delete = code.windows(3).find(|words| words[0].is_word("on") && words[1].is_word("delete"));
    let on_delete = on_delete
        .and_then(|words| actions.into_iter().find(|(word, _)| words[2].is_word(word)))
        .map(|(_, action)| action);
    (columns_here.len() == targets.len()).then_some(ForeignKey { columns: columns_here, table, targets, on_delete })
}

/// The parts of a name with dots, `public."Mood"`; `None` for anything else.
pub fn path(text: &str) -> Option<Vec<Name>> {
    tokens(text).filter(|token| !token.is_punct(".")).map(|token| token.name()).collect()
}

fn code(definition: &Sql) -> Vec<Token<'_>> {
    tokens(definition.as_str()).filter(Token::is_code).collect()
}

/// The next list in parentheses.
fn columns<'a>(rest: &mut impl Iterator<Item = Token<'a>>) -> Option<Vec<Name>> {
    rest.find(|token| token.is_punct("("))?;
    list(rest)
}

/// Names with commas between them, up to the closing parenthesis.
fn list<'a>(rest: &mut impl Iterator<Item = Token<'a>>) -> Option<Vec<Name>> {
    let mut out = Vec::new();
    let mut before_is_name = false;
    for token in rest {
        if token.is_punct(")") {
            return Some(out);
        }
        // An expression.
        if token.is_punct("(") {
            return None;
        }
        let part = token.name();
        // Two words without a comma: `PERIOD during`, `during WITHOUT OVERLAPS`.
        if part.is_some() && before_is_name {
            return None;
        }
        before_is_name = part.is_some();
        out.extend(part);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(list: &[&str]) -> Vec<Name> {
        list.iter().map(|name| Name::from(*name)).collect()
    }

    #[test]
    fn keys_are_their_columns() {
        let key = |text: &str| key(&Sql::raw(text));
        assert_eq!(key("PRIMARY KEY (id)"), Some(names(&["id"])));
        assert_eq!(key("PRIMARY KEY (a, \"B\"\"c\") INCLUDE (d)"), Some(names(&["a", "B\"c"])));
        assert_eq!(key("UNIQUE NULLS NOT DISTINCT (\"order\")"), Some(names(&["order"])));
        assert_eq!(key("PRIMARY KEY (id, during WITHOUT OVERLAPS)"), None);
        assert_eq!(arbiter(&Sql::raw("UNIQUE (a) DEFERRABLE INITIALLY DEFERRED")), None);
        assert_eq!(arbiter(&Sql::raw("UNIQUE (a)")), Some(names(&["a"])));
        let index =
            |rest: &str| unique_index(&Sql::raw(format!("CREATE UNIQUE INDEX i ON public.t USING btree {rest}")));
        assert_eq!(index("(a, b) INCLUDE (c)"), Some(names(&["a", "b"])));
        assert_eq!(index("(lower(a))"), None);
        assert_eq!(index("(a) WHERE (b > 1)"), None);
    }

    #[test]
    fn checks_rule_out_null_elements() {
        let check = |text: &str| without_null_elements(&Sql::raw(text));
        assert_eq!(check("CHECK ((array_position(tags, NULL::text) IS NULL))"), Some(Name::from("tags")));
        assert_eq!(check("CHECK ((array_position((\"T\")::text[], NULL::text) IS NULL))"), Some(Name::from("T")));
        assert_eq!(check("CHECK (((array_position(a, NULL::text) IS NULL) OR (b IS NULL)))"), None);
        assert_eq!(check("CHECK ((array_position(a, 'x'::text) IS NULL))"), None);
        assert_eq!(check("CHECK ((array_position(a, NULL::text) IS NULL)) NOT VALID"), None);
    }

    #[test]
    fn foreign_keys_have_two_ends() {
        let text = Sql::raw("FOREIGN KEY (a, \"B\") REFERENCES public.\"T\"(x, y) MATCH FULL ON DELETE SET NULL (a)");
        let expected = ForeignKey {
            columns: names(&["a", "B"]),
            table: [Name::from("public"), Name::from("T")],
            targets: names(&["x", "y"]),
            on_delete: Some(Cascade::SetNull),
        };
        assert_eq!(foreign_key(&text), Some(expected));
        assert_eq!(foreign_key(&Sql::raw("FOREIGN KEY (a, PERIOD p) REFERENCES public.t(x, PERIOD q)")), None);
    }

    #[test]
    fn paths_are_taken_apart() {
        assert_eq!(path("public.\"Mood.x\""), Some(names(&["public", "Mood.x"])));
        assert_eq!(path("a(b)"), None);
    }
}
