//! Why a table could not be checked, converted or cached.

use std::io;
use std::path::{Path, PathBuf};

use arrow::error::ArrowError;
use kouan_schema::Table;
use kouan_words::{counted, grouped};
use parquet::errors::ParquetError;

use crate::report::{Problem, Report};

/// What went wrong, named after what the person asked for.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IngestError {
    /// The data break rules of their schema; nothing was written.
    #[error("{}", rejected(.0))]
    Rejected(Box<Report>),

    /// More keys of a table are wrong than its rows can be sorted by.
    #[error(
        "table {table}: more than a million rows have keys that are repeated or not found; rows are rejected \
         where few are wrong, so see first whether the schema names the right fields"
    )]
    TooManyRejects {
        /// The table that was to be converted.
        table: String,
    },

    /// A CSV file of the package cannot be opened or read.
    #[error("cannot read {file}: {source}")]
    Unreadable {
        /// The file, as the package describes it.
        file: String,
        /// What the system says.
        source: io::Error,
    },

    /// A CSV file was changed while it was read; asking again reads it as it is then.
    #[error("{file} was changed while it was read; try again")]
    Changed {
        /// The file, as the package describes it.
        file: String,
    },

    /// A foreign key of the table names a table that the package does not have.
    #[error("table {table} refers to table {reference}, which the package does not have")]
    UnknownReference {
        /// The table that was to be checked.
        table: String,
        /// The name its foreign key gives.
        reference: String,
    },

    /// The file to write exists and is a folder.
    #[error("cannot write {}: it is a folder; name a file", .path.display())]
    TargetIsFolder {
        /// The file that was to be written.
        path: PathBuf,
    },

    /// The folder to write exists and is something else.
    #[error("cannot write {}: it is not a folder; move it, or write elsewhere", .path.display())]
    TargetIsFile {
        /// The folder that was to be written.
        path: PathBuf,
    },

    /// The folder to write exists, and not all in it would be written again.
    #[error(
        "cannot replace {}: {} is not a part of a table; move it, or write elsewhere",
        .path.display(),
        .found.display()
    )]
    FolderInUse {
        /// The folder that was to be written.
        path: PathBuf,
        /// What would be lost.
        found: PathBuf,
    },

    /// A table cannot be cut by these fields.
    #[error("table {table} cannot be partitioned so: {reason}")]
    NoPartitions {
        /// The table that was to be converted.
        table: String,
        /// Why not, and what would do.
        reason: String,
    },

    /// The folder to write to does not exist, or may not be written.
    #[error("cannot write in folder {}: {source}", .folder.display())]
    FolderUnwritable {
        /// The folder of the file that was to be written.
        folder: PathBuf,
        /// What the system says.
        source: io::Error,
    },

    /// No room was left for the file; nothing of it is kept.
    #[error("cannot write {}: no space left on the disk", .path.display())]
    OutOfSpace {
        /// The file that was to be written.
        path: PathBuf,
    },

    /// The file could not be written; nothing of it is kept.
    #[error("cannot write {}: {source}", .path.display())]
    WriteFailed {
        /// The file that was to be written.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },

    /// Values could not be brought into the form of a key, a batch or a Parquet page; nothing is kept.
    #[error("cannot encode {what}: {source}")]
    Encoding {
        /// The file that was to be written, or the table that was checked.
        what: String,
        /// What the Arrow or Parquet library says.
        source: Box<dyn std::error::Error + Send + Sync>,
    },

    /// The cache folder cannot be created or written; another folder, even a temporary one, would do.
    #[error("cannot keep converted tables in {}: {source}", .folder.display())]
    CacheUnwritable {
        /// The cache's folder.
        folder: PathBuf,
        /// What the system says.
        source: io::Error,
    },

    /// Keys or rows that were too many for memory could not be kept in a temporary file.
    #[error(
        "cannot write a temporary file: {source}; another folder for temporary files may have room"
    )]
    TemporaryUnwritable {
        /// What the system says.
        source: io::Error,
    },

    /// A cell or a row is not as [`Options::guess`](crate::Options::guess) says.
    #[error("a cell or a row is not like those at the beginning")]
    WrongGuess,

    /// The caller asked to stop.
    #[error("cancelled")]
    Cancelled,
}

