//! Mistakes, each with its line and column; and a file with everything.

use proptest::prelude::*;

use super::diagnostic::Source;
use super::models::{Models, parse};

fn models(text: &str) -> Models {
    let sources = [Source::new("m", text)];
    parse(&sources).unwrap_or_else(|mistakes| {
        panic!("{}", mistakes.iter().map(|mistake| mistake.line(&sources)).collect::<Vec<_>>().join("\n"))
    })
}

fn mistakes(text: &str) -> Vec<String> {
    let sources = [Source::new("m", text)];
    parse(&sources).err().unwrap_or_default().iter().map(|mistake| mistake.line(&sources)).collect()
}

/// The only mistake of a file.
fn mistake(text: &str) -> String {
    let all = mistakes(text);
    assert_eq!(all.len(), 1, "{all:#?}");
    all.into_iter().next().unwrap_or_default()
}

/// The only mistake of two models, `A` (with a key `id` and a column `n`) and `B` (whose `a_id` refers to it), and more.
fn with_two(more: &str) -> String {
    mistake(&format!(
        "[models.A]\ncolumns = {{ id = {{ type = \"bigint\", primary_key = true }}, n = \"int\" }}\n\
         [models.B]\ncolumns = {{ id = {{ type = \"bigint\", primary_key = true }}, a_id = {{ references = \"A.id\" }} }}\n{more}\n"
    ))
}

fn column(text: &str) -> String {
    mistake(&format!("[models.A.columns]\nc = {text}\n"))
}

#[test]
fn what_cannot_be_decoded() {
    assert_eq!(column("{ type = \"int\", nulable = true }"), "m:2:21: unknown key `nulable`");
    assert_eq!(
        column("3"),
        "m:2:5: expected a string (type of PostgreSQL, `?` behind it: nullable) or a table, found an integer"
    );
    assert_eq!(column("{ type = \"int\", nullable = 1 }"), "m:2:32: expected true or false, found an integer");
    assert_eq!(column("\"\""), "m:2:5: a type is empty (write a type of PostgreSQL: \"text\")");
    assert!(
        column("{ type = \"int\", identity = \"allways\" }")
            .starts_with("m:2:32: expected \"always\" or \"by default\", found")
    );
    let default = mistakes("[models.A.columns]\nc = { type = \"int\", default = { sgl = \"1\" } }\n");
    assert_eq!(default, ["m:2:21: the key `sql` is missing", "m:2:33: unknown key `sgl`"]);
}

#[test]
fn broken_toml_is_said_once() {
    assert!(mistakes("[models.A\n").first().is_some_and(|line| line.starts_with("m:1:") && line.contains("not TOML")));
    assert!(mistakes("a = 1\na = 2\n").first().is_some_and(|line| line.starts_with("m:2:1: not TOML")));
}

#[test]
fn columns() {
    assert_eq!(column("{ nullable = true }").split(" (").next(), Some("m:2:1: the column `A.c` has no type"));
    let both = column("{ type = \"int\", identity = \"always\", default = 1 }");
    assert_eq!(both, "m:2:52: the column `A.c` has both `identity` and `default` (keep one of them)");
    assert!(column("{ type = \"int\", generated = \"1\", default = 1 }").contains("both `default` and `generated`"));
    assert!(column("{ type = \"int\", generated = {} }").contains("generated from nothing"));
    assert!(column("{ type = \"int?\", nullable = false }").contains("nullable by the `?`"));
    assert!(column("{ type = \"int?\", primary_key = true }").contains("cannot be nullable"));
    assert!(column("{ type = \"int?\", identity = \"always\" }").contains("cannot be nullable"));
    assert!(column("{ type = \"int\", on_delete = \"cascade\" }").contains("`on_delete` without `references`"));
    assert!(column("{ references = \"A.c\" }").contains("the type of the column `A.c` cannot be found"));
}

#[test]
fn names() {
    let long = "x".repeat(64);
    let expected = format!("m:2:1: the name `{long}` has 64 bytes");
    assert_eq!(mistake(&format!("[models.A.columns]\n{long} = \"int\"\n")), expected);
    assert_eq!(mistake("[models.A.columns]\n\"\" = \"int\"\n"), "m:2:1: a name is empty");
    assert!(
        mistake("[models.\"a b\".columns]\nc = \"int\"\n")
            .starts_with("m:1:9: `a b` cannot be the name of a Rust struct")
    );
    assert!(mistake("[enums]\n\"a.b.c\" = [\"x\"]\n").starts_with("m:2:1: `a.b.c` is not a name or schema.name"));
    let twice = "[models.A]\ntable = \"t\"\n[models.B]\ntable = \"public.t\"\n";
    assert!(mistake(twice).starts_with("m:4:9: the table `t` is declared twice"));
    assert!(mistake("[views]\nas = \"select 1\"\n[models.A]\n").contains("declared twice, the first time as a table"));
    assert!(mistake("[models.A]\ntable = \"x.t\"\nschema = \"y\"\n").starts_with("m:3:10: two schemas for one object"));
    assert!(
        mistake("[enums]\ne = [\"a\", \"b\", \"a\"]\n").starts_with("m:2:16: the enum `e` has the value `a` twice")
    );
    assert_eq!(mistake("[enums]\ne = [\"a\\u0000\"]\n"), "m:2:6: PostgreSQL cannot store the character U+0000");
}

