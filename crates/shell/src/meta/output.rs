//! `\o`: sends answers to a file.

use std::path::Path;

use super::command::{Command, Takes};
use crate::exit::Failure;
use crate::session::shell::{Flow, Shell};

pub(super) const COMMAND: Command = Command {
    name: "o",
    arguments: "[file]",
    help: "send answers to a file; without one, back to the screen",
    takes: Takes::File,
    run,
};

fn run(shell: &mut Shell, path: &str) -> Result<Flow, Failure> {
    if path.is_empty() {
        shell.output.redirect_to_screen()?;
    } else {
        let path = Path::new(path.trim_matches('\''));
        let format = shell.output.redirect_to_file(path)?;
        shell.reporter.note(format_args!(
            "answers go to {} as {}",
            path.display(),
            format.name
        ));
    }
    Ok(Flow::Continue)
}
