//! DuckDB in a process of its own that lives as long as the benchmark and times itself.

use std::error::Error;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::Value;

use super::Rows;

const SCRIPT: &str = include_str!("duckdb.py");

/// A Python interpreter with the package `duckdb`.
pub(crate) struct DuckDb {
    pub(crate) version: String,
    child: Child,
    statements: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl DuckDb {
    /// Starts it.
    pub(crate) fn start(python: &str) -> Result<Self, Box<dyn Error>> {
        let mut child = Command::new(python)
            .args(["-c", SCRIPT])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let statements = child.stdin.take().ok_or("no standard input")?;
        let answers = child.stdout.take().ok_or("no standard output")?;
        let mut started = Self {
            version: String::new(),
            child,
            statements,
            answers: BufReader::new(answers),
        };
        started.version = serde_json::from_str(&started.line()?)
            .map_err(|_| format!("{python} has no package duckdb"))?;
        Ok(started)
    }

    fn line(&mut self) -> Result<String, Box<dyn Error>> {
        let mut line = String::new();
        self.answers.read_line(&mut line)?;
        Ok(line)
    }

    /// Seconds of a statement to its last row, and its rows in text.
    pub(crate) fn time(&mut self, sql: &str) -> Result<(f64, Rows), Box<dyn Error>> {
        writeln!(self.statements, "{}", serde_json::to_string(sql)?)?;
        let answer: Value = serde_json::from_str(&self.line()?)?;
        match answer["seconds"].as_f64() {
            Some(seconds) => Ok((seconds, serde_json::from_value(answer["rows"].clone())?)),
            None => Err(format!("DuckDB: {}", answer["error"]).into()),
        }
    }
}

impl Drop for DuckDb {
    fn drop(&mut self) {
        // It has nothing to save; the error would be that it is gone already.
        let _ = self.child.kill().and_then(|()| self.child.wait());
    }
}
