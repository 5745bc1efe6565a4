//! Relationships whose other end is gone.

use toml_edit::{DocumentMut, Item};

use super::layout::like;
use crate::model::check::check;
use crate::model::collection::Path;
use crate::model::diagnostic::{Diagnostic, FileId, Source, Span};
use crate::model::format::{ModelsFile, read};
use crate::model::models::Models;

/// Takes out relationships whose other end, or whose foreign key, is gone.
pub(super) fn without_loose_relationships(sources: Vec<Source>) -> Vec<Source> {
    let files = (0..).map(FileId).zip(&sources).map(|(id, source)| read::<ModelsFile>(id, source).value);
    let models = Models::assemble(files.collect::<Vec<_>>());
    let mistakes = check(&models);
    let wrong =
        |span: Span| mistakes.iter().any(|mistake: &Diagnostic| Span::new(mistake.file, mistake.span.clone()) == span);
    let mut loose: Vec<(usize, Path, String)> = Vec::new();
    for entry in &models.models {
        for (name, relationship) in entry.model.relationships.iter() {
            let ends = [&relationship.has_many, &relationship.has_one, &relationship.belongs_to, &relationship.through];
            let mut spans = vec![name.span];
            spans.extend(ends.into_iter().flatten().map(|text| text.span));
            spans.extend(relationship.via.iter().map(|column| column.span));
            if spans.into_iter().any(wrong) {
                loose.push((entry.key.span.file.0 as usize, entry.key.value.clone(), name.as_str().to_owned()));
            }
        }
    }
    let without = |(at, source): (usize, Source)| {
        if !loose.iter().any(|(file, ..)| *file == at) {
            return source;
        }
        let Ok(mut document) = source.text.parse::<DocumentMut>() else { return source };
        for (_, path, name) in loose.iter().filter(|(file, ..)| *file == at) {
            let models = document.get_mut("models").and_then(Item::as_table_like_mut);
            let mut entries = models.into_iter().flat_map(|models| models.iter_mut());
            let model = entries.find(|(key, _)| Path::parse(key).as_ref() == Some(path)).map(|(_, model)| model);
            let Some(model) = model.and_then(Item::as_table_like_mut) else { continue };
            let all = model.get_mut("relationships").and_then(Item::as_table_like_mut);
            let left = all.map(|all| {
                all.remove(name);
                all.is_empty()
            });
            if left == Some(true) {
                model.remove("relationships");
            }
        }
        Source::new(&source.path, like(&source.text, document.to_string()))
    };
    sources.into_iter().enumerate().map(without).collect()
}
