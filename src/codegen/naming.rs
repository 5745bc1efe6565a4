//! Names of Rust for names of SQL: any identifier of PostgreSQL becomes a valid one that no lint minds.

use std::collections::BTreeSet;

use crate::name::{capitalised, is_word};

/// `user_accounts`, `"userAccounts"` and `"User Accounts"` are all `user_accounts`; never empty, never a key word.
pub fn snake(name: &str) -> String {
    raw_if_keyword(&words(name).join("_"))
}

/// `user_accounts` is `USER_ACCOUNTS`.
pub fn screaming(name: &str) -> String {
    words(name).join("_").to_uppercase()
}

/// `user_accounts` is `UserAccounts`.
pub fn pascal(name: &str) -> String {
    let text: String = words(name).iter().map(|word| capitalised(word)).collect();
    let text = if text.starts_with(|first: char| first.is_ascii_digit()) { format!("N{text}") } else { text };
    if text == "Self" { "SelfValue".to_owned() } else { text }
}

/// The struct of a table: `user_accounts` is `UserAccount`.
pub fn struct_name(table: &str) -> String {
    let mut words = words(table);
    if let Some(last) = words.last_mut() {
        *last = singular(last);
    }
    pascal(&words.join("_"))
}

/// The module of a struct: `UserAccount` is `user_account`; none of `taken` and no key word.
pub fn module_name(name: &str, taken: &[&str]) -> String {
    let plain = words(name).join("_");
    if is_keyword(&plain) || taken.contains(&plain.as_str()) { format!("{plain}_model") } else { plain }
}

/// The first of `name`, `name_2`, `name_3`, … that is not in `taken`; it is then.
pub fn unique(name: String, separator: &str, taken: &mut BTreeSet<String>) -> String {
    let numbered = (2..).map(|number| format!("{}{separator}{number}", name.trim_start_matches("r#")));
    let found = std::iter::once(name.clone()).chain(numbered).find(|name| !taken.contains(name)).unwrap_or(name);
    taken.insert(found.clone());
    found
}

/// The singular of an English word in lower case, as far as rules and a short list go.
pub fn singular(word: &str) -> String {
    const SAME: &[&str] = &["news", "series", "species", "status", "lens", "alias", "canvas", "atlas", "bias", "gas"];
    const IRREGULAR: &[(&str, &str)] = &[
        ("people", "person"),
        ("children", "child"),
        ("men", "man"),
        ("women", "woman"),
        ("mice", "mouse"),
        ("feet", "foot"),
        ("teeth", "tooth"),
        ("geese", "goose"),
        ("movies", "movie"),
        ("cookies", "cookie"),
        ("ties", "tie"),
        ("caches", "cache"),
        ("shoes", "shoe"),
        ("quizzes", "quiz"),
        ("indices", "index"),
        ("matrices", "matrix"),
        ("vertices", "vertex"),
        ("analyses", "analysis"),
        ("bases", "base"),
        ("knives", "knife"),
        ("lives", "life"),
        ("wives", "wife"),
        ("leaves", "leaf"),
        ("shelves", "shelf"),
        ("halves", "half"),
    ];
    const STRIP_ES: &[&str] = &["sses", "shes", "ches", "xes", "oes", "uses", "iases", "vases", "lases", "gases"];
    const STRIP_S: &[&str] = &["houses", "causes", "clauses", "pauses", "spouses", "excuses"];
    if SAME.contains(&word) || word.len() < 3 {
        return word.to_owned();
    }
    if let Some((_, one)) = IRREGULAR.iter().find(|(many, _)| *many == word) {
        return (*one).to_owned();
    }
    let cut = |end: &str| word.strip_suffix(end).map(str::to_owned);
    let ends = |list: &[&str]| list.iter().any(|end| word.ends_with(end));
    if word != "uses" && ends(STRIP_ES) && !ends(STRIP_S) {
        return cut("es").unwrap_or_default();
    }
    if let Some(stem) = word.strip_suffix("ies").filter(|stem| stem.len() > 1) {
        return format!("{stem}y");
    }
    if ends(&["ss", "us", "is"]) { word.to_owned() } else { cut("s").unwrap_or_else(|| word.to_owned()) }
}

