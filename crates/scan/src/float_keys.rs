//! The first groups by a float key, of which each is given once.
//!
//! Where `DISTINCT x … ORDER BY x LIMIT n` keeps only the n best keys, DataFusion compares floats as IEEE 754 does, in which
//! NaN is no key that it has seen: every row with NaN is a group of its own.

use std::sync::Arc;

use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::error::Result;
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::aggregates::AggregateExec;

/// Takes the limit off aggregations with a float key. To stand behind DataFusion's `LimitAggregation`, which sets it.
#[derive(Debug, Default)]
pub struct FloatKeysWithoutLimit;

impl PhysicalOptimizerRule for FloatKeysWithoutLimit {
    fn optimize(
        &self,
        plan: Arc<dyn ExecutionPlan>,
        _: &ConfigOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let without_limit = |plan: Arc<dyn ExecutionPlan>| {
            Ok(match plan.downcast_ref::<AggregateExec>() {
                Some(step) if keeps_the_best(step) && has_float_key(step)? => Transformed::yes(
                    Arc::new(step.with_new_limit_options(None)) as Arc<dyn ExecutionPlan>,
                ),
                _ => Transformed::no(plan),
            })
        };
        Ok(plan.transform_up(without_limit)?.data)
    }

    fn name(&self) -> &str {
        "float_keys_without_limit"
    }

    fn schema_check(&self) -> bool {
        true
    }
}

fn keeps_the_best(step: &AggregateExec) -> bool {
    step.limit_options()
        .is_some_and(|limit| limit.descending.is_some())
}

fn has_float_key(step: &AggregateExec) -> Result<bool> {
    let schema = step.input().schema();
    for (key, _) in step.group_expr().expr() {
        if key.data_type(&schema)?.is_floating() {
            return Ok(true);
        }
    }
    Ok(false)
}
