//! Mistakes, each with its line and column; and a file with everything.

use std::collections::BTreeSet;

use proptest::prelude::*;
use toml_edit::{DocumentMut, Item};

use super::diagnostic::Source;
use super::docs::reachable;
use super::form::Form;
use super::format::ModelsFile;
use super::lower::{self, hints};
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
    let moving = column("{ type = \"timestamptz\", default = \"now()\" }");
    let said = "m:2:39: the column `A.c` would have the time of the migration as its default, for ever";
    assert!(moving.starts_with(said), "{moving}");
    let text = "[models.A.columns]\nc = { type = \"text\", default = \"now()\" }\n";
    assert!(mistakes(text).is_empty(), "{:?}", mistakes(text));
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
    assert!(with_two("[models.C]\npartition_of = \"A\"").contains("does not say which rows"));
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
fn where_tables_come_from() {
    assert_eq!(with_two("[models.C]\ninherits = \"AA\""), "m:6:12: there is no model `AA`");
    assert_eq!(with_two("[models.C]\ninherits = [\"A\", \"C\"]"), "m:6:18: `C` would come before itself");
    let ring = mistakes("[models.A]\ninherits = \"B\"\n[models.B]\ninherits = \"A\"\n");
    assert_eq!(ring, ["m:2:12: `A` would come before itself", "m:4:12: `B` would come before itself"]);
    assert!(
        with_two("[models.C]\ninherits = \"A\"\ncolumns.m = {}").starts_with("m:7:9: the column `C.m` has no type")
    );
    assert!(
        with_two("[models.C]\ninherits = \"A\"\ncolumns.n = { generated = \"1\" }")
            .contains("the column `C.n` comes from elsewhere, and its `generated` with it")
    );
    let both = "[models.C]\ninherits = \"A\"\npartition_of = \"P\"\nfor_values = \"in (1)\"\n\
        [models.P]\npartition_by = \"list (i)\"\ncolumns.i = \"int\"";
    assert!(with_two(both).starts_with("m:7:16: `C` has both `inherits` and `partition_of`"));
    let types = "[composites.t]\nattributes = { a = \"int\" }\n[models.D]\n";
    assert_eq!(with_two(&format!("{types}of_type = \"x\"")), "m:8:11: there is no composite type `x`");
    assert_eq!(
        with_two(&format!("{types}of_type = \"t\"\ncolumns.a = \"int\"")),
        "m:9:13: the column `D.a` has the type of the attribute (drop the type)"
    );
    assert_eq!(with_two(&format!("{types}of_type = \"t\"\ncolumns.b = {{}}")), "m:9:9: `t` has no column `b`");
    let of_partitions = |more: &str| with_two(&format!("[models.P]\ncolumns.i = \"int\"\n{more}"));
    assert!(
        of_partitions("partitions.x = \"in (1)\"").starts_with("m:7:12: `P` has partitions and is not partitioned")
    );
    let inner =
        "partition_by = \"list (i)\"\npartitions.x = { for_values = \"default\", partitions = { y = \"in (1)\" } }";
    assert!(of_partitions(inner).starts_with("m:8:57: `x` has partitions and is not partitioned"));
    let twice = "partition_by = \"list (i)\"\npartitions = { bs = \"in (1)\" }";
    assert!(
        of_partitions(twice).starts_with("m:8:16: the partition `bs` is declared twice, the first time as a table")
    );
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
    let cleared = with_two("[models.A.relationships]\nbs = { has_many = \"B\", cascade = \"set null\" }");
    assert!(cleared.starts_with("m:6:34: `B.a_id` cannot be set to null"), "{cleared}");
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
    assert_eq!(names[..6], ["users", "posts", "tags", "posts_tags", "events", "events_2026"]);
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

/// Every key of the types that stands in a file: its table and name, and where it stands.
fn keys_in(form: &Form, item: &Item, path: &[String], out: &mut Vec<(&'static str, &'static str, Vec<String>)>) {
    let below = |step: &str| path.iter().cloned().chain([step.to_owned()]).collect::<Vec<_>>();
    match form {
        Form::Either(forms) => forms.iter().for_each(|form| keys_in(form, item, path, out)),
        Form::List(form) => {
            let list = item.as_array().into_iter().flatten().enumerate();
            list.for_each(|(at, value)| keys_in(form, &Item::Value(value.clone()), &below(&at.to_string()), out));
        }
        Form::Map(_, form) => {
            let table = item.as_table_like().into_iter().flat_map(|table| table.iter());
            table.for_each(|(key, item)| keys_in(form, item, &below(key), out));
        }
        Form::Table(record) => {
            let (record, table) = (record(), item.as_table_like());
            let field = |key: &str| record.fields.iter().find(|field| field.key == key);
            // What has another key is of another form: a table of names.
            if table.is_some_and(|table| table.iter().all(|(key, _)| field(key).is_some())) {
                for (key, item) in table.into_iter().flat_map(|table| table.iter()) {
                    if let Some(field) = field(key) {
                        out.push((record.name, field.key, below(key)));
                        keys_in(&field.form, item, &below(key), out);
                    }
                }
            }
            record.short.iter().for_each(|form| keys_in(form, item, path, out));
        }
        _ => {}
    }
}

fn without(document: &DocumentMut, path: &[String]) -> String {
    let mut document = document.clone();
    let (last, way) = path.split_last().expect("a key");
    let step = |item: &'_ mut Item, step: &String| match item.as_array_mut() {
        Some(list) => Item::Value(list.get(step.parse::<usize>().expect("a place")).expect("an item").clone()),
        None => item.get(step).expect("a key").clone(),
    };
    // From the innermost table outwards: each gets its changed inner one.
    let mut items = vec![document.as_item().clone()];
    for name in way {
        let next = step(items.last_mut().expect("an item"), name);
        items.push(next);
    }
    let mut inner = items.pop().expect("an item");
    inner.as_table_like_mut().expect("a table").remove(last);
    for (mut outer, name) in items.into_iter().rev().zip(way.iter().rev()) {
        match outer.as_array_mut() {
            Some(list) => {
                list.replace(name.parse().expect("a place"), inner.into_value().expect("a value"));
            }
            None => *outer.get_mut(name).expect("a key") = inner,
        }
        inner = outer;
    }
    *document.as_item_mut() = inner;
    document.to_string()
}

