//! `\q`: leaves.

use super::command::{Command, Takes};
use crate::exit::Failure;
use crate::session::shell::{Flow, Shell};

pub(super) const COMMAND: Command = Command {
    name: "q",
    arguments: "",
    help: "leave (also Ctrl-D)",
    takes: Takes::Nothing,
    run,
};

fn run(_: &mut Shell, _: &str) -> Result<Flow, Failure> {
    Ok(Flow::Quit)
}
