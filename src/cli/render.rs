//! What several commands print.

use std::io::Write as _;
use std::process::ExitCode;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use console::Style;
use serde::Serialize;

use super::{Exit, Format};
use crate::command;
use crate::command::describe::Described;
use crate::command::run::{Moved, Report};
use crate::db::hazard::Counted;
use crate::disk::{self, Mistakes};
use crate::plan::Plan;
use crate::revision::Id;

/// Prints why a command failed, and gives the exit code that goes with it; mistakes in files with their text underlined.
pub fn error(error: &command::Error) -> ExitCode {
    match error {
        command::Error::Models(mistakes) | command::Error::Disk(disk::Error::Mistakes(mistakes)) => {
            let renderer = if console::colors_enabled_stderr() { Renderer::styled() } else { Renderer::plain() };
            eprintln!("{}", underlined(mistakes, &renderer));
            ExitCode::from(error.exit().code())
        }
        _ => failure(&error.to_string(), error.exit()),
    }
}

fn underlined(mistakes: &Mistakes, renderer: &Renderer) -> String {
    let groups = mistakes.list.iter().map(|mistake| {
        let title = Level::ERROR.primary_title(mistake.message.as_str());
        let group = match mistakes.sources.get(mistake.file.0 as usize) {
            // Of a large file only the lines that are shown are looked at.
            Some(source) => {
                let lines = source.lines_of(mistake.span.clone());
                let span = mistake.span.start - lines.start..mistake.span.end.min(lines.end) - lines.start;
                let annotation = AnnotationKind::Primary.span(span);
                let label = (!mistake.label.is_empty()).then_some(mistake.label.as_str());
                let snippet = Snippet::source(&source.text[lines]).path(&source.path);
                let snippet = snippet.line_start(source.line_column(mistake.span.start).0);
                title.element(snippet.annotation(annotation.label(label)))
            }
            None => Group::with_title(title),
        };
        group.elements(mistake.help.as_ref().map(|help| Level::HELP.message(help.as_str())))
    });
    renderer.render(&groups.collect::<Vec<_>>())
}

/// Prints an error, and gives the exit code that goes with it.
pub fn failure(words: &str, exit: Exit) -> ExitCode {
    eprintln!("error: {words}");
    ExitCode::from(exit.code())
}

/// Prints a report: as JSON, or as lines.
pub fn report<T: Serialize>(format: Format, report: &T, lines: impl FnOnce() -> Vec<String>) {
    match format {
        Format::Json => say(&serde_json::to_string_pretty(report).unwrap_or_default()),
        Format::Text => lines().iter().for_each(|line| say(line)),
    }
}

/// Prints a line. Whoever reads may have had enough (`| head`): that is no mistake.
pub fn say(line: &str) {
    let _gone = writeln!(std::io::stdout(), "{line}");
}

/// Asks on the terminal; only `y` and `yes` are a yes, and where nobody answers there is no answer.
pub fn ask(question: &str) -> Option<bool> {
    eprint!("{question} [y/N] ");
    let mut answer = String::new();
    let read = std::io::stdin().read_line(&mut answer).ok()?;
    (read > 0).then(|| ["y", "yes"].contains(&answer.trim().to_lowercase().as_str()))
}

/// What somebody had better know.
pub fn warnings(warnings: &[String]) -> impl Iterator<Item = String> {
    warnings.iter().map(|warning| format!("warning: {warning}"))
}

/// Objects that are left alone because nothing is known of their kind.
pub fn unknown(objects: &[String]) -> impl Iterator<Item = String> {
    objects.iter().map(|object| format!("left alone, of a kind that aludel does not know: {object}"))
}

/// A revision as one line.
pub fn described(revision: &Described) -> String {
    let mut line = format!("{} {}", revision.revision, revision.message);
    if !revision.branch_labels.is_empty() {
        line.push_str(&format!(" [{}]", revision.branch_labels.join(", ")));
    }
    let marks = [
        (revision.is_branch_point, " (branch point)"),
        (revision.is_merge_point, " (merge point)"),
        (revision.is_head, " (head)"),
        (revision.is_current == Some(true), " (current)"),
    ];
    marks.iter().filter(|(is, _)| *is).for_each(|(_, word)| line.push_str(word));
    line
}

/// A hazard with the rows that it concerns.
pub fn counted(counted: &Counted) -> String {
    let rows = match counted.rows {
        None => "not counted".to_owned(),
        Some(1) => "1 row".to_owned(),
        Some(rows) => format!("{rows} rows"),
    };
    format!("{}:{}: {} ({rows})", counted.file, counted.line, counted.why)
}

/// What a run did.
pub fn moved(report: &Report) -> Vec<String> {
    let line = |moved: &Moved| {
        format!("{} {} {} ({} ms)", moved.direction.as_str(), moved.revision, moved.message, moved.milliseconds)
    };
    let mut lines: Vec<String> = report.moved.iter().map(line).collect();
    if lines.is_empty() {
        lines.push("Nothing to do.".into());
    }
    lines.extend(edited(&report.edited));
    lines
}

/// Applied revisions whose files are no longer what ran.
pub fn edited(revisions: &[Id]) -> impl Iterator<Item = String> {
    revisions.iter().map(|id| {
        format!("{id} was edited after it was applied: put its up file back, or take it back and apply it again")
    })
}

/// A unified diff, in colours where standard output shows them.
pub fn unified(diff: &str) -> String {
    let line = |line: &str| {
        let style = match line.as_bytes().first() {
            _ if line.starts_with("--- ") || line.starts_with("+++ ") => Style::new().bold(),
            Some(b'-') => Style::new().red(),
            Some(b'+') => Style::new().green(),
            Some(b'@') => Style::new().cyan(),
            _ => Style::new(),
        };
        style.apply_to(line).to_string()
    };
    diff.trim_end().lines().map(line).collect::<Vec<_>>().join("\n")
}

/// A plan as the SQL that a revision would hold.
pub fn sql(plan: &Plan) -> Vec<String> {
    let mut lines = Vec::new();
    for section in &plan.sections {
        if !section.transactional {
            lines.push("-- aludel:section transaction=off".to_owned());
        }
        for statement in &section.statements {
            for hazard in &statement.hazards {
                lines.push(format!("-- hazard: {}: {}", hazard.danger.words(), hazard.why));
            }
            lines.push(format!("{};\n", statement.sql));
        }
    }
    lines
}
