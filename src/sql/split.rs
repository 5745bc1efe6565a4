//! Splits SQL text into statements, where the server would.

use super::token::{Token, TokenKind, tokens};

/// One statement of a text, without its semicolon, with the comments that stand before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatementText {
    /// The statement as written.
    pub text: String,
    /// The line of the whole text it starts on, from 1; comments before it count.
    pub line: usize,
    /// The byte of the whole text it starts at.
    pub start: usize,
}

impl StatementText {
    /// The statement without the comments before it.
    pub fn bare(&self) -> &str {
        let begin = tokens(&self.text).find(Token::is_code).map_or(0, |token| token.start);
        &self.text[begin..]
    }

    /// The line of the whole text on which the statement itself starts, from 1.
    pub fn code_line(&self) -> usize {
        self.line + newlines(&self.text[..self.text.len() - self.bare().len()])
    }
}

/// Splits at the semicolons that end statements: not those in strings, comments, parentheses (`CREATE RULE … DO
/// (…; …)`) and `BEGIN ATOMIC … END` bodies. What holds comments only is no statement.
pub fn statements(text: &str) -> Vec<StatementText> {
    let mut found = Vec::new();
    let mut state = State::default();
    let mut begin = 0;
    let (mut line, mut counted) = (1, 0);
    let mut close = |begin: usize, end: usize| {
        let piece = &text[begin..end];
        let start = begin + (piece.len() - piece.trim_start().len());
        line += newlines(&text[counted..start]);
        counted = start;
        found.push(StatementText { text: piece.trim().to_owned(), line, start });
    };
    for token in tokens(text) {
        if token.is_punct(";") && state.is_top_level() {
            if state.has_code {
                close(begin, token.start);
                begin = token.start + token.text.len();
            } else {
                // An empty statement: what comments stand before it belong to the next.
                begin = if text[begin..token.start].trim().is_empty() { token.start + 1 } else { begin };
            }
            state = State::default();
        } else if token.is_code() {
            state.see(&token);
        }
    }
    if state.has_code {
        close(begin, text.len());
    }
    found
}

/// The leading words of a statement in upper case, up to the first token that is no word: enough to say what it is.
pub fn first_words(statement: &str) -> Vec<String> {
    tokens(statement)
        .filter(Token::is_code)
        .take_while(|token| token.kind == TokenKind::Word)
        .map(|token| token.text.to_ascii_uppercase())
        .collect()
}

/// What is open at one point of a text.
#[derive(Default)]
struct State<'a> {
    has_code: bool,
    parentheses: usize,
    /// `BEGIN ATOMIC`, and the `CASE`s inside it, each closed by an `END`.
    blocks: usize,
    previous: Option<Token<'a>>,
}

impl<'a> State<'a> {
    fn is_top_level(&self) -> bool {
        self.parentheses == 0 && self.blocks == 0
    }

    fn see(&mut self, token: &Token<'a>) {
        self.has_code = true;
        let after = |word| self.previous.is_some_and(|previous| previous.is_word(word));
        let is_label = after("AS") || self.previous.is_some_and(|previous| previous.is_punct("."));
        match token.kind {
            TokenKind::Punct if token.text == "(" => self.parentheses += 1,
            TokenKind::Punct if token.text == ")" => self.parentheses = self.parentheses.saturating_sub(1),
            TokenKind::Word if token.is_word("ATOMIC") && after("BEGIN") => self.blocks += 1,
            TokenKind::Word if self.blocks > 0 && token.is_word("CASE") && !is_label => self.blocks += 1,
            TokenKind::Word if self.blocks > 0 && token.is_word("END") && !is_label => self.blocks -= 1,
            _ => {}
        }
        self.previous = Some(*token);
    }
}

fn newlines(text: &str) -> usize {
    text.bytes().filter(|b| *b == b'\n').count()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn split(text: &str) -> Vec<String> {
        statements(text).into_iter().map(|statement| statement.text).collect()
    }

    #[test]
    fn only_ends_of_statements_split() {
        let whole = [
            "SELECT ';', E'\\';', \";\", $$;$$, $a$;$a$ -- ;\n /* ; /* ; */ ; */ , 1",
            "CREATE RULE r AS ON INSERT TO t DO (DELETE FROM a; DELETE FROM b)",
            "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT CASE WHEN x THEN 1 ELSE 2 END; SELECT 2; END",
            "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT t.end, 1 AS case FROM t; SELECT 2; END",
            "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $f$ BEGIN RETURN 1; END $f$",
            "SELECT CASE WHEN true THEN 1 END",
        ];
        for text in whole {
            assert_eq!(split(&format!("{text};\nSELECT 2;")), [text, "SELECT 2"], "{text}");
        }
    }

    #[test]
    fn comments_stay_with_the_statement_after_them() {
        let text = "-- first\nSELECT 1; -- second\n\n/* two */ SELECT 2;\n-- the end\n";
        assert_eq!(split(text), ["-- first\nSELECT 1", "-- second\n\n/* two */ SELECT 2"]);
        let found = statements(text);
        assert_eq!(found.iter().map(|s| (s.line, s.code_line())).collect::<Vec<_>>(), [(1, 2), (2, 4)]);
        assert_eq!(found.iter().map(StatementText::bare).collect::<Vec<_>>(), ["SELECT 1", "SELECT 2"]);
    }

    #[test]
    fn nothing_but_comments_is_no_statement() {
        assert_eq!(split(" ;; -- a\n; /* b */"), Vec::<String>::new());
        assert_eq!(split("-- a\n;\nSELECT 1"), ["-- a\n;\nSELECT 1"]);
        assert_eq!(split("SELECT 1"), ["SELECT 1"]);
        assert_eq!(split("SELECT 1; /* never /* closed */ SELECT 2;"), ["SELECT 1", "/* never /* closed */ SELECT 2;"]);
    }

    #[test]
    fn first_words_say_what_a_statement_is() {
        assert_eq!(
            first_words("-- why\ncreate Index concurrently i on t(x)"),
            ["CREATE", "INDEX", "CONCURRENTLY", "I", "ON", "T"]
        );
        assert_eq!(first_words("(select 1)"), Vec::<String>::new());
    }

    proptest! {
        #[test]
        fn every_statement_stands_where_it_says(text in r#"([-'"$;()/*a\n ]|BEGIN ATOMIC |END |CASE |[$]x[$]){0,40}"#) {
            for statement in statements(&text) {
                prop_assert!(text[statement.start..].starts_with(&statement.text));
                prop_assert_eq!(statement.line, 1 + newlines(&text[..statement.start]));
            }
        }

        #[test]
        fn joined_statements_split_again(texts in prop::collection::vec("[a-z]{1,5}( '[a-z;]*'| [(]a;b[)])?", 0..6)) {
            prop_assert_eq!(split(&texts.join(";\n\n")), texts);
        }
    }
}
