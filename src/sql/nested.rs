//! Conditions that the server keeps apart from the ones around them, though it shows them as if it did not.
//!
//! `a BETWEEN 1 AND 5 AND b` is shown as `(((a >= 1) AND (a <= 5)) AND b)`, which reads back as one `AND` of three: what
//! begins an `AND` or `OR` and is one itself is merged into it. Only what was no `AND` or `OR` when it was read stays apart:
//! `BETWEEN`, `IN` and comparisons of rows.

use super::token::{Token, TokenKind, tokens};

/// The text with such conditions as they have to be written; `None` where there are none.
pub fn kept_apart(text: &str) -> Option<String> {
    let mut out = once(text)?;
    // What was put in may hold others.
    while let Some(next) = once(&out) {
        out = next;
    }
    Some(out)
}

/// Whether an expression has such conditions, in either spelling.
pub fn is_kept_apart(expression: &str) -> bool {
    let spelled = [" BETWEEN ", " IN (", " = ROW(", " <> ROW("].iter().any(|words| expression.contains(words));
    spelled || kept_apart(expression).is_some()
}

fn once(text: &str) -> Option<String> {
    if !text.contains(")) AND ") && !text.contains(")) OR ") {
        return None;
    }
    let tokens: Vec<Token> = tokens(text).filter(Token::is_code).collect();
    let closes = closes(&tokens);
    let (mut out, mut copied) = (String::with_capacity(text.len()), 0);
    for (at, close) in closes.iter().enumerate() {
        let Some(close) = *close else { continue };
        let begins = at > 0 && tokens[at - 1].is_punct("(") && tokens[at].start >= copied;
        let Some(word) = tokens.get(close + 1).filter(|word| begins && is_connective(word)) else { continue };
        let group = Group { text, tokens: &tokens, closes: &closes };
        if let Some(spelled) = group.spelled(at, close, word.text) {
            out.push_str(&text[copied..=tokens[at].start]);
            out.push_str(&spelled);
            copied = tokens[close].start;
        }
    }
    out.push_str(&text[copied..]);
    (copied > 0).then_some(out)
}

fn is_connective(token: &Token) -> bool {
    token.is_word("AND") || token.is_word("OR")
}

/// Where each parenthesis that opens is closed.
fn closes(tokens: &[Token]) -> Vec<Option<usize>> {
    let (mut out, mut open) = (vec![None; tokens.len()], Vec::new());
    for (at, token) in tokens.iter().enumerate() {
        if token.is_punct("(") || token.is_punct("[") {
            open.push(at);
        } else if (token.is_punct(")") || token.is_punct("]"))
            && let Some(opened) = open.pop()
        {
            out[opened] = Some(at);
        }
    }
    out
}

#[derive(Clone, Copy)]
struct Group<'a> {
    text: &'a str,
    tokens: &'a [Token<'a>],
    closes: &'a [Option<usize>],
}

/// `left operator right`
struct Comparison<'a> {
    left: &'a str,
    operator: &'a str,
    right: &'a str,
}

impl<'a> Group<'a> {
    /// The tokens between two others that are in no parentheses of their own.
    fn top(self, from: usize, to: usize) -> impl Iterator<Item = usize> {
        let mut at = from + 1;
        std::iter::from_fn(move || {
            let found = at;
            at = self.closes.get(at).copied().flatten().unwrap_or(at) + 1;
            (found < to).then_some(found)
        })
    }

