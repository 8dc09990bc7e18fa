//! The exit codes, and the failures that lead to them.

use std::process::ExitCode;
use std::time::{Duration, Instant};
use std::{fmt, io};

use kouan_engine::{Cause, EngineError, Source, StatementError};
use kouan_render::RenderError;

/// How a run ended. The numbers are a promise to scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// All done. A reader that closed the pipe early is no failure.
    Done = 0,
    /// A statement failed.
    Failed = 1,
    /// Wrong usage, or input that cannot be read or does not fit its schema.
    Usage = 2,
    /// A saved query does not pass its check.
    CheckFailed = 3,
    /// A statement took longer than `--timeout`.
    TimedOut = 4,
    /// Ctrl-C.
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why a run stopped.
#[derive(Debug)]
pub(crate) enum Failure {
    /// A statement of a source failed.
    Statement(Source, Box<StatementError>),
    /// The engine could not do what was asked.
    Engine(EngineError),
    /// A file named by the person cannot be read or written: what, and why.
    File(String, io::Error),
    /// The answer could not be written.
    Output(RenderError),
    /// What the person asked for makes no sense: message and hint.
    Usage(String, Option<String>),
    /// The reader of our output went away, which is its right.
    ClosedPipe,
    /// A statement took longer than this limit.
    TimedOut(Duration, Stopped),
    /// Ctrl-C.
    Interrupted(Stopped),
}

impl Failure {
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::Usage(message.into(), None)
    }

    /// The program panicked, or lost a part of its work.
    pub(crate) fn fault(what: &str) -> Self {
        Self::Engine(EngineError::Statement(Box::new(StatementError::fault(
            what,
        ))))
    }

    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Statement(_, error) => of_cause(error.cause),
            Self::Engine(EngineError::Statement(error)) => of_cause(error.cause),
            Self::Engine(_) | Self::File(..) | Self::Usage(..) => Exit::Usage,
            Self::Output(_) => Exit::Failed,
            Self::ClosedPipe => Exit::Done,
            Self::TimedOut(..) => Exit::TimedOut,
            Self::Interrupted(_) => Exit::Interrupted,
        }
    }

    /// Ends a session whatever it was doing: nothing more can be shown or is wanted.
    pub(crate) fn ends_session(&self) -> bool {
        matches!(self, Self::ClosedPipe)
    }

    /// Ends a run of several statements even if others may follow one that failed.
    pub(crate) fn ends_run(&self) -> bool {
        matches!(
            self,
            Self::ClosedPipe | Self::Output(RenderError::Write(_)) | Self::Interrupted(_)
        )
    }

    /// The same for an answer of which so many rows had come.
    pub(crate) fn after_rows(mut self, rows: u64) -> Self {
        let message = match &mut self {
            Self::Statement(_, error) | Self::Engine(EngineError::Statement(error)) => {
                &mut error.message
            }
            _ => return self,
        };
        *message = format!(
            "the answer broke off after {}: {message}",
            counted(rows, "row")
        );
        self
    }

    /// Work may still go on that nobody waits for.
    pub(crate) fn leaves_work(&self) -> bool {
        match self {
            Self::Interrupted(_) | Self::TimedOut(..) => true,
            Self::Statement(_, error) | Self::Engine(EngineError::Statement(error)) => {
                error.cause == Cause::Fault
            }
            _ => false,
        }
    }
}

fn of_cause(cause: Cause) -> Exit {
    match cause {
        Cause::Statement | Cause::Fault => Exit::Failed,
        Cause::Input => Exit::Usage,
    }
}

impl From<EngineError> for Failure {
    fn from(error: EngineError) -> Self {
        Self::Engine(error)
    }
}

impl From<RenderError> for Failure {
    fn from(error: RenderError) -> Self {
        match error {
            RenderError::Write(error) => error.into(),
            other => Self::Output(other),
        }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            Self::ClosedPipe
        } else {
            Self::Output(RenderError::Write(error))
        }
    }
}

/// How far a statement had come when it was stopped.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stopped {
    pub(crate) after: Duration,
    pub(crate) rows_read: u64,
}

impl Stopped {
    /// Work that began then and has read so many rows.
    pub(crate) fn new(started: Instant, rows_read: u64) -> Self {
        Self {
            after: started.elapsed(),
            rows_read,
        }
    }
}

impl fmt::Display for Stopped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "after {:.1} s", self.after.as_secs_f64())?;
        if self.rows_read > 0 {
            write!(f, ", {} rows read", short(self.rows_read as f64))?;
        }
        Ok(())
    }
}

/// A count and its noun: `1 problem`, `2 problems`.
pub(crate) fn counted(count: u64, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

/// A number with three digits or so: 950, 12.4 k, 3.1 M.
pub(crate) fn short(number: f64) -> String {
    let units = [(1e9, " G"), (1e6, " M"), (1e3, " k")];
    match units.into_iter().find(|(unit, _)| number >= *unit) {
        Some((unit, letter)) => format!("{:.1}{letter}", number / unit),
        None => format!("{number:.0} "),
    }
    .trim_end()
    .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        let said = [950.0, 12_449.0, 3_140_000.0, 2e9].map(short);
        assert_eq!(said, ["950", "12.4 k", "3.1 M", "2.0 G"]);
    }

    #[test]
    fn what_was_stopped_says_how_far_it_was() {
        let after = Duration::from_millis(3_240);
        let said = |rows_read| Stopped { after, rows_read }.to_string();
        assert_eq!(said(0), "after 3.2 s");
        assert_eq!(said(12_400_000), "after 3.2 s, 12.4 M rows read");
    }
}
