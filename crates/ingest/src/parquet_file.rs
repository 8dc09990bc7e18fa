//! A Parquet file on its way to its place: written beside it, renamed at the end.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use tempfile::NamedTempFile;

use crate::IngestError;
use crate::fingerprint::{FORMAT, Fingerprint};
use crate::seal::{self, HashingWriter};

/// How the names of files under way start and end.
pub(crate) const TEMPORARY: (&str, &str) = (".kouan-", ".tmp");

/// The footer entry with the fingerprint.
pub(crate) const FINGERPRINT_KEY: &str = "kouan.fingerprint";

/// Rows of a row group: enough for good compression, few enough to skip by statistics.
const ROW_GROUP_ROWS: usize = 1 << 20;

/// Bytes of a row group, which is held in memory while it is written.
const ROW_GROUP_BYTES: usize = 128 << 20;

/// Where more effort stops making the files much smaller.
const ZSTD_LEVEL: i32 = 3;

/// A Parquet file being written. Dropped before [`ParquetFile::finish`], nothing of it stays.
pub(crate) struct ParquetFile {
    writer: ArrowWriter<HashingWriter<File>>,
    file: NamedTempFile,
    /// What messages call the file.
    target: PathBuf,
}

/// A whole Parquet file that still has a temporary name.
pub(crate) struct FinishedFile {
    file: NamedTempFile,
}

impl ParquetFile {
    /// Starts a file beside `target`, in the same folder, so that renaming it is atomic.
    pub(crate) fn create(
        target: &Path,
        schema: SchemaRef,
        table: &str,
    ) -> Result<Self, IngestError> {
        if target.is_dir() {
            return Err(IngestError::TargetIsFolder {
                path: target.to_path_buf(),
            });
        }
        let folder = folder_of(target);
        let file = temporary_file(folder).map_err(|source| match source.kind() {
            io::ErrorKind::StorageFull => IngestError::OutOfSpace {
                path: target.to_path_buf(),
            },
            _ => IngestError::FolderUnwritable {
                folder: folder.to_path_buf(),
                source,
            },
        })?;
        // Held until the file has its name or its maker ends, however it ends: one without a lock is a leftover.
        let _ = file.as_file().try_lock();
        let output = file
            .as_file()
            .try_clone()
            .map_err(|source| IngestError::writing(target, source))?;
        let writer = properties(table)
            .and_then(|properties| {
                ArrowWriter::try_new(HashingWriter::new(output), schema, Some(properties))
            })
            .map_err(|source| IngestError::encoding(target, source))?;
        Ok(Self {
            writer,
            file,
            target: target.to_path_buf(),
        })
    }

    pub(crate) fn write(&mut self, batch: &RecordBatch) -> Result<(), IngestError> {
        self.writer
            .write(batch)
            .map_err(|source| IngestError::encoding(&self.target, source))
    }

    /// Completes the file, seals it and waits until the disk has it.
    pub(crate) fn finish(mut self, fingerprint: Fingerprint) -> Result<FinishedFile, IngestError> {
        self.writer
            .append_key_value_metadata(entry(FINGERPRINT_KEY, &fingerprint.to_string()));
        self.writer
            .append_key_value_metadata(entry(seal::KEY, seal::OPEN));
        // Not `into_inner`, which makes of a full disk an error without its kind.
        self.writer
            .finish()
            .map_err(|source| IngestError::encoding(&self.target, source))?;
        let hash = self.writer.inner().hash();
        seal::close(self.file.as_file_mut(), hash)
            .and_then(|()| self.file.as_file().sync_all())
            .map_err(|source| IngestError::writing(&self.target, source))?;
        Ok(FinishedFile { file: self.file })
    }
}

impl FinishedFile {
    /// Gives the file its name; whatever had it before is replaced in one step.
    pub(crate) fn persist(self, target: &Path) -> Result<(), IngestError> {
        self.file
            .persist(target)
            .map_err(|error| IngestError::writing(target, error.error))?;
        // The name too should outlive a power cut; where a folder cannot be synced, it is as safe as it gets.
        let _ = File::open(folder_of(target)).and_then(|folder| folder.sync_all());
        Ok(())
    }
}

fn folder_of(target: &Path) -> &Path {
    match target.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}

fn temporary_file(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(TEMPORARY.0).suffix(TEMPORARY.1);
    // A temporary file is private by default; the one it becomes is an ordinary file, as the umask has it.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder)
}

/// Nothing here may depend on the time or the machine: the same input gives the same bytes.
fn properties(table: &str) -> Result<WriterProperties, ParquetError> {
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(ZSTD_LEVEL)?))
        .set_statistics_enabled(EnabledStatistics::Page)
        .set_max_row_group_row_count(Some(ROW_GROUP_ROWS))
        .set_max_row_group_bytes(Some(ROW_GROUP_BYTES))
        .set_key_value_metadata(Some(vec![
            entry("kouan.writer", FORMAT),
            entry("kouan.table", table),
        ]))
        .build();
    Ok(properties)
}

fn entry(key: &str, value: &str) -> KeyValue {
    KeyValue::new(key.to_string(), value.to_string())
}

/// The fingerprint in the footer of a Parquet file, as it is written there.
pub(crate) fn read_fingerprint(file: &File) -> Result<Option<String>, ParquetError> {
    let metadata = parquet::file::metadata::ParquetMetaDataReader::new().parse_and_finish(file)?;
    let entries = metadata.file_metadata().key_value_metadata();
    let entry =
        entries.and_then(|entries| entries.iter().find(|entry| entry.key == FINGERPRINT_KEY));
    Ok(entry.and_then(|entry| entry.value.clone()))
}
