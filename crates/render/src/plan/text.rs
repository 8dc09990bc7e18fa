//! Plans for people: whole lines under the kind of plan, because a grid would cut them.

use std::io::Write;

use crate::{Renderer, Result, Summary};
use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::Schema;

/// Writes the answer of EXPLAIN as text.
#[derive(Debug, Default)]
pub struct PlanText {
    summary: Summary,
}

impl Renderer for PlanText {
    fn begin(&mut self, schema: &Schema, _: &mut dyn Write) -> Result<()> {
        self.summary.columns = schema.fields().len();
        self.summary.columns_shown = self.summary.columns;
        Ok(())
    }

    fn batch(&mut self, batch: &RecordBatch, out: &mut dyn Write) -> Result<()> {
        let (kinds, lines) = (
            batch.column(0).as_string::<i32>(),
            batch.column(1).as_string::<i32>(),
        );
        for row in 0..batch.num_rows() {
            if kinds.is_valid(row) {
                writeln!(out, "{}", kinds.value(row))?;
            }
            writeln!(out, "  {}", lines.value(row))?;
        }
        self.summary.rows += batch.num_rows() as u64;
        self.summary.rows_shown = self.summary.rows;
        Ok(())
    }

    fn finish(&mut self, out: &mut dyn Write) -> Result<Summary> {
        out.flush()?;
        Ok(std::mem::take(&mut self.summary))
    }
}
