//! The optimizer rule that puts fused operators in the place of DataFusion's.

use std::fmt;
use std::sync::Arc;

use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{Transformed, TreeNode, TreeNodeRecursion};
use datafusion::error::Result;
use datafusion::execution::cache::cache_manager::FileMetadataCache;
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_plan::joins::HashJoinExec;
use datafusion::physical_plan::repartition::RepartitionExec;
use datafusion::physical_plan::{ExecutionPlan, ExecutionPlanProperties};

use super::declined::NotFusedExec;
use super::group_first::group_first;
use crate::FusedOptions;
use crate::pages::Buffers;
use crate::plan::{Declined, Footers, Query, TopQuery};
use crate::run::{FusedExec, Work};

/// Replaces aggregations over Parquet files, and sorts of which the first rows are wanted, by one operator on the
/// codes of their pages.
///
/// It has to be the last rule. The session has to know [`FusedOptions`]; without them nothing is replaced.
pub struct FuseAggregates {
    footers: Footers,
    buffers: Buffers,
}

impl FuseAggregates {
    /// A rule that takes footers from a session's cache, where they are there already.
    pub fn new(footers: Arc<FileMetadataCache>) -> Self {
        Self {
            footers: Footers(footers),
            buffers: Buffers::default(),
        }
    }

    /// What could be done in the place of a part of a plan with so many joins; nothing when it is no plan for this crate.
    fn work(&self, plan: &Arc<dyn ExecutionPlan>, joins: usize) -> Option<Declined<Work>> {
        let is_below_joins = || joins_in(plan) < joins;
        let aggregate =
            || Some(Query::of(plan, &self.footers, is_below_joins)?.map(Work::Aggregate));
        let top = || Some(TopQuery::of(plan, &self.footers)?.map(Work::Top));
        aggregate().or_else(top)
    }

    /// The operator, spread over partitions as the plan it replaces, on which plans above may rely.
    fn in_the_place_of(
        &self,
        work: Work,
        plan: &Arc<dyn ExecutionPlan>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let fused = Arc::new(FusedExec::new(work, Arc::clone(plan), &self.buffers));
        let partitioning = plan.output_partitioning();
        if partitioning.partition_count() == 1 {
            return Ok(fused);
        }
        Ok(Arc::new(RepartitionExec::try_new(
            fused,
            partitioning.clone(),
        )?))
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
        let joins = joins_in(&plan);
        let fused = plan.transform_down(|plan| match self.work(&plan, joins) {
            None => Ok(Transformed::no(plan)),
            Some(Ok(work)) => {
                let fused = self.in_the_place_of(work, &plan)?;
                Ok(Transformed::new(fused, true, TreeNodeRecursion::Jump))
            }
            Some(Err(reason)) if options.fused_reasons => {
                let input = plan;
                let noted = Arc::new(NotFusedExec { reason, input });
                Ok(Transformed::new(noted, true, TreeNodeRecursion::Jump))
            }
            Some(Err(_)) => Ok(Transformed::no(plan)),
        })?;
        let grouped = fused
            .data
            .transform_down(|plan| match group_first(&plan)? {
                Some(grouped) => Ok(Transformed::yes(grouped)),
                None => Ok(Transformed::no(plan)),
            })?;
        Ok(grouped.data)
    }

    fn name(&self) -> &'static str {
        "fuse_aggregates"
    }

    fn schema_check(&self) -> bool {
        true
    }
}

fn joins_in(plan: &Arc<dyn ExecutionPlan>) -> usize {
    let mut joins = 0;
    let counted = plan.apply(|plan| {
        joins += usize::from(plan.is::<HashJoinExec>());
        Ok(TreeNodeRecursion::Continue)
    });
    counted.map_or(0, |_| joins)
}
