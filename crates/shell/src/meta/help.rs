//! `\?`: lists the commands.

use super::COMMANDS;
use super::command::{Command, Takes};
use crate::exit::Failure;
use crate::session::shell::{Flow, Shell};

pub(super) const COMMAND: Command = Command {
    name: "?",
    arguments: "",
    help: "list these commands",
    takes: Takes::Nothing,
    run,
};

fn run(shell: &mut Shell, _: &str) -> Result<Flow, Failure> {
    shell.show_text(&text())?;
    Ok(Flow::Continue)
}

/// The commands with their arguments, aligned.
fn text() -> String {
    let usage = |command: &Command| format!("\\{} {}", command.name, command.arguments);
    let width = COMMANDS
        .iter()
        .map(|command| usage(command).chars().count())
        .max()
        .unwrap_or(0);
    let mut lines: Vec<String> = COMMANDS
        .iter()
        .map(|command| format!("  {:width$}  {}", usage(command), command.help))
        .collect();
    lines.push("Statements end with `;` and may take several lines. Tab completes, Ctrl-C stops what runs.".to_string());
    lines.join("\n")
}
