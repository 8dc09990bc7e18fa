//! Keeps converted tables, in the person's cache folder or, failing that, in a temporary one.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};

use kouan_ingest::{Cache, IngestError, Options};
use kouan_schema::{Package, Table};
use tempfile::TempDir;

/// The converted tables of a session.
#[derive(Debug)]
pub(crate) struct Converted {
    cache: Option<Cache>,
    temporary_folder: PathBuf,
    temporary: OnceLock<(TempDir, Cache)>,
    notes: Mutex<Vec<String>>,
}

impl Converted {
    pub(crate) fn new(folder: Option<PathBuf>, temporary_folder: PathBuf) -> Self {
        Self {
            cache: folder.map(Cache::new),
            temporary_folder,
            temporary: OnceLock::new(),
            notes: Mutex::new(Vec::new()),
        }
    }

    /// The table's Parquet file, checked and converted now unless that was done before.
    pub(crate) fn ensure(&self, package: &Package, table: &Table) -> Result<PathBuf, IngestError> {
        self.ensure_with(package, table, &Options::default())
    }

    /// [`Converted::ensure`], with options for the conversion that may be needed.
    pub(crate) fn ensure_with(
        &self,
        package: &Package,
        table: &Table,
        options: &Options<'_>,
    ) -> Result<PathBuf, IngestError> {
        self.within(|cache| cache.ensure_with(package, table, options))
    }

    /// [`Converted::ensure_with`] for a file that is most likely new.
    pub(crate) fn ensure_new(
        &self,
        package: &Package,
        table: &Table,
        options: &Options<'_>,
    ) -> Result<PathBuf, IngestError> {
        self.within(|cache| cache.ensure_new(package, table, options))
    }

    /// Does something in the person's cache, or in one of the session's own where that cannot be written.
    fn within<T>(&self, make: impl Fn(&Cache) -> Result<T, IngestError>) -> Result<T, IngestError> {
        if let (Some(cache), None) = (&self.cache, self.temporary.get()) {
            match make(cache) {
                Err(IngestError::CacheUnwritable { folder, source }) => self.note(format!(
                    "{} cannot be written ({source}); tables are converted anew in every session",
                    folder.display()
                )),
                other => return other,
            }
        }
        make(self.temporary()?)
    }

    pub(crate) fn take_notes(&self) -> Vec<String> {
        std::mem::take(&mut *self.notes.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The person's cache folder.
    pub(crate) fn folder(&self) -> Option<&Path> {
        self.cache.as_ref().map(Cache::folder)
    }

    pub(crate) fn note(&self, note: String) {
        self.notes
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(note);
    }

    fn temporary(&self) -> Result<&Cache, IngestError> {
        if let Some((_, cache)) = self.temporary.get() {
            return Ok(cache);
        }
        let folder = tempfile::Builder::new()
            .prefix("kouan-")
            .tempdir_in(&self.temporary_folder);
        let folder = folder.map_err(|source| IngestError::CacheUnwritable {
            folder: self.temporary_folder.clone(),
            source,
        })?;
        let cache = Cache::new(Path::to_path_buf(folder.path()));
        // When two threads arrive at once, the second one's folder goes again.
        Ok(&self.temporary.get_or_init(|| (folder, cache)).1)
    }
}
