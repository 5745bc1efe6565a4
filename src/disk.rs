//! Files: configuration and models. The only room that opens them.

pub mod config;
pub mod models;
mod pattern;

use std::fmt;
use std::path::Path;

use crate::model::diagnostic::{Diagnostic, FileId, Source, Span};

/// Everything that is wrong with some files.
#[derive(Debug)]
pub struct Mistakes {
    /// The files.
    pub sources: Vec<Source>,
    /// What is wrong, in the order of the files.
    pub list: Vec<Diagnostic>,
}

impl fmt::Display for Mistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<String> = self.list.iter().map(|mistake| mistake.line(&self.sources)).collect();
        f.write_str(&lines.join("\n"))
    }
}

impl std::error::Error for Mistakes {}

/// Adds a file to the sources; `shown` is how messages name it. What cannot be read is reported where it was asked for,
/// bytes that are no UTF-8 where they stand.
fn read(path: &Path, shown: &str, asked: Option<Span>, sources: &mut Vec<Source>) -> Result<FileId, Diagnostic> {
    let file = FileId(u32::try_from(sources.len()).unwrap_or(u32::MAX));
    let text = match std::fs::read(path).map(String::from_utf8) {
        Ok(Ok(text)) => Ok(text),
        Ok(Err(error)) => {
            let start = error.utf8_error().valid_up_to();
            let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
            let span = Span::new(file, start..start + char::REPLACEMENT_CHARACTER.len_utf8());
            Err((text, Diagnostic::new(span, "not valid UTF-8").help("save the file as UTF-8")))
        }
        Err(error) => {
            let span = asked.unwrap_or(Span::new(file, 0..0));
            Err((String::new(), Diagnostic::new(span, format!("cannot read {shown}: {error}"))))
        }
    };
    let (text, mistake) = match text {
        Ok(text) => (text, None),
        Err((text, mistake)) => (text, Some(mistake)),
    };
    sources.push(Source::new(shown, text));
    mistake.map_or(Ok(file), Err)
}
