//! What `pg_dump` says of a database.

use std::process::Command;

use super::Database;

/// `pg_dump --schema-only`, up to the order of statements, of columns and of members of operator families.
pub fn dump(database: &Database) -> Result<Vec<String>, String> {
    let program = std::env::var("ALUDEL_PG_DUMP").unwrap_or_else(|_| "pg_dump".into());
    let output = Command::new(program)
        .args(["--schema-only", "--exclude-table=public.aludel_version*", &database.url()])
        .output()
        .map_err(|error| format!("pg_dump: {error}"))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let kept = |line: &&str| !line.starts_with("--") && !line.starts_with('\\') && !line.trim().is_empty();
    let text: String = text.lines().filter(kept).map(|line| format!("{line}\n")).collect();
    let mut out: Vec<String> = text.split(";\n").map(normal).collect();
    out.sort();
    Ok(out)
}

/// Passwords and connection strings are never pulled, so they may differ.
fn normal(statement: &str) -> String {
    for before in ["    password '", " CONNECTION '"] {
        if let Some((head, (_, tail))) =
            statement.split_once(before).and_then(|(head, rest)| Some((head, rest.split_once('\'')?)))
        {
            return normal(&format!("{head} …{tail}"));
        }
    }
    // The server lists columns in the table's order.
    if let Some((head, (columns, table))) =
        statement.split_once(" ON ").and_then(|(head, rest)| Some((head, rest.rsplit_once(" FROM ")?)))
        && head.starts_with("CREATE STATISTICS ")
    {
        let mut columns: Vec<&str> = columns.split(", ").collect();
        columns.sort_unstable();
        return format!("{head} ON {} FROM {table}", columns.join(", "));
    }
    let lists = [
        "CREATE TABLE",
        "CREATE UNLOGGED TABLE",
        "CREATE FOREIGN TABLE",
        "CREATE OPERATOR CLASS",
        "ALTER OPERATOR FAMILY",
    ];
    if !lists.iter().any(|words| statement.starts_with(words)) {
        return statement.to_owned();
    }
    let mut lines: Vec<&str> = statement.lines().map(|line| line.trim().trim_end_matches([',', ' '])).collect();
    lines.sort_unstable();
    lines.join("\n")
}

pub fn compare(what: &str, is: &[String], should: &[String]) -> Result<(), String> {
    let missing: Vec<_> = should.iter().filter(|line| !is.contains(line)).collect();
    let extra: Vec<_> = is.iter().filter(|line| !should.contains(line)).collect();
    if missing.is_empty() && extra.is_empty() {
        return Ok(());
    }
    Err(format!("{what}: pg_dump differs\n  missing: {missing:#?}\n  extra: {extra:#?}"))
}
