//! The operator that stands for a scan and what is made of its rows.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use arrow::array::RecordBatch;
use datafusion::common::runtime::SpawnedTask;
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::common::{exec_datafusion_err, internal_err};
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::memory_pool::MemoryConsumer;
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_expr::{EquivalenceProperties, Partitioning, PhysicalExpr};
use datafusion::physical_plan::coalesce_partitions::CoalescePartitionsExec;
use datafusion::physical_plan::execution_plan::{
    Boundedness, ChildrenPropertiesMode, EmissionType, ReplaceChildrenOptions,
};
use datafusion::physical_plan::metrics::{
    BaselineMetrics, ExecutionPlanMetricsSet, MetricBuilder, MetricsSet,
};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::{
    DisplayAs, DisplayFormatType, ExecutionPlan, ExecutionPlanProperties, PlanProperties,
};
use futures::stream::{self, StreamExt, TryStreamExt};

use super::row_selection::select_rows;
use super::threads::{Counts, aggregate, top};
use crate::pages::Buffers;
use crate::plan::{Lookup, Query, TopQuery};

/// The metric of rows that were read.
pub(crate) const ROWS_SCANNED: &str = "rows_scanned";

/// What a fused operator does.
#[derive(Debug)]
pub(crate) enum Work {
    Aggregate(Query),
    Top(TopQuery),
}

impl Work {
    pub(crate) fn query(&self) -> &Query {
        match self {
            Self::Aggregate(query) => query,
            Self::Top(top) => &top.query,
        }
    }
}

/// Scan, filter and aggregation, or the first rows in an order, in one step.
///
/// It keeps the plan it stands for. Should anything be met that footers did not tell, from a damaged page to an
/// expression that fails on a value of a dictionary, that plan answers, with its own errors.
#[derive(Debug)]
pub(crate) struct FusedExec {
    pub(crate) work: Arc<Work>,
    original: Arc<dyn ExecutionPlan>,
    buffers: Buffers,
    properties: Arc<PlanProperties>,
    metrics: ExecutionPlanMetricsSet,
}

/// What came out of the pages.
enum Answer {
    Rows(RecordBatch),
    /// A plan that reads the few rows that were found.
    Plan(Arc<dyn ExecutionPlan>),
}

impl FusedExec {
    pub(crate) fn new(work: Work, original: Arc<dyn ExecutionPlan>, buffers: &Buffers) -> Self {
        let known = match &work {
            Work::Aggregate(query) => EquivalenceProperties::new(Arc::clone(&query.schema)),
            Work::Top(_) => original.equivalence_properties().clone(),
        };
        let properties = PlanProperties::new(
            known,
            Partitioning::UnknownPartitioning(1),
            EmissionType::Final,
            Boundedness::Bounded,
        );
        let original = match original.output_partitioning().partition_count() {
            1 => original,
            _ => Arc::new(CoalescePartitionsExec::new(original)),
        };
        Self {
            work: Arc::new(work),
            original,
            buffers: buffers.clone(),
            properties: Arc::new(properties),
            metrics: ExecutionPlanMetricsSet::new(),
        }
    }

    fn answer(
        &self,
        context: &Arc<TaskContext>,
        stop: &AtomicBool,
        counts: &Counts,
    ) -> Result<Answer> {
        let threads = context.session_config().target_partitions();
        let memory = MemoryConsumer::new(self.name()).register(context.memory_pool());
        match &*self.work {
            Work::Aggregate(query) => {
                aggregate(query, &self.buffers, threads, &memory, stop, counts).map(Answer::Rows)
            }
            Work::Top(top_query) => {
                let places = top(top_query, &self.buffers, threads, stop, counts)?;
                select_rows(&self.original, &top_query.query, &places).map(Answer::Plan)
            }
        }
    }

    /// A second one with the same metrics, for a thread of its own.
    fn again(&self) -> Self {
        Self {
            work: Arc::clone(&self.work),
            original: Arc::clone(&self.original),
            buffers: self.buffers.clone(),
            properties: Arc::clone(&self.properties),
            metrics: self.metrics.clone(),
        }
    }
}

