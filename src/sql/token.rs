//! SQL tokens, as PostgreSQL's own lexer cuts them.
//!
//! Rules: <https://www.postgresql.org/docs/current/sql-syntax-lexical.html>. Nothing is ever lost: the texts of
//! all tokens, one after the other, are the input. What is left open (a string, a comment) runs to the end.

use crate::name::Name;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// A key word or an identifier without quotes.
    Word,
    /// `"…"`, and `U&"…"`.
    QuotedIdent,
    /// `'…'`, and `E'…'`, `B'…'`, `X'…'`, `N'…'`, `U&'…'`.
    String,
    /// `$$…$$` or `$tag$…$tag$`.
    DollarString,
    /// `1`, `1.5e3`, `0xff`, `1_000`.
    Number,
    /// `$1`.
    Param,
    /// `+`, `<>`, `::`, `:=`, `..`, …
    Operator,
    /// One of `( ) [ ] , ; . :`, and any character that SQL has no use for.
    Punct,
    /// `-- …` without its line end, and `/* … */` with those inside it.
    Comment,
    /// Blanks and line ends.
    Whitespace,
}

/// One token and where it begins, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token<'a> {
    /// What it is.
    pub kind: TokenKind,
    /// Its text, byte for byte.
    pub text: &'a str,
    /// The byte of the input it starts at.
    pub start: usize,
}

impl Token<'_> {
    /// Whether it says something to the server: neither blank nor comment.
    pub fn is_code(&self) -> bool {
        !matches!(self.kind, TokenKind::Whitespace | TokenKind::Comment)
    }

    /// Whether it is this word, whatever its case, without quotes.
    pub fn is_word(&self, word: &str) -> bool {
        self.kind == TokenKind::Word && self.text.eq_ignore_ascii_case(word)
    }

    /// The name that it is to the server: folded where it has no quotes. `None` for what is no name.
    pub fn name(&self) -> Option<Name> {
        match self.kind {
            TokenKind::Word => Some(Name::from(self.text.to_lowercase())),
            TokenKind::QuotedIdent => {
                let inner = self.text.strip_prefix('"')?.strip_suffix('"')?;
                Some(Name::from(inner.replace("\"\"", "\"")))
            }
            _ => None,
        }
    }

    /// Whether it is this punctuation.
    pub fn is_punct(&self, text: &str) -> bool {
        self.kind == TokenKind::Punct && self.text == text
    }
}

/// Cuts SQL into tokens. Takes any text and never fails.
pub fn tokens(text: &str) -> impl Iterator<Item = Token<'_>> {
    let mut start = 0;
    std::iter::from_fn(move || {
        let rest = text.get(start..).filter(|rest| !rest.is_empty())?;
        let (kind, length) = first(rest);
        let token = Token { kind, text: &rest[..length], start };
        start += length;
        Some(token)
    })
}