/// The words of an identifier in lower case, cut at what is no letter or digit and at humps; at least one.
fn words(name: &str) -> Vec<String> {
    let mut out = vec![String::new()];
    let chars: Vec<char> = name.chars().collect();
    for (i, &c) in chars.iter().enumerate() {
        let after_lower = i > 0 && (chars[i - 1].is_lowercase() || chars[i - 1].is_ascii_digit());
        let last_of_acronym =
            i > 0 && chars[i - 1].is_uppercase() && chars.get(i + 1).is_some_and(|next| next.is_lowercase());
        if c.is_uppercase() && (after_lower || last_of_acronym) {
            out.push(String::new());
        }
        match c {
            _ if is_word(c) => push(&mut out, &c.to_lowercase().to_string()),
            _ if c.is_ascii() => out.push(String::new()),
            // Not every letter may stand in an identifier, and an emoji may not at all.
            _ => out.extend([format!("u{:x}", u32::from(c)), String::new()]),
        }
    }
    out.retain(|word| !word.is_empty());
    if out.is_empty() {
        out.push("unnamed".to_owned());
    }
    if out[0].starts_with(|first: char| first.is_ascii_digit()) {
        out[0].insert(0, 'n');
    }
    out
}

fn push(words: &mut [String], text: &str) {
    if let Some(last) = words.last_mut() {
        last.push_str(text);
    }
}

fn raw_if_keyword(name: &str) -> String {
    match name {
        // These may not even be raw.
        "self" | "super" | "crate" => format!("{name}_"),
        _ if is_keyword(name) => format!("r#{name}"),
        _ => name.to_owned(),
    }
}

/// Key words of every edition, reserved ones too.
pub fn is_keyword(name: &str) -> bool {
    const KEYWORDS: &[&str] = &[
        "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn",
        "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro",
        "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static", "struct", "super",
        "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
    ];
    KEYWORDS.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_name_becomes_an_identifier() {
        let cases = [
            ("created_at", "created_at"),
            ("createdAt", "created_at"),
            ("HTTPCode", "http_code"),
            ("type", "r#type"),
            ("self", "self_"),
            ("1st", "n1st"),
            ("a  b-c", "a_b_c"),
            ("größe", "größe"),
            ("🦀", "u1f980"),
            ("", "unnamed"),
            ("__x__", "x"),
        ];
        for (name, expected) in cases {
            assert_eq!(snake(name), expected, "{name}");
        }
        assert_eq!(screaming("createdAt"), "CREATED_AT");
        assert_eq!(pascal("in-progress"), "InProgress");
        assert_eq!(pascal("self"), "SelfValue");
        assert_eq!(pascal("2fa"), "N2fa");
    }

    #[test]
    fn tables_become_structs_of_one_row() {
        let cases = [
            ("users", "User"),
            ("post_tags", "PostTag"),
            ("categories", "Category"),
            ("addresses", "Address"),
            ("boxes", "Box"),
            ("statuses", "Status"),
            ("status", "Status"),
            ("people", "Person"),
            ("databases", "Database"),
            ("warehouses", "Warehouse"),
            ("aliases", "Alias"),
            ("news", "News"),
            ("OrderLines", "OrderLine"),
            ("user", "User"),
            ("analysis", "Analysis"),
        ];
        for (table, expected) in cases {
            assert_eq!(struct_name(table), expected, "{table}");
        }
    }

    #[test]
    fn modules_keep_off_what_is_taken() {
        assert_eq!(module_name("UserAccount", &["pool"]), "user_account");
        assert_eq!(module_name("Pool", &["pool"]), "pool_model");
        assert_eq!(module_name("Match", &[]), "match_model");
    }

    #[test]
    fn the_same_name_twice_gets_a_number() {
        let mut taken = BTreeSet::new();
        let mut next = |name: &str| unique(name.to_owned(), "_", &mut taken);
        assert_eq!([next("a"), next("a"), next("r#type"), next("r#type")], ["a", "a_2", "r#type", "type_2"]);
    }
}
