//! The `aludel` binary: parse, run, exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    aludel::cli::main()
}
