//! The server's texts as a person would have written them.
//!
//! Each of these spellings is a proposal: `pull` builds it and takes it only if it reads back as it was.

use super::scan::Scan;
use crate::sql::nested::kept_apart;
use crate::sql::token::{TokenKind, tokens};

/// A token without the blanks before it, which are kept beside it.
#[derive(Clone, Debug)]
struct Token {
    kind: TokenKind,
    text: String,
    gap: String,
}

impl Token {
    fn is(&self, text: &str) -> bool {
        matches!(self.kind, TokenKind::Punct | TokenKind::Operator | TokenKind::Word) && self.text == text
    }

    fn is_name(&self) -> bool {
        matches!(self.kind, TokenKind::Word | TokenKind::QuotedIdent)
    }
}

/// The tokens of a text, its key words in lower case: the server shows names that are not quoted in lower case, and
/// nothing else.
fn read(text: &str) -> Vec<Token> {
    let (mut out, mut gap) = (Vec::new(), String::new());
    for token in tokens(kept_apart(text).as_deref().unwrap_or(text)) {
        if !token.is_code() {
            gap.push_str(token.text);
            continue;
        }
        let text = if token.kind == TokenKind::Word { token.text.to_lowercase() } else { token.text.to_owned() };
        out.push(Token { kind: token.kind, text, gap: std::mem::take(&mut gap) });
    }
    out
}

fn write(tokens: &[Token]) -> String {
    let text: String = tokens.iter().flat_map(|token| [token.gap.as_str(), token.text.as_str()]).collect();
    text.trim().to_owned()
}

/// Takes tokens out; what comes after stands where they began.
fn cut(tokens: &mut Vec<Token>, from: usize, to: usize) {
    let gap = tokens[from].gap.clone();
    tokens.drain(from..to);
    if let Some(next) = tokens.get_mut(from) {
        next.gap = gap;
    }
}

/// How constants are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Literals {
    /// Without the casts that say their types, nor those of what they are compared with.
    Bare,
    /// With these: `now() - '1 day'` would be the time between two.
    Typed,
}

/// An expression.
pub fn expression(text: &str, literals: Literals) -> String {
    let mut tokens = read(text);
    simplify(&mut tokens, literals);
    write(&tokens)
}

/// An element of an index: an expression keeps the parentheses that it needs.
pub fn element(text: &str, literals: Literals) -> String {
    let mut scan = Scan::new(text);
    match scan.group() {
        Some(inner) => {
            format!("({}) {}", expression(inner, literals), expression(scan.rest(), literals)).trim_end().to_owned()
        }
        None => expression(text, literals),
    }
}

/// A query, on one line where that is short.
pub fn query(text: &str, literals: Literals) -> String {
    let mut tokens = read(text);
    simplify(&mut tokens, literals);
    without_only_table(&mut tokens);
    on_lines(&tokens)
}

/// A statement, or what stands behind some of its words.
pub fn statement(text: &str, literals: Literals) -> String {
    let mut tokens = read(text);
    simplify(&mut tokens, literals);
    on_lines(&tokens)
}

/// On one line, or each clause on a line of its own.
fn on_lines(tokens: &[Token]) -> String {
    const CLAUSES: &[&str] =
        &["from", "where", "group", "having", "order", "limit", "offset", "union", "except", "intersect", "window"];
    const JOINS: &[&str] = &["join", "left", "right", "full", "inner", "cross", "natural"];
    let (mut line, mut lines, mut depth) = (String::new(), Vec::new(), 0);
    for (at, token) in tokens.iter().enumerate() {
        depth += i32::from(token.is("(")) - i32::from(token.is(")"));
        let is = |words: &[&str]| token.kind == TokenKind::Word && words.contains(&token.text.as_str());
        let goes_on = at > 0 && JOINS.contains(&tokens[at - 1].text.as_str()) && !token.gap.is_empty();
        let called = tokens.get(at + 1).is_some_and(|next| next.is("(") && next.gap.is_empty());
        if depth == 0 && at > 0 && !goes_on && !called && (is(CLAUSES) || is(JOINS)) {
            lines.push(std::mem::take(&mut line));
        } else if !token.gap.is_empty() && !line.is_empty() {
            line.push(' ');
        }
        line.push_str(&token.text);
    }
    lines.push(line);
    if lines.iter().map(|line| line.len() + 1).sum::<usize>() <= 100 {
        return lines.join(" ");
    }
    if lines.iter().any(|line| line.len() > 160) { write(tokens) } else { lines.join("\n") }
}

