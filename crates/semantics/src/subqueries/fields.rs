//! Projections that give a plan the columns, and their names, that those above it expect.

use std::sync::Arc;

use datafusion::common::NullEquality;
use datafusion::common::{Column, DFSchema, ScalarValue};
use datafusion::error::Result;
use datafusion::logical_expr::{
    Expr, Join, JoinConstraint, JoinType, LogicalPlan, Projection, SubqueryAlias, lit,
};

/// The column at `index` of `schema`.
pub(super) fn column_at(schema: &DFSchema, index: usize) -> Column {
    Column::from(schema.qualified_field(index))
}

/// All columns of `schema` as expressions.
pub(super) fn all_columns(schema: &DFSchema) -> Vec<Expr> {
    schema.columns().into_iter().map(Expr::Column).collect()
}

/// `expr` under the name of the column at `index` of `schema`.
pub(super) fn named_as(expr: Expr, schema: &DFSchema, index: usize) -> Expr {
    let column = column_at(schema, index);
    if expr == Expr::Column(column.clone()) {
        return expr;
    }
    let expr = match expr {
        Expr::Alias(alias) => *alias.expr,
        expr => expr,
    };
    expr.alias_qualified(column.relation, column.name)
}

/// `exprs` of `plan`.
pub(super) fn project(plan: LogicalPlan, exprs: Vec<Expr>) -> Result<LogicalPlan> {
    Projection::try_new(exprs, Arc::new(plan)).map(LogicalPlan::Projection)
}

/// The columns of `plan` at `positions` under the names of `schema`, and behind them `keys`.
///
/// The plan itself if these are its columns already.
pub(super) fn restored(
    plan: LogicalPlan,
    schema: &DFSchema,
    positions: impl IntoIterator<Item = usize>,
    keys: &[Column],
) -> Result<LogicalPlan> {
    let positions: Vec<_> = positions.into_iter().collect();
    let exprs: Vec<_> = positions
        .iter()
        .enumerate()
        .map(|(index, position)| {
            let column = Expr::Column(column_at(plan.schema(), *position));
            named_as(column, schema, index)
        })
        .chain(keys.iter().cloned().map(Expr::Column))
        .collect();
    if exprs == all_columns(plan.schema()) {
        return Ok(plan);
    }
    project(plan, exprs)
}

/// `exprs` of `plan`, as a relation of the name `alias`.
pub(super) fn relation(plan: LogicalPlan, exprs: Vec<Expr>, alias: &str) -> Result<LogicalPlan> {
    let plan = project(plan, exprs)?;
    SubqueryAlias::try_new(Arc::new(plan), alias).map(LogicalPlan::SubqueryAlias)
}

/// A join on `on`, where NULL is equal to NULL if any left key may be NULL, and on `filter`.
pub(super) fn join(
    left: LogicalPlan,
    right: LogicalPlan,
    join_type: JoinType,
    on: Vec<(Expr, Expr)>,
    filter: Option<Expr>,
    null_equality: NullEquality,
) -> Result<LogicalPlan> {
    let filter = match filter {
        None if on.is_empty() && join_type != JoinType::Inner => Some(lit(true)),
        filter => filter,
    };
    let (left, right) = (Arc::new(left), Arc::new(right));
    let constraint = JoinConstraint::On;
    Join::try_new(
        left,
        right,
        on,
        filter,
        join_type,
        constraint,
        null_equality,
        false,
    )
    .map(LogicalPlan::Join)
}

/// A Boolean that is not known.
pub(super) fn unknown() -> Expr {
    Expr::Literal(ScalarValue::Boolean(None), None)
}
