//! Optimizer rules that are not applied where they would change the answer.
//!
//! A join has one setting for all of its keys. `extract_equijoin_predicate` adds
//! keys from the filter of a join whose NULLs are equal, and `eliminate_cross_join` gives all joins the setting of
//! the topmost one: `a JOIN b ON a.k IS NOT DISTINCT FROM b.k WHERE a.x = b.x` then finds rows where `x` is NULL on
//! both sides.

use std::sync::Arc;

use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::common::{JoinType, NullEquality};
use datafusion::error::Result;
use datafusion::logical_expr::LogicalPlan;
use datafusion::optimizer::{ApplyOrder, OptimizerConfig, OptimizerRule};

/// `rule`, not applied where it would change the answer.
pub(super) fn guarded(
    rule: Arc<dyn OptimizerRule + Send + Sync>,
) -> Arc<dyn OptimizerRule + Send + Sync> {
    match rule.name() {
        "extract_equijoin_predicate" => Arc::new(Guarded {
            rule,
            misleads: takes_more_keys,
        }),
        "eliminate_cross_join" => Arc::new(Guarded {
            rule,
            misleads: flattens_null_safe_joins,
        }),
        _ => rule,
    }
}

#[derive(Debug)]
struct Guarded {
    rule: Arc<dyn OptimizerRule + Send + Sync>,
    misleads: fn(&LogicalPlan) -> Result<bool>,
}

impl OptimizerRule for Guarded {
    fn name(&self) -> &str {
        self.rule.name()
    }

    fn apply_order(&self) -> Option<ApplyOrder> {
        self.rule.apply_order()
    }

    fn supports_rewrite(&self) -> bool {
        true
    }

    fn rewrite(
        &self,
        plan: LogicalPlan,
        config: &dyn OptimizerConfig,
    ) -> Result<Transformed<LogicalPlan>> {
        if (self.misleads)(&plan)? {
            return Ok(Transformed::no(plan));
        }
        self.rule.rewrite(plan, config)
    }
}

fn takes_more_keys(plan: &LogicalPlan) -> Result<bool> {
    Ok(match plan {
        LogicalPlan::Join(join) => {
            join.null_equality == NullEquality::NullEqualsNull && !join.on.is_empty()
        }
        _ => false,
    })
}

fn flattens_null_safe_joins(plan: &LogicalPlan) -> Result<bool> {
    plan.exists(|node| {
        Ok(match node {
            LogicalPlan::Join(join) => {
                join.join_type == JoinType::Inner
                    && join.null_equality == NullEquality::NullEqualsNull
            }
            _ => false,
        })
    })
}