/// A type: by the names that people use, and `public` not said.
pub fn r#type(text: &str) -> String {
    let mut out = text.to_owned();
    for (long, short) in [("character varying", "varchar"), ("character(", "char(")] {
        if let Some(rest) = out.strip_prefix(long) {
            out = format!("{short}{rest}");
        }
    }
    for (word, zone, short) in [
        ("timestamp", " with time zone", "timestamptz"),
        ("timestamp", " without time zone", "timestamp"),
        ("time", " with time zone", "timetz"),
        ("time", " without time zone", "time"),
    ] {
        let Some((head, tail)) = out.split_once(zone) else { continue };
        let Some(precision) = head.strip_prefix(word).filter(|rest| rest.is_empty() || rest.starts_with('(')) else {
            continue;
        };
        return format!("{short}{precision}{tail}");
    }
    out.strip_prefix("public.").map_or(out.clone(), str::to_owned)
}

fn simplify(tokens: &mut Vec<Token>, literals: Literals) {
    constants(tokens, literals);
    casts(tokens, literals);
    likes(tokens);
    lists(tokens);
    let mut at = 0;
    while at + 2 < tokens.len() {
        let begins = at == 0 || !tokens[at - 1].is(".");
        if begins && tokens[at].is("public") && tokens[at + 1].is(".") && tokens[at + 2].is_name() {
            cut(tokens, at, at + 2);
        }
        at += 1;
    }
    parentheses(tokens);
}

/// `'a'::text` → `'a'`, `'-1'::integer` → `-1`, and `'public.x'::regclass` → `'x'`. The first element of an array says
/// what the others are.
fn constants(tokens: &mut Vec<Token>, literals: Literals) {
    let mut at = 0;
    while at + 2 < tokens.len() {
        if tokens[at].kind == TokenKind::String && tokens[at + 1].is("::") {
            let end = end_of_type(tokens, at + 2);
            if tokens[at + 2].is("regclass")
                && let Some(rest) = tokens[at].text.strip_prefix("'public.")
            {
                tokens[at].text = format!("'{rest}");
            }
            let is_cast_again = tokens.get(end).is_some_and(|token| token.is("::"));
            if let Some(number) = negative(&tokens[at].text, &tokens[at + 2..end]).filter(|_| !is_cast_again) {
                (tokens[at].kind, tokens[at].text) = (TokenKind::Number, number);
            }
            let is_number = tokens[at].kind == TokenKind::Number;
            let is_said = begins_array(&tokens[..at]) && !is_text(&tokens[at + 2]);
            if is_number || literals == Literals::Bare && !is_said {
                tokens.drain(at + 1..end);
            }
        }
        at += 1;
    }
}

/// Whether an array begins behind these, and is no list of what something may be.
fn begins_array(before: &[Token]) -> bool {
    let [outside @ .., word, bracket] = before else { return false };
    let outside = outside.iter().rev().find(|token| !token.is("("));
    let is_list = outside.is_some_and(|token| ["any", "all"].iter().any(|word| token.is(word)));
    word.is("array") && bracket.is("[") && !is_list
}

