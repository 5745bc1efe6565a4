//! Alone prints and asks. One file a command below `cli/`; this one has the list of them.
#![allow(clippy::disallowed_macros)]

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand, ValueEnum};

use crate::command::{self, Exit, Session};
use crate::disk::config::Config;
use crate::revision::Graph;

mod branches;
mod check;
mod completions;
mod current;
mod demo;
mod diff;
mod downgrade;
mod generate;
mod heads;
mod history;
mod init;
mod interrupt;
mod manual;
mod merge;
mod progress;
mod pull;
mod render;
mod revision;
mod run_args;
mod schema;
mod serve;
mod show;
mod stamp;
mod upgrade;

/// Declarative PostgreSQL schemas: models, proven migrations, typed repositories.
#[derive(Debug, Parser)]
#[command(name = "aludel", version, about, max_term_width = 100)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// Flags that every command takes.
#[derive(Debug, clap::Args)]
pub struct Global {
    /// The project's folder: the one with aludel.toml and models.toml
    #[arg(long, short = 'C', global = true, value_name = "DIR", default_value = ".")]
    pub directory: PathBuf,
    /// Connection string of the database; wins over DATABASE_URL and aludel.toml
    #[arg(long, global = true, value_name = "URL")]
    pub database_url: Option<String>,
    /// How to report
    #[arg(long, global = true, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// How a report is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}

#[derive(Debug, Subcommand)]
enum Command {
    Init(init::Args),
    Pull(pull::Args),
    Revision(revision::Args),
    Upgrade(upgrade::Args),
    Downgrade(downgrade::Args),
    Current(current::Args),
    History(history::Args),
    Heads(heads::Args),
    Branches(branches::Args),
    Merge(merge::Args),
    Show(show::Args),
    Stamp(stamp::Args),
    Check(check::Args),
    Diff(diff::Args),
    Generate(generate::Args),
    Schema(schema::Args),
    Demo(demo::Args),
    Serve(serve::Args),
    Completions(completions::Args),
}

/// How a command ends.
pub type Outcome = Result<Exit, command::Error>;

impl Global {
    /// Reads the configuration and connects.
    pub async fn session(&self) -> Result<Session, command::Error> {
        let session = Session::open(self.directory.clone(), self.database_url.clone()).await?;
        if let Some(words) = command::untested(session.live.major()) {
            eprintln!("warning: {words}");
        }
        Ok(session)
    }

    /// The revisions of the project, where no database is needed.
    pub fn graph(&self) -> Result<Graph, command::Error> {
        command::graph(&self.directory, &Config::load(&self.directory)?)
    }
}

/// docs/commands.md: every command with its flags, and the exit codes.
pub fn manual() -> String {
    manual::markdown(Cli::command())
}

/// Parses the arguments, runs the command, and turns its end into an exit code.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return render::failure(&error.to_string(), Exit::Refused),
    };
    match runtime.block_on(run(&cli)) {
        Ok(exit) => ExitCode::from(exit.code()),
        Err(error) => render::error(&error),
    }
}

async fn run(cli: &Cli) -> Outcome {
    let global = &cli.global;
    match &cli.command {
        Command::Init(args) => init::run(global, args),
        Command::Pull(args) => pull::run(global, args).await,
        Command::Revision(args) => revision::run(global, args).await,
        Command::Upgrade(args) => upgrade::run(global, args).await,
        Command::Downgrade(args) => downgrade::run(global, args).await,
        Command::Current(args) => current::run(global, args).await,
        Command::History(args) => history::run(global, args),
        Command::Heads(args) => heads::run(global, args),
        Command::Branches(args) => branches::run(global, args),
        Command::Merge(args) => merge::run(global, args),
        Command::Show(args) => show::run(global, args),
        Command::Stamp(args) => stamp::run(global, args).await,
        Command::Check(args) => check::run(global, args).await,
        Command::Diff(args) => diff::run(global, args).await,
        Command::Generate(args) => generate::run(global, args).await,
        Command::Schema(args) => schema::run(global, args),
        Command::Demo(args) => demo::run(global, args).await,
        Command::Serve(args) => serve::run(global, args).await,
        Command::Completions(args) => completions::run::<Cli>(args),
    }
}
