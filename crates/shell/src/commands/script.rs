//! Runs scripts: `-c`, `-f` and standard input.

use std::path::Path;

use kouan_engine::Source;

use super::opened::{finish, shell};
use crate::arguments::{Options, Script};
use crate::environment::Environment;
use crate::exit::{Exit, Failure};
use crate::session::shell::Flow;
use crate::verbs::source::{read_file, read_standard_input};

/// Runs the scripts in order. All files are read first: none runs when one is unreadable.
pub(crate) fn run(
    scripts: &[Script],
    options: &Options,
    environment: &Environment,
) -> Result<Exit, Failure> {
    let sources = scripts.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    run_sources(&sources, options, environment)
}

/// Runs the text that is piped in.
pub(crate) fn run_standard_input(
    options: &Options,
    environment: &Environment,
) -> Result<Exit, Failure> {
    run_sources(&[read_standard_input()?], options, environment)
}

fn run_sources(
    sources: &[Source],
    options: &Options,
    environment: &Environment,
) -> Result<Exit, Failure> {
    let mut shell = shell(options, environment)?;
    for source in sources {
        if shell.run_source(source)? == Flow::Quit {
            break;
        }
    }
    finish(shell)
}

fn read(script: &Script) -> Result<Source, Failure> {
    match script {
        Script::Text(text) => Ok(Source::typed(text.as_str())),
        Script::File(path) if path == Path::new("-") => read_standard_input(),
        Script::File(path) => read_file(path),
    }
}