/// Whether a literal is of this type by itself, or in an array that becomes one.
fn is_text(r#type: &Token) -> bool {
    ["text", "character", "bpchar"].iter().any(|text| r#type.is(text))
}

/// A number below zero, where the type is the one that it has by itself.
fn negative(literal: &str, r#type: &[Token]) -> Option<String> {
    let number = literal.strip_prefix('\'')?.strip_suffix('\'')?;
    let is_own = match r#type {
        [word] if word.is("integer") => number.parse::<i32>().is_ok(),
        [word] if word.is("numeric") => {
            number.parse::<f64>().is_ok() && number.contains('.') && !number.contains(['e', 'E'])
        }
        _ => false,
    };
    (is_own && number.starts_with('-')).then(|| number.to_owned())
}

/// Where the type ends that begins at `at`.
fn end_of_type(tokens: &[Token], at: usize) -> usize {
    let is = |at: usize, text: &str| tokens.get(at).is_some_and(|token| token.is(text));
    let mut end = at + 1;
    while is(end, ".") {
        end += 2;
    }
    if is(end, "varying") || is(end, "precision") {
        end += 1;
    }
    if is(end, "(") {
        while end < tokens.len() && !is(end, ")") {
            end += 1;
        }
        end += 1;
    }
    if (is(end, "with") || is(end, "without")) && is(end + 1, "time") && is(end + 2, "zone") {
        end += 3;
    }
    while is(end, "[") && is(end + 1, "]") {
        end += 2;
    }
    end.min(tokens.len())
}

/// `(name)::text` → `name`, and `(0)::numeric` → `0`.
fn casts(tokens: &mut Vec<Token>, literals: Literals) {
    let mut at = 0;
    while at + 4 < tokens.len() {
        let called = at > 0 && tokens[at - 1].is_name() && tokens[at].gap.is_empty();
        let Some(close) = (tokens[at].is("(") && !called).then(|| closing(tokens, at)).flatten() else {
            at += 1;
            continue;
        };
        let is_cast = close + 2 < tokens.len() && tokens[close + 1].is("::");
        let inner = &tokens[at + 1..close];
        let number = inner.len() == 1 && inner[0].kind == TokenKind::Number && !inner[0].text.starts_with('-');
        let dots = |(at, token): (usize, &Token)| if at % 2 == 0 { token.is_name() } else { token.is(".") };
        let name = inner.len() % 2 == 1 && inner.iter().enumerate().all(dots);
        let end = if is_cast { end_of_type(tokens, close + 2) } else { 0 };
        let to_text = is_cast && tokens[close + 2].is("text") && end == close + 3;
        if is_cast && (number || name && to_text && literals == Literals::Bare) {
            tokens.drain(close..end);
            cut(tokens, at, at + 1);
        }
        at += 1;
    }
}

/// `a ~~ 'x%'` → `a like 'x%'`.
fn likes(tokens: &mut [Token]) {
    const WORDS: &[(&str, &str)] = &[("~~", "like"), ("!~~", "not like"), ("~~*", "ilike"), ("!~~*", "not ilike")];
    for token in tokens.iter_mut().filter(|token| token.kind == TokenKind::Operator) {
        if let Some((_, word)) = WORDS.iter().find(|(operator, _)| *operator == token.text) {
            (token.kind, token.text) = (TokenKind::Word, (*word).into());
        }
    }
}

/// `a = any (array[1, 2])` → `a in (1, 2)`, and `a <> all (array[1, 2])` → `a not in (1, 2)`.
fn lists(tokens: &mut Vec<Token>) {
    let mut at = 0;
    while at + 4 < tokens.len() {
        let word = match (tokens[at].text.as_str(), tokens[at + 1].text.as_str()) {
            ("=", "any") => "in",
            ("<>", "all") => "not in",
            _ => {
                at += 1;
                continue;
            }
        };
        if let Some((open, close, end)) = array(tokens, at + 2) {
            let mut inner: Vec<Token> = tokens[open + 1..close].to_vec();
            if let Some(first) = inner.first_mut() {
                first.gap.clear();
            }
            let token = |kind, text: &str, gap: &str| Token { kind, text: text.into(), gap: gap.into() };
            let mut new = vec![token(TokenKind::Word, word, " "), token(TokenKind::Punct, "(", " ")];
            new.append(&mut inner);
            new.push(token(TokenKind::Punct, ")", ""));
            tokens.splice(at..end, new);
        }
        at += 1;
    }
}

