//! Commands of the prompt, which start with `\`: one file each, one row each in [`COMMANDS`].
//!
//! Dispatch, `\?`, completion and "did you mean" all come from the list.

mod attach;
mod chart;
pub(crate) mod command;
mod describe;
mod detach;
mod dictionary;
mod edit;
mod expanded;
mod format;
mod functions;
mod gdesc;
mod help;
mod help_function;
mod include;
mod last;
mod output;
mod queries;
mod quit;
mod run;
mod save;
mod timing;

use command::Command;
use kouan_engine::nearest;

use crate::exit::Failure;
use crate::session::shell::{Flow, Shell};

/// All commands, in the order of `\?`.
pub(crate) static COMMANDS: &[Command] = &[
    help::COMMAND,
    help_function::COMMAND,
    describe::COMMAND,
    dictionary::COMMAND,
    functions::COMMAND,
    queries::COMMAND,
    run::COMMAND,
    save::COMMAND,
    edit::COMMAND,
    last::COMMAND,
    chart::COMMAND,
    gdesc::COMMAND,
    attach::COMMAND,
    detach::COMMAND,
    include::COMMAND,
    output::COMMAND,
    format::COMMAND,
    expanded::COMMAND,
    timing::COMMAND,
    quit::COMMAND,
];

/// Runs a command line without its `\`.
pub(crate) fn run(shell: &mut Shell, line: &str) -> Result<Flow, Failure> {
    let (name, arguments) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let Some(command) = COMMANDS.iter().find(|command| command.name == name) else {
        let names = COMMANDS.iter().map(|command| command.name);
        let hint = match nearest(name, names) {
            Some(near) => format!("did you mean `\\{near}`?"),
            None => "`\\?` lists the commands".to_string(),
        };
        return Err(Failure::Usage(
            format!("there is no command `\\{name}`"),
            Some(hint),
        ));
    };
    (command.run)(shell, arguments.trim().trim_end_matches(';').trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_told() {
        for (index, command) in COMMANDS.iter().enumerate() {
            assert!(
                COMMANDS[..index]
                    .iter()
                    .all(|other| other.name != command.name),
                "{}",
                command.name
            );
            assert!(!command.help.is_empty(), "{}", command.name);
        }
    }
}
