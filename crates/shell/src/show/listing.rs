//! Small tables made here, such as the list of tables, shown like any other answer.

use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema};

use crate::arguments::Options;
use crate::environment::Environment;
use crate::exit::Failure;
use crate::show::output::Output;

/// Rows of text under headings; `None` is NULL.
#[derive(Debug)]
pub(crate) struct Listing<const COLUMNS: usize> {
    headings: [&'static str; COLUMNS],
    rows: Vec<[Option<String>; COLUMNS]>,
}

impl<const COLUMNS: usize> Listing<COLUMNS> {
    pub(crate) fn new(headings: [&'static str; COLUMNS]) -> Self {
        Self {
            headings,
            rows: Vec::new(),
        }
    }

    pub(crate) fn row(&mut self, cells: [Option<String>; COLUMNS]) {
        self.rows.push(cells);
    }

    /// The rows as a batch.
    pub(crate) fn batch(&self) -> Result<RecordBatch, Failure> {
        let fields = self
            .headings
            .map(|heading| Field::new(heading, DataType::Utf8, true));
        let columns = (0..COLUMNS).map(|column| {
            let cells = self.rows.iter().map(|row| row[column].as_deref());
            Arc::new(cells.collect::<StringArray>()) as ArrayRef
        });
        RecordBatch::try_new(Arc::new(Schema::new(fields.to_vec())), columns.collect())
            .map_err(|error| Failure::usage(error.to_string()))
    }

    /// Writes the rows where a command's answer goes.
    pub(crate) fn write(
        &self,
        options: &Options,
        environment: &Environment,
    ) -> Result<(), Failure> {
        let mut output = Output::new(options.output.as_deref(), options.format, environment)?;
        let rows = self.batch()?;
        let mut renderer = output.list_renderer(environment)?;
        renderer.begin(&rows.schema(), &mut output)?;
        renderer.batch(&rows, &mut output)?;
        renderer.finish(&mut output)?;
        output.close(false)
    }
}
