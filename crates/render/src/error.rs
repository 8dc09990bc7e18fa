//! What can go wrong while a result is written.

use std::io;

use arrow::error::ArrowError;

/// The result of a rendering step.
pub type Result<T, E = RenderError> = std::result::Result<T, E>;

/// A result that could not be written, or not shown as text.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// The file, terminal or pipe did not take the bytes.
    #[error("cannot write the result: {0}")]
    Write(#[from] io::Error),

    /// The file's own form does not take a value or a type.
    #[error("cannot write the result: {0}")]
    File(String),

    /// A value has no text form, such as a timestamp beyond the calendar.
    #[error(
        "column \"{column}\", row {row} of the result: {source}; leave the row out or cast the value"
    )]
    Value {
        /// The column's name.
        column: String,
        /// The row's number in the result, from 1.
        row: u64,
        /// What arrow says of it.
        source: ArrowError,
    },

    /// A column's type cannot be written in this format.
    #[error(
        "column \"{column}\" of type {type_name} cannot be written: {source}; cast it, or leave it out"
    )]
    Column {
        /// The column's name.
        column: String,
        /// The column's type, as SQL names it.
        type_name: String,
        /// What arrow says of it.
        source: ArrowError,
    },

    /// Columns that cannot stand together in a batch.
    #[error("the columns of the result do not fit together: {source}")]
    Batch {
        /// What arrow says of it.
        source: ArrowError,
    },

    /// A batch does not have the columns that `begin` announced.
    #[error("a batch of {found} columns follows a header of {expected}")]
    BatchColumns {
        /// How many columns the header has.
        expected: usize,
        /// How many the batch has.
        found: usize,
    },
}

impl RenderError {
    /// True when the reader of a pipe has left, as after `| head -1`: nobody is there to
    /// be told, so this is no failure.
    pub fn is_closed_pipe(&self) -> bool {
        matches!(self, Self::Write(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }

    /// What the writer of a file's own form says.
    pub(crate) fn file(error: impl std::error::Error) -> Self {
        Self::File(error.to_string())
    }
}
