//! A Parquet file on its way to its place: written beside it, renamed at the end.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use arrow::datatypes::SchemaRef;
use kouan_schema::{FileLayout, Table};
use parquet::arrow::ArrowWriter;
use parquet::errors::ParquetError;
use parquet::file::metadata::ParquetMetaDataReader;
use parquet::file::writer::SerializedFileWriter;
use tempfile::NamedTempFile;

use crate::IngestError;
use crate::encode::{ColumnValues, Encoder, RowGroup, RowGroupFormat};
use crate::fingerprint::Fingerprint;
use crate::footer::entry;
use crate::in_order::InOrder;
use crate::leftovers;
use crate::properties::Properties;
use crate::seal::{self, HashingWriter};

/// How the names of files under way start and end.
pub(crate) const TEMPORARY: (&str, &str) = (".kouan-", ".tmp");

/// The footer entry with the fingerprint.
const FINGERPRINT_KEY: &str = "kouan.fingerprint";

/// A Parquet file being written. Dropped before [`ParquetFile::finish`], nothing of it stays.
pub(crate) struct ParquetFile {
    format: RowGroupFormat,
    output: Mutex<Output>,
    file: NamedTempFile,
    /// What messages call the file.
    target: PathBuf,
}

struct Output {
    writer: SerializedFileWriter<HashingWriter<File>>,
    order: InOrder<Option<RowGroup>>,
}

/// A whole Parquet file that still has a temporary name.
pub(crate) struct FinishedFile {
    file: NamedTempFile,
}

impl ParquetFile {
    /// Starts a file beside `target`, in the same folder, so that renaming it is atomic.
    ///
    /// Its layout is `layout`, or else what the table's schema says.
    pub(crate) fn create(
        target: &Path,
        schema: &SchemaRef,
        table: &Table,
        layout: Option<FileLayout>,
    ) -> Result<Self, IngestError> {
        if target.is_dir() {
            return Err(IngestError::TargetIsFolder {
                path: target.to_path_buf(),
            });
        }
        leftovers::sweep(folder_of(target));
        let file = temporary_beside(target)?;
        let output = file
            .as_file()
            .try_clone()
            .map_err(|source| IngestError::writing(target, source))?;
        let open = || {
            let properties = Properties::new(table, layout)?;
            let output = HashingWriter::new(output);
            let of_writer = properties.of_writer(table, schema);
            let writer = ArrowWriter::try_new(output, Arc::clone(schema), Some(of_writer))?;
            let (writer, factory) = writer.into_serialized_writer()?;
            let format = RowGroupFormat {
                arrow_schema: Arc::clone(schema),
                schema: Arc::new(writer.schema_descr().clone()),
                factory: Arc::new(factory),
                level: properties.level_of_codes(),
                clustering: properties.clustering,
            };
            Ok((writer, format))
        };
        let (writer, format) = open().map_err(|source| IngestError::encoding(target, source))?;
        let output = Output {
            writer,
            order: InOrder::new(),
        };
        Ok(Self {
            format,
            output: Mutex::new(output),
            file,
            target: target.to_path_buf(),
        })
    }

    /// What a thread needs to encode row groups for this file.
    pub(crate) fn new_encoder(&self) -> Result<Encoder, IngestError> {
        Encoder::new(self.format.clone())
            .map_err(|source| IngestError::encoding(&self.target, source))
    }

    /// Notes in the footer that rows of the table are not in the file.
    pub(crate) fn note_rejects(&self, rows: u64) {
        self.note("kouan.rejected_rows", &rows.to_string());
    }

    /// Adds an entry to the footer.
    pub(crate) fn note(&self, key: &str, value: &str) {
        let mut output = self.output.lock().unwrap_or_else(PoisonError::into_inner);
        output.writer.append_key_value_metadata(entry(key, value));
    }

    /// Writes the rows of a piece behind those of the pieces before it; without columns, there are none.
    pub(crate) fn write(
        &self,
        piece: u32,
        columns: Option<Vec<ColumnValues>>,
        encoder: &mut Encoder,
    ) -> Result<(), IngestError> {
        let failed = |source| IngestError::encoding(&self.target, source);
        // The page index of a row group without rows has no pages, which readers stumble over.
        let columns = columns.filter(|columns| columns.iter().any(|column| !column.is_empty()));
        let group = columns.map(|columns| encoder.encode(columns)).transpose();
        let group = group.map_err(failed)?;
        let mut output = self.output.lock().unwrap_or_else(PoisonError::into_inner);
        output.order.put(piece, group);
        let Output { writer, order } = &mut *output;
        while let Some(group) = order.next() {
            if let Some(group) = group {
                group.append_to(writer).map_err(failed)?;
            }
        }
        Ok(())
    }

    /// Completes the file, seals it and waits until the disk has it.
    pub(crate) fn finish(mut self, fingerprint: Fingerprint) -> Result<FinishedFile, IngestError> {
        let output = self
            .output
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        let mut writer = output.writer;
        writer.append_key_value_metadata(entry(FINGERPRINT_KEY, &fingerprint.to_string()));
        writer.append_key_value_metadata(entry(seal::KEY, seal::OPEN));
        // Not `into_inner`, which makes of a full disk an error without its kind.
        writer
            .finish()
            .map_err(|source| IngestError::encoding(&self.target, source))?;
        let hash = writer.inner().hash();
        seal::close(self.file.as_file_mut(), hash)
            .and_then(|()| self.file.as_file().sync_all())
            .map_err(|source| IngestError::writing(&self.target, source))?;
        Ok(FinishedFile { file: self.file })
    }
}

impl FinishedFile {
    /// Says that the file was last written at a moment.
    pub(crate) fn set_modified(&self, time: SystemTime) -> io::Result<()> {
        self.file.as_file().set_modified(time)
    }

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

/// The folder that a file or folder is in.
pub(crate) fn folder_of(target: &Path) -> &Path {
    match target.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}

/// A temporary file in the folder of `target`.
pub(crate) fn temporary_beside(target: &Path) -> Result<NamedTempFile, IngestError> {
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
    Ok(file)
}

fn temporary_file(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(TEMPORARY.0).suffix(TEMPORARY.1);
    // A temporary file is private by default; the one it becomes is an ordinary file, as the umask has it.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder)
}

/// Whether the footer of a Parquet file tells a fingerprint. Nothing else of it is read.
pub(crate) fn is_made_from(path: &Path, fingerprint: Fingerprint) -> bool {
    let read = || -> Result<_, ParquetError> {
        ParquetMetaDataReader::new().parse_and_finish(&File::open(path)?)
    };
    let fingerprint = fingerprint.to_string();
    read().is_ok_and(|metadata| {
        let entries = metadata.file_metadata().key_value_metadata();
        entries
            .into_iter()
            .flatten()
            .any(|entry| entry.key == FINGERPRINT_KEY && entry.value.as_ref() == Some(&fingerprint))
    })
}
