//! Where something stands in a file, and what is wrong with it. Plain data: the command line underlines it.

use std::fmt;
use std::ops::{Deref, Range};
use std::sync::OnceLock;

/// Which of the sources that were read together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// One file as text.
#[derive(Debug)]
pub struct Source {
    /// How messages name it.
    pub path: String,
    /// All of it.
    pub text: String,
    starts: OnceLock<Vec<usize>>,
}

impl Source {
    /// A file's path and text.
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        Source { path: path.into(), text: text.into(), starts: OnceLock::new() }
    }

    /// Line and column (in characters) of a byte offset, both from 1.
    pub fn line_column(&self, offset: usize) -> (usize, usize) {
        let newlines = || self.text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        let starts = self.starts.get_or_init(|| std::iter::once(0).chain(newlines()).collect());
        let line = starts.partition_point(|start| *start <= offset);
        let start = starts[line - 1];
        let before = self.text.get(start..offset.min(self.text.len())).unwrap_or_default();
        (line, before.chars().count() + 1)
    }

    /// The whole lines that a range of bytes lies in, without the end of the last.
    pub fn lines_of(&self, range: Range<usize>) -> Range<usize> {
        let start = self.text.get(..range.start).map_or(0, |before| before.rfind('\n').map_or(0, |at| at + 1));
        let rest = self.text.get(range.end..).and_then(|rest| rest.find('\n'));
        start..rest.map_or(self.text.len(), |at| range.end + at)
    }
}

/// A range of bytes in one of the sources.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// First byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}

impl Span {
    /// A range of a file.
    pub fn new(file: FileId, range: Range<usize>) -> Self {
        Span { file, start: range.start, end: range.end }
    }

    /// The bytes.
    pub fn range(self) -> Range<usize> {
        self.start..self.end
    }
}

/// A value and where it was written. Two are equal when the values are.
#[derive(Clone, Debug)]
pub struct Spanned<T> {
    /// What was written.
    pub value: T,
    /// Where.
    pub span: Span,
}

impl<T: PartialEq> PartialEq for Spanned<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<T: Eq> Eq for Spanned<T> {}

impl<T> Deref for Spanned<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: fmt::Display> fmt::Display for Spanned<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

/// One mistake in one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// What is wrong, naming the object.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// The file.
    pub file: FileId,
    /// The bytes to underline.
    pub span: Range<usize>,
    /// The words at the underlined text; may be empty.
    pub label: String,
}

impl Diagnostic {
    /// A mistake without a label and without help.
    pub fn new(span: Span, message: impl Into<String>) -> Self {
        Diagnostic { message: message.into(), help: None, file: span.file, span: span.range(), label: String::new() }
    }

    /// With words at the underlined text.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// With what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// `models.toml:3:14: message (help)` on one line.
    pub fn line(&self, sources: &[Source]) -> String {
        let help = self.help.as_ref().map(|help| format!(" ({help})")).unwrap_or_default();
        match sources.get(self.file.0 as usize) {
            Some(source) => {
                let (line, column) = source.line_column(self.span.start);
                format!("{}:{line}:{column}: {}{help}", source.path, self.message)
            }
            None => format!("{}{help}", self.message),
        }
    }
}

/// The known word nearest to a wrong one, if it is near enough to be a slip.
pub fn nearest<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (wrong.chars().count() / 3).max(1) + 1;
    let far = |word: &str| word.len().abs_diff(wrong.len()) > 2 * limit;
    let close = known.into_iter().filter(|word| !far(word));
    let scored = close.map(|word| (strsim::damerau_levenshtein(&wrong.to_lowercase(), &word.to_lowercase()), word));
    scored.filter(|(distance, _)| *distance <= limit).min().map(|(_, word)| word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_count_characters() {
        let source = Source::new("m", "a\nbä€c\n");
        assert_eq!(source.line_column(0), (1, 1));
        assert_eq!(source.line_column(2), (2, 1));
        assert_eq!(source.line_column(8), (2, 4));
        assert_eq!(source.line_column(99), (3, 1));
    }

    #[test]
    fn the_nearest_word_is_near() {
        assert_eq!(nearest("nulable", ["nullable", "name"]), Some("nullable"));
        assert_eq!(nearest("zebra", ["nullable", "name"]), None);
    }
}
