//! Recognises the plans that DataFusion makes of an aggregation over Parquet files.

use std::sync::Arc;

use arrow::datatypes::SchemaRef;
use datafusion::datasource::physical_plan::{FileScanConfig, FileSource, ParquetSource};
use datafusion::datasource::source::DataSourceExec;
use datafusion::functions_aggregate::count::Count;
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_expr::aggregate::AggregateFunctionExpr;
use datafusion::physical_expr::expressions::Column;
use datafusion::physical_expr::utils::split_conjunction;
use datafusion::physical_plan::aggregates::{AggregateExec, AggregateMode};
use datafusion::physical_plan::coalesce_partitions::CoalescePartitionsExec;
use datafusion::physical_plan::coop::CooperativeExec;
use datafusion::physical_plan::filter::FilterExec;
use datafusion::physical_plan::projection::ProjectionExec;
use datafusion::physical_plan::repartition::RepartitionExec;
use datafusion::physical_plan::{ExecutionPlan, ExecutionPlanProperties};

use super::Declined;
use super::computation::replace_columns;

type Expression = Arc<dyn PhysicalExpr>;

/// An aggregation with every expression over the columns of the scanned table.
pub(super) struct Shape<'a> {
    pub(super) keys: Vec<Expression>,
    /// Functions with their arguments and filters.
    pub(super) aggregates: Vec<(
        Arc<AggregateFunctionExpr>,
        Vec<Expression>,
        Option<Expression>,
    )>,
    /// Arguments of distinct counts that DataFusion planned as two groupings.
    pub(super) counted_once: Vec<Expression>,
    pub(super) filters: Vec<Expression>,
    pub(super) config: &'a FileScanConfig,
    pub(super) source: &'a ParquetSource,
    pub(super) schema: SchemaRef,
}

impl<'a> Shape<'a> {
    /// Nothing when the plan is not an aggregation over Parquet files.
    pub(super) fn of(plan: &'a Arc<dyn ExecutionPlan>) -> Option<Declined<Self>> {
        let last = plan.downcast_ref::<AggregateExec>()?;
        let first = first_step(last)?;
        scan_below(first.input())?;
        Some(Self::read(plan, last, first))
    }

    fn read(
        plan: &'a Arc<dyn ExecutionPlan>,
        last: &'a AggregateExec,
        first: &'a AggregateExec,
    ) -> Declined<Self> {
        for step in [last, first] {
            if step.group_expr().has_grouping_set() {
                return Err("it has grouping sets".to_string());
            }
            if step.limit_options().is_some() {
                return Err("a limit stops it early".to_string());
            }
        }
        if plan.output_ordering().is_some() {
            return Err("its files are sorted by the keys".to_string());
        }
        let keys = keys_of(first);
        let inner = inner_grouping(first.input());
        let mut walk = Walk {
            targets: keys,
            filters: Vec::new(),
        };
        let key_count = walk.targets.len();
        let mut counted = 0;
        let mut below = first.input();
        if let Some((inner_last, inner_first)) = inner {
            counted = walk.distinct_count(first, inner_last, inner_first)?;
            below = inner_first.input();
        } else {
            for (function, filter) in first.aggr_expr().iter().zip(first.filter_expr()) {
                walk.targets.extend(function.expressions());
                walk.targets.extend(filter.clone());
            }
        }
        let (config, source) = walk.down(below)?;
        let mut targets = walk.targets.into_iter();
        let keys = targets.by_ref().take(key_count).collect();
        let mut aggregates = Vec::new();
        let mut counted_once = Vec::new();
        if inner.is_some() {
            let argument: Vec<_> = targets.collect();
            for _ in 0..counted {
                counted_once.extend(argument.first().cloned());
            }
        } else {
            for (function, filter) in last.aggr_expr().iter().zip(first.filter_expr()) {
                let count = function.expressions().len();
                let arguments = targets.by_ref().take(count).collect();
                let filter = filter.as_ref().and_then(|_| targets.next());
                aggregates.push((Arc::clone(function), arguments, filter));
            }
        }
        Ok(Self {
            keys,
            aggregates,
            counted_once,
            filters: walk.filters,
            config,
            source,
            schema: plan.schema(),
        })
    }

    /// The question in one line, for plans.
    pub(super) fn describe(&self) -> String {
        let list = |expressions: &[Expression]| {
            let texts: Vec<_> = expressions.iter().map(ToString::to_string).collect();
            texts.join(", ")
        };
        let mut functions: Vec<_> = self
            .aggregates
            .iter()
            .map(|(function, _, _)| function.name().to_string())
            .collect();
        functions.extend(
            self.counted_once
                .iter()
                .map(|argument| format!("count(DISTINCT {argument})")),
        );
        let mut text = format!(
            "gby=[{}], aggr=[{}]",
            list(&self.keys),
            functions.join(", ")
        );
        if !self.filters.is_empty() {
            text += &format!(", filter=[{}]", list(&self.filters));
        }
        text
    }
}

