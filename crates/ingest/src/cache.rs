//! A folder of converted tables, named by what they were made from.
//!
//! A name holds the fingerprint of its table, so a file can be missing or damaged but never out of date, and two
//! processes that make the same file at once make the same bytes.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use kouan_schema::{Package, Table};

use crate::check::check;
use crate::fingerprint::Fingerprint;
use crate::leftovers::unused_for;
use crate::parquet_file::{ParquetFile, read_fingerprint};
use crate::{IngestError, Options, seal};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// How long a file stays that nobody opens.
const KEPT: Duration = Duration::from_secs(30 * DAY.as_secs());

/// A folder of Parquet files, `<schema or package>/<table>-<fingerprint>.parquet`.
///
/// The folder is made when it is first needed. Files of a table that have not been opened for 30 days, and what
/// killed conversions left behind, are removed when the table is converted again.
#[derive(Debug, Clone)]
pub struct Cache {
    folder: PathBuf,
}

impl Cache {
    /// The cache in a folder, which need not exist yet.
    #[must_use]
    pub fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The Parquet file of a table as its CSV is now: the one that is there if it is sound, else a new one.
    ///
    /// That the file exists means that the table has passed every check.
    ///
    /// # Errors
    /// As [`convert`](crate::convert); and [`IngestError::CacheUnwritable`] where that could not write.
    pub fn ensure(&self, package: &Package, table: &Table) -> Result<PathBuf, IngestError> {
        self.ensure_with(package, table, &Options::default())
    }

    /// [`Cache::ensure`], with options for the conversion that may be needed.
    ///
    /// # Errors
    /// As [`Cache::ensure`].
    pub fn ensure_with(
        &self,
        package: &Package,
        table: &Table,
        options: &Options<'_>,
    ) -> Result<PathBuf, IngestError> {
        let fingerprint = Fingerprint::of(package, table)?;
        let place = Place::new(&self.folder, package, table);
        let path = place.path(fingerprint);
        if is_sound(&path, fingerprint) {
            touch(&path);
            return Ok(path);
        }
        place
            .convert(package, table, options, fingerprint)
            .map_err(|error| self.unwritable(error))
    }

    /// Tells errors of the cache's folder from those of the data.
    fn unwritable(&self, error: IngestError) -> IngestError {
        let source = match error {
            IngestError::FolderUnwritable { source, .. }
            | IngestError::WriteFailed { source, .. } => source,
            IngestError::OutOfSpace { .. } => io::Error::from(io::ErrorKind::StorageFull),
            IngestError::TargetIsFolder { .. } => io::Error::from(io::ErrorKind::IsADirectory),
            error => return error,
        };
        IngestError::CacheUnwritable {
            folder: self.folder.clone(),
            source,
        }
    }
}

/// Where the files of one table are.
struct Place<'a> {
    folder: PathBuf,
    table: &'a str,
}

impl<'a> Place<'a> {
    fn new(cache: &Path, package: &Package, table: &'a Table) -> Self {
        let folder = table
            .schema_name
            .as_deref()
            .unwrap_or_else(|| package.name());
        Self {
            folder: cache.join(folder),
            table: &table.name,
        }
    }

    fn path(&self, fingerprint: Fingerprint) -> PathBuf {
        self.folder
            .join(format!("{}-{fingerprint}.parquet", self.table))
    }

    fn convert(
        &self,
        package: &Package,
        table: &Table,
        options: &Options<'_>,
        expected: Fingerprint,
    ) -> Result<PathBuf, IngestError> {
        fs::create_dir_all(&self.folder).map_err(|source| IngestError::FolderUnwritable {
            folder: self.folder.clone(),
            source,
        })?;
        self.sweep();
        let schema = table.definition.arrow_schema();
        let file = ParquetFile::create(&self.path(expected), &schema, table, options.layout)?;
        let checked = check(package, table, options, Some(&file), 0)?;
        if !checked.report.is_clean() {
            return Err(IngestError::Rejected(Box::new(checked.report)));
        }
        // Named by what was read: a CSV that changes meanwhile must not be taken for what it was or will be.
        let path = self.path(checked.fingerprint);
        file.finish(checked.fingerprint)?.persist(&path)?;
        Ok(path)
    }

    /// Removes what nobody needs any more. It is no matter if something cannot be removed.
    fn sweep(&self) {
        for entry in fs::read_dir(&self.folder).into_iter().flatten().flatten() {
            let name = entry.file_name();
            let is_ours = self.is_ours(name.to_str().unwrap_or_default());
            if is_ours && unused_for(&entry).is_some_and(|unused| unused > KEPT) {
                let _ = fs::remove_file(entry.path());
            }
        }
    }

    /// Whether a file of this name is one of the table's.
    fn is_ours(&self, name: &str) -> bool {
        let fingerprint = name
            .strip_prefix(self.table)
            .and_then(|rest| rest.strip_prefix('-')?.strip_suffix(".parquet"));
        fingerprint.is_some_and(|fingerprint| {
            fingerprint.len() == 32 && fingerprint.bytes().all(|byte| byte.is_ascii_hexdigit())
        })
    }
}

/// Whether a file is there, whole, and made from what the fingerprint says.
fn is_sound(path: &Path, fingerprint: Fingerprint) -> bool {
    let Ok(mut file) = File::open(path) else {
        return false;
    };
    let intact = seal::is_intact(&mut file).unwrap_or(false);
    intact && read_fingerprint(&file).is_ok_and(|found| found == Some(fingerprint.to_string()))
}

/// Notes that a file is in use, at most once a day; in a read-only cache it cannot be, nor removed.
fn touch(path: &Path) {
    let now = SystemTime::now();
    let modified = fs::metadata(path).and_then(|metadata| metadata.modified());
    if modified.is_ok_and(|modified| now.duration_since(modified).is_ok_and(|age| age > DAY)) {
        let _ = File::options()
            .write(true)
            .open(path)
            .and_then(|file| file.set_modified(now));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_of_the_table_are_ever_removed() {
        let place = Place {
            folder: PathBuf::new(),
            table: "ports",
        };
        let fingerprint = Fingerprint(7);
        assert!(place.is_ours(&format!("ports-{fingerprint}.parquet")));
        for other in [
            format!("port_names-{fingerprint}.parquet"),
            "ports-old.parquet".into(),
            "ports.parquet".into(),
            ".kouan".into(),
        ] {
            assert!(!place.is_ours(&other), "{other}");
        }
    }
}
