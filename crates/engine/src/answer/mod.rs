//! The answer to a statement: its columns at once, its rows as they come.

pub(crate) mod execute;
pub(crate) mod kept;
mod measured_plan;
pub(crate) mod progress;
pub(crate) mod shape;
mod summary;

use std::sync::Arc;

use arrow::array::{Array, AsArray, RecordBatch, StringArray};
use arrow::datatypes::{Field, Schema, SchemaRef};
use arrow::error::ArrowError;
use datafusion::error::DataFusionError;
use datafusion::execution::SendableRecordBatchStream;
use futures::StreamExt;

use self::execute::Work;
use self::kept::KeptRows;
use self::progress::Progress;
use self::shape::AnswerShape;
use crate::diagnose::{Diagnoser, panics};
use crate::error::StatementError;
use crate::statement::script::{Source, Statement};

/// A running statement. Dropping it cancels the work.
pub struct Answer {
    diagnoser: Diagnoser,
    statement: Statement,
    schema: SchemaRef,
    stream: SendableRecordBatchStream,
    progress: Option<Progress>,
    shape: AnswerShape,
    /// Where the rows are kept, when they are.
    kept: Option<KeptRows>,
    /// Why the rows ended before their end.
    broken: Option<Box<StatementError>>,
}

impl Answer {
    pub(crate) fn new(work: Work, statement: &Statement, diagnoser: &Diagnoser) -> Self {
        let schema = work.rows.schema();
        Self {
            diagnoser: diagnoser.clone(),
            statement: statement.clone(),
            schema: match work.shape {
                AnswerShape::Plan => plan_schema(&schema),
                AnswerShape::Rows | AnswerShape::MeasuredPlan => schema,
            },
            stream: work.rows,
            progress: work.progress,
            shape: work.shape,
            kept: None,
            broken: None,
        }
    }

    /// Column names, types and descriptions. No columns: the statement had nothing to show.
    pub fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// What the rows are.
    pub fn shape(&self) -> AnswerShape {
        self.shape
    }

    /// How far the work has come; nothing for a statement whose work is not a plan.
    pub fn progress(&self) -> Option<Progress> {
        self.progress.clone()
    }

    /// The text that the statement came from.
    pub fn source(&self) -> &Source {
        &self.statement.source
    }

    /// Keeps the rows from now on, as they are given; what has come of them is for
    /// [`Engine::set_last_answer`](crate::Engine::set_last_answer). What they take counts against the memory limit.
    pub fn keep_rows(&mut self) -> KeptRows {
        let runtime = self.diagnoser.context.runtime_env();
        let kept = KeptRows::new(&self.schema, &runtime.memory_pool);
        self.kept.insert(kept).clone()
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
        let next = panics::caught(async {
            match self.stream.next().await {
                None => Ok(None),
                Some(Ok(batch)) if self.shape == AnswerShape::Plan => {
                    plan_lines(&batch).map(Some).map_err(DataFusionError::from)
                }
                Some(batch) => batch.map(Some),
            }
            .map_err(|error| self.diagnoser.diagnose(&error, &self.statement))
        });
        let next = next.await;
        match &next {
            Ok(batch) => self.kept.iter().for_each(|kept| kept.take(batch.as_ref())),
            Err(error) => self.broken = Some(error.clone()),
        }
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
