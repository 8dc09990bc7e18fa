//! The rule that puts rows of scans into the order of their files.

use std::sync::Arc;

use datafusion::common::JoinType;
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::datasource::memory::MemorySourceConfig;
use datafusion::datasource::physical_plan::FileScanConfig;
use datafusion::datasource::source::DataSourceExec;
use datafusion::error::Result;
use datafusion::physical_expr::Partitioning;
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_plan::aggregates::{AggregateExec, AggregateMode};
use datafusion::physical_plan::coalesce_partitions::CoalescePartitionsExec;
use datafusion::physical_plan::coop::CooperativeExec;
use datafusion::physical_plan::execution_plan::{ChildrenPropertiesMode, ReplaceChildrenOptions};
use datafusion::physical_plan::filter::FilterExec;
use datafusion::physical_plan::joins::{CrossJoinExec, HashJoinExec, PartitionMode};
use datafusion::physical_plan::limit::LocalLimitExec;
use datafusion::physical_plan::projection::ProjectionExec;
use datafusion::physical_plan::repartition::RepartitionExec;
use datafusion::physical_plan::union::UnionExec;
use datafusion::physical_plan::unnest::UnnestExec;
use datafusion::physical_plan::{ExecutionPlan, ExecutionPlanProperties};

use super::exec::InOrderExec;

/// Bytes of files that one piece of a scan reads. Pieces are given out in order, so that small ones let threads work
/// side by side without keeping much back.
const PIECE: u64 = 4 << 20;

/// Pieces of a scan for each thread, at most.
const PIECES_A_THREAD: usize = 16;

/// Gives out the partitions of scans one after another wherever partitions are merged without an order.
///
/// Only where no more than filters, projections, limits, unions, the probe side of joins and an aggregation without groups
/// lie between: sorts and other aggregations make an order of their own. To be the last rule, since it takes scans apart that other rules weigh.
#[derive(Debug, Default)]
pub struct RowsInOrder;

impl PhysicalOptimizerRule for RowsInOrder {
    fn optimize(
        &self,
        plan: Arc<dyn ExecutionPlan>,
        config: &ConfigOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let threads = config.execution.target_partitions;
        let merged = |plan: Arc<dyn ExecutionPlan>| {
            let Some(merge) = plan.downcast_ref::<CoalescePartitionsExec>() else {
                return Ok(Transformed::no(plan));
            };
            match in_order(merge.input(), config)? {
                Some(input) => {
                    let at_once = input.at_once(threads);
                    let merge = InOrderExec::new(input.plan, merge.fetch(), at_once);
                    Ok(Transformed::yes(Arc::new(merge) as _))
                }
                None => Ok(Transformed::no(plan)),
            }
        };
        let plan = plan.transform_up(merged)?.data;
        // Whoever runs the plan merges what is left of partitions.
        if plan.output_partitioning().partition_count() > 1
            && let Some(input) = in_order(&plan, config)?
        {
            let at_once = input.at_once(threads);
            return Ok(Arc::new(InOrderExec::new(input.plan, None, at_once)));
        }
        Ok(plan)
    }

    fn name(&self) -> &str {
        "rows_in_order"
    }

    fn schema_check(&self) -> bool {
        true
    }
}

/// A plan whose partitions, one after another, are the rows in their order.
struct Ordered {
    plan: Arc<dyn ExecutionPlan>,
    /// Whether a partition may wait for others to be run: in a join all probe partitions have to run.
    is_free: bool,
}

impl Ordered {
    fn at_once(&self, threads: usize) -> usize {
        match self.is_free {
            true => threads + 1,
            false => usize::MAX,
        }
    }
}

