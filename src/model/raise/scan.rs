//! The server's definitions, read from the left to the right.

use crate::name::Name;
use crate::sql::token::{Token, TokenKind, tokens};

/// Reads a definition from the left to the right.
pub struct Scan<'a> {
    text: &'a str,
    tokens: Vec<Token<'a>>,
    at: usize,
}

impl<'a> Scan<'a> {
    /// At the beginning.
    pub fn new(text: &'a str) -> Self {
        Scan { text, tokens: tokens(text).filter(Token::is_code).collect(), at: 0 }
    }

    /// Whether all was read.
    pub fn is_done(&self) -> bool {
        self.at >= self.tokens.len()
    }

    /// Takes these words, if they are next.
    pub fn take(&mut self, words: &str) -> bool {
        let words: Vec<&str> = words.split(' ').collect();
        let fits = words.iter().enumerate().all(|(at, word)| {
            self.tokens.get(self.at + at).is_some_and(|token| token.is_word(word) || token.text == *word)
        });
        self.at += if fits { words.len() } else { 0 };
        fits
    }

    /// Takes what stands in the parentheses that are next.
    pub fn group(&mut self) -> Option<&'a str> {
        let open = self.tokens.get(self.at).filter(|token| token.is_punct("("))?;
        let mut depth = 0;
        let close = (self.at..self.tokens.len()).find(|&at| {
            depth += i32::from(self.tokens[at].is_punct("(")) - i32::from(self.tokens[at].is_punct(")"));
            depth == 0
        })?;
        self.at = close + 1;
        Some(self.text[open.start + 1..self.tokens[close].start].trim())
    }

    /// Takes a list in parentheses.
    pub fn list(&mut self) -> Option<Vec<&'a str>> {
        let inner = self.group()?;
        let (mut out, mut from, mut depth) = (Vec::new(), 0, 0);
        for token in tokens(inner) {
            match token.text {
                "(" | "[" => depth += 1,
                ")" | "]" => depth -= 1,
                "," if depth == 0 => {
                    out.push(inner[from..token.start].trim());
                    from = token.start + 1;
                }
                _ => {}
            }
        }
        out.push(inner[from..].trim());
        Some(out)
    }

    /// Takes a list of names in parentheses.
    pub fn names(&mut self) -> Option<Vec<Name>> {
        self.list()?.into_iter().map(name).collect()
    }

    /// Takes a name.
    pub fn name(&mut self) -> Option<Name> {
        let token = self.tokens.get(self.at)?;
        self.at += 1;
        name(token.text)
    }

    /// Takes a name with its schema.
    pub fn path(&mut self) -> Option<(Name, Name)> {
        let schema = self.name()?;
        if !self.take(".") {
            return None;
        }
        Some((schema, self.name()?))
    }

    /// All that is left.
    pub fn rest(&mut self) -> &'a str {
        let from = self.tokens.get(self.at).map_or(self.text.len(), |token| token.start);
        self.at = self.tokens.len();
        self.text[from..].trim()
    }

    /// Everything up to one of these words outside of parentheses.
    pub fn until(&mut self, words: &[&str]) -> &'a str {
        let from = self.tokens.get(self.at).map_or(self.text.len(), |token| token.start);
        let mut depth = 0;
        while let Some(token) = self.tokens.get(self.at) {
            depth += i32::from(token.is_punct("(")) - i32::from(token.is_punct(")"));
            if depth == 0 && words.iter().any(|word| token.is_word(word)) {
                break;
            }
            self.at += 1;
        }
        let to = self.tokens.get(self.at).map_or(self.text.len(), |token| token.start);
        self.text[from..to].trim()
    }
}

/// A name as SQL writes it; nothing else will do.
pub fn name(text: &str) -> Option<Name> {
    let mut all = tokens(text);
    let (token, end) = (all.next()?, all.next());
    match (token.kind, end) {
        (TokenKind::Word, None) => Some(Name::new(token.text)),
        (TokenKind::QuotedIdent, None) => {
            let inner = token.text.strip_prefix('"')?.strip_suffix('"')?;
            Some(Name::from(inner.replace("\"\"", "\"")))
        }
        _ => None,
    }
}

/// The value of a string literal.
pub fn literal(text: &str) -> Option<String> {
    if let Some(inner) = text.strip_prefix("E'").and_then(|text| text.strip_suffix('\'')) {
        let plain = inner.replace("\\\\", "\u{0}").replace("''", "'");
        return (!plain.contains('\\')).then(|| plain.replace('\u{0}', "\\"));
    }
    let inner = text.strip_prefix('\'')?.strip_suffix('\'')?;
    Some(inner.replace("''", "'"))
}

/// The names that an expression speaks of.
pub fn names(text: &str) -> Vec<Name> {
    let is_name = |kind| matches!(kind, TokenKind::Word | TokenKind::QuotedIdent);
    tokens(text).filter(|token| is_name(token.kind)).filter_map(|token| name(token.text)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn definitions_are_read_in_order() {
        let mut scan = Scan::new("FOREIGN KEY (a, \"B c\") REFERENCES public.t(x, y) ON DELETE SET NULL (a)");
        assert!(scan.take("FOREIGN KEY"));
        assert_eq!(scan.names(), Some(vec!["a".into(), "B c".into()]));
        assert!(scan.take("REFERENCES"));
        assert_eq!(scan.path(), Some(("public".into(), "t".into())));
        assert_eq!(scan.list(), Some(vec!["x", "y"]));
        assert!(scan.take("ON DELETE SET NULL") && !scan.is_done());
        assert_eq!(literal("E'a\\\\b'''"), Some("a\\b'".into()));
    }
}