/// Brackets of the array in `(array[…])`, `((array[…])::text[])` and `('{…}')`-less forms, and where all of it ends.
fn array(tokens: &[Token], at: usize) -> Option<(usize, usize, usize)> {
    let is = |at: usize, text: &str| tokens.get(at).is_some_and(|token| token.is(text));
    let inner = is(at + 1, "(");
    let word = at + 1 + usize::from(inner);
    if !is(at, "(") || !is(word, "array") || !is(word + 1, "[") {
        return None;
    }
    let close = closing(tokens, word + 1)?;
    let mut end = close + 1;
    if inner {
        if !is(end, ")") || !is(end + 1, "::") {
            return None;
        }
        end = end_of_type(tokens, end + 2);
    }
    (is(end, ")") && close > word + 2).then_some((word + 1, close, end + 1))
}

/// The bracket that closes the one at `open`.
fn closing(tokens: &[Token], open: usize) -> Option<usize> {
    let mut depth = 0;
    (open..tokens.len()).find(|&at| {
        depth += i32::from(tokens[at].is("(") || tokens[at].is("["));
        depth -= i32::from(tokens[at].is(")") || tokens[at].is("]"));
        depth == 0
    })
}

/// Takes away parentheses around what `and` and `or` join, and around everything.
fn parentheses(tokens: &mut Vec<Token>) {
    let mut at = 0;
    while at < tokens.len() {
        let Some(close) = tokens[at].is("(").then(|| closing(tokens, at)).flatten() else {
            at += 1;
            continue;
        };
        const BEFORE: &[&str] = &["(", "where", "from", "on", "having"];
        const BEHIND: &[&str] =
            &[")", "join", "left", "right", "full", "inner", "cross", "natural", "where", "group", "order"];
        let joins = |token: &Token| token.is("and") || token.is("or");
        let starts = at == 0 || joins(&tokens[at - 1]) || BEFORE.iter().any(|word| tokens[at - 1].is(word));
        let called = at > 1 && tokens[at - 1].is("(") && tokens[at - 2].is_name() && tokens[at - 1].gap.is_empty();
        let next = tokens.get(close + 1);
        let ends = next.is_none_or(|next| joins(next) || BEHIND.iter().any(|word| next.is(word)));
        let mut depth = 0;
        let alone = at == 0 && next.is_none() || at > 0 && BEFORE[1..].iter().any(|word| tokens[at - 1].is(word));
        let joined = tokens[at + 1..close].iter().any(|token| {
            depth += i32::from(token.is("(") || token.is("[")) - i32::from(token.is(")") || token.is("]"));
            depth == 0 && joins(token)
        });
        let subquery =
            tokens.get(at + 1).is_some_and(|token| token.is("select") || token.is("with") || token.is("values"));
        if starts && ends && !called && !subquery && close > at + 1 && (alone || !joined) {
            tokens.remove(close);
            cut(tokens, at, at + 1);
        } else {
            at += 1;
        }
    }
}

