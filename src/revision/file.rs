//! The two files of a revision: a header in comments, sections, statements.

use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::{Error, Id};
use crate::name::hex;
use crate::sql::split::{StatementText, first_words, statements};
use crate::sql::token::{TokenKind, tokens};

/// The line that opens a header.
pub const HEADER: &str = "-- aludel:revision";
/// How the line that opens a section begins.
pub const SECTION: &str = "-- aludel:section";

/// A pair of files, parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    /// Its id.
    pub id: Id,
    /// What it follows; several for a merge, none for a base.
    pub down_revisions: Vec<Id>,
    /// The names of the branch that begins here.
    pub branch_labels: Vec<String>,
    /// What else must be applied before it: ids, prefixes of ids or labels, as written.
    pub depends_on: Vec<String>,
    /// What it does, in the author's words.
    pub message: String,
    /// When it was written, RFC 3339.
    pub created_at: String,
    /// The way up.
    pub up: Script,
    /// The way back.
    pub down: Script,
}

/// What runs in one direction.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Script {
    /// The file's name.
    pub file: String,
    /// SHA-256 over what follows the header, with line ends as LF.
    pub checksum: String,
    /// The sections that hold statements.
    pub sections: Vec<Section>,
}

impl Script {
    /// The statements of all sections.
    pub fn statements(&self) -> impl Iterator<Item = &StatementText> {
        self.sections.iter().flat_map(|section| &section.statements)
    }
}

/// The unit that runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// How it runs.
    pub mode: Mode,
    /// Its statements; their lines and bytes are those of the file.
    pub statements: Vec<StatementText>,
}

/// How a section runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// All of it in one transaction.
    #[default]
    Transaction,
    /// Statement by statement, each by itself.
    StatementByStatement,
}

/// What a statement's comments say about its dangers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HazardNote {
    /// The sentence after `-- hazard:`.
    pub why: String,
    /// The query after `-- count:`, which counts the rows concerned.
    pub count: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    revision: Id,
    #[serde(default)]
    down_revision: OneOrMany<Id>,
    #[serde(default)]
    branch_labels: OneOrMany<String>,
    #[serde(default)]
    depends_on: OneOrMany<String>,
    #[serde(default)]
    message: String,
    #[serde(default)]
    created_at: String,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "expected a revision or a list of revisions")]
enum OneOrMany<T> {
    One(T),
    Many(Vec<T>),
}

impl<T> Default for OneOrMany<T> {
    fn default() -> Self {
        OneOrMany::Many(Vec::new())
    }
}

impl<T> From<OneOrMany<T>> for Vec<T> {
    fn from(value: OneOrMany<T>) -> Vec<T> {
        match value {
            OneOrMany::One(one) => vec![one],
            OneOrMany::Many(many) => many,
        }
    }
}

/// Parses a pair. The header of the up file tells everything; the down file may repeat the id and nothing may contradict.
///
/// # Errors
/// With the file and the line of the first mistake.
pub fn parse(up: (&str, &str), down: (&str, &str)) -> Result<Revision, Error> {
    let ((up_file, up_text), (down_file, down_text)) = (up, down);
    let (up_text, down_text) = (normalised(up_text), normalised(down_text));
    let Some((header, body)) = header(up_file, &up_text)? else {
        let problem = format!("the file must begin with a header: a line `{HEADER}`, then `-- revision = \"…\"`");
        return Err(at(up_file, 1, problem));
    };
    let down_body = match self::header(down_file, &down_text)? {
        Some((of_down, _)) if of_down.revision != header.revision => {
            let problem = format!("this says revision {}, and {up_file} says {}", of_down.revision, header.revision);
            return Err(at(down_file, 2, problem));
        }
        Some((_, body)) => body,
        None => 0,
    };
    Ok(Revision {
        id: header.revision,
        down_revisions: header.down_revision.into(),
        branch_labels: header.branch_labels.into(),
        depends_on: header.depends_on.into(),
        message: header.message,
        created_at: header.created_at,
        up: script(up_file, &up_text, body)?,
        down: script(down_file, &down_text, down_body)?,
    })
}

/// The hazards that the comments before a statement tell.
pub fn hazards(statement: &StatementText) -> Vec<HazardNote> {
    let mut found: Vec<HazardNote> = Vec::new();
    for line in statement.text.lines().map(str::trim).take_while(|line| line.is_empty() || line.starts_with("--")) {
        if let Some(why) = line.strip_prefix("-- hazard: ") {
            found.push(HazardNote { why: why.to_owned(), count: None });
        } else if let (Some(count), Some(last)) = (line.strip_prefix("-- count: "), found.last_mut()) {
            last.count = Some(count.to_owned());
        }
    }
    found
}

