//! Values on their way to another type: what they become, that they come back, and that nothing is cut off in silence.
#![allow(missing_docs, clippy::disallowed_macros, clippy::disallowed_methods, clippy::disallowed_types)]

mod support;

use support::Project;

/// A type, a value of it as SQL, the other type, and what the value is called there.
const CHANGES: &[(&str, &str, &str, &str)] = &[
    ("text", r"'c:\\dir\x'", "bytea", r"\x633a5c5c6469725c78"),
    ("jsonb", r#"'{"a": "x\"y"}'"#, "bytea", r"\x7b2261223a2022785c2279227d"),
    ("uuid", "'00010203-0405-0607-0809-0a0b0c0d0e0f'", "bytea", r"\x000102030405060708090a0b0c0d0e0f"),
    ("integer[]", "'{5,NULL,7}'", "jsonb", "[5, null, 7]"),
    ("boolean[]", "'{t,f}'", "jsonb", "[true, false]"),
    ("integer", "7", "short", "7"),
    ("text", "'abc'", "short", "abc"),
    ("text[]", "'{abc,NULL}'", "short[]", "{abc,NULL}"),
    ("whole", "7", "integer", "7"),
    ("whole", "7", "text", "7"),
    ("bit(3)", "'101'", "text", "101"),
    ("jsonb", "'[1, 2]'", "text", "[1, 2]"),
];

/// What the server has to refuse: the beginning of its words.
const REFUSED: &[(&str, &str, &str, &str)] = &[
    ("text", "'abcd'", "short", "value too long"),
    ("text[]", "'{abcd}'", "short[]", "value too long"),
    ("integer", "1234", "short", "value too long"),
    ("text", "'10101'", "bit(3)", "bit string length 5 does not match"),
    ("text", "'x'", "whole", "invalid input syntax"),
    ("integer", "-1", "whole", "violates check constraint"),
    ("bytea", r"'\xff'", "text", "invalid byte sequence"),
];

/// A row of each type, in a table whose columns are called by their place.
fn models<'a>(types: impl Iterator<Item = &'a str>) -> String {
    let columns: Vec<String> = types.enumerate().map(|(at, r#type)| format!("c{at} = \"{type}?\"\n")).collect();
    format!(
        "[domains]\nshort = \"varchar(3)\"\n[domains.whole]\ntype = \"integer\"\nchecks = {{ whole_check = \"value >= 0\" }}\n\
         [models.Row]\ntable = \"row\"\n[models.Row.columns]\n{}",
        columns.concat()
    )
}

type Changes = [(&'static str, &'static str, &'static str, &'static str)];

/// A project whose database has a row of the first types.
async fn project(changes: &Changes) -> Project {
    let project = Project::new(&models(changes.iter().map(|(from, ..)| *from))).await;
    project.done("revision --autogenerate -m first");
    project.done("upgrade");
    let values: Vec<&str> = changes.iter().map(|(_, value, ..)| *value).collect();
    let insert = format!("INSERT INTO \"row\" VALUES ({})", values.join(", "));
    project.database.client.batch_execute(&insert).await.expect(&insert);
    project
}

/// The row, as texts.
async fn row(project: &Project, columns: usize) -> Vec<String> {
    let texts: Vec<String> = (0..columns).map(|at| format!("c{at}::text")).collect();
    let sql = format!("SELECT ARRAY[{}] FROM \"row\"", texts.join(", "));
    project.database.client.query_one(&sql, &[]).await.expect(&sql).get(0)
}

#[tokio::test]
async fn values_become_what_they_mean_and_come_back() {
    let project = project(CHANGES).await;
    let before = row(&project, CHANGES.len()).await;
    project.write("models.toml", models(CHANGES.iter().map(|(_, _, to, _)| *to)));
    let told = project.done("revision --autogenerate -m types");
    assert!(!told.contains("data is lost"), "{told}");
    project.done("upgrade");
    let wanted: Vec<&str> = CHANGES.iter().map(|(.., wanted)| *wanted).collect();
    assert_eq!(row(&project, CHANGES.len()).await, wanted);
    project.done("downgrade -1");
    assert_eq!(row(&project, CHANGES.len()).await, before);
    project.drop_it().await;
}

#[tokio::test]
async fn what_has_no_place_is_refused_and_stays() {
    let project = project(REFUSED).await;
    let before = row(&project, REFUSED.len()).await;
    for (changed, (from, value, to, words)) in REFUSED.iter().enumerate() {
        let types = REFUSED.iter().enumerate().map(|(at, (from, _, to, _))| if at == changed { *to } else { *from });
        project.write("models.toml", models(types));
        let told = project.done("revision --autogenerate -m types");
        assert!(told.contains("may fail") && !told.contains("data is lost"), "{from} to {to}: {told}");
        let ran = project.run("upgrade");
        assert_eq!(ran.code, 3, "{value} of {from} to {to}: {}", ran.stderr);
        assert!(ran.stderr.contains(words), "{}", ran.stderr);
        for file in project.migrations("types.up.sql").into_iter().chain(project.migrations("types.down.sql")) {
            std::fs::remove_file(project.path("migrations").join(file)).expect("removed");
        }
    }
    assert_eq!(row(&project, REFUSED.len()).await, before);
    project.drop_it().await;
}
