//! Chores of the workspace: `cargo xtask` lists them.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a tool for the terminal"
)]

mod ci;
mod peers;
mod rooms;
mod tidy;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};

/// A chore: its name, what it does, and whether all was well.
struct Command {
    name: &'static str,
    about: &'static str,
    run: fn(&Path) -> Result<bool>,
}

const COMMANDS: &[Command] = &[
    Command {
        name: "ci",
        about: "runs the commands of .ci/run in order and stops at the first that fails",
        run: ci::run,
    },
    Command {
        name: "peers",
        about: "runs DataFusion's own SQL tests through kouan's engine",
        run: peers::run,
    },
    Command {
        name: "tidy",
        about: "checks the rules of the house that no compiler checks",
        run: tidy::run,
    },
    Command {
        name: "rooms",
        about: "counts the entries of each crate's src/ and lists files that import one another in a circle",
        run: rooms::run,
    },
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [name] = arguments.as_slice() else {
        return usage();
    };
    let Some(command) = COMMANDS.iter().find(|command| command.name == name) else {
        return usage();
    };
    match root().and_then(|root| (command.run)(&root)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("cargo xtask {name}: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn usage() -> ExitCode {
    eprintln!("usage: cargo xtask COMMAND\n");
    for command in COMMANDS {
        eprintln!("  {:6} {}", command.name, command.about);
    }
    ExitCode::from(2)
}

fn root() -> Result<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors()
        .nth(2)
        .map(Path::to_path_buf)
        .context("this crate is not two folders below the workspace")
}
