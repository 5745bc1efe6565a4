//! Spellings of the server's own texts that read back as they are.
//!
//! Most deparsed texts do. `x IN ('a', 'b')` on a `varchar` does not: it is shown as
//! `(x)::text = ANY ((ARRAY['a'::character varying, …])::text[])`, and that cast, once written, is pushed down to each
//! element. Left out, the server puts it back where it was.
//!
//! Nor does a literal without a name in a sub-select: `SELECT 'a'` is shown as `SELECT 'a'::text`, which would be named
//! after its type. The field of `EXTRACT('YEAR' FROM …)` is shown without its quotes, and would be folded. The marks of a `CYCLE`
//! are shown as casts, where the grammar has constants alone.

use super::nested::{is_kept_apart, kept_apart};
use super::token::{Token, TokenKind, tokens};

/// The text as it reads back; `None` where it does so already.
pub fn respell(text: &str) -> Option<String> {
    let apart = kept_apart(text);
    let spelled = parts(apart.as_deref().unwrap_or(text));
    spelled.or(apart)
}

fn parts(text: &str) -> Option<String> {
    let is_candidate = ["(ARRAY[", "EXTRACT("].iter().any(|word| text.contains(word))
        || text.contains("SELECT") && text.contains("::");
    if !is_candidate {
        return None;
    }
    let tokens: Vec<Token> = tokens(text).filter(Token::is_code).collect();
    let casts = (0..tokens.len()).filter_map(|at| array_cast(&tokens, at)).map(|(from, to)| (from, to, String::new()));
    let names = nameless_items(&tokens).into_iter().map(|at| (at, at, r#" AS "?column?""#.to_owned()));
    let mut edits: Vec<(usize, usize, String)> =
        casts.chain(names).chain(tokens.windows(4).filter_map(field)).chain(marks(&tokens)).collect();
    edits.sort_unstable();
    let (mut out, mut copied) = (String::with_capacity(text.len()), 0);
    for (from, to, instead) in &edits {
        out.push_str(&text[copied..*from]);
        out.push_str(instead);
        copied = *to;
    }
    out.push_str(&text[copied..]);
    (!edits.is_empty()).then_some(out)
}

/// The field of an `EXTRACT` that is not in lower case, as a literal.
fn field(tokens: &[Token]) -> Option<(usize, usize, String)> {
    let [function, open, field, from] = tokens else { return None };
    let extract = function.is_word("EXTRACT") && open.is_punct("(") && from.is_word("FROM");
    let folded = field.kind == TokenKind::Word && field.text.chars().any(|letter| letter.is_ascii_uppercase());
    (extract && folded).then(|| (field.start, field.start + field.text.len(), format!("'{}'", field.text)))
}

/// The marks of cycles, `'y'::text` in `SET looped TO 'y'::text DEFAULT 'n'::text USING path`, as constants of a type: `text 'y'`.
fn marks(tokens: &[Token]) -> Vec<(usize, usize, String)> {
    let mut found = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let end = match (token.text, at.checked_sub(2).map(|before| tokens[before].text)) {
            ("TO", Some("SET")) => "DEFAULT",
            ("DEFAULT", _) => "USING",
            _ => continue,
        };
        let ([mark, cast, rest @ ..], true) = (&tokens[at + 1..], token.kind == TokenKind::Word) else { continue };
        let Some(length) = rest.iter().position(|token| token.is_word(end)) else { continue };
        if mark.kind == TokenKind::String && cast.text == "::" && is_type(&rest[..length]) {
            let last = &rest[length - 1];
            let r#type: Vec<&str> = rest[..length].iter().map(|token| token.text).collect();
            found.push((mark.start, last.start + last.text.len(), format!("{} {}", r#type.join(" "), mark.text)));
        }
    }
    found
}

/// Whether an expression, in either spelling, is one that the server's own text of it would change.
pub fn is_no_fixed_point(expression: &str) -> bool {
    is_kept_apart(expression) || expression.contains("((ARRAY[")
}

/// Where the items of `SELECT` lists end that are casts and have no name.
fn nameless_items(tokens: &[Token]) -> Vec<usize> {
    const AFTER_LIST: [&str; 14] = [
        "FROM",
        "WHERE",
        "GROUP",
        "HAVING",
        "WINDOW",
        "UNION",
        "INTERSECT",
        "EXCEPT",
        "ORDER",
        "LIMIT",
        "OFFSET",
        "FETCH",
        "FOR",
        "INTO",
    ];
    let mut found = Vec::new();
    // One entry for each parenthesis that is open: where the last `::` of the list item at hand stands, if one does.
    let mut open: Vec<Option<Item>> = vec![None];
    for (at, token) in tokens.iter().enumerate() {
        let ends = |item: &Option<Item>| match item {
            Some(Item { cast: Some(cast), named: false }) if is_type(&tokens[cast + 1..at]) => {
                tokens.get(at - 1).map(|last| last.start + last.text.len())
            }
            _ => None,
        };
        match (token.text, open.last_mut()) {
            ("(" | "[", _) => open.push(None),
            (")" | "]", _) => {
                found.extend(open.pop().as_ref().and_then(ends));
                if open.is_empty() {
                    open.push(None);
                }
            }
            ("SELECT", Some(item)) if token.kind == TokenKind::Word => *item = Some(Item::default()),
            (",", Some(item @ Some(_))) => {
                found.extend(ends(item));
                *item = Some(Item::default());
            }
            (";", Some(item)) => found.extend(ends(&item.take())),
            ("::", Some(Some(item))) => item.cast = Some(at),
            ("AS", Some(Some(item))) => item.named = true,
            (word, Some(item @ Some(_))) if token.kind == TokenKind::Word && AFTER_LIST.contains(&word) => {
                found.extend(ends(item));
                *item = None;
            }
            _ => {}
        }
    }
    found
}

/// An item of a `SELECT` list, as far as it is read.
#[derive(Default)]
struct Item {
    cast: Option<usize>,
    named: bool,
}

fn is_type(tokens: &[Token]) -> bool {
    let in_type = |token: &Token| {
        matches!(token.kind, TokenKind::Word | TokenKind::QuotedIdent | TokenKind::Number)
            || ["(", ")", ".", ",", "[", "]"].iter().any(|text| token.is_punct(text))
    };
    !tokens.is_empty() && tokens.iter().all(in_type)
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

    #[test]
    fn a_literal_without_a_name_keeps_having_none() {
        let shown = "SELECT a.x FROM ( SELECT t.n::text AS n, 'a,('::character varying(3) FROM t UNION SELECT 'b'::text, NULL::numeric(3,2)[]) a(x)";
        let spelled = "SELECT a.x FROM ( SELECT t.n::text AS n, 'a,('::character varying(3) AS \"?column?\" FROM t UNION SELECT 'b'::text AS \"?column?\", NULL::numeric(3,2)[] AS \"?column?\") a(x)";
        assert_eq!(respell(shown).as_deref(), Some(spelled));
        for as_it_is in
            ["SELECT (t.a)::text AS a, count(*) FROM t", "SELECT 'a'::text || t.b FROM t WHERE 'b'::text = t.b"]
        {
            assert_eq!(respell(as_it_is), None, "{as_it_is}");
        }
    }
}
