//! Starts the work of a statement, as its kind wants it done.

use std::sync::Arc;

use arrow::datatypes::DataType;
use datafusion::error::Result;
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::logical_expr::LogicalPlan;
use datafusion::physical_plan::{ExecutionPlan, execute_stream};
use datafusion::prelude::SessionContext;

use super::progress::Progress;
use super::shape::AnswerShape;
use super::{measured_plan, summary};
use crate::catalog::whole_files;
use crate::statement::kind::StatementKind;

/// A statement that is running.
pub(crate) struct Work {
    pub(crate) rows: SendableRecordBatchStream,
    /// How far it has come; nothing for a statement whose work is not a plan.
    pub(crate) progress: Option<Progress>,
    /// What the rows are; plans are still texts of several lines.
    pub(crate) shape: AnswerShape,
}

pub(crate) async fn execute(
    context: &SessionContext,
    kind: StatementKind,
    type_name: fn(&DataType) -> String,
) -> Result<Work> {
    match kind {
        StatementKind::Rows(plan) => rows(context, plan, AnswerShape::Rows).await,
        StatementKind::Plans(plan) => rows(context, plan, AnswerShape::Plan).await,
        StatementKind::MeasuredPlan(plan) => {
            let (plan, task) = physical(context, plan).await?;
            Ok(Work {
                progress: Some(Progress::of(&plan)),
                rows: measured_plan::measure(plan, task),
                shape: AnswerShape::MeasuredPlan,
            })
        }
        StatementKind::Summary(plan) => {
            let columns = Arc::clone(plan.schema().inner());
            let (plan, task) = physical(context, summary::measures(plan)?).await?;
            let measures = execute_stream(plan, task)?;
            Ok(Work {
                rows: summary::summary(columns, type_name, measures),
                progress: None,
                shape: AnswerShape::Rows,
            })
        }
    }
}

async fn rows(context: &SessionContext, plan: LogicalPlan, shape: AnswerShape) -> Result<Work> {
    let (plan, task) = physical(context, plan).await?;
    Ok(Work {
        progress: Some(Progress::of(&plan)),
        rows: execute_stream(plan, task)?,
        shape,
    })
}

async fn physical(
    context: &SessionContext,
    plan: LogicalPlan,
) -> Result<(Arc<dyn ExecutionPlan>, Arc<TaskContext>)> {
    let frame = context.execute_logical_plan(plan).await?;
    let task = Arc::new(frame.task_ctx());
    let plan = frame.create_physical_plan().await?;
    Ok((whole_files::whole_or_none(plan)?, task))
}