/// The first token of a text that is not empty: its kind and its length in bytes.
fn first(text: &str) -> (TokenKind, usize) {
    let bytes = text.as_bytes();
    let at = |i: usize| bytes.get(i).copied().unwrap_or(0);
    match at(0) {
        b if is_space(b) => (TokenKind::Whitespace, run(bytes, 0, is_space)),
        b'-' if at(1) == b'-' => (TokenKind::Comment, run(bytes, 2, |b| b != b'\n' && b != b'\r')),
        // One that never ends is code, and the server's to refuse: nothing behind it may be lost in silence.
        b'/' if at(1) == b'*' => {
            block_comment(bytes).map_or((TokenKind::Operator, bytes.len()), |length| (TokenKind::Comment, length))
        }
        b'\'' => (TokenKind::String, quoted(bytes, 0, Escapes::None)),
        b'"' => (TokenKind::QuotedIdent, quoted(bytes, 0, Escapes::None)),
        b'E' | b'e' if at(1) == b'\'' => (TokenKind::String, quoted(bytes, 1, Escapes::Backslash)),
        b'B' | b'b' | b'X' | b'x' | b'N' | b'n' if at(1) == b'\'' => {
            (TokenKind::String, quoted(bytes, 1, Escapes::None))
        }
        b'U' | b'u' if at(1) == b'&' && at(2) == b'\'' => (TokenKind::String, quoted(bytes, 2, Escapes::None)),
        b'U' | b'u' if at(1) == b'&' && at(2) == b'"' => (TokenKind::QuotedIdent, quoted(bytes, 2, Escapes::None)),
        b'$' => dollar(text),
        b if b.is_ascii_digit() || (b == b'.' && at(1).is_ascii_digit()) => (TokenKind::Number, number(bytes)),
        b if is_word_start(b) => (TokenKind::Word, run(bytes, 1, is_word_part)),
        b'.' if at(1) == b'.' => (TokenKind::Operator, 2),
        b':' if at(1) == b':' || at(1) == b'=' => (TokenKind::Operator, 2),
        b if is_operator(b) => (TokenKind::Operator, operator(bytes)),
        _ => (TokenKind::Punct, 1),
    }
}

fn is_space(b: u8) -> bool {
    matches!(b, b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c)
}

fn is_word_start(b: u8) -> bool {
    b.is_ascii_alphabetic() || b == b'_' || b >= 0x80
}

fn is_word_part(b: u8) -> bool {
    is_word_start(b) || b.is_ascii_digit() || b == b'$'
}

fn is_operator(b: u8) -> bool {
    b"+-*/<>=~!@#%^&|`?".contains(&b)
}

/// The end of the run of bytes from `from` that pass.
fn run(bytes: &[u8], from: usize, passes: impl Fn(u8) -> bool) -> usize {
    bytes.iter().skip(from).position(|b| !passes(*b)).map_or(bytes.len(), |length| from + length)
}

/// An operator ends before a comment begins.
fn operator(bytes: &[u8]) -> usize {
    let end = run(bytes, 0, is_operator);
    (1..end).find(|&i| bytes[i..].starts_with(b"--") || bytes[i..].starts_with(b"/*")).unwrap_or(end)
}

