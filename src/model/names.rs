//! The names that PostgreSQL gives to what has none, and table names of models.
//!
//! Rules: `makeObjectName`, `ChooseRelationName`, `ChooseIndexNameAddition` and `FigureIndexColname` in the server.

use crate::name::{MAX_BYTES, capitalised, clip, is_word, object_name};

/// What a name is made for; the server puts its word at the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suffix {
    /// `users_pkey`
    PrimaryKey,
    /// `users_email_key`
    Unique,
    /// `posts_user_id_fkey`
    ForeignKey,
    /// `users_age_check`
    Check,
    /// `bookings_room_during_excl`
    Exclusion,
    /// `posts_user_id_idx`
    Index,
    /// `posts_a_b_stat`
    Statistics,
    /// `users_id_seq`
    Sequence,
    /// `users_email_not_null` (PostgreSQL 18)
    NotNull,
}

impl Suffix {
    fn word(self) -> &'static str {
        match self {
            Suffix::PrimaryKey => "pkey",
            Suffix::Unique => "key",
            Suffix::ForeignKey => "fkey",
            Suffix::Check => "check",
            Suffix::Exclusion => "excl",
            Suffix::Index => "idx",
            Suffix::Statistics => "stat",
            Suffix::Sequence => "seq",
            Suffix::NotNull => "not_null",
        }
    }
}

/// The name that the server chooses for something on these columns of a table, numbered while it is taken.
pub fn choose<'a>(
    table: &str,
    columns: impl IntoIterator<Item = &'a str>,
    suffix: Suffix,
    taken: impl Fn(&str) -> bool,
) -> String {
    let addition = if suffix == Suffix::PrimaryKey { None } else { addition(columns) };
    let name = |label: &str| object_name(table, addition.as_deref(), label);
    let mut candidate = name(suffix.word());
    let mut pass = 0;
    while taken(&candidate) {
        pass += 1;
        candidate = name(&format!("{}{pass}", suffix.word()));
    }
    candidate
}

/// Columns joined by underscores, as far as they matter.
fn addition<'a>(columns: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let mut joined = String::new();
    for column in columns {
        if joined.len() > MAX_BYTES {
            break;
        }
        if !joined.is_empty() {
            joined.push('_');
        }
        joined.push_str(column);
    }
    (!joined.is_empty()).then_some(joined)
}

/// The names of an index's columns, of which equal ones are numbered; expressions have `expr` or a function's name.
pub fn index_columns<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for original in names {
        let mut name = original.to_string();
        let mut number = 0;
        while out.contains(&name) {
            number += 1;
            let digits = number.to_string();
            name = format!("{}{digits}", clip(original, MAX_BYTES - digits.len()));
        }
        out.push(name);
    }
    out
}

/// The table of a model: its name in snake_case, the last word in the plural (`BlogPost`: `blog_posts`).
pub fn table_of(model: &str) -> String {
    plural(&snake_case(model))
}

/// `BlogPost` → `blog_post`, `HTTPRequest` → `http_request`.
pub fn snake_case(camel: &str) -> String {
    let chars: Vec<char> = camel.chars().collect();
    let mut out = String::new();
    for (at, &letter) in chars.iter().enumerate() {
        if letter.is_uppercase() {
            let before = at.checked_sub(1).map(|before| chars[before]);
            let word_begins = before.is_some_and(|before| before.is_lowercase() || before.is_ascii_digit())
                || (before.is_some_and(char::is_uppercase)
                    && chars.get(at + 1).is_some_and(|next| next.is_lowercase()));
            if word_begins && !out.ends_with('_') {
                out.push('_');
            }
            out.extend(letter.to_lowercase());
        } else {
            out.push(letter);
        }
    }
    out
}

/// The name of a table's model, such that [`table_of`] gives the table back wherever that can be (`blog_posts`: `BlogPost`).
pub fn model_of(table: &str) -> String {
    let (head, last) = table.rsplit_once('_').map_or(("", table), |(head, last)| (&table[..=head.len()], last));
    let singulars = singulars(last).into_iter().map(|word| camel_case(&format!("{head}{word}")));
    let plain = camel_case(table);
    singulars.chain([plain.clone()]).find(|model| table_of(model) == table).unwrap_or(plain)
}

/// `blog_post` → `BlogPost`, as the name of a Rust struct.
fn camel_case(snake: &str) -> String {
    let name: String = snake.split(|letter| !is_word(letter)).map(capitalised).collect();
    match name.as_str() {
        "Self" => "SelfModel".into(),
        _ if name.starts_with(|letter: char| is_word(letter) && !letter.is_ascii_digit()) => name,
        _ => format!("Table{name}"),
    }
}

