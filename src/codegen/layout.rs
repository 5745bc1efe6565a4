//! Lays out the few forms of Rust whose length depends on names, as rustfmt does with its default settings.
//!
//! Lines have 100 columns; what stands in parentheses or brackets on one line at most 60, in braces 18:
//! <https://rust-lang.github.io/rustfmt>. All functions take the indentation of the statement, and give it back indented.

use crate::name::Name;
use crate::sql::token::{TokenKind, tokens};

const LINE: usize = 100;
const LIST: usize = 60;
const LITERAL: usize = 18;

/// Text as Rust's quotes hold it. Line ends stay as they are.
pub fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push(c),
            _ if c.is_control() => out.extend(c.escape_unicode()),
            _ => out.push(c),
        }
    }
    out
}

/// A documentation comment: `mark` is `///` or `//!`.
pub fn doc(indent: usize, mark: &str, text: &str) -> String {
    let line = |line: &str| format!("{:indent$}{mark} {}", "", plain(line)).trim_end().to_owned();
    text.trim().lines().map(line).collect::<Vec<_>>().join("\n")
}

/// Takes its meaning from what means something to rustdoc and meant nothing to who wrote it: links, HTML, headings, lists.
fn plain(line: &str) -> String {
    let (mut in_code, mut at_start) = (false, true);
    let mut out = String::new();
    for c in line.trim().chars().filter(|c| !c.is_control()) {
        in_code ^= c == '`';
        let anywhere = matches!(c, '[' | ']' | '<' | '>' | '*');
        let first = matches!(c, '#' | '-' | '+' | '=' | '|') && out.is_empty();
        let number = matches!(c, '.' | ')') && at_start && !out.is_empty();
        if !in_code && (anywhere || first || number) {
            out.push('\\');
        }
        at_start &= c.is_ascii_digit();
        out.push(c);
    }
    out
}

/// `head(arguments) -> returned {`.
pub fn signature(indent: usize, head: &str, arguments: &[String], returned: &str) -> String {
    let one = format!("{:indent$}{head}({}) -> {returned} {{", "", arguments.join(", "));
    if width(&one) <= LINE {
        return one;
    }
    let deep = indent + 4;
    let argument = |text: &String| match text.split_once(": ") {
        Some((name, of)) if deep + width(text) + 1 > LINE => format!("{name}: {}", broken(deep, of)),
        _ => text.clone(),
    };
    let arguments: Vec<String> = arguments.iter().map(argument).collect();
    let open = format!("{}) -> ", column(indent, &format!("{head}("), &arguments));
    let last = indent + 5 + width(returned);
    // Here rustfmt counts the indentation of a method twice, and gives the brace's room away when the brace has moved.
    if last + 2 + indent <= LINE {
        format!("{open}{returned} {{")
    } else if last <= LINE + 2 {
        format!("{open}{returned}\n{:indent$}{{", "")
    } else {
        format!("{open}{} {{", broken(indent, returned))
    }
}

/// A generic type with its outermost parameters on lines of their own, and theirs, if need be.
fn broken(indent: usize, of: &str) -> String {
    let Some((head, rest)) = of.split_once('<') else { return of.to_owned() };
    let deep = indent + 4;
    let inner = rest.strip_suffix('>').unwrap_or(rest);
    let line = |part: String| if deep + width(&part) < LINE { part } else { broken(deep, &part) };
    let parts: Vec<String> = parameters(inner).into_iter().map(line).collect();
    column(indent, &format!("{head}<"), &parts).trim_start().to_owned() + ">"
}

/// The parameters of a type, which may have parameters and be tuples themselves.
fn parameters(inner: &str) -> Vec<String> {
    let (mut depth, mut out) = (0_i32, vec![String::new()]);
    for c in inner.chars() {
        depth += i32::from(matches!(c, '<' | '(')) - i32::from(matches!(c, '>' | ')'));
        match out.last_mut() {
            Some(last) if c != ',' || depth > 0 => last.push(c),
            _ => out.push(String::new()),
        }
    }
    out.iter().map(|part| part.trim().to_owned()).collect()
}

/// `head type {` of an `impl`.
pub fn header(head: &str, of: &str) -> String {
    let one = format!("{head} {of} {{");
    if width(&one) <= LINE { one } else { format!("{head}\n    {of}\n{{") }
}

/// `head(arguments)tail`.
pub fn call(indent: usize, head: &str, arguments: &[String], tail: &str) -> String {
    list(indent, &format!("{head}("), arguments, &format!("){tail}"))
}

