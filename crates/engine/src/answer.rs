//! The answer to a statement: its columns at once, its rows as they come.

use std::sync::Arc;

use arrow::array::{Array, AsArray, RecordBatch, StringArray};
use arrow::datatypes::{Field, Schema, SchemaRef};
use arrow::error::ArrowError;
use datafusion::error::DataFusionError;
use datafusion::execution::SendableRecordBatchStream;
use futures::StreamExt;

use crate::Engine;
use crate::error::StatementError;
use crate::fault;
use crate::progress::Progress;
use crate::script::{Source, Statement};

/// A running statement. Dropping it cancels the work.
pub struct Answer {
    engine: Arc<Engine>,
    statement: Statement,
    schema: SchemaRef,
    stream: SendableRecordBatchStream,
    progress: Option<Progress>,
    rows_are_plans: bool,
    /// Why the rows ended before their end.
    broken: Option<Box<StatementError>>,
}

impl Answer {
    pub(crate) fn new(
        engine: Arc<Engine>,
        statement: &Statement,
        stream: SendableRecordBatchStream,
        progress: Option<Progress>,
        rows_are_plans: bool,
    ) -> Self {
        let schema = stream.schema();
        Self {
            engine,
            statement: statement.clone(),
            schema: if rows_are_plans {
                plan_schema(&schema)
            } else {
                schema
            },
            stream,
            progress,
            rows_are_plans,
            broken: None,
        }
    }

    /// Column names, types and descriptions. No columns: the statement had nothing to show.
    pub fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// True for EXPLAIN: each row is a line of a plan, under its kind on the first line.
    pub fn is_plan(&self) -> bool {
        self.rows_are_plans
    }

    /// How far the work has come; nothing for a statement whose work is not a plan.
    pub fn progress(&self) -> Option<Progress> {
        self.progress.clone()
    }

    /// The text that the statement came from.
    pub fn source(&self) -> &Source {
        &self.statement.source
    }

    /// All rows; what is not large may be kept like this.
    ///
    /// # Errors
    /// The statement failed while running.
    pub async fn collect(mut self) -> Result<Vec<RecordBatch>, Box<StatementError>> {
        let mut batches = Vec::new();
        while let Some(batch) = self.next().await {
            batches.push(batch?);
        }
        Ok(batches)
    }

    /// The next rows, or nothing when all have come.
    ///
    /// # Errors
    /// The statement failed while running, or an operator panicked. What came before are rows of the answer, but
    /// never all of them: after an error the same error is given again, and not the end.
    pub async fn next(&mut self) -> Option<Result<RecordBatch, Box<StatementError>>> {
        if let Some(error) = &self.broken {
            return Some(Err(error.clone()));
        }
        let next = fault::caught(async {
            match self.stream.next().await {
                None => Ok(None),
                Some(Ok(batch)) if self.rows_are_plans => {
                    plan_lines(&batch).map(Some).map_err(DataFusionError::from)
                }
                Some(batch) => batch.map(Some),
            }
            .map_err(|error| self.engine.diagnose(&error, &self.statement))
        });
        let next = next.await;
        self.broken = next.as_ref().err().cloned();
        next.transpose()
    }
}

/// One row a line: DataFusion gives a whole plan as one text with line breaks, which
/// every table format but a file of JSON would garble.
fn plan_lines(batch: &RecordBatch) -> Result<RecordBatch, ArrowError> {
    let (kinds, plans) = (
        batch.column(0).as_string::<i32>(),
        batch.column(1).as_string::<i32>(),
    );
    let mut lines: (Vec<Option<&str>>, Vec<&str>) = (Vec::new(), Vec::new());
    for row in 0..plans.len() {
        for (number, line) in plans.value(row).lines().enumerate() {
            lines.0.push((number == 0).then(|| kinds.value(row)));
            lines.1.push(line);
        }
    }
    RecordBatch::try_new(
        plan_schema(&batch.schema()),
        vec![
            Arc::new(StringArray::from(lines.0)),
            Arc::new(StringArray::from(lines.1)),
        ],
    )
}

/// The kind of plan stands on its first line only.
fn plan_schema(schema: &Schema) -> SchemaRef {
    let nullable = |field: &Arc<Field>| field.as_ref().clone().with_nullable(true);
    Arc::new(Schema::new(
        schema.fields().iter().map(nullable).collect::<Vec<_>>(),
    ))
}
