//! Names that a query gives the columns of a table by their place: `FROM public.r x(k, l)`.

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

#[cfg(test)]
mod tests {
    use super::*;

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