/// `open items close`, where the brackets belong to `open` and `close`.
fn list(indent: usize, open: &str, items: &[String], close: &str) -> String {
    let inner = items.join(", ");
    let one = format!("{:indent$}{open}{inner}{close}", "");
    // The limit is one for lists: a single item may be as long as the line.
    if (items.len() < 2 || width(&inner) <= LIST) && width(&one) <= LINE {
        one
    } else {
        format!("{}{:indent$}{close}", column(indent, open, items).trim_end_matches(' '), "")
    }
}

/// `head { fields }tail`.
pub fn literal(indent: usize, head: &str, fields: &[String], tail: &str) -> String {
    let one = format!("{:indent$}{head} {{ {} }}{tail}", "", fields.join(", "));
    if width(&fields.join(", ")) <= LITERAL && width(&one) <= LINE {
        return one;
    }
    format!("{}}}{tail}", column(indent, &format!("{head} {{"), fields))
}

/// `head = value;`, where the value is one piece.
pub fn assign(indent: usize, head: &str, value: &str) -> String {
    let one = format!("{:indent$}{head} = {value};", "");
    let deep = indent + 4;
    if width(&one) <= LINE { one } else { format!("{:indent$}{head} =\n{:deep$}{value};", "", "") }
}

/// `head = a.b.c;`: on one line, or a link a line.
pub fn chain(indent: usize, head: &str, links: &[String]) -> String {
    let chain = links.join(".");
    let one = format!("{:indent$}{head} = {chain};", "");
    if width(&chain) <= LIST && width(&one) <= LINE {
        return one;
    }
    let deep = indent + 4;
    let broken = links.join(&format!("\n{:deep$}.", ""));
    format!("{:indent$}{head} = {broken};", "")
}

/// `head<of> = function(arguments);` of a constant.
pub fn constant(indent: usize, head: &str, of: &[String], function: &str, arguments: &[String]) -> String {
    let one = format!("{head}<{}>", of.join(", "));
    if indent + width(&one) + 2 <= LINE {
        return assign_list(indent, &one, &format!("{function}("), arguments, ")");
    }
    let last = assign_list(indent, ">", &format!("{function}("), arguments, ")");
    format!("{}{}", column(indent, &format!("{head}<"), of), last.trim_start())
}

/// `head = open items close;`, where the brackets belong to `open` and `close`.
pub fn assign_list(indent: usize, head: &str, open: &str, items: &[String], close: &str) -> String {
    let deep = indent + 4;
    let inner = items.join(", ");
    let value = format!("{open}{inner}{close};");
    let one = format!("{:indent$}{head} = {value}", "");
    let is_short = items.len() < 2 || width(&inner) <= LIST;
    let close = format!("{close};");
    if is_short && width(&one) <= LINE {
        one
    } else if is_short && deep + width(&value) <= LINE {
        format!("{:indent$}{head} =\n{:deep$}{value}", "", "")
    } else if indent + width(head) + width(open) + 3 <= LINE {
        list(indent, &format!("{head} = {open}"), items, &close)
    } else {
        format!("{:indent$}{head} =\n{}", "", list(deep, open, items, &close))
    }
}

/// A field of a struct, or an argument on a line of its own: `name: type,`.
pub fn field(indent: usize, name: &str, of: &str) -> String {
    let one = format!("{:indent$}{name}: {of},", "");
    let deep = indent + 4;
    if width(&one) <= LINE { one } else { format!("{:indent$}{name}:\n{:deep$}{of},", "", "") }
}

/// `pattern => value,` of a match.
pub fn arm(indent: usize, pattern: &str, value: &str) -> String {
    let one = format!("{:indent$}{pattern} => {value},", "");
    let deep = indent + 4;
    if width(&one) <= LINE {
        one
    } else {
        format!("{:indent$}{pattern} => {{\n{:deep$}{value}\n{:indent$}}}", "", "", "")
    }
}

/// `head = "statement";`: on one line, or a clause a line. Identifiers lose the quotes that they do not need.
pub fn statement(indent: usize, head: &str, sql: &str) -> String {
    let clauses = clauses(sql);
    let one = escaped(&clauses.join(" "));
    let whole = format!("{:indent$}{head} = \"{one}\";", "");
    if width(&whole) <= LINE {
        return whole;
    }
    let deep = indent + 4;
    if clauses.len() == 1 && deep + width(&one) + 3 <= LINE {
        return format!("{:indent$}{head} =\n{:deep$}\"{one}\";", "", "");
    }
    let mut out = format!("{:indent$}{head} = \"", "");
    let mut column = width(&out);
    for (i, clause) in clauses.iter().enumerate() {
        if i > 0 {
            out.push_str(&format!("\n{:deep$}", ""));
            column = deep;
        }
        for (j, word) in pieces(clause).iter().enumerate() {
            let word = escaped(word);
            if j > 0 && column + 1 + width(&word) > LINE - 2 {
                out.push_str(&format!("\n{:1$}", "", deep + 4));
                column = deep + 4;
            } else if j > 0 {
                out.push(' ');
                column += 1;
            }
            out.push_str(&word);
            column += width(&word);
        }
    }
    out.push_str("\";");
    out
}

