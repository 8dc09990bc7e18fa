//! Why a file could not be described.

use std::io;
use std::path::PathBuf;

use kouan_ingest::IngestError;
use kouan_schema::SchemaError;

/// Why a file could not be described.
#[derive(Debug, thiserror::Error)]
pub enum DescribeError {
    /// A file cannot be opened or read.
    #[error("cannot read {}: {source}", .file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A file holds no row to learn from.
    #[error("{} holds no row; describe a file with data", .0.display())]
    Empty(PathBuf),
    /// A file that a package in this folder cannot hold.
    #[error("{} is not below {}, where the package would be; a package holds its data", .file.display(), .folder.display())]
    Outside {
        /// The file.
        file: PathBuf,
        /// The package's folder.
        folder: PathBuf,
    },
    /// A package cannot hold such a file: its name, or something that it says.
    #[error("a package cannot describe this file: {0}")]
    Invalid(#[from] SchemaError),
    /// The files changed, or could not be read, when they were held against the description.
    #[error(transparent)]
    Check(#[from] IngestError),
}
