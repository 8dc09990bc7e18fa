//! Subqueries as joins, with three-valued logic.

use std::sync::Arc;

use datafusion::optimizer::OptimizerRule;

/// `rules` with ours at their places.
pub(crate) fn with_rules(
    rules: Vec<Arc<dyn OptimizerRule + Send + Sync>>,
) -> Vec<Arc<dyn OptimizerRule + Send + Sync>> {
    rules
}
