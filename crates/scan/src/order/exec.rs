//! The operator that runs partitions side by side and gives them out one after another.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;

use arrow::array::RecordBatch;
use datafusion::common::internal_err;
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::error::Result;
use datafusion::execution::memory_pool::{MemoryConsumer, MemoryReservation};
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_expr::{Partitioning, PhysicalExpr};
use datafusion::physical_plan::execution_plan::{
    ChildrenPropertiesMode, EvaluationType, ReplaceChildrenOptions, SchedulingType,
};
use datafusion::physical_plan::metrics::{BaselineMetrics, ExecutionPlanMetricsSet, MetricsSet};
use datafusion::physical_plan::statistics::{ChildStats, StatisticsArgs};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::{
    DisplayAs, DisplayFormatType, ExecutionPlan, ExecutionPlanProperties, PlanProperties,
    Statistics,
};
use futures::stream;
use tokio::sync::watch;

use super::window::Running;

/// All partitions of its input, the first one first.
#[derive(Debug)]
pub(crate) struct InOrderExec {
    input: Arc<dyn ExecutionPlan>,
    fetch: Option<usize>,
    /// Partitions that run at the same time.
    at_once: usize,
    properties: Arc<PlanProperties>,
    metrics: ExecutionPlanMetricsSet,
}

impl InOrderExec {
    pub(super) fn new(input: Arc<dyn ExecutionPlan>, fetch: Option<usize>, at_once: usize) -> Self {
        let mut known = input.equivalence_properties().clone();
        // Partitions that are sorted each are not sorted one after another.
        known.clear_orderings();
        known.clear_per_partition_constants();
        let properties = PlanProperties::new(
            known,
            Partitioning::UnknownPartitioning(1),
            input.pipeline_behavior(),
            input.boundedness(),
        )
        .with_evaluation_type(EvaluationType::Eager)
        .with_scheduling_type(SchedulingType::Cooperative);
        Self {
            input,
            fetch,
            at_once,
            properties: Arc::new(properties),
            metrics: ExecutionPlanMetricsSet::new(),
        }
    }
}

impl DisplayAs for InOrderExec {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "InOrderExec")?;
        match self.fetch {
            Some(fetch) => write!(f, ": fetch={fetch}"),
            None => Ok(()),
        }
    }
}

impl ExecutionPlan for InOrderExec {
    fn name(&self) -> &'static str {
        "InOrderExec"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        vec![&self.input]
    }

    fn benefits_from_input_partitioning(&self) -> Vec<bool> {
        vec![false]
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
        match <[_; 1]>::try_from(children) {
            Ok([input]) => Ok(Arc::new(Self::new(input, self.fetch, self.at_once))),
            Err(_) => internal_err!("{} has one child", self.name()),
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
        if partition != 0 {
            return internal_err!("{} has one partition, not {partition}", self.name());
        }
        let memory = MemoryConsumer::new(self.name()).register(context.memory_pool());
        let rows = Rows {
            input: Arc::clone(&self.input),
            partitions: self.input.output_partitioning().partition_count(),
            // The first one may be enough.
            at_once: self.fetch.map_or(self.at_once, |_| match self.at_once {
                usize::MAX => usize::MAX,
                _ => 1,
            }),
            then_at_once: self.at_once,
            left: self.fetch,
            context,
            memory,
            running: VecDeque::new(),
            started: 0,
            turn: watch::Sender::new(0),
            metrics: BaselineMetrics::new(&self.metrics, 0),
        };
        let rows = stream::try_unfold(rows, async |mut rows| {
            let batch = rows.next().await?;
            Ok(batch.map(|batch| (batch, rows)))
        });
        let schema = self.schema();
        Ok(Box::pin(RecordBatchStreamAdapter::new(
            schema,
            Box::pin(rows),
        )))
    }

    fn metrics(&self) -> Option<MetricsSet> {
        Some(self.metrics.clone_inner())
    }

    fn child_stats_requests(&self, _: Option<usize>) -> Vec<ChildStats> {
        vec![ChildStats::At(None)]
    }

    fn statistics_from_inputs(
        &self,
        inputs: &[Arc<Statistics>],
        _: &StatisticsArgs,
    ) -> Result<Arc<Statistics>> {
        let statistics = Statistics::clone(&inputs[0]);
        Ok(Arc::new(statistics.with_fetch(self.fetch, 0, 1)?))
    }

    fn fetch(&self) -> Option<usize> {
        self.fetch
    }
}

/// The rows that are left to be given out.
struct Rows {
    input: Arc<dyn ExecutionPlan>,
    partitions: usize,
    at_once: usize,
    then_at_once: usize,
    left: Option<usize>,
    context: Arc<TaskContext>,
    memory: MemoryReservation,
    running: VecDeque<Running>,
    started: usize,
    turn: watch::Sender<usize>,
    metrics: BaselineMetrics,
}

impl Rows {
    async fn next(&mut self) -> Result<Option<RecordBatch>> {
        if self.left == Some(0) {
            return Ok(None);
        }
        loop {
            self.start()?;
            let Some(first) = self.running.front_mut() else {
                return Ok(None);
            };
            match first.next().await.transpose()? {
                Some(batch) => {
                    let batch = match self.left {
                        Some(left) if batch.num_rows() > left => batch.slice(0, left),
                        _ => batch,
                    };
                    self.left = self.left.map(|left| left - batch.num_rows());
                    self.metrics.record_output(batch.num_rows());
                    return Ok(Some(batch));
                }
                None => {
                    self.running.pop_front();
                    self.turn.send_modify(|turn| *turn += 1);
                    self.at_once = self.then_at_once;
                }
            }
        }
    }

    /// Starts partitions as long as more may run.
    fn start(&mut self) -> Result<()> {
        while self.started < self.partitions && self.running.len() < self.at_once {
            let partition = self.started;
            let stream = self.input.execute(partition, Arc::clone(&self.context))?;
            let memory = self.memory.new_empty();
            let turn = self.turn.subscribe();
            self.running
                .push_back(Running::start(partition, stream, turn, memory));
            self.started += 1;
        }
        Ok(())
    }
}
