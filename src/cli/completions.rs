//! `aludel completions`

use clap_complete::Shell;

use super::{Exit, Outcome};

/// Print completions for a shell
///
/// Example: aludel completions bash > /etc/bash_completion.d/aludel
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Which shell
    shell: Shell,
}

/// Runs the command.
pub fn run<C: clap::CommandFactory>(args: &Args) -> Outcome {
    clap_complete::generate(args.shell, &mut C::command(), "aludel", &mut std::io::stdout());
    Ok(Exit::Done)
}
