//! `ORDER BY max(x) LIMIT n` over groups, without floats.
//!
//! DataFusion keeps n groups only, in a heap and a hash table that know no NaN: a group whose maximum is NaN is lost
//! among those of infinity, and a key that is NaN, which is not found again when it leaves, is a panic (no upstream
//! issue known). Such plans aggregate all groups.

use std::sync::Arc;

use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::config::ConfigOptions;
use datafusion::error::Result;
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::aggregates::AggregateExec;

/// The name of DataFusion's rule.
const RULE: &str = "LimitAggregation";

/// The rules with DataFusion's own inside ours.
pub(super) fn with_rule(
    rules: Vec<Arc<dyn PhysicalOptimizerRule + Send + Sync>>,
) -> Vec<Arc<dyn PhysicalOptimizerRule + Send + Sync>> {
    debug_assert!(rules.iter().any(|rule| rule.name() == RULE));
    let replaced = |rule: Arc<dyn PhysicalOptimizerRule + Send + Sync>| {
        if rule.name() == RULE {
            Arc::new(TopAggregates(rule))
        } else {
            rule
        }
    };
    rules.into_iter().map(replaced).collect()
}

#[derive(Debug)]
struct TopAggregates(Arc<dyn PhysicalOptimizerRule + Send + Sync>);

impl PhysicalOptimizerRule for TopAggregates {
    fn optimize(
        &self,
        plan: Arc<dyn ExecutionPlan>,
        config: &ConfigOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        if has_floats(&plan)? {
            return Ok(plan);
        }
        self.0.optimize(plan, config)
    }

    fn name(&self) -> &str {
        self.0.name()
    }

    fn schema_check(&self) -> bool {
        self.0.schema_check()
    }
}

/// Whether an aggregation has a key or an answer that is a float.
fn has_floats(plan: &Arc<dyn ExecutionPlan>) -> Result<bool> {
    let mut found = false;
    plan.apply(|node| {
        let is_aggregation = node.as_ref().is::<AggregateExec>();
        let schema = node.schema();
        found |= is_aggregation
            && schema
                .fields()
                .iter()
                .any(|field| field.data_type().is_floating());
        Ok(if found {
            TreeNodeRecursion::Stop
        } else {
            TreeNodeRecursion::Continue
        })
    })?;
    Ok(found)
}
