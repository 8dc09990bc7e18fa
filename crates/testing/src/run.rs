//! Runs the real binary the way a person would, and keeps all that it said.

use std::ffi::OsStr;
use std::io::{self, Write};
use std::process::{Command, Stdio};

use crate::Sandbox;

/// A run to be: the program, its arguments, what is piped in.
#[derive(Debug)]
pub struct Run {
    command: Command,
    input: Option<Vec<u8>>,
}

/// What a run left behind.
#[derive(Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The exit code; `None` when a signal ended it.
    pub code: Option<i32>,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Run {
    /// A run of a program in a sandbox, which knows nothing of the machine's own settings.
    pub fn new(program: impl AsRef<OsStr>, sandbox: &Sandbox) -> Self {
        let mut command = Command::new(program);
        command
            .current_dir(sandbox.work())
            .env_clear()
            .env("HOME", sandbox.home())
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("TERM", "xterm-256color");
        Self {
            command,
            input: None,
        }
    }

    /// Adds arguments.
    #[must_use]
    pub fn args<I: IntoIterator<Item = S>, S: AsRef<OsStr>>(mut self, arguments: I) -> Self {
        self.command.args(arguments);
        self
    }

    /// Sets a variable of the environment.
    #[must_use]
    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Takes a variable out of the environment.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.command.env_remove(name);
        self
    }

    /// Pipes text in.
    #[must_use]
    pub fn input(mut self, text: impl Into<Vec<u8>>) -> Self {
        self.input = Some(text.into());
        self
    }

    /// Sends standard output elsewhere.
    #[must_use]
    pub fn stdout(mut self, target: impl Into<Stdio>) -> Self {
        self.command.stdout(target);
        self
    }

    /// Runs to the end; standard output is captured.
    ///
    /// # Errors
    /// The program cannot be started.
    pub fn outcome(mut self) -> io::Result<Outcome> {
        self.command.stdout(Stdio::piped());
        self.finish()
    }

    /// Runs to the end; standard output goes where [`Run::stdout`] sent it.
    ///
    /// # Errors
    /// The program cannot be started.
    pub fn finish(mut self) -> io::Result<Outcome> {
        self.command.stderr(Stdio::piped()).stdin(match self.input {
            Some(_) => Stdio::piped(),
            None => Stdio::null(),
        });
        let mut child = self.command.spawn()?;
        if let (Some(input), Some(mut stdin)) = (self.input.take(), child.stdin.take()) {
            // A program that does not read its input is the test's business.
            let _ = stdin.write_all(&input);
        }
        let output = child.wait_with_output()?;
        Ok(Outcome {
            code: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        })
    }
}
