//! Tables in memory, cut into parts that follow one another.

use std::sync::Arc;

use arrow::array::RecordBatch;
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::datasource::memory::MemorySourceConfig;
use datafusion::datasource::source::{DataSource, DataSourceExec};
use datafusion::error::Result;
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_plan::ExecutionPlan;

/// Cuts tables in memory for the threads, before DataFusion does, which deals out their batches by size.
/// To be the first rule.
#[derive(Debug, Default)]
pub struct MemoryInOrder;

impl PhysicalOptimizerRule for MemoryInOrder {
    fn optimize(
        &self,
        plan: Arc<dyn ExecutionPlan>,
        config: &ConfigOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let threads = config.execution.target_partitions;
        let cut = |plan: Arc<dyn ExecutionPlan>| {
            let scan = plan.downcast_ref::<DataSourceExec>();
            let memory =
                scan.and_then(|scan| scan.data_source().downcast_ref::<MemorySourceConfig>());
            match memory.map(|memory| in_parts(memory, threads)).transpose()? {
                Some(Some(scan)) => Ok(Transformed::yes(scan)),
                _ => Ok(Transformed::no(plan)),
            }
        };
        Ok(plan.transform_up(cut)?.data)
    }

    fn name(&self) -> &str {
        "memory_in_order"
    }

    fn schema_check(&self) -> bool {
        true
    }
}

fn in_parts(memory: &MemorySourceConfig, threads: usize) -> Result<Option<Arc<dyn ExecutionPlan>>> {
    let batches = || memory.partitions().iter().flatten();
    let is_sorted = memory.eq_properties().output_ordering().is_some();
    // DataFusion cuts under the same conditions.
    if is_sorted || memory.partitions().len() >= threads || batches().count() < threads {
        return Ok(None);
    }
    let rows: usize = batches().map(RecordBatch::num_rows).sum();
    let mut parts = vec![Vec::new(); threads];
    let mut before = 0;
    for batch in batches() {
        let part = (before * threads).checked_div(rows).unwrap_or_default();
        parts[part.min(threads - 1)].push(batch.clone());
        before += batch.num_rows();
    }
    let projection = memory.projection().clone();
    let cut = MemorySourceConfig::try_new(&parts, memory.original_schema(), projection)?;
    let scan = DataSourceExec::from_data_source(cut.with_limit(memory.fetch()));
    Ok(Some(scan))
}
