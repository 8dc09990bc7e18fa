//! Encodes the rows of a chunk as one row group, away from the file that it goes to.

mod cluster;
mod coded_chunk;
mod dictionary;
mod hybrid;
mod nan;

use std::io::Write;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef};
use arrow::datatypes::{DataType, SchemaRef};
use bytes::Bytes;
use parquet::arrow::arrow_writer::{ArrowColumnChunk, ArrowRowGroupWriterFactory, compute_leaves};
use parquet::basic::ZstdLevel;
use parquet::column::writer::ColumnCloseResult;
use parquet::errors::{ParquetError, Result};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::SchemaDescPtr;

use coded_chunk::Compressor;

pub(crate) use cluster::Clustering;
pub(crate) use coded_chunk::NULL;

/// The values of a column in a row group.
#[derive(Debug, Clone)]
pub(crate) enum ColumnValues {
    /// Few different values, and for each row the number of its value or [`NULL`].
    Coded {
        values: ArrayRef,
        codes: Vec<u32>,
        nulls: usize,
    },
    Plain(ArrayRef),
}

impl ColumnValues {
    /// True when there is no row.
    pub(crate) fn is_empty(&self) -> bool {
        match self {
            Self::Coded { codes, .. } => codes.is_empty(),
            Self::Plain(values) => values.is_empty(),
        }
    }
}

/// Whether values of a type can be written by their numbers.
pub(crate) fn can_be_coded(kind: &DataType) -> bool {
    dictionary::is_supported(kind)
}

/// A row group as it stands in the file.
pub(crate) struct RowGroup {
    columns: Vec<Column>,
}

enum Column {
    Coded(Bytes, Box<ColumnCloseResult>),
    Plain(Vec<ArrowColumnChunk>),
}

/// How row groups of a file are written.
#[derive(Clone)]
pub(crate) struct RowGroupFormat {
    pub(crate) arrow_schema: SchemaRef,
    pub(crate) schema: SchemaDescPtr,
    pub(crate) factory: Arc<ArrowRowGroupWriterFactory>,
    /// The level of compression for columns of few different values, if they are compressed.
    pub(crate) level: Option<ZstdLevel>,
    pub(crate) clustering: Clustering,
}

/// Encodes row groups, one after another.
pub(crate) struct Encoder {
    format: RowGroupFormat,
    compressor: Option<Compressor>,
}

impl Encoder {
    pub(crate) fn new(format: RowGroupFormat) -> Result<Self> {
        Ok(Self {
            compressor: format.level.map(Compressor::new).transpose()?,
            format,
        })
    }

    /// Encodes the columns of a row group, in the order of the schema.
    pub(crate) fn encode(&mut self, mut columns: Vec<ColumnValues>) -> Result<RowGroup> {
        self.format.clustering.sort(&mut columns)?;
        let mut writers = self.format.factory.create_column_writers(0)?.into_iter();
        let mut leaf = 0;
        let fields = Arc::clone(&self.format.arrow_schema);
        let encode = |(field, values)| match values {
            ColumnValues::Coded {
                values,
                codes,
                nulls,
            } => {
                // The `parquet` crate's writer for this column is not wanted.
                drop(writers.next());
                let column = self.format.schema.column(leaf);
                leaf += 1;
                let chunk =
                    coded_chunk::encode(&values, &codes, nulls, &column, self.compressor.as_mut())?;
                Ok(Column::Coded(chunk.bytes.into(), Box::new(chunk.close)))
            }
            ColumnValues::Plain(values) => {
                let has_nan = nan::has_nan(&values);
                let leaves = compute_leaves(field, &values)?;
                leaf += leaves.len();
                let chunks = leaves.into_iter().map(|values| {
                    let missing = || ParquetError::General("a column without a writer".to_string());
                    let mut writer = writers.next().ok_or_else(missing)?;
                    writer.write(&values)?;
                    let mut chunk = writer.close()?;
                    if has_nan {
                        nan::without_bounds(&mut chunk)?;
                    }
                    Ok(chunk)
                });
                chunks.collect::<Result<_>>().map(Column::Plain)
            }
        };
        let fields = fields.fields().iter().map(AsRef::as_ref);
        let columns = fields.zip(columns).map(encode).collect::<Result<_>>()?;
        Ok(RowGroup { columns })
    }
}

impl RowGroup {
    /// Appends the row group to a file.
    pub(crate) fn append_to<W: Write + Send>(
        self,
        file: &mut SerializedFileWriter<W>,
    ) -> Result<()> {
        let mut group = file.next_row_group()?;
        for column in self.columns {
            match column {
                Column::Coded(bytes, close) => group.append_column(&bytes, *close)?,
                Column::Plain(chunks) => {
                    for chunk in chunks {
                        chunk.append_to_row_group(&mut group)?;
                    }
                }
            }
        }
        group.close()?;
        Ok(())
    }
}