/// What a word may be the plural of, the likeliest first.
fn singulars(word: &str) -> Vec<String> {
    if let Some((singular, _)) = IRREGULAR.iter().find(|(_, plural)| *plural == word) {
        return vec![(*singular).into()];
    }
    let is_one = ["ss", "us", "is"].iter().any(|end| word.ends_with(end));
    let Some(stem) = word.strip_suffix('s').filter(|stem| !stem.is_empty() && !is_one) else { return Vec::new() };
    let mut out = Vec::new();
    if let Some(stem) = word.strip_suffix("ies") {
        out.push(format!("{stem}y"));
    }
    if let Some(stem) = word.strip_suffix("es") {
        let has = |ends: &[&str]| ends.iter().any(|end| stem.ends_with(end));
        if has(&["ss", "us", "x", "zz", "ch", "sh"]) && !has(&["ous", "aus", "ach"]) {
            out.push(stem.into());
        }
    }
    out.push(stem.into());
    out
}

/// Plurals that no rule makes.
const IRREGULAR: &[(&str, &str)] =
    &[("person", "people"), ("child", "children"), ("man", "men"), ("woman", "women"), ("datum", "data")];

/// The plural of an English noun by the rules that need no dictionary, and of the commonest of those that do.
fn plural(word: &str) -> String {
    let (head, last) = word.rsplit_once('_').map_or(("", word), |(head, last)| (&word[..=head.len()], last));
    if let Some((_, plural)) = IRREGULAR.iter().find(|(singular, _)| *singular == last) {
        return format!("{head}{plural}");
    }
    let before_last = last.chars().rev().nth(1);
    let vowel = before_last.is_some_and(|letter| "aeiou".contains(letter));
    match last {
        _ if last.ends_with('y') && !vowel && last.len() > 1 => format!("{head}{}ies", &last[..last.len() - 1]),
        _ if ["s", "x", "z", "ch", "sh"].iter().any(|end| last.ends_with(end)) => format!("{head}{last}es"),
        _ => format!("{head}{last}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn free(_: &str) -> bool {
        false
    }

    #[test]
    fn names_are_the_servers() {
        assert_eq!(choose("users", [], Suffix::PrimaryKey, free), "users_pkey");
        assert_eq!(choose("users", ["email"], Suffix::Unique, free), "users_email_key");
        assert_eq!(choose("t", ["a", "b"], Suffix::Index, free), "t_a_b_idx");
        assert_eq!(choose("t", [], Suffix::Check, free), "t_check");
        assert_eq!(choose("t", ["c"], Suffix::Check, |name| name == "t_c_check"), "t_c_check1");
    }

    // Both seen on PostgreSQL 15.
    #[test]
    fn long_names_are_cut_as_the_server_cuts_them() {
        let (table, column) = ("a".repeat(40), "b".repeat(40));
        let cut = choose(&table, [column.as_str()], Suffix::Unique, free);
        assert_eq!(cut, format!("{}_{}_key", "a".repeat(29), "b".repeat(29)));
        let wide = "é".repeat(31);
        assert_eq!(choose(&wide, ["x"], Suffix::Index, free), format!("{}_x_idx", "é".repeat(28)));
    }

    #[test]
    fn index_columns_are_numbered() {
        assert_eq!(index_columns(["expr", "a", "expr"]), ["expr", "a", "expr1"]);
    }

    #[test]
    fn tables_are_plural_and_in_snake_case() {
        let pairs = [("User", "users"), ("BlogPost", "blog_posts"), ("Category", "categories"), ("Day", "days")];
        let more =
            [("Box", "boxes"), ("HTTPRequest", "http_requests"), ("Person", "people"), ("Log2Entry", "log2_entries")];
        pairs.into_iter().chain(more).for_each(|(model, table)| assert_eq!(table_of(model), table));
    }

    #[test]
    fn tables_give_their_models() {
        let pairs = [("users", "User"), ("blog_posts", "BlogPost"), ("categories", "Category"), ("boxes", "Box")];
        let more = [("people", "Person"), ("houses", "House"), ("caches", "Cache"), ("addresses", "Address")];
        let odd = [("status", "Status"), ("Order Items", "OrderItems"), ("2fa", "Table2fa"), ("self", "SelfModel")];
        let latin = [("größen", "Größen"), ("écoles", "École"), ("naïve names", "NaïveNames")];
        pairs
            .into_iter()
            .chain(more)
            .chain(odd)
            .chain(latin)
            .for_each(|(table, model)| assert_eq!(model_of(table), model));
        pairs.into_iter().chain(more).for_each(|(table, model)| assert_eq!(table_of(model), table));
    }
}
