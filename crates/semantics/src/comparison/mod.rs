//! Comparisons of floats: every NaN equal and greater than any number, -0.0 equal to 0.0.

mod floats_in_lists;
mod top_aggregates;

use std::sync::Arc;

use datafusion::optimizer::AnalyzerRule;
use datafusion::physical_optimizer::PhysicalOptimizerRule;

/// The rules that stand behind `type_coercion`.
pub(crate) fn analyzer_rules() -> Vec<Arc<dyn AnalyzerRule + Send + Sync>> {
    vec![Arc::new(floats_in_lists::FloatsInLists)]
}

/// DataFusion's physical rules with ours at their places.
pub(crate) fn with_physical_optimizer_rules(
    rules: Vec<Arc<dyn PhysicalOptimizerRule + Send + Sync>>,
) -> Vec<Arc<dyn PhysicalOptimizerRule + Send + Sync>> {
    top_aggregates::with_rule(rules)
}
