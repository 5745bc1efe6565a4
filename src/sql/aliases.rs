//! Names that a query gives the columns of a table, or of a function's rows, by their place: `FROM public.r x(k, l)`.

use super::token::{Token, tokens};
use crate::name::Name;

/// What columns are named of, in a text of the server's: the last part of a relation's name, or nothing for a join or a function.
pub fn aliased(text: &str) -> Vec<Option<Name>> {
    let code: Vec<Token> = tokens(text).filter(Token::is_code).collect();
    // The server shows its key words in capitals, and quotes every name that looks like one; a type's words have a number behind them.
    let name =
        |token: &Token| token.name().filter(|_| !token.text.starts_with(|first: char| first.is_ascii_uppercase()));
    let lists = code.windows(5).filter(|window| {
        let [_, alias, open, column, end] = window else { return false };
        name(alias).is_some()
            && open.is_punct("(")
            && name(column).is_some()
            && (end.is_punct(",") || end.is_punct(")"))
    });
    let of = |window: &[Token]| match &window[0] {
        relation if name(relation).is_some() => Some(name(relation)),
        close if close.is_punct(")") => Some(None),
        _ => None,
    };
    lists.filter_map(of).collect()
}

/// The text without the lists that name the columns of this function's rows as they are called anyhow: the server always shows them.
pub fn without_lists(text: &str, function: &Name, columns: &[Name]) -> Option<String> {
    let code: Vec<Token> = tokens(text).filter(Token::is_code).collect();
    let end_of_call = |open: usize| {
        let mut depth = 0;
        (open..code.len()).find(|&at| {
            depth += i32::from(code[at].is_punct("(")) - i32::from(code[at].is_punct(")"));
            depth == 0
        })
    };
    let list = |at: usize| {
        let called = code[at].name().as_ref() == Some(function) && code.get(at + 1)?.is_punct("(");
        let open = end_of_call(at + 1).filter(|_| called)? + 2;
        let (alias, listed) = code.get(open - 1..)?.split_first()?;
        let (pairs, end) = listed.split_at_checked(2 * columns.len())?;
        let is_listed = |(at, pair): (usize, &[Token])| {
            pair[0].is_punct(if at == 0 { "(" } else { "," }) && pair[1].name().as_ref() == Some(&columns[at])
        };
        let is_list =
            alias.name().is_some() && end.first()?.is_punct(")") && pairs.chunks(2).enumerate().all(is_listed);
        is_list.then(|| pairs[0].start..end[0].start + 1)
    };
    let lists: Vec<_> = (0..code.len()).filter_map(list).collect();
    let mut out = text.to_owned();
    lists.iter().rev().for_each(|list| out.replace_range(list.clone(), ""));
    (!lists.is_empty()).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_a_function_gives_its_rows_are_left_out() {
        let of = |text| without_lists(text, &"f".into(), &["a".into(), "B".into()]);
        let shown = "SELECT x.a FROM public.f((1 + 2)) x(a, \"B\"), s.f() f(a, \"B\")";
        assert_eq!(of(shown).as_deref(), Some("SELECT x.a FROM public.f((1 + 2)) x, s.f() f"));
        for other in
            ["FROM f() x(k, \"B\")", "FROM g() x(a, \"B\")", "FROM f() x(a)", "f((x.a + y(a, \"B\")))", "f(", "f() x"]
        {
            assert_eq!(of(other), None, "{other}");
        }
    }

    #[test]
    fn lists_of_names_are_told_from_calls_and_types() {
        let of =
            |text| aliased(text).into_iter().map(|name| name.map(|name| name.as_str().to_owned())).collect::<Vec<_>>();
        assert_eq!(of("SELECT x.k FROM public.r x(k, l)"), [Some("r".to_owned())]);
        assert_eq!(of("SELECT j.k FROM (public.r CROSS JOIN public.q) j(k, l)"), [None]);
        assert_eq!(of("SELECT x.\"K\" FROM \"R\" \"X\"(\"K\")"), [Some("R".to_owned())]);
        let none =
            "SELECT f(k), x::character varying(5), k AND f(k, l) FROM public.r x JOIN g(k) y ON lower(x.k) = ANY (y.z)";
        assert!(of(none).is_empty());
    }
}
