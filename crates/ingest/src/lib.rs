//! Makes it true: checks CSV files against their schema and turns them into Parquet.
//!
//! ```text
//! read/: one thread at a time              check/: a chunk a thread     write/: a row group a thread, then in order
//! files ─► text ─► chunks of whole rows ─► blocks ─► columns ─► keys ─► row groups ─► file ──────► seal ─► rename
//! source   decode  header, feed            row_shape column     keys    encode        parquet_file  seal
//! ```
//!
//! `csv/` cuts bytes into rows and cells for `read/` and `check/`. `reject/` sends the good rows of a table with problems the
//! same way and sets the others aside; `cache/` keeps what was written under the fingerprint of what was read.
//!
//! A CSV of any size is read once, in chunks of [`Options::row_group_bytes`] that become row groups; each thread holds one.
//! Keys are hashed, and go to a temporary file when they are many; problems of keys are told after a second look at their
//! rows. So memory does not grow with the data.
//!
//! # What a CSV must be
//! - UTF-8, with or without a byte order mark, or the encoding that its resource names; a byte that is no character,
//!   or is NUL, is a problem of its cell. Gzip and Zstandard are undone on the way.
//! - A table may be in several files, each with a header of its own, or stand in the descriptor.
//! - Rows end at LF, CR LF or CR; the last may lack its line break. A row has to be shorter than 16 MiB.
//! - The header has the schema's field names in the schema's order, or as its `fieldsMatch` says.
//! - A row has one cell for each name of the header. A row without any value, such as a blank line, is a problem, as it is for
//!   the reference implementation.
//! - Missing values become NULL, quoted or not: where `""` is a missing value, so is an empty cell in quotes.
//! - A quote inside an unquoted cell is part of the value; text after a closing quote is a problem.
//!
//! Places are lines and characters from 1, as an editor shows them; see [`Problem`].

mod cache;
mod check;
mod csv;
mod error;
mod options;
mod read;
mod reject;
mod report;
mod write;

use std::path::Path;

use kouan_schema::{Package, Table};

pub use cache::Cache;
pub use error::IngestError;
pub use options::{BlankRows, Guess, Options, Progress};
pub use read::decode::text;
pub use read::fingerprint::Fingerprint;
pub use read::ragged::{RaggedRow, first_ragged_row};
pub use read::rows::{SourceRow, each_row};
pub use read::source::stored_bytes;
pub use reject::{Sorted, convert_good_rows};
pub use report::{Problem, Report};
pub use write::partition::partition_types;

use write::output::Output;

/// Checks every cell, key and reference of a table; writes nothing.
///
/// Problems in the data are in the report, not an error.
///
/// ```
/// # use std::sync::Arc;
/// use kouan_ingest::{Options, validate};
/// use kouan_schema::{Embedded, Package};
///
/// static FILES: &[(&str, &[u8])] = &[
///     ("datapackage.json", br#"{"name": "border_ports", "resources": [{
///         "name": "ports",
///         "path": "ports.csv",
///         "schema": {"fields": [
///             {"name": "place", "type": "string"},
///             {"name": "opened_year", "type": "year", "constraints": {"maximum": 2014}}
///         ]}
///     }]}"#),
///     ("ports.csv", b"place,opened_year\nErenhot,1956\nManzhouli,30000\n"),
/// ];
///
/// let package = Package::open(Arc::new(Embedded::new(FILES)))?;
/// let report = validate(&package, &package.tables()[0], &Options::default())?;
/// assert_eq!((report.rows, report.problems_total), (2, 1));
/// assert_eq!(
///     report.problems[0].to_string(),
///     r#"embedded:ports.csv:3:11 opened_year "30000": above the maximum 2014"#
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`IngestError::Unreadable`] if the CSV, or one that it refers to, cannot be read, [`IngestError::Changed`] if it
/// changes meanwhile, [`IngestError::UnknownReference`], [`IngestError::Cancelled`].
pub fn validate(
    package: &Package,
    table: &Table,
    options: &Options<'_>,
) -> Result<Report, IngestError> {
    check::check(package, table, options, None, 0).map(|checked| checked.report)
}

/// Checks a table as [`validate`] does, and writes it to `target` as Parquet.
///
/// The columns are the schema's, in its order and with its types; descriptions and units are in the Arrow field
/// metadata. The footer holds `kouan.table`, `kouan.writer`, `kouan.layout`, `kouan.fingerprint` (see [`Fingerprint`]) and `kouan.seal`,
/// a checksum of the file; `title`, `description`, `licenses` and `units` as the package gives them; and, where there are
/// points, `geo`, which makes the file GeoParquet. A point that the schema marks is one column more, behind the others. The same input gives the same bytes. `target` is replaced in one step at the end; until
/// then, and after any error, it is what it was before.
///
/// With [`Options::partition_by`], `target` is a folder of such files, `<field>=<value>/part-0.parquet`, each without those fields; the
/// footer entry `kouan.partitions` tells their types. What is a folder of that kind already is replaced.
///
/// # Errors
/// [`IngestError::Rejected`] with the report if there is any problem; the errors of [`validate`];
/// [`IngestError::TargetIsFolder`], [`IngestError::TargetIsFile`], [`IngestError::FolderInUse`], [`IngestError::NoPartitions`],
/// [`IngestError::FolderUnwritable`], [`IngestError::OutOfSpace`],
/// [`IngestError::WriteFailed`], [`IngestError::Encoding`] if the file cannot be written.
pub fn convert(
    package: &Package,
    table: &Table,
    target: &Path,
    options: &Options<'_>,
) -> Result<Report, IngestError> {
    let output = Output::create(target, table, options)?;
    let checked = check::check(package, table, options, Some(&output), 0)?;
    if !checked.report.is_clean() {
        return Err(IngestError::Rejected(Box::new(checked.report)));
    }
    output.finish(checked.fingerprint)?.persist(target)?;
    Ok(checked.report)
}
