//! `kouan`: SQL about border ports, at a prompt or from the command line.
//!
//! The binary is glue: it reads arguments and environment, hands text to the engine,
//! writes answers through a renderer, and decides messages and exit codes.

mod answers;
mod arguments;
#[cfg(test)]
mod broken_off;
mod commands;
mod dictionary;
mod environment;
mod exit;
mod interrupt;
mod listing;
mod meta;
mod open;
mod output;
mod panics;
mod plan;
mod prompt;
mod report;
mod rows;
mod shell;
mod status_line;
mod watch;
mod workers;

use std::process::ExitCode;

use arguments::Arguments;
use environment::Environment;

fn main() -> ExitCode {
    let arguments = match Arguments::parse() {
        Ok(arguments) => arguments,
        Err(exit) => return exit.into(),
    };
    let environment = Environment::read();
    let traced = environment.wants_traces;
    panics::keep_quiet(move |_| traced);
    match panics::caught(|| commands::run(&arguments, &environment)) {
        Ok(exit) => exit.into(),
        Err(failure) => {
            report::Reporter::new(&environment).failure(&failure);
            failure.exit().into()
        }
    }
}
