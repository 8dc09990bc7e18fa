//! The operator that stands for a scan and its aggregation.

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
    Boundedness, EmissionType, ReplaceChildrenOptions,
};
use datafusion::physical_plan::metrics::{
    BaselineMetrics, ExecutionPlanMetricsSet, MetricBuilder, MetricsSet,
};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::{
    DisplayAs, DisplayFormatType, ExecutionPlan, ExecutionPlanProperties, PlanProperties,
};
use futures::stream::{self, StreamExt, TryStreamExt};

use crate::plan::Query;
use crate::run::{Counts, run};

/// Scan, filter and aggregation in one step.
///
/// It keeps the plan it stands for. Should anything be met that footers did not tell, from a damaged page to an
/// expression that fails on a value of a dictionary, that plan answers, with its own errors.
#[derive(Debug)]
pub(crate) struct FusedAggregateExec {
    query: Arc<Query>,
    original: Arc<dyn ExecutionPlan>,
    properties: Arc<PlanProperties>,
    metrics: ExecutionPlanMetricsSet,
}

impl FusedAggregateExec {
    pub(crate) fn new(query: Query, original: Arc<dyn ExecutionPlan>) -> Self {
        let properties = PlanProperties::new(
            EquivalenceProperties::new(Arc::clone(&query.schema)),
            Partitioning::UnknownPartitioning(1),
            EmissionType::Final,
            Boundedness::Bounded,
        );
        let original = match original.output_partitioning().partition_count() {
            1 => original,
            _ => Arc::new(CoalescePartitionsExec::new(original)),
        };
        Self {
            query: Arc::new(query),
            original,
            properties: Arc::new(properties),
            metrics: ExecutionPlanMetricsSet::new(),
        }
    }
}

impl DisplayAs for FusedAggregateExec {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let query = &self.query;
        let columns: Vec<&str> = query
            .columns
            .iter()
            .map(|column| column.name.as_str())
            .collect();
        write!(
            f,
            "FusedAggregateExec: {}, columns=[{}], files={}, row_groups={} of {}",
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

impl ExecutionPlan for FusedAggregateExec {
    fn name(&self) -> &'static str {
        "FusedAggregateExec"
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
            _ => internal_err!("FusedAggregateExec has no children"),
        }
    }

    fn with_new_children(
        self: Arc<Self>,
        children: Vec<Arc<dyn ExecutionPlan>>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        match children.len() {
            0 => Ok(self),
            _ => internal_err!("FusedAggregateExec has no children"),
        }
    }

    fn execute(
        &self,
        partition: usize,
        context: Arc<TaskContext>,
    ) -> Result<SendableRecordBatchStream> {
        if partition > 0 {
            return internal_err!("FusedAggregateExec has one partition, asked for {partition}");
        }
        let baseline = BaselineMetrics::new(&self.metrics, partition);
        let count = |name: &'static str| MetricBuilder::new(&self.metrics).counter(name, partition);
        let (rows, bytes, fell_back) = (
            count("rows_scanned"),
            count("bytes_scanned"),
            count("fell_back"),
        );
        count("row_groups").add(self.query.row_groups.len());
        let (query, original) = (Arc::clone(&self.query), Arc::clone(&self.original));
        let threads = context.session_config().target_partitions();
        let batch_size = context.session_config().batch_size();
        let memory = MemoryConsumer::new("FusedAggregate").register(context.memory_pool());
        let answer = async move {
            let stop = StopOnDrop(Arc::new(AtomicBool::new(false)));
            let stopped = Arc::clone(&stop.0);
            let compute = baseline.elapsed_compute().clone();
            let task = SpawnedTask::spawn_blocking(move || {
                let _timer = compute.timer();
                let counts = Counts::default();
                let answer = run(&query, threads, &memory, &stopped, &counts);
                (answer, counts, memory)
            });
            let done = task.join().await;
            drop(stop);
            // The memory is given back before the original plan asks for its own.
            let answer = match done {
                Ok((answer, counts, _memory)) => {
                    rows.add(counts.rows.into_inner());
                    bytes.add(counts.bytes.into_inner());
                    answer
                }
                Err(stopped) => Err(exec_datafusion_err!("{stopped}")),
            };
            match answer {
                Ok(batch) => {
                    baseline.record_output(batch.num_rows());
                    Ok::<_, DataFusionError>(stream::iter(slices(&batch, batch_size)).boxed())
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

fn slices(batch: &RecordBatch, rows: usize) -> Vec<Result<RecordBatch>> {
    let starts = (0..batch.num_rows()).step_by(rows.max(1));
    starts
        .map(|start| Ok(batch.slice(start, rows.min(batch.num_rows() - start))))
        .collect()
}
