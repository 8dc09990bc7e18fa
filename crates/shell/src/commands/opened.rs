//! The session that a command works in, from its opening to its last byte.

use crate::arguments::Options;
use crate::environment::Environment;
use crate::exit::{Exit, Failure};
use crate::meta;
use crate::session::open;
use crate::session::shell::Shell;
use crate::show::output::Output;

/// Opens a session that answers where the options say.
pub(super) fn shell(options: &Options, environment: &Environment) -> Result<Shell, Failure> {
    let engine = open::engine(options, environment)?;
    let output = Output::new(options.output.as_deref(), options.format, environment)?;
    let mut shell = Shell::new(engine, environment, output, meta::run)?;
    shell.keep_going = options.keep_going;
    shell.time_limit = options.timeout;
    Ok(shell)
}

/// Ends a session: the last bytes are written, or the reason why not is known.
pub(super) fn finish(shell: Shell) -> Result<Exit, Failure> {
    shell.output.close(shell.first_failure.is_some())?;
    Ok(shell.first_failure.unwrap_or(Exit::Done))
}
