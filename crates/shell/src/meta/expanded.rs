//! `\x`: rows as lines of their own.

use super::command::{Command, Takes};
use crate::exit::Failure;
use crate::session::shell::{Flow, Shell};
use crate::show::output::Expanded;

pub(super) const COMMAND: Command = Command {
    name: "x",
    arguments: "[on|off|auto]",
    help: "show each row as lines of its own; `auto` where the terminal is too narrow for the columns",
    takes: Takes::Nothing,
    run,
};

fn run(shell: &mut Shell, argument: &str) -> Result<Flow, Failure> {
    let (expanded, state) = match (argument, shell.output.expanded) {
        ("on", _) | ("", Expanded::Never | Expanded::WhenTooWide) => {
            (Expanded::Always, "one line per value")
        }
        ("off", _) | ("", Expanded::Always) => (Expanded::Never, "one line per row"),
        ("auto", _) => (
            Expanded::WhenTooWide,
            "one line per row, or per value where the columns do not fit",
        ),
        (other, _) => {
            return Err(Failure::usage(format!(
                "`\\x` takes on, off or auto, not `{other}`"
            )));
        }
    };
    shell.output.expanded = expanded;
    shell.reporter.note(state);
    Ok(Flow::Continue)
}
