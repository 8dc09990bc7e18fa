//! How a check is run.

use std::fmt;
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use kouan_schema::FileLayout;

use crate::error::IngestError;

/// How a check is run; [`Options::default`] suits most callers.
#[derive(Clone, Copy)]
pub struct Options<'a> {
    /// How many problems a report keeps; all are counted. Default: 50.
    pub problem_limit: usize,
    /// Called after each piece of [`Options::row_group_bytes`] bytes, by one thread at a time. Default: none.
    pub progress: Option<&'a (dyn Fn(Progress) + Sync)>,
    /// Set to stop soon with [`IngestError::Cancelled`]. Default: none.
    pub cancel: Option<&'a AtomicBool>,
    /// Threads that check and encode. Default: as many as the machine runs at once.
    pub threads: Option<NonZeroUsize>,
    /// Bytes of CSV text that become one row group; each thread holds one in memory. Default: 32 MiB.
    pub row_group_bytes: usize,
    /// Where keys and rows go that are too many for memory. Default: the system's folder for temporary files.
    pub temporary_folder: Option<&'a Path>,
    /// How the rows lie in the file. Default: as the table's schema says.
    pub layout: Option<FileLayout>,
    /// Fields by whose values a table is cut into a folder of files. Default: none, so that it is one file.
    pub partition_by: &'a [String],
    /// What rows without any value are. Default: problems.
    pub blank_rows: BlankRows,
    /// A schema that was guessed from the beginning of the data. Default: none.
    pub guess: Option<&'a dyn Guess>,
}

/// A schema that was guessed: the first cell or row that is not as it says ends the check with
/// [`IngestError::WrongGuess`], since another guess is better than a list of problems.
pub trait Guess: fmt::Debug + Sync {
    /// Whether a cell with a value is what was guessed for the field at this place.
    ///
    /// It can be stricter than the field's type: `007` is an integer, and hardly one among port codes.
    fn holds(&self, field: usize, text: &str) -> bool;
}

/// What rows without any value are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BlankRows {
    /// Problems, as for the reference implementation: they state nothing.
    #[default]
    Problems,
    /// Rows like others, if they have the cells; blank lines are left out.
    Rows,
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
            threads: None,
            row_group_bytes: 32 << 20,
            temporary_folder: None,
            layout: None,
            partition_by: &[],
            blank_rows: BlankRows::default(),
            guess: None,
        }
    }
}

impl Options<'_> {
    pub(crate) fn threads(&self) -> usize {
        let all = || std::thread::available_parallelism().ok();
        self.threads.or_else(all).map_or(1, NonZeroUsize::get)
    }

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
            .field("threads", &self.threads)
            .field("row_group_bytes", &self.row_group_bytes)
            .field("temporary_folder", &self.temporary_folder)
            .field("layout", &self.layout)
            .field("partition_by", &self.partition_by)
            .field("blank_rows", &self.blank_rows)
            .field("guess", &self.guess)
            .finish()
    }
}
