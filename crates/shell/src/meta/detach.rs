//! `\detach`: closes a package that was attached.

use super::command::{Command, Takes};
use crate::exit::Failure;
use crate::session::shell::{Flow, Shell};

pub(super) const COMMAND: Command = Command {
    name: "detach",
    arguments: "name",
    help: "close a package that was attached, with the tables made in it",
    takes: Takes::Package,
    run,
};

fn run(shell: &mut Shell, name: &str) -> Result<Flow, Failure> {
    if name.is_empty() {
        return Err(Failure::usage("`\\detach` takes the name of a package"));
    }
    shell.engine.detach(name)?;
    shell.reporter.note(format_args!("detached {name}"));
    Ok(Flow::Continue)
}
