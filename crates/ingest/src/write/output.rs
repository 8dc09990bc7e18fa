//! Where the rows of a table go: one Parquet file, or a folder of them.

use std::path::Path;

use kouan_schema::Table;

use crate::error::IngestError;
use crate::options::Options;
use crate::read::fingerprint::Fingerprint;
use crate::write::column_values::ColumnValues;
use crate::write::encode::Encoder;
use crate::write::parquet_file::{FinishedFile, ParquetFile};
use crate::write::partition::{PartitionedFolder, StagedFolder};
use crate::write::point_columns::PointColumns;

/// What is being written. Dropped before it is finished, nothing of it stays.
pub(crate) struct Output<'a> {
    table: &'a Table,
    /// What is written besides the table's own columns.
    points: PointColumns,
    place: Place<'a>,
}

enum Place<'a> {
    File(Box<ParquetFile>),
    Folder(Box<PartitionedFolder<'a>>),
}

/// What a thread needs to write to an output.
pub(crate) struct Writer<'a> {
    output: &'a Output<'a>,
    place: WriterPlace<'a>,
}

enum WriterPlace<'a> {
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
    /// A file of the table's own columns, laid out as its schema says.
    pub(crate) fn of_table(target: &Path, table: &'a Table) -> Result<Self, IngestError> {
        let file = ParquetFile::create(target, &table.definition.arrow_schema(), table, None)?;
        Ok(Self {
            table,
            points: PointColumns::default(),
            place: Place::File(Box::new(file)),
        })
    }

    /// A file of the table's columns and its points, or a folder if the options name fields to cut the table by.
    pub(crate) fn create(
        target: &Path,
        table: &'a Table,
        options: &Options<'a>,
    ) -> Result<Self, IngestError> {
        let mut written = table.clone();
        written.definition = table.definition.with_points();
        let place = if options.partition_by.is_empty() {
            let schema = written.definition.arrow_schema();
            let file = ParquetFile::create(target, &schema, &written, options.layout)?;
            Place::File(Box::new(file))
        } else {
            let folder = PartitionedFolder::create(target, &written, options)?;
            Place::Folder(Box::new(folder))
        };
        Ok(Self {
            table,
            points: PointColumns::of(table),
            place,
        })
    }

    pub(crate) fn writer(&'a self) -> Result<Writer<'a>, IngestError> {
        let place = match &self.place {
            Place::File(file) => WriterPlace::File(file, Box::new(file.new_encoder()?)),
            Place::Folder(folder) => WriterPlace::Folder(folder),
        };
        Ok(Writer {
            output: self,
            place,
        })
    }

    /// Notes in the footer that rows of the table are not in the output.
    pub(crate) fn note_rejects(&self, rows: u64) {
        match &self.place {
            Place::File(file) => file.note_rejects(rows),
            Place::Folder(folder) => folder.note_rejects(rows),
        }
    }

    /// Completes the output and waits until the disk has it.
    pub(crate) fn finish(self, fingerprint: Fingerprint) -> Result<Finished, IngestError> {
        match self.place {
            Place::File(file) => file.finish(fingerprint).map(Finished::File),
            Place::Folder(folder) => folder.finish(fingerprint).map(Finished::Folder),
        }
    }
}

impl Writer<'_> {
    /// Writes the rows of a piece behind those of the pieces before it; without columns, there are none.
    pub(crate) fn write(
        &mut self,
        piece: u32,
        mut columns: Option<Vec<ColumnValues>>,
    ) -> Result<(), IngestError> {
        let Output { table, points, .. } = self.output;
        if let Some(columns) = &mut columns {
            let appended = points.append(columns);
            appended.map_err(|source| IngestError::arrow(table, source))?;
        }
        match &mut self.place {
            WriterPlace::File(file, encoder) => file.write(piece, columns, encoder),
            WriterPlace::Folder(folder) => folder.write(piece, columns),
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