impl DisplayAs for FusedExec {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let query = self.work.query();
        write!(f, "{}: ", self.name())?;
        if let Work::Top(top) = &*self.work {
            write!(f, "TopK(fetch={}), ", top.limit)?;
        }
        let columns: Vec<_> = query
            .columns
            .iter()
            .map(|column| column.name.as_str())
            .collect();
        write!(
            f,
            "{}, columns=[{}], files={}, row_groups={} of {}",
            query.description,
            columns.join(", "),
            query.files.len(),
            query.row_groups.len(),
            query.row_groups_in_all
        )
    }
}

/// Tells the threads to stop when nobody waits for the answer any more.
struct StopOnDrop(Arc<AtomicBool>);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl ExecutionPlan for FusedExec {
    fn name(&self) -> &'static str {
        match *self.work {
            Work::Aggregate(_) => "FusedAggregateExec",
            Work::Top(_) => "FusedTopRowsExec",
        }
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        Vec::new()
    }

    fn apply_expressions(
        &self,
        _: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        Ok(TreeNodeRecursion::Continue)
    }

    fn replace_children(
        self: Arc<Self>,
        children: Vec<Arc<dyn ExecutionPlan>>,
        _: ReplaceChildrenOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        match children.len() {
            0 => Ok(self),
            _ => internal_err!("{} has no children", self.name()),
        }
    }

    fn with_new_children(
        self: Arc<Self>,
        children: Vec<Arc<dyn ExecutionPlan>>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let options = ReplaceChildrenOptions::new(ChildrenPropertiesMode::Recompute);
        self.replace_children(children, options)
    }

    fn execute(
        &self,
        partition: usize,
        context: Arc<TaskContext>,
    ) -> Result<SendableRecordBatchStream> {
        if partition > 0 {
            return internal_err!("{} has one partition, asked for {partition}", self.name());
        }
        let baseline = BaselineMetrics::new(&self.metrics, partition);
        let count = |name: &'static str| MetricBuilder::new(&self.metrics).counter(name, partition);
        let counts = Counts {
            rows: count(ROWS_SCANNED),
            bytes: count("bytes_scanned"),
            row_groups: count("row_groups_scanned"),
        };
        let fell_back = count("fell_back");
        let batch_size = context.session_config().batch_size();
        let (this, original) = (self.again(), Arc::clone(&self.original));
        let answer = async move {
            let stop = StopOnDrop(Arc::new(AtomicBool::new(false)));
            let stopped = Arc::clone(&stop.0);
            let compute = baseline.elapsed_compute().clone();
            let task_context = Arc::clone(&context);
            let filled = fill(&this.work.query().lookups, &context).await;
            // Memory is given back before the original plan asks for its own.
            let task = SpawnedTask::spawn_blocking(move || {
                let _timer = compute.timer();
                filled?;
                this.answer(&task_context, &stopped, &counts)
            });
            let answer = match task.join().await {
                Ok(answer) => answer,
                Err(stopped) => Err(exec_datafusion_err!("{stopped}")),
            };
            drop(stop);
            match answer {
                Ok(Answer::Rows(batch)) => {
                    baseline.record_output(batch.num_rows());
                    Ok::<_, DataFusionError>(stream::iter(slices(&batch, batch_size)).boxed())
                }
                Ok(Answer::Plan(plan)) => {
                    let rows = plan.execute(0, context)?;
                    let counted =
                        move |batch: &RecordBatch| baseline.record_output(batch.num_rows());
                    Ok(rows.inspect_ok(counted).boxed())
                }
                Err(_) => {
                    fell_back.add(1);
                    Ok(original.execute(0, context)?.boxed())
                }
            }
        };
        let stream = stream::once(answer).try_flatten();
        Ok(Box::pin(RecordBatchStreamAdapter::new(
            self.schema(),
            stream,
        )))
    }

    fn metrics(&self) -> Option<MetricsSet> {
        Some(self.metrics.clone_inner())
    }
}

/// Reads the small tables that are joined.
async fn fill(lookups: &[Arc<Lookup>], context: &Arc<TaskContext>) -> Result<()> {
    for lookup in lookups {
        lookup.fill(context).await?;
    }
    Ok(())
}

fn slices(batch: &RecordBatch, rows: usize) -> Vec<Result<RecordBatch>> {
    let starts = (0..batch.num_rows()).step_by(rows.max(1));
    starts
        .map(|start| Ok(batch.slice(start, rows.min(batch.num_rows() - start))))
        .collect()
}
