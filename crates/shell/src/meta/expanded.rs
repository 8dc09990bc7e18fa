//! `\x`: rows as lines of their own.

use super::{Command, Takes, switched};
use crate::exit::Failure;
use crate::shell::{Flow, Shell};

pub(super) const COMMAND: Command = Command {
    name: "x",
    arguments: "[on|off]",
    help: "show each row as lines of its own, for wide answers",
    takes: Takes::Nothing,
    run,
};

fn run(shell: &mut Shell, argument: &str) -> Result<Flow, Failure> {
    shell.output.expanded = switched("x", shell.output.expanded, argument)?;
    let state = if shell.output.expanded {
        "one line per value"
    } else {
        "one line per row"
    };
    shell.reporter.note(state);
    Ok(Flow::Continue)
}
