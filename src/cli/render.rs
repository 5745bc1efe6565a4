//! What several commands print.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::process::ExitCode;

use serde::Serialize;

use super::Format;
use crate::plan::Plan;

/// Prints an error, and gives the exit code that goes with it.
pub fn failure(words: &str, code: u8) -> ExitCode {
    eprintln!("error: {words}");
    ExitCode::from(code)
}

/// Prints a report: as JSON, or as lines.
pub fn report<T: Serialize>(format: Format, report: &T, lines: impl FnOnce() -> Vec<String>) {
    match format {
        Format::Json => println!("{}", serde_json::to_string_pretty(report).unwrap_or_default()),
        Format::Text => lines().iter().for_each(|line| println!("{line}")),
    }
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
