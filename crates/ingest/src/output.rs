//! Where the rows of a table go: one Parquet file, or a folder of them.

use std::path::Path;

use kouan_schema::Table;

use crate::encode::{ColumnValues, Encoder};
use crate::fingerprint::Fingerprint;
use crate::parquet_file::{FinishedFile, ParquetFile};
use crate::partition::{PartitionedFolder, StagedFolder};
use crate::{IngestError, Options};

/// What is being written. Dropped before it is finished, nothing of it stays.
pub(crate) enum Output<'a> {
    File(ParquetFile),
    Folder(Box<PartitionedFolder<'a>>),
}

/// What a thread needs to write to an output.
pub(crate) enum Writer<'a> {
    File(&'a ParquetFile, Box<Encoder>),
    /// The row groups of its files are known at the end only.
    Folder(&'a PartitionedFolder<'a>),
}

/// A whole output that still has a temporary name.
pub(crate) enum Finished {
    File(FinishedFile),
    Folder(StagedFolder),
}

impl<'a> Output<'a> {
    /// A file, or a folder if the options name fields to cut the table by.
    pub(crate) fn create(
        target: &Path,
        table: &Table,
        options: &Options<'a>,
    ) -> Result<Self, IngestError> {
        if options.partition_by.is_empty() {
            let schema = table.definition.arrow_schema();
            return ParquetFile::create(target, &schema, table, options.layout).map(Self::File);
        }
        let folder = PartitionedFolder::create(target, table, options)?;
        Ok(Self::Folder(Box::new(folder)))
    }

    pub(crate) fn writer(&'a self) -> Result<Writer<'a>, IngestError> {
        Ok(match self {
            Self::File(file) => Writer::File(file, Box::new(file.new_encoder()?)),
            Self::Folder(folder) => Writer::Folder(folder),
        })
    }

    /// Notes in the footer that rows of the table are not in the output.
    pub(crate) fn note_rejects(&self, rows: u64) {
        match self {
            Self::File(file) => file.note_rejects(rows),
            Self::Folder(folder) => folder.note_rejects(rows),
        }
    }

    /// Completes the output and waits until the disk has it.
    pub(crate) fn finish(self, fingerprint: Fingerprint) -> Result<Finished, IngestError> {
        match self {
            Self::File(file) => file.finish(fingerprint).map(Finished::File),
            Self::Folder(folder) => folder.finish(fingerprint).map(Finished::Folder),
        }
    }
}

impl Writer<'_> {
    /// Writes the rows of a piece behind those of the pieces before it; without columns, there are none.
    pub(crate) fn write(
        &mut self,
        piece: u32,
        columns: Option<Vec<ColumnValues>>,
    ) -> Result<(), IngestError> {
        match self {
            Self::File(file, encoder) => file.write(piece, columns, encoder),
            Self::Folder(folder) => folder.write(piece, columns),
        }
    }
}

impl Finished {
    /// Gives the output its name; whatever had it before is replaced.
    pub(crate) fn persist(self, target: &Path) -> Result<(), IngestError> {
        match self {
            Self::File(file) => file.persist(target),
            Self::Folder(folder) => folder.persist(),
        }
    }
}