impl IngestError {
    /// An input or output error while a file was written.
    pub(crate) fn writing(path: &Path, source: io::Error) -> Self {
        let path = path.to_path_buf();
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::OutOfSpace { path },
            _ => Self::WriteFailed { path, source },
        }
    }

    /// An error of the Parquet writer, which may wrap one of the system.
    pub(crate) fn encoding(path: &Path, source: ParquetError) -> Self {
        let source: Box<dyn std::error::Error + Send + Sync> = match source {
            ParquetError::External(source) => source,
            source => Box::new(source),
        };
        match source.downcast::<io::Error>() {
            Ok(source) => Self::writing(path, *source),
            Err(source) => Self::Encoding {
                what: path.display().to_string(),
                source,
            },
        }
    }

    /// An error of a temporary file for what does not fit into memory.
    pub(crate) fn temporary(source: io::Error) -> Self {
        Self::TemporaryUnwritable { source }
    }

    /// The same error, told of what the person knows where it is of a file on the way there.
    pub(crate) fn in_file(self, target: &Path) -> Self {
        let path = target.to_path_buf();
        match self {
            Self::OutOfSpace { .. } => Self::OutOfSpace { path },
            Self::WriteFailed { source, .. } => Self::WriteFailed { path, source },
            Self::FolderUnwritable { source, .. } => Self::FolderUnwritable {
                folder: path,
                source,
            },
            error => error,
        }
    }

    /// An error of Arrow while keys were compared.
    pub(crate) fn keys(fields: &str, source: ArrowError) -> Self {
        Self::Encoding {
            what: format!("key {fields}"),
            source: Box::new(source),
        }
    }

    /// An error of Arrow while a table was checked.
    pub(crate) fn arrow(table: &Table, source: ArrowError) -> Self {
        Self::Encoding {
            what: format!("table {}", table.full_name()),
            source: Box::new(source),
        }
    }
}

/// Every problem on a line of its own, then the total.
fn rejected(report: &Report) -> String {
    let lines = report
        .problems
        .iter()
        .map(|problem: &Problem| format!("{problem}\n"));
    let total = report.problems_total;
    let hidden = total - report.problems.len() as u64;
    let more = if hidden > 0 {
        format!(", {} of them not shown", grouped(hidden))
    } else {
        String::new()
    };
    format!(
        "{}table {}: {} in {}{more}",
        lines.collect::<String>(),
        report.table,
        counted(total, "problem"),
        counted(report.rows, "row")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rejection_lists_its_problems_and_counts_the_rest() {
        let problem = Problem {
            file: "data/ports.csv".to_string(),
            line: 2,
            column: 1,
            field: Some("port_id".to_string()),
            value: None,
            rule: "required".to_string(),
        };
        let report = Report {
            table: "ports".to_string(),
            rows: 9,
            problems: vec![problem],
            problems_total: 3,
        };
        assert_eq!(
            IngestError::Rejected(Box::new(report)).to_string(),
            "data/ports.csv:2:1 port_id: required\ntable ports: 3 problems in 9 rows, 2 of them not shown"
        );
    }

    #[test]
    fn a_full_disk_is_told_apart_even_inside_a_parquet_error() {
        let full = || io::Error::from(io::ErrorKind::StorageFull);
        let path = Path::new("a.parquet");
        for error in [
            IngestError::writing(path, full()),
            IngestError::encoding(path, ParquetError::External(Box::new(full()))),
            IngestError::encoding(path, ParquetError::from(full())),
        ] {
            assert_eq!(
                error.to_string(),
                "cannot write a.parquet: no space left on the disk"
            );
        }
    }
}