fn keys_of(step: &AggregateExec) -> Vec<Expression> {
    step.group_expr()
        .expr()
        .iter()
        .map(|(key, _)| Arc::clone(key))
        .collect()
}

/// The step that reads the rows: the aggregation itself, or the partial one below it.
fn first_step(last: &AggregateExec) -> Option<&AggregateExec> {
    match last.mode() {
        AggregateMode::Single | AggregateMode::SinglePartitioned => Some(last),
        AggregateMode::Final | AggregateMode::FinalPartitioned => {
            let first = passed_on(last.input()).downcast_ref::<AggregateExec>()?;
            (*first.mode() == AggregateMode::Partial).then_some(first)
        }
        _ => None,
    }
}

/// What is below operators that hand rows on as they are.
fn passed_on(mut plan: &Arc<dyn ExecutionPlan>) -> &Arc<dyn ExecutionPlan> {
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

/// The Parquet scan under one line of operators.
fn scan_below(mut plan: &Arc<dyn ExecutionPlan>) -> Option<&DataSourceExec> {
    loop {
        if let Some(scan) = plan.downcast_ref::<DataSourceExec>() {
            return scan
                .downcast_to_file_source::<ParquetSource>()
                .map(|_| scan);
        }
        match plan.children()[..] {
            [child] => plan = child,
            _ => return None,
        }
    }
}

/// A grouping without aggregates below, which makes the rows distinct.
fn inner_grouping(plan: &Arc<dyn ExecutionPlan>) -> Option<(&AggregateExec, &AggregateExec)> {
    let last = passed_on(plan).downcast_ref::<AggregateExec>()?;
    let first = first_step(last)?;
    let plain = |step: &AggregateExec| {
        step.aggr_expr().is_empty()
            && step.limit_options().is_none()
            && !step.group_expr().has_grouping_set()
    };
    (plain(last) && plain(first)).then_some((last, first))
}

struct Walk {
    /// Keys, then arguments and filters of aggregates.
    targets: Vec<Expression>,
    filters: Vec<Expression>,
}

impl Walk {
    /// `count(x)` over rows that a grouping by the keys and `x` made distinct counts the different `x`.
    fn distinct_count(
        &mut self,
        outer: &AggregateExec,
        inner_last: &AggregateExec,
        inner_first: &AggregateExec,
    ) -> Declined<usize> {
        let unlike = || Err("it groups twice".to_string());
        let place =
            |expression: &Expression| expression.downcast_ref::<Column>().map(Column::index);
        let inner = keys_of(inner_first);
        debug_assert_eq!(inner_last.group_expr().expr().len(), inner.len());
        let Some(keys) = self.targets.iter().map(place).collect::<Option<Vec<_>>>() else {
            return unlike();
        };
        let mut counted = None;
        for (function, filter) in outer.aggr_expr().iter().zip(outer.filter_expr()) {
            let is_count =
                function.fun().inner().is::<Count>() && !function.is_distinct() && filter.is_none();
            let argument = function.expressions().first().and_then(place);
            if !is_count
                || argument.is_none()
                || counted.is_some_and(|known| Some(known) != argument)
            {
                return unlike();
            }
            counted = argument;
        }
        let Some(counted) = counted else {
            return unlike();
        };
        let covered = (0..inner.len()).all(|index| index == counted || keys.contains(&index));
        if !covered || keys.iter().any(|key| *key >= inner.len()) || counted >= inner.len() {
            return unlike();
        }
        self.targets = keys
            .iter()
            .chain([&counted])
            .map(|index| Arc::clone(&inner[*index]))
            .collect();
        Ok(outer.aggr_expr().len())
    }

    /// Follows the plan down to its scan, rewriting the targets over each operator's input.
    fn down<'p>(
        &mut self,
        mut plan: &'p Arc<dyn ExecutionPlan>,
    ) -> Declined<(&'p FileScanConfig, &'p ParquetSource)> {
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
            } else if let Some(scan) = plan.downcast_ref::<DataSourceExec>() {
                let Some((config, source)) = scan.downcast_to_file_source::<ParquetSource>() else {
                    return Err("it reads no Parquet file".to_string());
                };
                if let Some(projection) = source.projection() {
                    let columns: Vec<_> = projection.expr_iter().collect();
                    self.rewrite(|index| columns.get(index).cloned())?;
                }
                return Ok((config, source));
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
