//! The prompt in a pseudo-terminal of a known width.

use std::process::Command;

use kouan_testing::Sandbox;
use rexpect::error::Error;
use rexpect::session::{PtySession, spawn_command};

use crate::KOUAN;

/// Long enough for a slow machine; a missing answer is a failure, not a delay.
const PATIENCE_MILLISECONDS: u64 = 30_000;
const PROMPT: &str = "kouan> ";

/// A person at the prompt.
pub(crate) struct Terminal {
    pub(crate) session: PtySession,
    /// What was said before the first prompt.
    pub(crate) before_prompt: String,
}

impl Terminal {
    /// Opens the prompt without colours on a terminal of this many columns, with more variables.
    pub(crate) fn open(
        sandbox: &Sandbox,
        columns: usize,
        variables: &[(&str, &str)],
    ) -> Result<Self, Error> {
        let mut command = Command::new("sh");
        command
            .args([
                "-c",
                &format!("stty cols {columns} rows 50; exec '{KOUAN}'"),
            ])
            .current_dir(sandbox.work())
            .env_clear()
            .env("HOME", sandbox.home())
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("TERM", "xterm-256color")
            .env("NO_COLOR", "1")
            .envs(variables.iter().copied());
        let mut session = spawn_command(command, Some(PATIENCE_MILLISECONDS))?;
        let before_prompt = session.exp_string(PROMPT)?;
        Ok(Self {
            session,
            before_prompt,
        })
    }

    /// Enters a line and returns what comes up to a text that ends the answer.
    pub(crate) fn ask(&mut self, line: &str, until: &str) -> Result<String, Error> {
        self.session.send_line(line)?;
        self.seen(until)
    }

    /// Types keys as they are and returns what comes up to a text that ends the answer.
    pub(crate) fn keys(&mut self, keys: &str, until: &str) -> Result<String, Error> {
        self.session.send(keys)?;
        self.session.flush()?;
        self.seen(until)
    }

    /// What comes up to a text, which is awaited, and the prompt after it.
    fn seen(&mut self, until: &str) -> Result<String, Error> {
        let seen = self.wait_for(until)?;
        self.session.exp_string(PROMPT)?;
        Ok(seen)
    }

    /// What comes up to a text, which is awaited.
    pub(crate) fn wait_for(&mut self, until: &str) -> Result<String, Error> {
        // The session takes every byte for a character.
        let until: String = until.bytes().map(char::from).collect();
        let seen = self.session.exp_string(&until)?;
        let byte = |character: char| u8::try_from(u32::from(character)).unwrap_or(b'?');
        let bytes: Vec<u8> = seen.chars().map(byte).collect();
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Leaves, and returns what is still said.
    pub(crate) fn leave(mut self) -> Result<String, Error> {
        self.session.send_line("\\q")?;
        self.session.exp_eof()
    }
}
