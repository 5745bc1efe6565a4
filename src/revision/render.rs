//! Writes the two files of a new revision, from templates.

use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, context};

use super::{Error, Id, Mode};
use crate::sql::token::tokens;

const UP: (&str, &str) = ("revision.up.sql.j2", include_str!("../../templates/revision.up.sql.j2"));
const DOWN: (&str, &str) = ("revision.down.sql.j2", include_str!("../../templates/revision.down.sql.j2"));

/// A revision before it has files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRevision {
    /// Its id.
    pub id: Id,
    /// What it follows.
    pub down_revisions: Vec<Id>,
    /// The names of the branch that begins here.
    pub branch_labels: Vec<String>,
    /// What else must be applied before it.
    pub depends_on: Vec<String>,
    /// What it does.
    pub message: String,
    /// When it was written, RFC 3339.
    pub created_at: String,
    /// The way up.
    pub up: Vec<RenderSection>,
    /// The way back.
    pub down: Vec<RenderSection>,
}

/// A section to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenderSection {
    /// How it runs.
    pub transactional: Mode,
    /// What it runs.
    pub steps: Vec<RenderStep>,
}

/// A statement to be written, with what a reader must know about it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RenderStep {
    /// Its hazards, a sentence each.
    pub comments: Vec<String>,
    /// For each hazard a query that counts the rows concerned, where there is one; may be shorter than `comments`.
    pub counts: Vec<Option<String>>,
    /// The statement, with or without its semicolon; empty for comments that stand alone.
    pub sql: String,
}

/// The texts of both files, up and down.
///
/// # Errors
/// If a template does not render, which none does.
pub fn render(new: &NewRevision) -> Result<(String, String), Error> {
    Ok((one(UP, new, &new.up)?, one(DOWN, new, &new.down)?))
}

