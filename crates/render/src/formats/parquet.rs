//! `parquet`: a Parquet file with the result's types, for other programs.
//!
//! Written as rows come: a row group is in memory until it is full. A name that occurs again gets a number, as in
//! `json`, since readers look columns up by name.

use std::io::Write;
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::compute::BatchCoalescer;
use arrow::datatypes::{Field, Schema, SchemaRef};
use parquet::arrow::{ArrowSchemaConverter, ArrowWriter};
use parquet::basic::{Compression, LogicalType, Type, ZstdLevel};
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterPropertiesBuilder};
use parquet::schema::types::ColumnDescriptor;

use crate::object::unique_names;
use crate::{RenderError, Renderer, Result, Settings, Summary};

/// Rows are written in batches of this size, however they come, so that the bytes do not depend on it.
const BATCH_ROWS: usize = 8_192;

pub(crate) fn renderer(_: &Settings) -> Box<dyn Renderer> {
    Box::new(Parquet::default())
}

#[derive(Default)]
struct Parquet {
    file: Option<File>,
    summary: Summary,
}

struct File {
    schema: SchemaRef,
    rows: BatchCoalescer,
    writer: ArrowWriter<Vec<u8>>,
}

impl Renderer for Parquet {
    fn begin(&mut self, schema: &Schema, out: &mut dyn Write) -> Result<()> {
        self.summary = Summary::new(schema);
        let names = unique_names(schema);
        let renamed = schema.fields().iter().zip(&names);
        let renamed = renamed.filter(|(field, name)| field.name() != *name);
        self.summary.renamed = renamed
            .map(|(field, name)| (field.name().clone(), name.clone()))
            .collect();
        let fields = schema.fields().iter().zip(names);
        let fields = fields.map(|(field, name)| Field::clone(field).with_name(name));
        let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
        let properties = without_float_bounds(
            WriterProperties::builder().set_compression(Compression::ZSTD(ZstdLevel::default())),
            &schema,
        )?
        .build();
        let writer = ArrowWriter::try_new(Vec::new(), Arc::clone(&schema), Some(properties))
            .map_err(RenderError::file)?;
        let rows = BatchCoalescer::new(Arc::clone(&schema), BATCH_ROWS);
        let mut file = File {
            schema,
            rows,
            writer,
        };
        file.pass_on(out)?;
        self.file = Some(file);
        Ok(())
    }

    fn batch(&mut self, batch: &RecordBatch, out: &mut dyn Write) -> Result<()> {
        self.summary.count(batch)?;
        match &mut self.file {
            Some(file) => file.write(batch, out),
            None => Ok(()),
        }
    }

    fn finish(&mut self, out: &mut dyn Write) -> Result<Summary> {
        if let Some(mut file) = self.file.take() {
            file.rows
                .finish_buffered_batch()
                .map_err(RenderError::file)?;
            file.encode(out)?;
            out.write_all(&file.writer.into_inner().map_err(RenderError::file)?)?;
        }
        out.flush()?;
        Ok(std::mem::take(&mut self.summary))
    }
}

/// Writes no bounds of floats: the `parquet` crate leaves NaN out of them, and most readers, also those that put NaN above
/// all numbers, would leave out rows by them.
fn without_float_bounds(
    properties: WriterPropertiesBuilder,
    schema: &Schema,
) -> Result<WriterPropertiesBuilder> {
    let written = ArrowSchemaConverter::new().convert(schema);
    let written = written.map_err(RenderError::file)?;
    let is_float = |column: &&Arc<ColumnDescriptor>| {
        matches!(column.physical_type(), Type::FLOAT | Type::DOUBLE)
            || matches!(column.logical_type_ref(), Some(LogicalType::Float16))
    };
    let floats = written.columns().iter().filter(is_float);
    Ok(floats.fold(properties, |properties, column| {
        properties.set_column_statistics_enabled(column.path().clone(), EnabledStatistics::None)
    }))
}

impl File {
    fn write(&mut self, batch: &RecordBatch, out: &mut dyn Write) -> Result<()> {
        let columns = batch.columns().to_vec();
        let batch =
            RecordBatch::try_new(Arc::clone(&self.schema), columns).map_err(RenderError::file)?;
        self.rows.push_batch(batch).map_err(RenderError::file)?;
        self.encode(out)
    }

    fn encode(&mut self, out: &mut dyn Write) -> Result<()> {
        while let Some(batch) = self.rows.next_completed_batch() {
            self.writer.write(&batch).map_err(RenderError::file)?;
        }
        self.pass_on(out)
    }

    /// Hands on the bytes that stand; the writer counts them itself.
    fn pass_on(&mut self, out: &mut dyn Write) -> Result<()> {
        Ok(out.write_all(&std::mem::take(self.writer.inner_mut()))?)
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use arrow::compute::concat_batches;
    use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

    use crate::testing::{kinds, nothing, render_bytes};

    #[test]
    fn reads_back_equal_however_rows_came() -> Result<(), Box<dyn Error>> {
        for batch in [kinds(), nothing()] {
            let bytes = render_bytes("parquet", &batch, 1)?;
            assert_eq!(bytes, render_bytes("parquet", &batch, 1_000)?);
            let reader = ParquetRecordBatchReaderBuilder::try_new(bytes::Bytes::from(bytes))?;
            let schema = reader.schema().clone();
            let rows = reader.build()?.collect::<Result<Vec<_>, _>>()?;
            let rows = concat_batches(&schema, &rows)?;
            assert_eq!(rows.columns(), batch.columns());
        }
        Ok(())
    }
}
