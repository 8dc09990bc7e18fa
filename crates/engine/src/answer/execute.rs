//! Starts the work of a statement, as its kind wants it done.

use std::sync::Arc;

use arrow::datatypes::DataType;
use datafusion::error::Result;
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::logical_expr::LogicalPlan;
use datafusion::physical_plan::{ExecutionPlan, execute_stream};
use datafusion::prelude::SessionContext;

use super::progress::Progress;
use super::{measured_plan, summary};
use crate::catalog::whole_files;
use crate::statement::kind::StatementKind;

/// A statement that is running.
pub(crate) struct Work {
    pub(crate) rows: SendableRecordBatchStream,
    /// How far it has come; nothing for a statement whose work is not a plan.
    pub(crate) progress: Option<Progress>,
    /// The rows are plans, each a text of several lines.
    pub(crate) rows_are_plans: bool,
}

pub(crate) async fn execute(
    context: &SessionContext,
    kind: StatementKind,
    type_name: fn(&DataType) -> String,
) -> Result<Work> {
    match kind {
        StatementKind::Rows(plan) => rows(context, plan, false).await,
        StatementKind::Plans(plan) => rows(context, plan, true).await,
        StatementKind::MeasuredPlan(plan) => {
            let (plan, task) = physical(context, plan).await?;
            Ok(Work {
                progress: Some(Progress::of(&plan)),
                rows: measured_plan::measure(plan, task),
                rows_are_plans: true,
            })
        }
        StatementKind::Summary(plan) => {
            let columns = Arc::clone(plan.schema().inner());
            let (plan, task) = physical(context, summary::measures(plan)?).await?;
            let measures = execute_stream(plan, task)?;
            Ok(Work {
                rows: summary::summary(columns, type_name, measures),
                progress: None,
                rows_are_plans: false,
            })
        }
    }
}

async fn rows(context: &SessionContext, plan: LogicalPlan, rows_are_plans: bool) -> Result<Work> {
    let (plan, task) = physical(context, plan).await?;
    Ok(Work {
        progress: Some(Progress::of(&plan)),
        rows: execute_stream(plan, task)?,
        rows_are_plans,
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
