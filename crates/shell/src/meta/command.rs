//! What a command of the prompt is.

use crate::exit::Failure;
use crate::session::shell::{Flow, Shell};

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
    pub(super) run: fn(&mut Shell, &str) -> Result<Flow, Failure>,
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

/// Reads `on`, `off` or nothing, which turns the present state around.
pub(super) fn switched(name: &str, present: bool, argument: &str) -> Result<bool, Failure> {
    match argument {
        "" => Ok(!present),
        "on" => Ok(true),
        "off" => Ok(false),
        other => Err(Failure::usage(format!(
            "`\\{name}` takes on or off, not `{other}`"
        ))),
    }
}