/// A statement cut before the words that begin a clause.
fn clauses(sql: &str) -> Vec<String> {
    const STARTS: &[&str] = &["DELETE", "FROM", "JOIN", "WHERE", "ORDER", "RETURNING"];
    let (mut out, mut depth) = (vec![String::new()], 0_i32);
    let has_parts = sql.starts_with("WITH ");
    for token in tokens(sql) {
        depth += i32::from(token.is_punct("(")) - i32::from(token.is_punct(")"));
        let starts = token.kind == TokenKind::Word && depth == 0 && STARTS.contains(&token.text);
        let starts = starts && out.last().is_some_and(|last| !["", "DELETE"].contains(&last.trim()));
        if starts {
            out.push(String::new());
        }
        let text = match token.kind {
            TokenKind::QuotedIdent => unquoted(token.text),
            // sea-query writes out what goes without saying.
            TokenKind::Word if matches!(token.text, "INNER" | "ASC") => String::new(),
            _ => token.text.to_owned(),
        };
        if let Some(last) = out.last_mut() {
            last.push_str(&text);
        }
        if has_parts && depth == 0 && token.is_punct(",") {
            out.push(String::new());
        }
    }
    out.iter().map(|clause| clause.replace(" ,", ",").trim().to_owned()).collect()
}

fn unquoted(text: &str) -> String {
    let inner = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    inner.map_or_else(|| text.to_owned(), |inner| Name::from(inner.replace("\"\"", "\"")).to_string())
}

/// Where a clause may be cut: at blanks outside quotes.
fn pieces(clause: &str) -> Vec<String> {
    let mut out = vec![String::new()];
    for token in tokens(clause) {
        match (token.kind, out.last_mut()) {
            (TokenKind::Whitespace, _) => out.push(String::new()),
            (_, Some(last)) => last.push_str(token.text),
            (_, None) => {}
        }
    }
    out
}

/// `head` and each item on a line of its own, up to the indentation of what closes it.
fn column(indent: usize, head: &str, items: &[String]) -> String {
    let deep = indent + 4;
    let lines: String = items.iter().map(|item| format!("{:deep$}{item},\n", "")).collect();
    format!("{:indent$}{head}\n{lines}{:indent$}", "", "")
}

/// As rustfmt counts: characters, not bytes.
fn width(text: &str) -> usize {
    text.chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split(' ').map(str::to_owned).collect()
    }

    #[test]
    fn short_forms_stay_on_a_line() {
        assert_eq!(call(4, "f", &words("a b"), ";"), "    f(a, b);");
        assert_eq!(signature(0, "fn f", &words("a b"), "C"), "fn f(a, b) -> C {");
        assert_eq!(literal(0, "S", &words("a b"), ""), "S { a, b }");
        assert_eq!(chain(0, "let a", &words("b c()")), "let a = b.c();");
        assert_eq!(arm(0, "A", "\"a\""), "A => \"a\",");
    }

    #[test]
    fn long_forms_get_a_line_an_item() {
        let long = "x".repeat(58);
        assert_eq!(
            call(4, "f", &[long.clone(), "b".into()], ";"),
            format!("    f(\n        {long},\n        b,\n    );")
        );
        assert_eq!(literal(0, "S", &words("aaaaaaaaa bbbbbbbbbb"), ";"), "S {\n    aaaaaaaaa,\n    bbbbbbbbbb,\n};");
        assert_eq!(chain(4, "a", &[long.clone(), "b()".into()]), format!("    a = {long}\n        .b();"));
    }

    #[test]
    fn statements_are_cut_before_their_clauses() {
        let sql = format!("SELECT \"id\", \"order\" FROM \"public\".\"{}\" WHERE \"id\" = $1", "t".repeat(60));
        let expected = format!(
            "const A: &str = \"SELECT id, \\\"order\\\"\n    FROM public.{}\n    WHERE id = $1\";",
            "t".repeat(60)
        );
        assert_eq!(statement(0, "const A: &str", &sql), expected);
    }

    #[test]
    fn comments_are_only_text() {
        assert_eq!(doc(4, "///", " a <b>\n\n[c] `[d]` "), "    /// a \\<b\\>\n    ///\n    /// \\[c\\] `[d]`");
    }
}
