//! `\help`: the commands, or one function's documentation.

use super::command::{Command, Takes};
use crate::exit::Failure;
use crate::session::shell::{Flow, Shell};

pub(super) const COMMAND: Command = Command {
    name: "help",
    arguments: "[function]",
    help: "list these commands, or explain a function as `\\df` does",
    takes: Takes::Function,
    run,
};

fn run(shell: &mut Shell, name: &str) -> Result<Flow, Failure> {
    let command = if name.is_empty() {
        &super::help::COMMAND
    } else {
        &super::functions::COMMAND
    };
    (command.run)(shell, name)
}
