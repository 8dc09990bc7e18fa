//! How a check is run.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::IngestError;

/// How a check is run; [`Options::default`] suits most callers.
#[derive(Clone, Copy)]
pub struct Options<'a> {
    /// How many problems a report keeps; all are counted. Default: 50.
    pub problem_limit: usize,
    /// Called about once per megabyte read. Default: none.
    pub progress: Option<&'a (dyn Fn(Progress) + Sync)>,
    /// Set to stop at the next block with [`IngestError::Cancelled`]. Default: none.
    pub cancel: Option<&'a AtomicBool>,
}

/// How far a check has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Bytes of the table's CSV read.
    pub bytes: u64,
    /// Rows checked.
    pub rows: u64,
}

impl Default for Options<'_> {
    fn default() -> Self {
        Self {
            problem_limit: 50,
            progress: None,
            cancel: None,
        }
    }
}

impl Options<'_> {
    /// Fails if the caller wants no more.
    pub(crate) fn go_on(&self) -> Result<(), IngestError> {
        match self.cancel {
            Some(cancel) if cancel.load(Ordering::Relaxed) => Err(IngestError::Cancelled),
            _ => Ok(()),
        }
    }

    pub(crate) fn report_progress(&self, bytes: u64, rows: u64) {
        if let Some(progress) = self.progress {
            progress(Progress { bytes, rows });
        }
    }
}

impl fmt::Debug for Options<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Options")
            .field("problem_limit", &self.problem_limit)
            .field("progress", &self.progress.is_some())
            .field("cancel", &self.cancel)
            .finish()
    }
}