fn at(file: &str, line: usize, problem: impl Into<String>) -> Error {
    Error::File { file: file.to_owned(), line, problem: problem.into() }
}

/// Editors differ in line ends and byte order marks; a checksum must not. Where only some lines end otherwise, it is no
/// editor that says so, but a text in quotes.
fn normalised(text: &str) -> String {
    let text = text.trim_start_matches('\u{feff}');
    match text.matches("\r\n").count() == text.matches('\n').count() {
        true => text.replace("\r\n", "\n"),
        false => text.to_owned(),
    }
}

/// The header and the byte at which the body begins, or nothing where a file has no header.
fn header(file: &str, text: &str) -> Result<Option<(Header, usize)>, Error> {
    let blank = text.len() - text.trim_start().len();
    let first_line = text[..blank].bytes().filter(|b| *b == b'\n').count() + 1;
    let mut lines = text[blank..].split_inclusive('\n');
    let Some(opening) = lines.next().filter(|line| line.trim_end() == HEADER) else { return Ok(None) };
    let mut body = blank + opening.len();
    let mut toml = String::new();
    for line in lines.take_while(|line| line.starts_with("--") && !line.starts_with(SECTION)) {
        body += line.len();
        toml.push_str(line[2..].strip_prefix(' ').unwrap_or(&line[2..]));
    }
    let parsed: Header = toml::from_str(&toml).map_err(|error| {
        let begin = error.span().map_or(0, |span| span.start.min(toml.len()));
        let line = toml.as_bytes()[..begin].iter().filter(|b| **b == b'\n').count();
        at(file, first_line + 1 + line, format!("the header: {}", error.message()))
    })?;
    Ok(Some((parsed, body)))
}

fn script(file: &str, text: &str, body: usize) -> Result<Script, Error> {
    let checksum = hex(&Sha256::digest(text[body..].trim().as_bytes()));
    let mut sections = Vec::new();
    let (mut mode, mut begin) = (Mode::default(), body);
    let mut section = |mode, begin: usize, end| {
        let found = in_file(text, begin, end);
        for statement in &found {
            if let Some(problem) = refused(statement.bare()) {
                return Err(at(file, statement.code_line(), problem));
            }
        }
        if !found.is_empty() {
            sections.push(Section { mode, statements: found });
        }
        Ok(())
    };
    for token in tokens(&text[body..]).filter(|token| token.kind == TokenKind::Comment) {
        let Some(directive) = token.text.strip_prefix("-- aludel:") else { continue };
        let start = body + token.start;
        let next = match directive.trim_end() {
            "section" | "section transaction=on" => Mode::Transaction,
            "section transaction=off" => Mode::StatementByStatement,
            _ => {
                let line = line_of(text, start);
                let known = format!("write `{SECTION} transaction=on` or `{SECTION} transaction=off`");
                return Err(at(file, line, format!("`{}` is not known here; {known}", token.text)));
            }
        };
        section(mode, begin, start)?;
        (mode, begin) = (next, start + token.text.len());
    }
    section(mode, begin, text.len())?;
    Ok(Script { file: file.to_owned(), checksum, sections })
}

/// The statements of a part of a text, with the lines and bytes of the whole.
fn in_file(text: &str, begin: usize, end: usize) -> Vec<StatementText> {
    let lines = line_of(text, begin) - 1;
    let mut found = statements(&text[begin..end]);
    for statement in &mut found {
        statement.line += lines;
        statement.start += begin;
    }
    found
}

fn line_of(text: &str, byte: usize) -> usize {
    1 + text.as_bytes()[..byte].iter().filter(|b| **b == b'\n').count()
}

/// Why a statement can't stand in a revision, if so.
fn refused(statement: &str) -> Option<&'static str> {
    if is_transaction_control(statement) {
        return Some(
            "transactions are begun and ended by aludel; to run without one, put \
            `-- aludel:section transaction=off` above the statement",
        );
    }
    let is_copy = first_words(statement).first().is_some_and(|word| word == "COPY");
    let streams = tokens(statement).any(|token| token.is_word("STDIN") || token.is_word("STDOUT"));
    (is_copy && streams).then_some("a revision has no stream to copy from or to; write the rows as an INSERT")
}

