//! Commands of the prompt, which start with `\`: one file each, one row each in [`COMMANDS`].
//!
//! Dispatch, `\?`, completion and "did you mean" all come from the list.

mod attach;
mod chart;
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

use kouan_engine::nearest;

use crate::exit::Failure;
use crate::shell::{Flow, Shell};

/// A command of the prompt.
pub(crate) struct Command {
    /// What follows the `\`.
    pub(crate) name: &'static str,
    /// Its arguments, as help shows them.
    pub(crate) arguments: &'static str,
    /// What it does, in a line.
    pub(crate) help: &'static str,
    /// What its argument may be, for completion.
    pub(crate) takes: Takes,
    run: fn(&mut Shell, &str) -> Result<Flow, Failure>,
}

/// What a command's argument names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Takes {
    Nothing,
    /// A statement.
    Statement,
    Table,
    Function,
    /// A folder.
    Folder,
    /// A package that was attached.
    Package,
    /// A saved query, then `name=value` words.
    Query,
    File,
    Format,
}

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

/// `docs/commands.md`: every command with its arguments.
pub(crate) fn commands_markdown() -> String {
    let mut page = String::from(
        "# Commands of the prompt\n\n\
         Written from the list in `crates/shell/src/meta/mod.rs`; do not edit by hand. They work in scripts too,\n\
         on lines of their own between statements.\n\n\
         | command | what it does |\n|---|---|\n",
    );
    for command in COMMANDS {
        let usage = format!("\\{} {}", command.name, command.arguments);
        let usage = usage.trim_end().replace('|', "\\|");
        page.push_str(&format!("| `{usage}` | {} |\n", command.help));
    }
    page.push_str(&crate::prompt::settings_markdown());
    page
}

/// Reads `on`, `off` or nothing, which turns the present state around.
fn switched(name: &str, present: bool, argument: &str) -> Result<bool, Failure> {
    match argument {
        "" => Ok(!present),
        "on" => Ok(true),
        "off" => Ok(false),
        other => Err(Failure::usage(format!(
            "`\\{name}` takes on or off, not `{other}`"
        ))),
    }
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
