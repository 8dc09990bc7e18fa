//! Files that COPY and INSERT write: all of them appear when the last row is written, or none does.
//!
//! DataFusion finishes a file when the rows for it end, for whatever reason: after an error or a panic of the query a
//! file of the rows so far stays behind, closed as if it were whole, in the place of an older one.

mod store;

use std::fmt;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::sync::Arc;

use arrow::datatypes::SchemaRef;
use async_trait::async_trait;
use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::datasource::sink::{DataSink, DataSinkExec};
use datafusion::error::Result;
use datafusion::execution::runtime_env::{RuntimeEnv, RuntimeEnvBuilder};
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_plan::metrics::MetricsSet;
use datafusion::physical_plan::{DisplayAs, DisplayFormatType, ExecutionPlan};

use futures::FutureExt;
use store::StagingStores;

/// The plan with files that are written beside their places first, and moved there in the end.
pub(crate) fn whole_or_none(plan: Arc<dyn ExecutionPlan>) -> Result<Arc<dyn ExecutionPlan>> {
    let staged = plan.transform_down(|plan| {
        let Some(writes) = plan.downcast_ref::<DataSinkExec>() else {
            return Ok(Transformed::no(plan));
        };
        if writes.sink().is::<StagedSink>() {
            return Ok(Transformed::no(plan));
        }
        let sink = Arc::new(StagedSink {
            writes: writes.clone(),
        });
        let input = Arc::clone(writes.input());
        let order = writes.sort_order().clone();
        Ok(Transformed::yes(
            Arc::new(DataSinkExec::new(input, sink, order)) as _,
        ))
    });
    Ok(staged?.data)
}

/// A sink of DataFusion's whose files are moved to their places once it has written them all.
#[derive(Debug)]
struct StagedSink {
    writes: DataSinkExec,
}

impl DisplayAs for StagedSink {
    fn fmt_as(&self, form: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.writes.sink().fmt_as(form, f)
    }
}

#[async_trait]
impl DataSink for StagedSink {
    fn metrics(&self) -> Option<MetricsSet> {
        self.writes.sink().metrics()
    }

    fn schema(&self) -> &SchemaRef {
        self.writes.sink().schema()
    }

    async fn write_all(
        &self,
        data: SendableRecordBatchStream,
        context: &Arc<TaskContext>,
    ) -> Result<u64> {
        let runtime = context.runtime_env();
        let stores = StagingStores::new(Arc::clone(&runtime.object_store_registry));
        let staging = RuntimeEnvBuilder::from_runtime_env(&runtime)
            .with_object_store_registry(Arc::new(stores.clone()))
            .build_arc()?;
        // Dropped, as by Ctrl-C, it takes away what was written so far, unless the program ends first.
        let written = stores.written();
        let context = Arc::new(within(context, staging));
        let writing = self.writes.sink().write_all(data, &context);
        match AssertUnwindSafe(writing).catch_unwind().await {
            Ok(Ok(rows)) => {
                written.move_to_their_places().await?;
                Ok(rows)
            }
            Ok(Err(error)) => {
                let error = written.by_their_places(error);
                written.take_away().await;
                Err(error)
            }
            Err(panic) => {
                written.take_away().await;
                resume_unwind(panic)
            }
        }
    }
}

/// The context of a task in another environment.
fn within(context: &TaskContext, runtime: Arc<RuntimeEnv>) -> TaskContext {
    TaskContext::new(
        context.task_id(),
        context.session_id(),
        context.session_config().clone(),
        context.scalar_functions().clone(),
        context.higher_order_functions().clone(),
        context.aggregate_functions().clone(),
        context.window_functions().clone(),
        runtime,
    )
}
