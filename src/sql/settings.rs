//! Statements that change how a session reads what comes after them: `SET`, and `set_config`, with which pg_dump begins.

use super::token::{Token, TokenKind, tokens};

/// Whether what follows in the session is read otherwise, even in another transaction.
pub fn outlasts(statement: &str) -> bool {
    let Some((word, rest)) = setting(statement) else { return false };
    let ends =
        ["LOCAL", "CONSTRAINTS", "TRANSACTION"].iter().any(|word| rest.first().is_some_and(|next| next.is_word(word)));
    match word {
        word if word.is_word("SET") => !ends,
        word if word.is_word("SELECT") => configures(&rest).is_some_and(|is_local| !is_local.is_word("true")),
        _ => true,
    }
}

/// The statement as it sets the same for one transaction. `None` if it sets nothing.
pub fn for_a_transaction(statement: &str) -> Option<String> {
    let (word, rest) = setting(statement)?;
    if word.is_word("SELECT") {
        let is_local = configures(&rest)?;
        let end = is_local.start + is_local.text.len();
        return Some(format!("{}true{}", &statement[..is_local.start], &statement[end..]));
    }
    let range = ["SESSION", "LOCAL"].iter().any(|word| rest.first().is_some_and(|next| next.is_word(word)));
    let from = rest.get(usize::from(range)).filter(|_| word.is_word("SET"))?.start;
    Some(format!("SET LOCAL {}", &statement[from..]))
}

/// The word that such a statement begins with, and what comes after it; nothing is read of other statements but their first word.
fn setting(statement: &str) -> Option<(Token<'_>, Vec<Token<'_>>)> {
    let mut code = tokens(statement).filter(Token::is_code);
    let word = code.next().filter(|first| ["SET", "SELECT", "RESET"].iter().any(|word| first.is_word(word)))?;
    Some((word, code.collect()))
}

/// The last argument of `pg_catalog.set_config('…', '…', false)`, if this is that and nothing else.
pub(super) fn configures<'a>(code: &[Token<'a>]) -> Option<Token<'a>> {
    let call = match code {
        [schema, dot, rest @ ..] if schema.is_word("pg_catalog") && dot.is_punct(".") => rest,
        _ => code,
    };
    let [function, open, name, comma, value, second, is_local, close] = call else { return None };
    let punctuated = open.is_punct("(") && comma.is_punct(",") && second.is_punct(",") && close.is_punct(")");
    let texts = [name, value].iter().all(|token| token.kind == TokenKind::String);
    let told = is_local.is_word("true") || is_local.is_word("false");
    (function.is_word("set_config") && punctuated && texts && told).then_some(*is_local)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_last_or_do_not() {
        for statement in [
            "SET search_path = a, b",
            "-- x\nset session work_mem to '1MB'",
            "SET ROLE r",
            "SET SESSION AUTHORIZATION r",
            "RESET ROLE",
            "SELECT pg_catalog.set_config('search_path', '', false)",
        ] {
            assert!(outlasts(statement), "{statement}");
        }
        for statement in [
            "SET LOCAL search_path = a",
            "SET CONSTRAINTS ALL DEFERRED",
            "SET TRANSACTION READ ONLY",
            "SELECT set_config('a.b', '', true)",
            "SELECT set_config('a.b', f(), false)",
            "SELECT 1",
            "",
        ] {
            assert!(!outlasts(statement), "{statement}");
        }
    }

    #[test]
    fn settings_for_a_transaction() {
        let of = |text: &str| for_a_transaction(text).unwrap_or_default();
        assert_eq!(of("SET search_path = a, b"), "SET LOCAL search_path = a, b");
        assert_eq!(of("set session TIME ZONE 'UTC'"), "SET LOCAL TIME ZONE 'UTC'");
        assert_eq!(of("Set Local a.b to 1"), "SET LOCAL a.b to 1");
        assert_eq!(of("SELECT set_config('a.b', 'false', false) -- x"), "SELECT set_config('a.b', 'false', true) -- x");
        assert_eq!(of("SELECT 1") + &of("CREATE TABLE t ()") + &of("SET") + &of("SELECT set_config()"), "");
    }
}
