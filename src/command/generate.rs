//! `generate`: typed repositories from the models.

use std::path::PathBuf;

use serde::Serialize;

use super::declared::{Declared, declared};
use super::desired::alone;
use super::diff::between;
use super::{Error, Session};
use crate::codegen::{self, LeftOut, MARK, Options};
use crate::disk::generated::{self, Difference, Folder};

/// What was generated.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The folder, relative to the project's.
    pub folder: PathBuf,
    /// What was done to its files.
    #[serde(flatten)]
    pub files: generated::Report,
    /// Objects that have no code, or less than others of their kind.
    pub left_out: Vec<LeftOut>,
}

/// Whether the code is what the models say.
#[derive(Clone, Debug, Serialize)]
pub struct Checked {
    /// The folder, relative to the project's.
    pub folder: PathBuf,
    /// Files that are not as they would be generated, each as a unified diff.
    pub stale: Vec<Stale>,
    /// Objects that have no code, or less than others of their kind.
    pub left_out: Vec<LeftOut>,
}

/// A file that is not as it would be generated.
#[derive(Clone, Debug, Serialize)]
pub struct Stale {
    /// Its name.
    pub file: String,
    /// What `generate` would change.
    pub diff: String,
}

/// Writes the code.
pub async fn generate(session: &Session) -> Result<Report, Error> {
    let code = code(session).await?;
    let folder = session.config.codegen.out.clone();
    let path = session.root.join(&folder);
    let files = generated::write(Folder { path: &path, mark: MARK }, &code.files)?;
    Ok(Report { folder, files, left_out: code.left_out })
}

/// Compares the code with what [`generate`] would write, and writes nothing.
pub async fn check(session: &Session) -> Result<Checked, Error> {
    let code = code(session).await?;
    let folder = session.config.codegen.out.clone();
    let path = session.root.join(&folder);
    let differences = generated::compare(Folder { path: &path, mark: MARK }, &code.files)?;
    Ok(Checked { folder, stale: differences.iter().map(stale).collect(), left_out: code.left_out })
}

async fn code(session: &Session) -> Result<codegen::Generated, Error> {
    let declared = declared(session)?;
    let templates = session.root.join(&session.config.codegen.templates).join("rust");
    let options = Options {
        scope: declared.scope(session),
        templates: generated::templates(&templates)?,
        ..Options::of(&declared.models)
    };
    let Declared { statements, models, .. } = declared;
    drop(models);
    let catalog = alone(session, statements).await?;
    Ok(codegen::generate(&catalog, &options)?)
}

fn stale(difference: &Difference) -> Stale {
    let file = difference.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let side = |side: &str| format!("{side}/{file}");
    let diff = between((&side("a"), difference.actual.as_deref()), (&side("b"), difference.expected.as_deref()));
    Stale { file, diff }
}
