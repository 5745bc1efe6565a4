//! Alone prints and asks. One file a command below `cli/`; this one has the list of them.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};

use crate::command::{self, Session};

mod check;
mod completions;
mod diff;
mod init;
mod pull;
mod render;

/// What the process ends with: `(code, when)`, the table of docs/commands.md.
pub const EXIT_CODES: [(u8, &str); 6] = [
    (0, "done, or nothing to say"),
    (1, "a difference or finding that was asked for (check, diff --exit-code, generate --check)"),
    (2, "usage, configuration or models"),
    (3, "the database refused"),
    (4, "a lock was not had in time"),
    (5, "a decision is needed (a likely rename)"),
];

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
    Check(check::Args),
    Diff(diff::Args),
    Completions(completions::Args),
}

/// How a command ends.
pub type Outcome = Result<u8, command::Error>;

impl Global {
    /// Reads the configuration and connects.
    pub async fn session(&self) -> Result<Session, command::Error> {
        Session::open(self.directory.clone(), self.database_url.clone()).await
    }
}

/// Parses the arguments, runs the command, and turns its end into an exit code.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return render::failure(&error.to_string(), 3),
    };
    match runtime.block_on(run(&cli)) {
        Ok(code) => ExitCode::from(code),
        Err(error) => render::failure(&error.to_string(), error.exit_code()),
    }
}

async fn run(cli: &Cli) -> Outcome {
    let global = &cli.global;
    match &cli.command {
        Command::Init(args) => init::run(global, args),
        Command::Pull(args) => pull::run(global, args).await,
        Command::Check(args) => check::run(global, args).await,
        Command::Diff(args) => diff::run(global, args).await,
        Command::Completions(args) => completions::run::<Cli>(args),
    }
}
