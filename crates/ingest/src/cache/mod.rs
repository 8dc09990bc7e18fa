//! A folder of converted tables, named by what they were made from.
//!
//! A name holds the fingerprint of its table, so a file can be missing or damaged but never out of date, and two
//! processes that make the same file at once make the same bytes.

pub(crate) mod seen;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use kouan_schema::{Package, Table};

use crate::cache::seen::Seen;
use crate::check::check;
use crate::error::IngestError;
use crate::options::Options;
use crate::read::fingerprint::Fingerprint;
use crate::write::leftovers::UNUSED;
use crate::write::output::{Finished, Output};

/// A folder of Parquet files, `<schema or package>/<table>-<fingerprint>.parquet`, and of notes on which files have been
/// read, in `.seen`.
///
/// What a table's files hold is known without reading them as long as size, times and inode of each are those it had when it was
/// last read, and that a Parquet file is sound likewise; its footer is read. So damage that the system does
/// not notice shows only when the damaged page is read. Files that were changed in the two seconds before they were read are read again.
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
        let seen = Seen::new(&self.folder);
        let data = |table: &_| seen.data(package, table);
        let fingerprint = Fingerprint::from_data(package, table, data)?;
        let place = Place::new(&self.folder, package, table, &seen);
        let path = place.path(fingerprint);
        if seen.is_sound(&path, fingerprint) {
            return Ok(path);
        }
        let converted = place.convert(package, table, options, &path);
        let converted = converted.map_err(|error| self.unwritable(error))?;
        Ok(converted.0)
    }

    /// [`Cache::ensure_with`] for files that are most likely new: they are converted at once, where that would read them for
    /// their fingerprint first.
    ///
    /// # Errors
    /// As [`Cache::ensure`].
    pub fn ensure_new(
        &self,
        package: &Package,
        table: &Table,
        options: &Options<'_>,
    ) -> Result<PathBuf, IngestError> {
        let seen = Seen::new(&self.folder);
        let place = Place::new(&self.folder, package, table, &seen);
        let beside = place.folder.join(&table.name);
        let made = seen.unless_read(package, table, || {
            place.convert(package, table, options, &beside)
        });
        match made.map_err(|error| self.unwritable(error))? {
            Some(path) => Ok(path),
            None => self.ensure_with(package, table, options),
        }
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
    seen: &'a Seen,
}

impl<'a> Place<'a> {
    fn new(cache: &Path, package: &Package, table: &'a Table, seen: &'a Seen) -> Self {
        let folder = table
            .schema_name
            .as_deref()
            .unwrap_or_else(|| package.name());
        Self {
            folder: cache.join(folder),
            table: &table.name,
            seen,
        }
    }

    fn path(&self, fingerprint: Fingerprint) -> PathBuf {
        self.folder
            .join(format!("{}-{fingerprint}.parquet", self.table))
    }

    /// The new file, written beside a path first, and the hash of the data that it was made of.
    fn convert(
        &self,
        package: &Package,
        table: &Table,
        options: &Options<'_>,
        beside: &Path,
    ) -> Result<(PathBuf, u128), IngestError> {
        fs::create_dir_all(&self.folder).map_err(|source| IngestError::FolderUnwritable {
            folder: self.folder.clone(),
            source,
        })?;
        self.sweep();
        let output = Output::of_table(beside, table)?;
        let checked = check(package, table, options, Some(&output), 0)?;
        if !checked.report.is_clean() {
            return Err(IngestError::Rejected(Box::new(checked.report)));
        }
        // Named by what was read: a CSV that changes meanwhile must not be taken for what it was or will be.
        let path = self.path(checked.fingerprint);
        match output.finish(checked.fingerprint)? {
            Finished::File(file) => self.seen.persist(file, &path, checked.fingerprint)?,
            folder @ Finished::Folder(_) => folder.persist(&path)?,
        }
        Ok((path, checked.contents.data()))
    }

    /// Removes what nobody needs any more. It is no matter if something cannot be removed.
    fn sweep(&self) {
        for entry in fs::read_dir(&self.folder).into_iter().flatten().flatten() {
            let name = entry.file_name();
            let is_ours = self.is_ours(name.to_str().unwrap_or_default());
            let unused = || self.seen.unused_for(&entry.path());
            if is_ours && unused().is_some_and(|unused| unused > UNUSED) {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_of_the_table_are_ever_removed() {
        let place = Place {
            folder: PathBuf::new(),
            table: "ports",
            seen: &Seen::new(Path::new("")),
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
