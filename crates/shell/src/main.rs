//! `kouan`: SQL about border ports, at a prompt or from the command line.
//!
//! The binary is glue: it reads arguments and environment, hands text to the engine,
//! writes answers through a renderer, and decides messages and exit codes.

mod arguments;
mod commands;
mod environment;
mod exit;
mod meta;
mod prompt;
mod session;
mod show;
mod verbs;

use std::process::ExitCode;

use arguments::Arguments;
use environment::Environment;
use show::{panics, report};

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