fn in_order(plan: &Arc<dyn ExecutionPlan>, config: &ConfigOptions) -> Result<Option<Ordered>> {
    if let Some(scan) = plan.downcast_ref::<DataSourceExec>() {
        let plan = ordered_scan(scan, config)?;
        return Ok(plan.map(|plan| Ordered {
            plan,
            is_free: true,
        }));
    }
    if plan.is::<InOrderExec>() {
        return Ok(Some(Ordered {
            plan: Arc::clone(plan),
            is_free: true,
        }));
    }
    if let Some(spread) = plan.downcast_ref::<RepartitionExec>() {
        return match spread.partitioning() {
            Partitioning::RoundRobinBatch(_) => in_order(spread.input(), config),
            _ => Ok(None),
        };
    }
    if let Some(union) = plan.downcast_ref::<UnionExec>() {
        return ordered_union(plan, union, config);
    }
    let is_join = is_ordered_by_probe(plan);
    let is_step = plan.is::<ProjectionExec>()
        || plan.is::<FilterExec>()
        || plan.is::<CooperativeExec>()
        || plan.is::<LocalLimitExec>()
        || plan.is::<UnnestExec>()
        || is_one_state(plan);
    if !is_join && !is_step {
        return Ok(None);
    }
    let mut children: Vec<_> = plan.children().into_iter().cloned().collect();
    let Some(probe) = children.last_mut() else {
        return Ok(None);
    };
    let config = match is_join {
        // Joins count the partitions that they were planned with.
        true => &whole_scans(config),
        false => config,
    };
    let Some(ordered) = in_order(probe, config)? else {
        return Ok(None);
    };
    *probe = ordered.plan;
    Ok(Some(Ordered {
        plan: with_children(plan, children)?,
        is_free: ordered.is_free && !is_join,
    }))
}

/// Whether each partition becomes one state of aggregates, which are then put together in the order of their rows: lists
/// are, and sums of floats come out the same each time.
fn is_one_state(plan: &Arc<dyn ExecutionPlan>) -> bool {
    plan.downcast_ref::<AggregateExec>()
        .is_some_and(|step| *step.mode() == AggregateMode::Partial && step.group_expr().is_empty())
}

/// Whether a join gives rows in the order of its last input.
fn is_ordered_by_probe(plan: &Arc<dyn ExecutionPlan>) -> bool {
    let by_probe = |kind: &JoinType| {
        matches!(
            kind,
            JoinType::Inner
                | JoinType::Right
                | JoinType::RightSemi
                | JoinType::RightAnti
                | JoinType::RightMark
        )
    };
    match plan.downcast_ref::<HashJoinExec>() {
        Some(join) => {
            *join.partition_mode() == PartitionMode::CollectLeft && by_probe(join.join_type())
        }
        None => plan.is::<CrossJoinExec>(),
    }
}

fn ordered_union(
    plan: &Arc<dyn ExecutionPlan>,
    union: &UnionExec,
    config: &ConfigOptions,
) -> Result<Option<Ordered>> {
    let mut is_free = true;
    let mut children = Vec::new();
    for child in union.inputs() {
        // The order of other inputs is their own; they keep their place.
        let ordered = in_order(child, config)?;
        is_free &= ordered.as_ref().is_some_and(|ordered| ordered.is_free);
        children.push(ordered.map_or_else(|| Arc::clone(child), |ordered| ordered.plan));
    }
    Ok(Some(Ordered {
        plan: with_children(plan, children)?,
        is_free,
    }))
}

/// The configuration under which scans are not cut further.
fn whole_scans(config: &ConfigOptions) -> ConfigOptions {
    let mut config = config.clone();
    config.optimizer.repartition_file_scans = false;
    config
}

/// The scan with contiguous parts of its files as partitions, which it does not exchange.
fn ordered_scan(
    scan: &DataSourceExec,
    config: &ConfigOptions,
) -> Result<Option<Arc<dyn ExecutionPlan>>> {
    if let Some(files) = scan.data_source().downcast_ref::<FileScanConfig>() {
        let ordered = scan.with_preserve_order(true);
        let Some(ordered) = ordered else {
            return Ok(None);
        };
        let groups = files.file_groups.len();
        if groups < 2 || !config.optimizer.repartition_file_scans {
            return Ok(Some(ordered));
        }
        let listed = files.file_groups.iter().flat_map(|group| group.files());
        let bytes: u64 = listed.map(|file| file.effective_size()).sum();
        let most = config.execution.target_partitions * PIECES_A_THREAD;
        let pieces = usize::try_from(bytes / PIECE).unwrap_or(most);
        let pieces = pieces.clamp(groups, most.max(groups));
        let cut = match pieces > groups {
            true => ordered.repartitioned(pieces, config)?,
            false => None,
        };
        return Ok(Some(cut.unwrap_or(ordered)));
    }
    if scan.data_source().is::<MemorySourceConfig>() {
        return Ok(Some(Arc::new(scan.clone())));
    }
    Ok(None)
}

fn with_children(
    plan: &Arc<dyn ExecutionPlan>,
    children: Vec<Arc<dyn ExecutionPlan>>,
) -> Result<Arc<dyn ExecutionPlan>> {
    let options = ReplaceChildrenOptions::new(ChildrenPropertiesMode::Recompute);
    Arc::clone(plan).replace_children(children, options)
}