/// What a file comes to: statements, and what is said to the planner; nothing where it is wrong.
fn effect(text: &str) -> Option<String> {
    let models = parse(&[Source::new("m", text)]).ok()?;
    let statements = lower::statements(&models).ok()?.into_iter().map(|lowered| lowered.sql.0).collect::<Vec<_>>();
    let usings = hints::usings(&models).into_iter().map(|(id, using)| (id, using.sql)).collect::<Vec<_>>();
    Some(format!("{statements:#?}{:#?}{usings:#?}", hints::wishes(&models)))
}

/// Keys that change nothing in the database: they say more about the code, or name further files.
const BESIDE: &[(&str, &str)] =
    &[("ModelsFile", "include"), ("ModelsFile", "sql"), ("SqlFiles", "files"), ("Model", "relationships")];

#[test]
fn every_key_has_an_effect() {
    let mut effects: BTreeSet<(&str, &str)> = BTreeSet::new();
    for text in [include_str!("everything.toml"), include_str!("everything18.toml")] {
        let whole = effect(text).expect("a file without mistakes");
        let document: DocumentMut = text.parse().expect("TOML");
        let mut found = Vec::new();
        keys_in(&Form::Table(ModelsFile::record), document.as_item(), &[], &mut found);
        let has_effect = |path: &[String]| effect(&without(&document, path)).is_none_or(|rest| rest != whole);
        for (record, key, path) in found {
            if !effects.contains(&(record, key)) && has_effect(&path) {
                effects.insert((record, key));
            }
        }
    }
    let all = reachable(ModelsFile::record).into_iter();
    let all = all.flat_map(|record| record.fields.into_iter().map(move |field| (record.name, field.key)));
    let known = |key: &(&str, &str)| BESIDE.contains(key) || key.0 == "Relationship";
    let idle: Vec<_> = all.filter(|key| !effects.contains(key) && !known(key)).collect();
    assert!(idle.is_empty(), "keys that nothing comes of, or that are in neither file: {idle:?}");
}