/// `users.id` → `id` in a query that reads one table.
fn without_only_table(tokens: &mut Vec<Token>) {
    let is = |at: usize, text: &str| tokens.get(at).is_some_and(|token| token.is(text));
    let froms: Vec<usize> = (0..tokens.len()).filter(|&at| is(at, "from")).collect();
    let [from] = froms[..] else { return };
    if tokens.iter().any(|token| token.is("select") && !std::ptr::eq(token, &tokens[0]) || token.is("join")) {
        return;
    }
    let mut end = from + 2;
    if is(end, ".") {
        end += 2;
    }
    let stops = ["where", "group", "order", "limit", "having", "window", "offset", "for", "fetch"];
    let ended = tokens.get(end).is_none_or(|token| stops.iter().any(|word| token.is(word)));
    if !ended || !tokens.get(end - 1).is_some_and(Token::is_name) {
        return;
    }
    let table = tokens[end - 1].text.clone();
    let mut at = 0;
    while at + 2 < tokens.len() {
        let inside = at >= from && at < end;
        if !inside && tokens[at].text == table && tokens[at + 1].is(".") && (at == 0 || !tokens[at - 1].is(".")) {
            cut(tokens, at, at + 2);
        }
        at += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_spelled_as_a_person_would() {
        let pairs = [
            ("(length(title) > 0)", "length(title) > 0"),
            ("((a > 0) AND ((b IS NULL) OR (c = 1)))", "a > 0 and (b is null or c = 1)"),
            ("(status = 'published'::public.post_status)", "status = 'published'"),
            ("((s)::text = ANY (ARRAY['a'::text, 'b'::text]))", "s in ('a', 'b')"),
            (
                "((s)::text <> ALL ((ARRAY['a'::character varying, 'b'::character varying])::text[]))",
                "s not in ('a', 'b')",
            ),
            ("nextval('public.t_id_seq'::regclass)", "nextval('t_id_seq')"),
            ("((value >= (0)::numeric) AND ((new.email)::text ~~ '%@%'::text))", "value >= 0 and new.email like '%@%'"),
            ("public.f((a + b), \"C\")", "f((a + b), \"C\")"),
            ("(EXISTS ( SELECT 1))", "exists ( select 1)"),
            ("ARRAY['a'::public.mood, 'b'::public.mood]", "array['a'::mood, 'b']"),
            ("ARRAY['a'::text, 'b'::text]", "array['a', 'b']"),
            ("(m = ANY (ARRAY['a'::mood, 'b'::mood]))", "m in ('a', 'b')"),
            ("((a = ANY (ARRAY['-1'::integer, 0])) AND (b < '-1.5'::numeric))", "a in (-1, 0) and b < -1.5"),
            ("((c > '-1'::bigint) AND (d = ('-1'::integer)::text))", "c > '-1' and d = (-1)::text"),
        ];
        pairs.iter().for_each(|(shown, written)| assert_eq!(expression(shown, Literals::Bare), *written));
        let typed = expression("((created_at)::text > (now() - '1 day'::interval))", Literals::Typed);
        assert_eq!(typed, "(created_at)::text > (now() - '1 day'::interval)");
        assert_eq!(element("((a + b)) DESC", Literals::Bare), "(a + b) desc");
        assert_eq!(element("lower((s)::text) text_pattern_ops", Literals::Bare), "lower(s) text_pattern_ops");
    }

    #[test]
    fn queries_and_types() {
        let shown = " SELECT users.id,\n    users.email\n   FROM public.users\n  WHERE users.is_active";
        assert_eq!(query(shown, Literals::Bare), "select id, email from users where is_active");
        let shown = " SELECT p.id,\n    u.email\n   FROM ((public.posts p\n     JOIN public.users u ON ((u.id = p.user_id)))\n     LEFT JOIN t ON ((t.a = p.a)))\n  WHERE ((p.status = 'x'::text) AND p.b)";
        let written = "select p.id, u.email\nfrom posts p\njoin users u on u.id = p.user_id\nleft join t on t.a = p.a\nwhere p.status = 'x' and p.b";
        assert_eq!(query(shown, Literals::Bare), written);
        let types = [
            ("character varying(50)", "varchar(50)"),
            ("timestamp(3) with time zone", "timestamptz(3)"),
            ("time without time zone[]", "time[]"),
            ("public.post_status", "post_status"),
            ("shop.\"X y\"", "shop.\"X y\""),
        ];
        types.iter().for_each(|(shown, written)| assert_eq!(r#type(shown), *written));
    }
}