    fn slice(self, from: usize, to: usize) -> &'a str {
        let end = self.tokens[to].start + self.tokens[to].text.len();
        &self.text[self.tokens[from].start..end]
    }

    /// The comparison in the parentheses that open at `at`.
    fn comparison(self, at: usize) -> Option<Comparison<'a>> {
        let close = self.closes[at].filter(|_| self.tokens[at].is_punct("("))?;
        let is_operator = |&i: &usize| self.tokens[i].kind == TokenKind::Operator && self.tokens[i].text != "::";
        let mut operators = self.top(at, close).filter(is_operator);
        let (operator, None) = (operators.next()?, operators.next()) else { return None };
        (operator > at + 1 && operator + 1 < close).then(|| Comparison {
            left: self.slice(at + 1, operator - 1),
            operator: self.tokens[operator].text,
            right: self.slice(operator + 1, close - 1),
        })
    }

    /// What stands between two parentheses in a spelling that stays apart from what comes behind them.
    fn spelled(self, open: usize, close: usize, word: &str) -> Option<String> {
        let top: Vec<usize> = self.top(open, close).collect();
        // Each of them an operand in parentheses, or the word between two.
        let is_alike = |(place, &at): (usize, &usize)| match place % 2 {
            0 => self.closes[at].is_some(),
            _ => self.tokens[at].is_word(word),
        };
        if top.len() < 3 || top.len().is_multiple_of(2) || !top.iter().enumerate().all(is_alike) {
            return None;
        }
        let all: Vec<Comparison> = top.iter().step_by(2).map(|at| self.comparison(*at)).collect::<Option<_>>()?;
        let operators: Vec<&str> = all.iter().map(|comparison| comparison.operator).collect();
        let left = common(&all);
        let rights = || all.iter().map(|comparison| comparison.right).collect::<Vec<_>>();
        let rows = |operator: &str| {
            let lefts: Vec<&str> = all.iter().map(|comparison| comparison.left).collect();
            format!("ROW({}) {operator} ROW({})", lefts.join(", "), rights().join(", "))
        };
        let list = |word: &str, of: &str| Some(format!("{} {word} ({})", left?, elements(&rights(), of).join(", ")));
        match (word.eq_ignore_ascii_case("AND"), &operators[..]) {
            (true, [">=", "<="]) => Some(format!("{} BETWEEN {} AND {}", left?, rights()[0], rights()[1])),
            (false, ["<", ">"]) => Some(format!("{} NOT BETWEEN {} AND {}", left?, rights()[0], rights()[1])),
            (is_and, [operator, rest @ ..]) if rest.iter().all(|other| other == operator) => {
                match (is_and, *operator) {
                    (true, "=") | (false, "<>") => Some(rows(operator)),
                    (true, "<>") => list("NOT IN", "ALL"),
                    (false, "=") => list("IN", "ANY"),
                    _ => None,
                }
            }
            _ => None,
        }
    }
}

/// What all of them compare, as it is before it is cast for one of them.
fn common<'a>(all: &[Comparison<'a>]) -> Option<&'a str> {
    let first = all.first()?.left;
    if all.iter().all(|comparison| comparison.left == first) {
        return Some(first);
    }
    let plain = without_cast(first);
    all.iter().all(|comparison| without_cast(comparison.left) == plain).then_some(plain)
}

/// `x` of `(x)::type`.
fn without_cast(text: &str) -> &str {
    let inner = text.strip_prefix('(').and_then(|rest| rest.rsplit_once(")::"));
    inner.map_or(text, |(inner, _)| inner)
}

/// The members of a list, some of which the server has put into an array.
fn elements<'a>(all: &[&'a str], word: &str) -> Vec<&'a str> {
    let array = |text: &'a str| text.strip_prefix(word)?.trim_start().strip_prefix("(ARRAY[")?.strip_suffix("])");
    all.iter().map(|text| array(text).unwrap_or(text)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_a_condition_stays_apart() {
        let cases = [
            ("(((a >= 1) AND (a <= 5)) AND (b = 2))", "((a BETWEEN 1 AND 5) AND (b = 2))"),
            ("WHERE (((a < 1) OR (a > 5)) OR b)", "WHERE ((a NOT BETWEEN 1 AND 5) OR b)"),
            ("(((a >= 1) AND ((a)::numeric <= 2.5)) AND b)", "((a BETWEEN 1 AND 2.5) AND b)"),
            ("(((a = 1) AND (b = 2)) AND c)", "((ROW(a, b) = ROW(1, 2)) AND c)"),
            ("(((a = ANY (ARRAY[1, 2])) OR (a = b)) OR c)", "((a IN (1, 2, b)) OR c)"),
            ("(((a <> b) AND (a <> c)) AND d)", "((a NOT IN (b, c)) AND d)"),
            (
                "((((x)::text >= 'a)'::text) AND ((x)::text <= f((((y >= 1) AND (y <= 2)) AND z)))) AND c)",
                "(((x)::text BETWEEN 'a)'::text AND f(((y BETWEEN 1 AND 2) AND z))) AND c)",
            ),
        ];
        for (shown, spelled) in cases {
            assert_eq!(kept_apart(shown).as_deref(), Some(spelled));
            assert_eq!(kept_apart(spelled), None);
            assert!(is_kept_apart(shown) && is_kept_apart(spelled));
        }
    }

    #[test]
    fn what_reads_back_is_left_alone() {
        let texts = [
            "((a >= 1) AND (a <= 5) AND (b = 2))",
            "((b = 2) AND ((a >= 1) AND (a <= 5)))",
            "(((a >= 1) AND (a <= 5)) OR (b = 2))",
            "(((a >= 1) AND (c <= 5)) AND (b = 2))",
            "(((a >= 1) AND b) AND c)",
            "sum(a) OVER (ORDER BY (f((b))) ROWS BETWEEN ((1)) PRECEDING AND CURRENT ROW)",
            ")) AND (",
        ];
        for text in texts {
            assert_eq!(kept_apart(text), None, "{text}");
        }
    }
}
