//! Recognises the plans that DataFusion makes of an aggregation over Parquet files.

use std::sync::Arc;

use arrow::datatypes::SchemaRef;
use datafusion::functions_aggregate::count::Count;
use datafusion::physical_expr::aggregate::AggregateFunctionExpr;
use datafusion::physical_expr::expressions::Column;
use datafusion::physical_plan::aggregates::{AggregateExec, AggregateMode};
use datafusion::physical_plan::{ExecutionPlan, ExecutionPlanProperties};

use super::Declined;
use super::walk::{Below, Expression, Walk, passed_on, scan_below};

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
    pub(super) below: Below<'a>,
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
        let key_count = keys.len();
        let mut targets = keys;
        let mut counted = 0;
        let mut input = first.input();
        if let Some((inner_last, inner_first)) = inner {
            (targets, counted) = distinct_count(&targets, first, inner_last, inner_first)?;
            input = inner_first.input();
        } else {
            for (function, filter) in first.aggr_expr().iter().zip(first.filter_expr()) {
                targets.extend(function.expressions());
                targets.extend(filter.clone());
            }
        }
        let (targets, below) = Walk::new(targets).down(input)?;
        let mut targets = targets.into_iter();
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
            below,
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
        if !self.below.filters.is_empty() {
            text += &format!(", filter=[{}]", list(&self.below.filters));
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

/// `count(x)` over rows that a grouping by the keys and `x` made distinct counts the different `x`.
fn distinct_count(
    keys: &[Expression],
    outer: &AggregateExec,
    inner_last: &AggregateExec,
    inner_first: &AggregateExec,
) -> Declined<(Vec<Expression>, usize)> {
    let unlike = || Err("it groups twice".to_string());
    let place = |expression: &Expression| expression.downcast_ref::<Column>().map(Column::index);
    let inner = keys_of(inner_first);
    debug_assert_eq!(inner_last.group_expr().expr().len(), inner.len());
    let Some(keys) = keys.iter().map(place).collect::<Option<Vec<_>>>() else {
        return unlike();
    };
    let mut counted = None;
    for (function, filter) in outer.aggr_expr().iter().zip(outer.filter_expr()) {
        let is_count =
            function.fun().inner().is::<Count>() && !function.is_distinct() && filter.is_none();
        let argument = function.expressions().first().and_then(place);
        if !is_count || argument.is_none() || counted.is_some_and(|known| Some(known) != argument) {
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
    let targets = keys
        .iter()
        .chain([&counted])
        .map(|index| Arc::clone(&inner[*index]))
        .collect();
    Ok((targets, outer.aggr_expr().len()))
}
