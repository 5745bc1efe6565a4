//! Spellings of the server's own texts that read back as they are.
//!
//! Most deparsed texts do. `x IN ('a', 'b')` on a `varchar` does not: it is shown as
//! `(x)::text = ANY ((ARRAY['a'::character varying, …])::text[])`, and that cast, once written, is pushed down to each
//! element. Left out, the server puts it back where it was.

use super::token::{Token, TokenKind, tokens};

/// The text without casts of whole `ARRAY[…]` constructors; `None` where there are none.
pub fn respell(text: &str) -> Option<String> {
    if !text.contains("(ARRAY[") {
        return None;
    }
    let tokens: Vec<Token> = tokens(text).filter(Token::is_code).collect();
    let mut out = String::with_capacity(text.len());
    let mut copied = 0;
    for at in 0..tokens.len() {
        let Some((from, to)) = array_cast(&tokens, at) else { continue };
        out.push_str(&text[copied..from]);
        copied = to;
    }
    out.push_str(&text[copied..]);
    (copied > 0).then_some(out)
}

/// Where the cast of the array constructor that begins at `at` stands in the text.
fn array_cast(tokens: &[Token], at: usize) -> Option<(usize, usize)> {
    let starts =
        tokens.get(at)?.is_punct("(") && tokens.get(at + 1)?.is_word("ARRAY") && tokens.get(at + 2)?.is_punct("[");
    if !starts {
        return None;
    }
    let mut depth = 0;
    let close = (at + 2..tokens.len()).find(|&i| {
        depth += i32::from(tokens[i].is_punct("[")) - i32::from(tokens[i].is_punct("]"));
        depth == 0
    })?;
    let cast = close + 2;
    if !tokens.get(close + 1)?.is_punct(")") || tokens.get(cast)?.text != "::" {
        return None;
    }
    let in_type = |token: &Token| {
        matches!(token.kind, TokenKind::Word | TokenKind::QuotedIdent | TokenKind::Number)
            || ["(", ")", ".", ","].iter().any(|text| token.is_punct(text))
    };
    let open = (cast + 1..tokens.len()).find(|&i| !in_type(&tokens[i]))?;
    let last = tokens.get(open + 1)?;
    (tokens[open].is_punct("[") && last.is_punct("]")).then(|| (tokens[cast].start, last.start + last.text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cast_of_a_whole_array_is_left_to_the_server() {
        let shown =
            "CHECK (((s)::text = ANY ((ARRAY['a'::character varying, '])::text[]'::character varying])::text[])))";
        let spelled = "CHECK (((s)::text = ANY ((ARRAY['a'::character varying, '])::text[]'::character varying]))))";
        assert_eq!(respell(shown).as_deref(), Some(spelled));
        assert_eq!(respell("CHECK ((a = ANY (ARRAY[1, 2])))"), None);
    }
}
