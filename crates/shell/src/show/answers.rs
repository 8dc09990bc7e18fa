//! Answers as they are shown: plans drawn, and whole answers as bytes or text for what is kept in files.

use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::{Schema, SchemaRef};
use kouan_engine::{Answer, AnswerShape, StatementError};
use kouan_render::{Format, RenderError, Settings, draw_measured_plan, measured_plan_schema};

use crate::arguments::parse_format;
use crate::exit::Failure;

/// The columns of an answer as they are shown.
pub(crate) fn shown_schema(answer: &Answer) -> SchemaRef {
    match answer.shape() {
        AnswerShape::Rows | AnswerShape::Plan => Arc::clone(answer.schema()),
        AnswerShape::MeasuredPlan => measured_plan_schema(),
    }
}

/// Rows of an answer as they are shown.
pub(crate) fn shown(shape: AnswerShape, rows: RecordBatch) -> Result<RecordBatch, RenderError> {
    match shape {
        AnswerShape::Rows | AnswerShape::Plan => Ok(rows),
        AnswerShape::MeasuredPlan => draw_measured_plan(&rows),
    }
}

/// All rows of an answer as they are shown, with their columns.
pub(crate) async fn collect(
    answer: Answer,
) -> Result<(SchemaRef, Vec<RecordBatch>), Box<StatementError>> {
    let (schema, shape) = (shown_schema(&answer), answer.shape());
    let rows = answer.collect().await?.into_iter();
    let rows = rows
        .map(|batch| shown(shape, batch))
        .collect::<Result<_, _>>();
    let rows = rows.map_err(|error| Box::new(StatementError::new(error.to_string())))?;
    Ok((schema, rows))
}

/// An answer in a format, as it would stand in a file.
pub(crate) fn written(
    format: &Format,
    schema: &Schema,
    rows: &[RecordBatch],
) -> Result<Vec<u8>, Failure> {
    let mut renderer = format.renderer(&Settings::default());
    let mut bytes = Vec::new();
    renderer.begin(schema, &mut bytes)?;
    for batch in rows {
        renderer.batch(batch, &mut bytes)?;
    }
    renderer.finish(&mut bytes)?;
    Ok(bytes)
}

/// The same as text, in a format of this name.
pub(crate) fn text(format: &str, schema: &Schema, rows: &[RecordBatch]) -> Result<String, Failure> {
    let format = parse_format(format).map_err(Failure::usage)?;
    let bytes = written(format, schema, rows)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
