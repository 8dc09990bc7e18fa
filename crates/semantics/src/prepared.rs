//! Prepared statements are optimized when they are executed, behind the analyzer like all others.
//!
//! DataFusion optimizes at PREPARE what no analyzer rule has seen: `NOT IN` becomes its join, and sums of literals are
//! folded unchecked, before a rule of ours can mend them. DISTINCT ON panics there for want of a function registry.

use std::sync::Arc;

use datafusion::common::tree_node::Transformed;
use datafusion::error::Result;
use datafusion::logical_expr::LogicalPlan;
use datafusion::optimizer::{ApplyOrder, OptimizerConfig, OptimizerRule};

/// `rules`, none of which does anything at PREPARE.
pub(crate) fn when_executed(
    rules: Vec<Arc<dyn OptimizerRule + Send + Sync>>,
) -> Vec<Arc<dyn OptimizerRule + Send + Sync>> {
    let wrap = |rule| Arc::new(WhenExecuted(rule)) as Arc<dyn OptimizerRule + Send + Sync>;
    rules.into_iter().map(wrap).collect()
}

#[derive(Debug)]
struct WhenExecuted(Arc<dyn OptimizerRule + Send + Sync>);

impl OptimizerRule for WhenExecuted {
    fn name(&self) -> &str {
        self.0.name()
    }

    fn apply_order(&self) -> Option<ApplyOrder> {
        self.0.apply_order()
    }

    fn rewrite(
        &self,
        plan: LogicalPlan,
        config: &dyn OptimizerConfig,
    ) -> Result<Transformed<LogicalPlan>> {
        // A session has functions; the configuration that PREPARE makes up has none.
        if config.function_registry().is_none() {
            return Ok(Transformed::no(plan));
        }
        self.0.rewrite(plan, config)
    }
}
