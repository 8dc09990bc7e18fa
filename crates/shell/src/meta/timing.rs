//! `\timing`: says how long each answer took.

use super::command::{Command, Takes, switched};
use crate::exit::Failure;
use crate::session::shell::{Flow, Shell};

pub(super) const COMMAND: Command = Command {
    name: "timing",
    arguments: "[on|off]",
    help: "say how long each answer took",
    takes: Takes::Nothing,
    run,
};

fn run(shell: &mut Shell, argument: &str) -> Result<Flow, Failure> {
    shell.timing = switched("timing", shell.timing, argument)?;
    let state = if shell.timing {
        "times are shown"
    } else {
        "times are not shown"
    };
    shell.reporter.note(state);
    Ok(Flow::Continue)
}
