//! The real binary: what a person sees, and with which exit code.

mod bad_data;
mod bad_sql;
mod batch;
mod checks_control;
mod checks_errors;
mod checks_seeing;
mod checks_trust;
mod checks_typing;
mod conversions;
mod docs;
mod files_by_name;
mod killing;
mod order_of_rows;
mod packages;
mod partitioned;
mod prompt;
mod saved_queries;
mod surroundings;
mod terminal;

use std::io;

use kouan_testing::{Outcome, Run, Sandbox};

/// The binary under test.
const KOUAN: &str = env!("CARGO_BIN_EXE_kouan");

/// Runs `kouan` with arguments in a sandbox.
fn kouan(sandbox: &Sandbox, arguments: &[&str]) -> io::Result<Outcome> {
    Run::new(KOUAN, sandbox).args(arguments).outcome()
}

/// The outcome of a run that says nothing but its answer.
fn answered(stdout: &str) -> Outcome {
    Outcome {
        code: Some(0),
        stdout: stdout.to_string(),
        stderr: String::new(),
    }
}

/// The outcome of a run that fails without an answer.
fn failed(code: i32, stderr: &str) -> Outcome {
    Outcome {
        code: Some(code),
        stdout: String::new(),
        stderr: stderr.to_string(),
    }
}
