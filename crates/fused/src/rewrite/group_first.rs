//! GROUP BY f(x) as GROUP BY x and f of its groups, for plans that are not fused, where x has few values.
//!
//! The first of the two steps of an aggregation groups by `x`, a projection computes `f(x)` of its few groups, and the
//! second step puts together the states of equal ones, as it does with those of several threads. Whatever functions
//! are aggregated, their states are made to be put together. `f` sees the same values as before, each once.

use std::sync::Arc;

use arrow::datatypes::{DataType, SchemaRef};
use datafusion::common::tree_node::TreeNode;
use datafusion::error::Result;
use datafusion::physical_expr::expressions::{CaseExpr, Column, LikeExpr};
use datafusion::physical_expr::utils::collect_columns;
use datafusion::physical_expr::{PhysicalExpr, ScalarFunctionExpr};
use datafusion::physical_expr_common::physical_expr::is_volatile;
use datafusion::physical_plan::aggregates::{AggregateExec, AggregateMode, PhysicalGroupBy};
use datafusion::physical_plan::projection::{ProjectionExec, ProjectionExpr};
use datafusion::physical_plan::{ExecutionPlan, InputOrderMode};

use crate::plan::{few_values, replace_columns};

/// More groups than this cost more than what is saved.
const MOST_GROUPS: usize = 1 << 15;

/// Functions whose answer shows in which order they met rows. SQL promises none, but people see it.
const SHOW_ORDER: [&str; 5] = [
    "array_agg",
    "first_value",
    "last_value",
    "nth_value",
    "string_agg",
];

/// The plan that stands for a first step of an aggregation; nothing where it is better left as it is.
pub(crate) fn group_first(plan: &Arc<dyn ExecutionPlan>) -> Result<Option<Arc<dyn ExecutionPlan>>> {
    let Some(step) = plan
        .downcast_ref::<AggregateExec>()
        .filter(|step| is_plain(step))
    else {
        return Ok(None);
    };
    let Some(columns) = columns_of_keys(step) else {
        return Ok(None);
    };
    let known = columns
        .iter()
        .map(|column| few_values(column, step.input(), MOST_GROUPS))
        .try_fold(1, |groups: usize, values| groups.checked_mul(values?));
    if known.is_none_or(|groups| groups > MOST_GROUPS) {
        return Ok(None);
    }
    let keys = columns.iter().map(|column| {
        let key: Arc<dyn PhysicalExpr> = Arc::new(column.clone());
        (key, column.name().to_owned())
    });
    let grouped = AggregateExec::try_new(
        AggregateMode::Partial,
        PhysicalGroupBy::new_single(keys.collect()),
        step.aggr_expr().to_vec(),
        step.filter_expr().to_vec(),
        Arc::clone(step.input()),
        step.input_schema(),
    )?;
    let group_of = |index: usize| {
        let place = columns.iter().position(|column| column.index() == index)?;
        let key: Arc<dyn PhysicalExpr> = Arc::new(Column::new(columns[place].name(), place));
        Some(key)
    };
    let mut projected = Vec::new();
    for (key, alias) in step.group_expr().expr() {
        let Ok(expr) = replace_columns(key, group_of) else {
            return Ok(None);
        };
        projected.push(ProjectionExpr::new(expr, alias.clone()));
    }
    let states = grouped.schema();
    for (index, field) in states.fields().iter().enumerate().skip(columns.len()) {
        let state = Arc::new(Column::new(field.name(), index));
        projected.push(ProjectionExpr::new(state, field.name().clone()));
    }
    let projected = ProjectionExec::try_new(projected, Arc::new(grouped))?;
    let (own, known) = (projected.schema(), plan.schema());
    let types = |schema: &SchemaRef| -> Vec<DataType> {
        let fields = schema.fields().iter();
        fields.map(|field| field.data_type().clone()).collect()
    };
    Ok((types(&own) == types(&known)).then(|| Arc::new(projected) as _))
}

/// True for a first step whose groups may come in any order.
fn is_plain(step: &AggregateExec) -> bool {
    *step.mode() == AggregateMode::Partial
        && !step.group_expr().has_grouping_set()
        && step.limit_options().is_none()
        && *step.input_order_mode() == InputOrderMode::Linear
        && step.aggr_expr().iter().all(|function| {
            function.order_bys().is_empty() && !SHOW_ORDER.contains(&function.fun().name())
        })
}

/// The columns that the keys look at, each once; nothing when they are the keys, or when a key looks at several.
fn columns_of_keys(step: &AggregateExec) -> Option<Vec<Column>> {
    let keys = step.group_expr().expr();
    if !keys.iter().any(|(key, _)| is_costly(key)) {
        return None;
    }
    let mut columns: Vec<Column> = Vec::new();
    for (key, _) in keys {
        let mut found = collect_columns(key).into_iter();
        let column = found.next()?;
        if found.next().is_some() || is_volatile(key) {
            return None;
        }
        if !columns.contains(&column) {
            columns.push(column);
        }
    }
    Some(columns)
}

/// True when an expression takes more time than finding a row's group.
fn is_costly(expression: &Arc<dyn PhysicalExpr>) -> bool {
    let is_costly = |node: &Arc<dyn PhysicalExpr>| {
        Ok(node.is::<ScalarFunctionExpr>() || node.is::<CaseExpr>() || node.is::<LikeExpr>())
    };
    expression.exists(is_costly).unwrap_or(false)
}