#[test]
fn references() {
    assert_eq!(column("{ references = \"Usr.id\" }"), "m:2:20: there is no model `Usr` (name a key below [models])");
    let by_table = "[models.C]\ncolumns.x = { references = \"bs.id\" }";
    assert!(with_two(by_table).contains("there is no model `bs` (models are named by their key: `B`"));
    assert!(
        with_two("[models.C.columns]\na = { references = \"A.idd\" }").starts_with("m:6:20: `A` has no column `idd`")
    );
    assert!(
        with_two("[models.C]\ncolumns = { a = \"int\" }\nforeign_keys = [{ columns = \"a\", references = \"D\" }]")
            .contains("no model `D`")
    );
    let pair = "[models.C]\ncolumns = { a = \"int\", b = \"int\" }\nforeign_keys = [{ columns = [\"a\", \"b\"], references = \"A\" }]";
    assert!(with_two(pair).contains("2 columns refer to 1 of `A`"));
}

#[test]
fn what_hangs_on_a_table() {
    let table = |more: &str| mistake(&format!("[models.A]\ncolumns = {{ a = \"int\", b = \"int\" }}\n{more}\n"));
    assert_eq!(table("indexes = { i = [\"aa desc\"] }"), "m:3:18: `A` has no column `aa`");
    assert_eq!(table("uniques = [[\"a\", \"c\"]]"), "m:3:18: `A` has no column `c`");
    assert_eq!(table("primary_key = [\"a\", \"a\"]"), "m:3:21: the column `a` stands here twice");
    assert!(table("primary_key = []").contains("has no columns"));
    assert!(
        table("foreign_keys.f = { columns = \"x\", references = \"A\", referenced = \"a\" }").contains("no column `x`")
    );
    assert!(table("checks.x = \"a > 0\"\nuniques.x = [\"a\"]").contains("two constraints `x`: a unique and a check"));
    assert!(table("exclusions.e = { elements = [\"a\"] }").contains("names no operator"));
    assert!(table("partition_of = \"A\"").contains("does not say which rows"));
    assert!(table("for_values = \"in (1)\"").contains("bounds of a partition and is none"));
    assert!(
        table("uniques.u = { columns = \"a\", deferrable = false, initially_deferred = true }")
            .contains("is deferrable")
    );
    let keys =
        "[models.A.columns]\na = { type = \"int\", primary_key = true }\nb = { type = \"int\", primary_key = true }\n";
    assert!(mistake(keys).contains("write `primary_key = [\"a\", \"b\"]` at the model"));
}

#[test]
fn relationships() {
    assert!(
        with_two("[models.A.relationships]\nbs = { has_many = \"C\" }").starts_with("m:6:19: there is no model `C`")
    );
    assert!(
        with_two("[models.B.relationships]\nas = { has_many = \"A\" }")
            .starts_with("m:6:19: no foreign key of `A` refers to `B`")
    );
    assert!(with_two("[models.A.relationships]\nn = { has_many = \"B\" }").contains("a column and a relationship `n`"));
    assert!(with_two("[models.A.relationships]\nbs = { cascade = \"delete\" }").contains("not exactly one kind"));
    assert!(with_two("[models.A.relationships]\nbs = { has_many = \"B\", via = \"id\" }").contains("by id"));
    assert!(with_two("[models.A.relationships]\nxs = { has_many = \"A\", through = \"B\" }\n[models.C.relationships]\nx = { has_many = \"A\", through = \"B\" }").contains("`B` does not refer to `C`"));
    let two = "[models.C]\ncolumns = { x = { references = \"A\" }, y = { references = \"A\" } }\n[models.A.relationships]\ncs = { has_many = \"C\" }";
    assert!(with_two(two).contains("`C` refers to `A` in 2 ways: x, y"));
}

#[test]
fn all_mistakes_are_reported_at_once_and_in_order() {
    let text = "[models.A.columns]\na = { typ = \"int\" }\nb = { references = \"X.y\" }\n[wrong]\n";
    let lines: Vec<String> =
        mistakes(text).iter().map(|line| line.split(": ").next().unwrap_or_default().into()).collect();
    assert_eq!(lines, ["m:2:1", "m:2:7", "m:3:20", "m:4:2"]);
}

#[test]
fn a_file_with_everything_is_understood() {
    let all = models(include_str!("everything.toml"));
    let names: Vec<&str> = all.models.iter().map(|entry| entry.table.name.as_str()).collect();
    assert_eq!(names, ["users", "posts", "tags", "posts_tags", "events", "events_2026", "Order Items", "remote_users"]);
    let post = &all.models[1];
    let columns: Vec<&str> = post.model.columns.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(columns, ["id", "user_id", "title", "slug", "status", "score", "words", "created_at"]);
    assert_eq!(all.column_type(1, "user_id").as_deref(), Some("bigint"));
    assert_eq!(all.columns(5).map(|columns| columns.len()), Some(3));
    let link = &all.links(1)[0];
    assert_eq!((link.columns[0].as_str(), link.target, link.target_columns[0].as_str()), ("user_id", 0, "id"));
    assert_eq!(all.find("shop.OrderItem"), Some(6));
    assert_eq!(all.sql.len(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn nothing_panics(edits in prop::collection::vec((any::<prop::sample::Index>(), 0usize..12, "[\\[\\]{}=\"',.#a-zé\\n?0-9]{0,4}"), 1..6)) {
        let mut text: Vec<char> = include_str!("everything.toml").chars().collect();
        for (at, cut, put) in edits {
            let at = at.index(text.len());
            let end = (at + cut).min(text.len());
            text.splice(at..end, put.chars());
        }
        let text: String = text.into_iter().collect();
        mistakes(&text);
    }
}