fn is_transaction_control(statement: &str) -> bool {
    let words = first_words(statement);
    let word = |i: usize| words.get(i).map_or("", String::as_str);
    match word(0) {
        "BEGIN" | "COMMIT" | "END" | "ABORT" => true,
        "START" | "PREPARE" => word(1) == "TRANSACTION",
        "ROLLBACK" => !words.iter().any(|word| word == "TO"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const UP: &str = "-- aludel:revision\n-- revision = \"4a1f\"\n-- down_revision = [\"90c3\", \"77aa\"]\n\
        -- branch_labels = [\"shop\"]\n-- message = \"add \\\"it\\\"\"\n\n-- hazard: data is lost\n-- count: SELECT 1\nCREATE TABLE t ();\n\n\
        -- aludel:section transaction=off\nCREATE INDEX CONCURRENTLY i ON t (x);\nVACUUM t;\n";

    fn parse_up(text: &str) -> Result<Revision, Error> {
        parse(("a.up.sql", text), ("a.down.sql", "DROP TABLE t;"))
    }

    #[test]
    fn a_pair_is_parsed() {
        let revision = parse_up(UP).unwrap();
        assert_eq!(revision.id.as_str(), "4a1f");
        assert_eq!(revision.down_revisions.iter().map(Id::as_str).collect::<Vec<_>>(), ["90c3", "77aa"]);
        assert_eq!(
            (revision.branch_labels.as_slice(), revision.message.as_str()),
            (&["shop".to_owned()][..], "add \"it\"")
        );
        let sections = &revision.up.sections;
        assert_eq!(
            sections.iter().map(|s| (s.mode, s.statements.len())).collect::<Vec<_>>(),
            [(Mode::Transaction, 1), (Mode::StatementByStatement, 2)]
        );
        assert_eq!(sections[0].statements[0].code_line(), 9);
        assert_eq!(sections[1].statements[1].code_line(), 13);
        let note = HazardNote { why: "data is lost".into(), count: Some("SELECT 1".into()) };
        assert_eq!(hazards(&sections[0].statements[0]), [note]);
        assert_eq!(revision.down.sections[0].statements[0].text, "DROP TABLE t");
    }

    #[test]
    fn the_checksum_is_of_the_body_whatever_the_line_ends() {
        let sum = |text: &str| parse_up(text).unwrap().up.checksum;
        assert_eq!(sum(UP), sum(&UP.replace('\n', "\r\n")));
        assert_eq!(sum(UP), sum(&UP.replace("90c3", "11aa")));
        assert_ne!(sum(UP), sum(&UP.replace("VACUUM t", "VACUUM u")));
    }

    #[test]
    fn a_marker_in_a_string_is_no_marker() {
        let text = "-- aludel:revision\n-- revision = \"a\"\n\nDO $$\n-- aludel:section transaction=off\n$$;";
        assert_eq!(parse_up(text).unwrap().up.sections.len(), 1);
    }

    #[test]
    fn mistakes_name_file_and_line() {
        let cases = [
            ("SELECT 1;", "a.up.sql:1: the file must begin with a header"),
            (
                "\n-- aludel:revision\n-- revision = \"a\"\n-- colour = 1\n",
                "a.up.sql:4: the header: unknown field `colour`",
            ),
            ("-- aludel:revision\n-- revision = \"a b\"\n", "a.up.sql:2: the header: \"a b\" cannot be a revision id"),
            (
                "-- aludel:revision\n-- revision = \"a\"\n-- down_revision = 7\n",
                "a.up.sql:3: the header: expected a revision or",
            ),
            (
                "-- aludel:revision\n-- revision = \"a\"\n\n-- aludel:section transaction=of\n",
                "a.up.sql:4: `-- aludel:section",
            ),
            ("-- aludel:revision\n-- revision = \"a\"\n\nSELECT 1;\nCOMMIT;\n", "a.up.sql:5: transactions are begun"),
            (
                "-- aludel:revision\n-- revision = \"a\"\n\nCOPY t (x) FROM stdin;\n1\n",
                "a.up.sql:4: a revision has no stream",
            ),
        ];
        for (text, expected) in cases {
            let error = parse_up(text).unwrap_err().to_string();
            assert!(error.starts_with(expected), "{error}");
        }
        let down = ("a.down.sql", "-- aludel:revision\n-- revision = \"other\"\n");
        let error = parse(("a.up.sql", UP), down).unwrap_err().to_string();
        assert_eq!(error, "a.down.sql:2: this says revision other, and a.up.sql says 4a1f");
    }
}
