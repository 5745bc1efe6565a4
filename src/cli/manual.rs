//! docs/commands.md, from the definitions of the commands and the table of exit codes.

use std::fmt::Write;

use clap::{Arg, ArgAction, Command};

use crate::command::Exit;

/// Every command with its flags and an example.
pub fn markdown(mut root: Command) -> String {
    root.build();
    let mut out = String::from(
        "# aludel on the command line\n\nMade from the definitions (`UPDATE_DOCS=1 cargo test --test docs`); not edited by hand.\n",
    );
    // Writing to a string cannot fail.
    let _ = write!(
        out,
        "\nEvery command takes these:\n\n{}",
        flags(root.get_arguments().filter(|arg| arg.is_global_set()))
    );
    for command in root.get_subcommands().filter(|command| command.get_name() != "help") {
        let _ = write!(out, "\n## {}\n\n{}", command.get_name(), about(command));
        let _ = write!(
            out,
            "\n```text\n{}\n```\n",
            command.clone().render_usage().to_string().trim_start_matches("Usage: ")
        );
        let own = flags(command.get_arguments().filter(|arg| !arg.is_global_set()));
        let _ = write!(out, "{}{own}", if own.is_empty() { "" } else { "\n" });
    }
    out.push_str("\n## Exit codes\n\n| code | meaning |\n|---|---|\n");
    for (exit, meaning) in Exit::ALL {
        let _ = writeln!(out, "| {} | {meaning} |", exit.code());
    }
    out
}

/// What a command does, its example as a block of code.
fn about(command: &Command) -> String {
    let about = command.get_long_about().or(command.get_about()).map(ToString::to_string).unwrap_or_default();
    let paragraph = |text: &str| match text.strip_prefix("Example: ") {
        Some(example) => format!("```sh\n{example}\n```\n"),
        None => format!("{text}\n"),
    };
    about.split("\n\n").map(paragraph).collect::<Vec<_>>().join("\n")
}

fn flags<'a>(arguments: impl Iterator<Item = &'a Arg>) -> String {
    let shown = arguments.filter(|arg| !matches!(arg.get_id().as_str(), "help" | "version"));
    shown.map(|arg| format!("- `{}`: {}\n", spelling(arg), words(arg))).collect()
}

/// `-C, --directory <DIR>`, or `<REVISION>`.
fn spelling(arg: &Arg) -> String {
    let names = [arg.get_short().map(|short| format!("-{short}")), arg.get_long().map(|long| format!("--{long}"))];
    let names: Vec<String> = names.into_iter().flatten().collect();
    let values = arg.get_value_names().unwrap_or_default().iter().map(|name| format!("<{name}>"));
    let values: Vec<String> =
        if matches!(arg.get_action(), ArgAction::SetTrue) { Vec::new() } else { values.collect() };
    [names.join(", "), values.join(" ")].iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(" ")
}

/// What an argument says, its words, its default.
fn words(arg: &Arg) -> String {
    let mut text = arg.get_help().map(ToString::to_string).unwrap_or_default();
    let takes_value = !matches!(arg.get_action(), ArgAction::SetTrue);
    let possible: Vec<String> =
        arg.get_possible_values().iter().map(|value| format!("`{}`", value.get_name())).collect();
    if takes_value && !possible.is_empty() {
        text.push_str(&format!(": {}", possible.join(", ")));
    }
    let defaults: Vec<String> =
        arg.get_default_values().iter().map(|value| value.to_string_lossy().into_owned()).collect();
    if takes_value && !defaults.concat().is_empty() {
        text.push_str(&format!(" (`{}`)", defaults.join(" ")));
    }
    text
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, Parser};

    use super::super::Cli;

    #[test]
    fn every_command_has_an_example_that_parses() {
        for command in Cli::command().get_subcommands() {
            let (name, about) = (command.get_name(), command.get_long_about().map(ToString::to_string));
            let about = about.unwrap_or_default();
            let example = about.lines().find_map(|line| line.strip_prefix("Example: ")).unwrap_or_default();
            let command = example.split([';', '>', '&']).next().unwrap_or_default();
            let words = command.split('"').enumerate().flat_map(|(i, part)| match i % 2 {
                0 => part.split_whitespace().collect(),
                _ => vec![part],
            });
            let words: Vec<&str> = words.collect();
            assert_eq!(words.get(..2), Some(&["aludel", name][..]), "{name} has no example");
            if let Err(error) = Cli::try_parse_from(words) {
                panic!("{example}: {error}");
            }
        }
    }
}