fn block_comment(bytes: &[u8]) -> Option<usize> {
    let (mut depth, mut i) = (1, 2);
    while i < bytes.len() {
        if bytes[i..].starts_with(b"/*") {
            (depth, i) = (depth + 1, i + 2);
        } else if bytes[i..].starts_with(b"*/") {
            (depth, i) = (depth - 1, i + 2);
            if depth == 0 {
                return Some(i);
            }
        } else {
            i += 1;
        }
    }
    None
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Escapes {
    None,
    Backslash,
}

/// The end of what is quoted from `open`; a doubled quote stands for itself.
fn quoted(bytes: &[u8], open: usize, escapes: Escapes) -> usize {
    let quote = bytes[open];
    let mut i = open + 1;
    while i < bytes.len() {
        match bytes[i] {
            b'\\' if escapes == Escapes::Backslash => i += 2,
            b if b == quote && bytes.get(i + 1) == Some(&quote) => i += 2,
            b if b == quote => return i + 1,
            _ => i += 1,
        }
    }
    bytes.len()
}

fn dollar(text: &str) -> (TokenKind, usize) {
    let bytes = text.as_bytes();
    let digits = run(bytes, 1, |b| b.is_ascii_digit());
    if digits > 1 {
        return (TokenKind::Param, digits);
    }
    let tag_end = run(bytes, 1, |b| is_word_part(b) && b != b'$');
    if bytes.get(tag_end) != Some(&b'$') {
        return (TokenKind::Punct, 1);
    }
    let tag = &text[..=tag_end];
    let end = text[tag.len()..].find(tag).map_or(text.len(), |at| tag.len() + at + tag.len());
    (TokenKind::DollarString, end)
}

/// `1..10` is two numbers around two dots, so a dot that another follows is not taken.
fn number(bytes: &[u8]) -> usize {
    let at = |i: usize| bytes.get(i).copied().unwrap_or(0);
    if at(0) == b'0' && matches!(at(1), b'x' | b'X' | b'o' | b'O' | b'b' | b'B') && at(2).is_ascii_hexdigit() {
        return run(bytes, 2, |b| b.is_ascii_hexdigit() || b == b'_');
    }
    let digits = |from| run(bytes, from, |b| b.is_ascii_digit() || b == b'_');
    let mut end = digits(0);
    if at(end) == b'.' && at(end + 1) != b'.' {
        end = digits(end + 1);
    }
    let sign = usize::from(matches!(at(end + 1), b'+' | b'-'));
    if matches!(at(end), b'e' | b'E') && at(end + 1 + sign).is_ascii_digit() {
        end = digits(end + 1 + sign);
    }
    end
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cut(text: &str) -> Vec<(TokenKind, &str)> {
        tokens(text).filter(|t| t.kind != TokenKind::Whitespace).map(|t| (t.kind, t.text)).collect()
    }

    #[test]
    fn every_kind_is_known() {
        use TokenKind::{Comment, DollarString, Number, Operator, Param, Punct, QuotedIdent, String, Word};
        let cases: &[(&str, &[(TokenKind, &str)])] = &[
            ("a.\"B\"\"c\"", &[(Word, "a"), (Punct, "."), (QuotedIdent, "\"B\"\"c\"")]),
            ("'it''s' E'a\\'b' x'1f'", &[(String, "'it''s'"), (String, "E'a\\'b'"), (String, "x'1f'")]),
            ("U&'\\0061' u&\"d\"", &[(String, "U&'\\0061'"), (QuotedIdent, "u&\"d\"")]),
            ("'\\' 1", &[(String, "'\\'"), (Number, "1")]),
            ("$$a;b$$ $x$ $$ $x$", &[(DollarString, "$$a;b$$"), (DollarString, "$x$ $$ $x$")]),
            ("a$b$ $1", &[(Word, "a$b$"), (Param, "$1")]),
            ("1.5e-3 .5 0xFF 1_000", &[(Number, "1.5e-3"), (Number, ".5"), (Number, "0xFF"), (Number, "1_000")]),
            ("1..10", &[(Number, "1"), (Operator, ".."), (Number, "10")]),
            ("a::int>=-- c", &[(Word, "a"), (Operator, "::"), (Word, "int"), (Operator, ">="), (Comment, "-- c")]),
            ("x/* a /* b */ c", &[(Word, "x"), (Operator, "/* a /* b */ c")]),
            ("/* a /* b */ c */x", &[(Comment, "/* a /* b */ c */"), (Word, "x")]),
            (
                "a[1:2];",
                &[(Word, "a"), (Punct, "["), (Number, "1"), (Punct, ":"), (Number, "2"), (Punct, "]"), (Punct, ";")],
            ),
            ("größe", &[(Word, "größe")]),
        ];
        for (text, expected) in cases {
            assert_eq!(cut(text), *expected, "{text}");
        }
    }

    #[test]
    fn what_is_left_open_runs_to_the_end() {
        for text in ["'abc", "\"abc", "/* a /* b */", "$x$ abc $y$", "E'a\\"] {
            assert_eq!(tokens(text).count(), 1, "{text}");
        }
    }

    proptest! {
        #[test]
        fn nothing_is_lost(text in r#"([-'"$;:.()/*\\eExXuU&a1é\n ]|[$]x[$]|BEGIN|\PC){0,40}"#) {
            let cut: Vec<_> = tokens(&text).collect();
            prop_assert_eq!(cut.iter().map(|t| t.text).collect::<String>(), text.clone());
            for token in cut {
                prop_assert!(!token.text.is_empty());
                prop_assert!(text[token.start..].starts_with(token.text));
            }
        }
    }
}