fn one((name, template): (&'static str, &str), new: &NewRevision, sections: &[RenderSection]) -> Result<String, Error> {
    let mut environment = Environment::new();
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
    environment.set_syntax(syntax.map_err(|source| Error::Template { template: name, source })?);
    let values = context! {
        revision => toml_string(new.id.as_str()),
        down_revision => one_or_list(new.down_revisions.iter().map(Id::as_str)),
        branch_labels => list(new.branch_labels.iter().map(String::as_str)),
        depends_on => list(new.depends_on.iter().map(String::as_str)),
        message => toml_string(&new.message),
        created_at => toml_string(&new.created_at),
        blocks => blocks(sections),
    };
    let text = environment.render_named_str(name, template, values);
    let text = text.map_err(|source| Error::Template { template: name, source })?;
    Ok(format!("{}\n", text.trim_end()))
}

/// The paragraphs of a file: each a statement with its comments, the first of a section with the section's marker.
fn blocks(sections: &[RenderSection]) -> Vec<String> {
    let mut blocks = Vec::new();
    for (i, section) in sections.iter().filter(|section| !section.steps.is_empty()).enumerate() {
        let mut marker = match section.transactional {
            Mode::Transaction if i == 0 => "",
            Mode::Transaction => "-- aludel:section transaction=on\n",
            Mode::StatementByStatement => "-- aludel:section transaction=off\n",
        };
        for step in &section.steps {
            blocks.push(format!("{marker}{}", paragraph(step)));
            marker = "";
        }
    }
    blocks
}

fn paragraph(step: &RenderStep) -> String {
    let mut lines = Vec::new();
    for (i, comment) in step.comments.iter().enumerate() {
        lines.push(format!("-- hazard: {}", one_line(comment)));
        if let Some(count) = step.counts.get(i).and_then(|count| query_on_one_line(count.as_deref()?)) {
            lines.push(format!("-- count: {count}"));
        }
    }
    let sql = without_semicolon(step.sql.trim());
    if !sql.is_empty() {
        let ends_in_comment = tokens(sql).last().is_some_and(|last| last.text.starts_with("--"));
        lines.push(format!("{sql}{};", if ends_in_comment { "\n" } else { "" }));
    }
    lines.join("\n")
}

fn without_semicolon(sql: &str) -> &str {
    match tokens(sql).last() {
        Some(last) if last.is_punct(";") => without_semicolon(sql[..last.start].trim_end()),
        _ => sql,
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A query with its line ends and comments as blanks. `None` where a literal or a name has a line end, for which there is no other word.
fn query_on_one_line(sql: &str) -> Option<String> {
    let texts: Vec<&str> = tokens(sql).map(|token| if token.is_code() { token.text } else { " " }).collect();
    let line = texts.concat();
    (!line.contains(['\n', '\r'])).then_some(line)
}

/// JSON's strings are TOML's on one line, but for DEL.
fn toml_string(text: &str) -> String {
    serde_json::Value::from(text).to_string().replace('\u{7f}', "\\u007f")
}

fn list<'a>(texts: impl Iterator<Item = &'a str>) -> Option<String> {
    let texts: Vec<String> = texts.map(toml_string).collect();
    (!texts.is_empty()).then(|| format!("[{}]", texts.join(", ")))
}

fn one_or_list<'a>(texts: impl Iterator<Item = &'a str> + Clone) -> Option<String> {
    if texts.clone().count() == 1 { texts.map(toml_string).next() } else { list(texts) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::revision::file::parse;

    fn new(message: &str, up: Vec<RenderSection>) -> NewRevision {
        NewRevision {
            id: Id::new("4a1f0c2b9d3e").unwrap(),
            down_revisions: vec![Id::new("90c3").unwrap()],
            branch_labels: vec![],
            depends_on: vec![],
            message: message.to_owned(),
            created_at: "2026-11-24T04:00:00Z".to_owned(),
            down: up.clone(),
            up,
        }
    }

    fn step(sql: &str) -> RenderStep {
        RenderStep { sql: sql.to_owned(), ..RenderStep::default() }
    }

    #[test]
    fn a_file_reads_like_a_persons() {
        let careful = RenderStep {
            comments: vec!["data is lost: the column \"a\"\nand its values".into()],
            counts: vec![Some("SELECT count(*) FROM t".into())],
            sql: "ALTER TABLE t\n    DROP COLUMN a;".into(),
        };
        let off = RenderSection {
            transactional: Mode::StatementByStatement,
            steps: vec![step("CREATE INDEX CONCURRENTLY i ON t (b)"), step("VACUUM t")],
        };
        let on = |steps| RenderSection { transactional: Mode::Transaction, steps };
        let (up, down) = render(&new(
            "drop \"a\"",
            vec![on(vec![careful, step("SELECT 1 -- why")]), off, on(vec![step("SELECT 2")])],
        ))
        .unwrap();
        insta::assert_snapshot!(up, @r#"
        -- aludel:revision
        -- revision = "4a1f0c2b9d3e"
        -- down_revision = "90c3"
        -- message = "drop \"a\""
        -- created_at = "2026-11-24T04:00:00Z"

        -- hazard: data is lost: the column "a" and its values
        -- count: SELECT count(*) FROM t
        ALTER TABLE t
            DROP COLUMN a;

        SELECT 1 -- why
        ;

        -- aludel:section transaction=off
        CREATE INDEX CONCURRENTLY i ON t (b);

        VACUUM t;

        -- aludel:section transaction=on
        SELECT 2;
        "#);
        assert!(down.starts_with("-- aludel:revision\n-- revision = \"4a1f0c2b9d3e\"\n\n-- hazard: "), "{down}");
    }

    #[test]
    fn an_empty_revision_is_its_header() {
        let (up, down) = render(&new("nothing", vec![])).unwrap();
        assert!(up.ends_with("-- created_at = \"2026-11-24T04:00:00Z\"\n"), "{up}");
        assert_eq!(parse(("a", &up), ("b", &down)).unwrap().up.sections, []);
    }

    proptest! {
        #[test]
        fn what_is_rendered_parses_to_the_same(
            message in "\\PC{0,20}|[\"\\\\\n\r\t\u{7f}a-z]{0,20}",
            texts in prop::collection::vec(prop::collection::vec("SELECT [a-z]{1,5}( '[a-z;\n]*'| [$]x[$][-;a-z\n]*[$]x[$]|\n  -- [a-z;]{1,4})?", 1..4), 0..4),
            hazard in prop::option::of("[a-z]{1,9}( [a-z:]{1,9}){0,4}"),
        ) {
            let sections: Vec<_> = texts.iter().enumerate().map(|(i, texts)| RenderSection {
                transactional: if i % 2 == 0 { Mode::Transaction } else { Mode::StatementByStatement },
                steps: texts.iter().map(|sql| RenderStep {
                    comments: hazard.iter().cloned().collect(),
                    sql: sql.clone(),
                    ..RenderStep::default()
                }).collect(),
            }).collect();
            let (up, down) = render(&new(&message, sections)).unwrap();
            let parsed = parse(("a.up.sql", &up), ("a.down.sql", &down)).unwrap();
            prop_assert_eq!(&parsed.message, &message);
            for script in [&parsed.up, &parsed.down] {
                let back: Vec<Vec<String>> = script.sections.iter()
                    .map(|section| section.statements.iter().map(|s| s.bare().to_owned()).collect()).collect();
                prop_assert_eq!(&back, &texts);
                for (i, section) in script.sections.iter().enumerate() {
                    prop_assert_eq!(section.mode == Mode::Transaction, i % 2 == 0);
                }
            }
        }
    }
}
