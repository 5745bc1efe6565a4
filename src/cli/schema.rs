//! `aludel schema`

use clap::ValueEnum;
use serde_json::Value;

use super::{Exit, Global, Outcome, render};
use crate::disk::config::ConfigFile;
use crate::model::docs::json_schema;
use crate::model::format::ModelsFile;

/// Print the JSON Schema of models.toml or aludel.toml, for completion in editors
///
/// It is made of the same declarations that read the files. Editors that know Taplo take it from a first line
/// `#:schema ./models.schema.json`.
///
/// Example: aludel schema models > models.schema.json
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Which file
    file: File,
}

/// A file that has a schema.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum File {
    /// models.toml
    Models,
    /// aludel.toml
    Config,
}

/// Runs the command.
pub fn run(_global: &Global, args: &Args) -> Outcome {
    let schema: Value = match args.file {
        File::Models => json_schema(ModelsFile::record),
        File::Config => json_schema(ConfigFile::record),
    };
    render::report(super::Format::Json, &schema, Vec::new);
    Ok(Exit::Done)
}
