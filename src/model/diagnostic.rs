//! Mistakes in a file and where they are: plain data, which the command line underlines.

use std::fmt;

/// Which of the files that were read; an index into [`Source`]s.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// A file that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// How messages name it, relative to the folder of aludel.toml.
    pub path: String,
    /// Its whole text.
    pub text: String,
}

/// A place in a file, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// The first byte.
    pub start: usize,
    /// The byte behind the last.
    pub end: usize,
}

/// A value and where it was written. Equal to another if the values are.
#[derive(Clone, Debug, Default)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it was written.
    pub span: Span,
}

impl<T: PartialEq> PartialEq for Spanned<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<T> std::ops::Deref for Spanned<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

/// One mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// What is wrong, naming the object.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// What stands under the underlined text.
    pub label: String,
    /// The text to underline.
    pub span: Span,
}

impl Diagnostic {
    /// A mistake at a place.
    pub fn new(span: Span, message: impl Into<String>) -> Self {
        Diagnostic { message: message.into(), help: None, label: String::new(), span }
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Says what the underlined text is.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// `models.toml:3:12: message; help` on one line, for logs and tests.
    pub fn one_line(&self, sources: &[Source]) -> String {
        let place = Place::of(self.span, sources);
        match &self.help {
            Some(help) => format!("{place}: {}; {help}", self.message),
            None => format!("{place}: {}", self.message),
        }
    }
}

/// A place as people count: from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file's path.
    pub path: String,
    /// The line.
    pub line: usize,
    /// The column, in characters.
    pub column: usize,
}

impl Place {
    /// Where a span begins. A span beyond the text is at its end.
    pub fn of(span: Span, sources: &[Source]) -> Place {
        let Some(source) = sources.get(span.file.0 as usize) else {
            return Place { path: "?".into(), line: 1, column: 1 };
        };
        let before = source.text.get(..span.start).unwrap_or(&source.text);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        Place {
            path: source.path.clone(),
            line: before.bytes().filter(|byte| *byte == b'\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.path, self.line, self.column)
    }
}

/// The candidate that a person most likely meant, if one is near enough.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let allowed = (word.chars().count() / 3).max(1);
    candidates
        .into_iter()
        // Far too long or short to be near: spares the quadratic comparison on hostile input.
        .filter(|candidate| candidate.len().abs_diff(word.len()) <= allowed * 4)
        .map(|candidate| (strsim::osa_distance(&word.to_lowercase(), &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_lines_and_characters_from_one() {
        let sources = [Source { path: "m.toml".into(), text: "a = 1\nñ = b\n".into() }];
        let at = |start| Place::of(Span { start, end: start, ..Span::default() }, &sources).to_string();
        assert_eq!(at(0), "m.toml:1:1");
        assert_eq!(at(6), "m.toml:2:1");
        assert_eq!(at(8), "m.toml:2:2");
        assert_eq!(at(99), "m.toml:3:1");
    }

    #[test]
    fn nearest_is_near() {
        assert_eq!(nearest("nullabel", ["unique", "nullable"]), Some("nullable"));
        assert_eq!(nearest("xyz", ["unique", "nullable"]), None);
    }
}
