//! The optimizer rule that puts fused aggregations in the place of DataFusion's.

use std::fmt;
use std::sync::Arc;

use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{Transformed, TreeNode, TreeNodeRecursion};
use datafusion::error::Result;
use datafusion::execution::cache::cache_manager::FileMetadataCache;
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_plan::repartition::RepartitionExec;
use datafusion::physical_plan::{ExecutionPlan, ExecutionPlanProperties};

use crate::FusedOptions;
use crate::exec::FusedAggregateExec;
use crate::not_fused::NotFusedExec;
use crate::plan::{Footers, Query};

/// Replaces aggregations over Parquet files by one operator on the codes of their pages.
///
/// It has to be the last rule. The session has to know [`FusedOptions`]; without them nothing is replaced.
pub struct FuseAggregates {
    footers: Footers,
}

impl FuseAggregates {
    /// A rule that takes footers from a session's cache, where they are there already.
    pub fn new(footers: Arc<FileMetadataCache>) -> Self {
        Self {
            footers: Footers(footers),
        }
    }
}

impl fmt::Debug for FuseAggregates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FuseAggregates")
    }
}

impl PhysicalOptimizerRule for FuseAggregates {
    fn optimize(
        &self,
        plan: Arc<dyn ExecutionPlan>,
        config: &ConfigOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let Some(options) = config
            .extensions
            .get::<FusedOptions>()
            .filter(|options| options.fused)
        else {
            return Ok(plan);
        };
        let fused = plan.transform_down(|plan| match Query::of(&plan, &self.footers) {
            None => Ok(Transformed::no(plan)),
            Some(Ok(query)) => {
                let fused = in_the_place_of(query, &plan)?;
                Ok(Transformed::new(fused, true, TreeNodeRecursion::Jump))
            }
            Some(Err(reason)) if options.fused_reasons => {
                let input = plan;
                let noted = Arc::new(NotFusedExec { reason, input });
                Ok(Transformed::new(noted, true, TreeNodeRecursion::Jump))
            }
            Some(Err(_)) => Ok(Transformed::no(plan)),
        })?;
        Ok(fused.data)
    }

    fn name(&self) -> &'static str {
        "fuse_aggregates"
    }

    fn schema_check(&self) -> bool {
        true
    }
}

/// The operator, spread over partitions as the plan it replaces, on which plans above may rely.
fn in_the_place_of(query: Query, plan: &Arc<dyn ExecutionPlan>) -> Result<Arc<dyn ExecutionPlan>> {
    let fused = Arc::new(FusedAggregateExec::new(query, Arc::clone(plan)));
    let partitioning = plan.output_partitioning();
    if partitioning.partition_count() == 1 {
        return Ok(fused);
    }
    Ok(Arc::new(RepartitionExec::try_new(
        fused,
        partitioning.clone(),
    )?))
}
