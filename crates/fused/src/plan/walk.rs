//! The way from an operator down to the Parquet scan below it.

use std::sync::Arc;

use datafusion::datasource::physical_plan::{FileScanConfig, FileSource, ParquetSource};
use datafusion::datasource::source::DataSourceExec;
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_expr::expressions::{Column, DynamicFilterPhysicalExpr};
use datafusion::physical_expr::utils::{collect_columns, split_conjunction};
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::coalesce_partitions::CoalescePartitionsExec;
use datafusion::physical_plan::coop::CooperativeExec;
use datafusion::physical_plan::filter::FilterExec;
use datafusion::physical_plan::joins::HashJoinExec;
use datafusion::physical_plan::projection::ProjectionExec;
use datafusion::physical_plan::repartition::RepartitionExec;

use super::Declined;
use super::computation::replace_columns;
use super::join::Joined;
use super::lookup::Lookup;

pub(super) type Expression = Arc<dyn PhysicalExpr>;

/// What is below: a scan, and the filters on its rows.
pub(super) struct Below<'a> {
    pub(super) filters: Vec<Expression>,
    /// Small tables that expressions look into.
    pub(super) lookups: Vec<Arc<Lookup>>,
    pub(super) config: &'a FileScanConfig,
    pub(super) source: &'a ParquetSource,
}

impl Below<'_> {
    /// True when an operator above the scan finds out at run time which values of such a column are wanted.
    pub(super) fn is_narrowed_by(&self, is_such: impl Fn(usize) -> bool) -> bool {
        let filter = self.source.filter();
        let filters = filter.iter().flat_map(split_conjunction);
        let found = filters.filter(|filter| filter.is::<DynamicFilterPhysicalExpr>());
        let mut columns = found.flat_map(collect_columns);
        columns.any(|column| is_such(column.index()))
    }
}

/// What is below operators that hand rows on as they are.
pub(super) fn passed_on(mut plan: &Arc<dyn ExecutionPlan>) -> &Arc<dyn ExecutionPlan> {
    while plan.is::<RepartitionExec>()
        || plan.is::<CooperativeExec>()
        || plan.is::<CoalescePartitionsExec>()
    {
        let Some(child) = plan.children().pop() else {
            break;
        };
        plan = child;
    }
    plan
}

/// The Parquet scan under one line of operators, and on the larger side of joins.
pub(super) fn scan_below(mut plan: &Arc<dyn ExecutionPlan>) -> Option<&DataSourceExec> {
    loop {
        if let Some(scan) = plan.downcast_ref::<DataSourceExec>() {
            return scan
                .downcast_to_file_source::<ParquetSource>()
                .map(|_| scan);
        }
        plan = match (plan.downcast_ref::<HashJoinExec>(), &plan.children()[..]) {
            (Some(join), _) => join.right(),
            (None, [child]) => child,
            _ => return None,
        };
    }
}

/// Expressions on the way down a plan, always over the columns of where it is.
pub(super) struct Walk {
    /// What is asked of the rows.
    pub(super) targets: Vec<Expression>,
    filters: Vec<Expression>,
    lookups: Vec<Arc<Lookup>>,
}

impl Walk {
    pub(super) fn new(targets: Vec<Expression>) -> Self {
        Self {
            targets,
            filters: Vec::new(),
            lookups: Vec::new(),
        }
    }

    /// Follows the plan down to its Parquet files.
    pub(super) fn down(
        self,
        plan: &Arc<dyn ExecutionPlan>,
    ) -> Declined<(Vec<Expression>, Below<'_>)> {
        let (mut walk, scan) = self.down_to_scan(plan)?;
        let Some((config, source)) = scan.downcast_to_file_source::<ParquetSource>() else {
            return Err("it reads no Parquet file".to_string());
        };
        if let Some(projection) = source.projection() {
            let columns: Vec<_> = projection.expr_iter().collect();
            walk.rewrite(|index| columns.get(index).cloned())?;
        }
        let below = Below {
            filters: walk.filters,
            lookups: walk.lookups,
            config,
            source,
        };
        Ok((walk.targets, below))
    }

    /// Follows the plan down to its scan, rewriting the targets over each operator's input.
    pub(super) fn down_to_scan(
        mut self,
        mut plan: &Arc<dyn ExecutionPlan>,
    ) -> Declined<(Self, &DataSourceExec)> {
        loop {
            plan = passed_on(plan);
            if plan.fetch().is_some() {
                return Err("a limit is below it".to_string());
            }
            if let Some(projection) = plan.downcast_ref::<ProjectionExec>() {
                self.rewrite(|index| {
                    projection
                        .expr()
                        .get(index)
                        .map(|column| Arc::clone(&column.expr))
                })?;
                plan = projection.input();
            } else if let Some(filter) = plan.downcast_ref::<FilterExec>() {
                let input = filter.input().schema();
                self.rewrite(|index| {
                    let index = match filter.projection() {
                        Some(kept) => *kept.get(index)?,
                        None => index,
                    };
                    let name = input.fields().get(index)?.name();
                    Some(Arc::new(Column::new(name, index)))
                })?;
                self.filters
                    .extend(split_conjunction(filter.predicate()).into_iter().cloned());
                plan = filter.input();
            } else if let Some(join) = plan.downcast_ref::<HashJoinExec>() {
                let joined = Joined::of(join)?;
                self.rewrite(|index| joined.columns.get(index).cloned())?;
                self.filters.extend(joined.filter);
                self.lookups.push(joined.lookup);
                plan = join.right();
            } else if let Some(scan) = plan.downcast_ref::<DataSourceExec>() {
                return Ok((self, scan));
            } else {
                return Err(format!("{} is between it and its files", plan.name()));
            }
        }
    }

    fn rewrite(&mut self, replacement: impl Fn(usize) -> Option<Expression>) -> Declined<()> {
        for expression in self.targets.iter_mut().chain(&mut self.filters) {
            *expression = replace_columns(expression, &replacement)?;
        }
        Ok(())
    }
}
