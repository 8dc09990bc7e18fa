//! `\i`: runs a file of statements.

use std::path::Path;

use super::command::{Command, Takes};
use crate::exit::Failure;
use crate::session::shell::{Flow, Shell};
use crate::verbs::source::read_file;

/// Files may include files, but not without end.
const DEEPEST: usize = 32;

pub(super) const COMMAND: Command = Command {
    name: "i",
    arguments: "file",
    help: "run a file of statements",
    takes: Takes::File,
    run,
};

fn run(shell: &mut Shell, path: &str) -> Result<Flow, Failure> {
    if path.is_empty() {
        return Err(Failure::usage("`\\i` needs a file"));
    }
    if shell.including >= DEEPEST {
        return Err(Failure::usage(format!(
            "{path} is included more than {DEEPEST} files deep; does a file include itself?"
        )));
    }
    let source = read_file(Path::new(path.trim_matches('\'')))?;
    shell.including += 1;
    let flow = shell.run_source(&source);
    shell.including -= 1;
    flow
}
