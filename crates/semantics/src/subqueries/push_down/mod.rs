//! The outer values go down through a subquery's plan to where they are used, and come up again as keys.

mod aggregate;
mod filter;
mod join;
mod limit;
mod rows;

use std::sync::Arc;

use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::common::{Column, JoinType, NullEquality};
use datafusion::error::Result;
use datafusion::logical_expr::{
    Distinct, DistinctOn, Expr, LogicalPlan, Projection, Sort, SortExpr, SubqueryAlias, Unnest,
    Window,
};

use super::domain::Domain;
use super::fields::{all_columns, column_at, join, named_as, project, restored};
use super::refusal::refuse;

/// A subquery's rows for every outer value at once.
pub(super) struct Dependent {
    /// The columns of the subquery, in order and under their names, and behind them the keys.
    pub(super) plan: LogicalPlan,
    /// For each column of the domain, the column that tells which outer value a row is for.
    pub(super) keys: Vec<Column>,
}

/// The rows of `plan` for each of the outer values of `domain`.
///
/// There may be rows for values that no outer row has; no row is missing.
///
/// # Errors
/// The plan has a part that cannot be evaluated for all outer values at once.
pub(super) fn push_down(plan: &LogicalPlan, domain: &Domain<'_>) -> Result<Dependent> {
    if domain.is_empty() {
        let plan = plan.clone();
        return Ok(Dependent {
            plan,
            keys: Vec::new(),
        });
    }
    if !domain.is_used_by(plan)? {
        return with_all_values(plan, domain);
    }
    match plan {
        LogicalPlan::Projection(projection) => {
            let input = push_down(&projection.input, domain)?;
            through_projection(projection, input, domain)
        }
        LogicalPlan::Filter(filter) => filter::push_down(filter, domain),
        LogicalPlan::Aggregate(aggregate) => aggregate::push_down(aggregate, domain),
        LogicalPlan::Join(join) => join::push_down(join, domain),
        LogicalPlan::Limit(limit) => limit::push_down(limit, domain),
        LogicalPlan::Sort(sort) if sort.fetch.is_none() => through_sort(sort, domain),
        LogicalPlan::Values(values) => rows::values(values, domain),
        LogicalPlan::Union(union) => rows::union(union, domain),
        LogicalPlan::SubqueryAlias(alias) => {
            let input = push_down(&alias.input, domain)?;
            through_alias(alias, input)
        }
        LogicalPlan::Subquery(subquery) => push_down(&subquery.subquery, domain),
        LogicalPlan::Distinct(Distinct::All(input)) => {
            let Dependent { plan, keys } = push_down(input, domain)?;
            let plan = LogicalPlan::Distinct(Distinct::All(Arc::new(plan)));
            Ok(Dependent { plan, keys })
        }
        LogicalPlan::Distinct(Distinct::On(distinct)) => through_distinct_on(distinct, domain),
        LogicalPlan::Window(window) => through_window(window, domain),
        LogicalPlan::Unnest(unnest) => through_unnest(unnest, domain),
        LogicalPlan::RecursiveQuery(_) => refuse(
            "a recursive WITH cannot use columns of the query around it",
            "keep the recursion free of them and compare in the WHERE outside of it",
        ),
        plan => refuse(
            &format!(
                "columns of the query around a subquery cannot be used in {}",
                plan.display()
            ),
            "move them to the WHERE of the subquery",
        ),
    }
}

/// Each row of `plan` for each outer value.
fn with_all_values(plan: &LogicalPlan, domain: &Domain<'_>) -> Result<Dependent> {
    let (values, keys) = domain.values()?;
    let plan = match plan {
        LogicalPlan::EmptyRelation(row)
            if row.produce_one_row && row.schema.fields().is_empty() =>
        {
            values
        }
        plan => join(
            plan.clone(),
            values,
            JoinType::Inner,
            Vec::new(),
            None,
            NullEquality::NullEqualsNothing,
        )?,
    };
    Ok(Dependent { plan, keys })
}

/// `projection` over what its input became.
fn through_projection(
    projection: &Projection,
    input: Dependent,
    domain: &Domain<'_>,
) -> Result<Dependent> {
    let Dependent { plan, keys } = input;
    let bound = domain.bind_all(&projection.expr, &keys)?;
    let named = bound
        .into_iter()
        .enumerate()
        .map(|(index, expr)| named_as(expr, &projection.schema, index));
    let exprs = named
        .chain(keys.iter().cloned().map(Expr::Column))
        .collect();
    let plan = LogicalPlan::Projection(Projection::try_new(exprs, Arc::new(plan))?);
    Ok(Dependent { plan, keys })
}

fn through_alias(alias: &SubqueryAlias, input: Dependent) -> Result<Dependent> {
    let Dependent { plan, keys } = input;
    let plan = SubqueryAlias::try_new(Arc::new(plan), alias.alias.clone())?;
    let keys = keys
        .into_iter()
        .map(|key| Column::new(Some(alias.alias.clone()), key.name));
    Ok(Dependent {
        plan: LogicalPlan::SubqueryAlias(plan),
        keys: keys.collect(),
    })
}

/// The order within each outer value's rows stays; an aggregate above may depend on it.
fn through_sort(sort: &Sort, domain: &Domain<'_>) -> Result<Dependent> {
    let Dependent { plan, keys } = push_down(&sort.input, domain)?;
    let expr = bind_sort(&sort.expr, domain, &keys)?;
    let plan = LogicalPlan::Sort(Sort {
        expr,
        input: Arc::new(plan),
        fetch: None,
    });
    Ok(Dependent { plan, keys })
}

fn bind_sort(sort: &[SortExpr], domain: &Domain<'_>, keys: &[Column]) -> Result<Vec<SortExpr>> {
    let bound = sort
        .iter()
        .map(|by| Ok(by.with_expr(domain.bind(by.expr.clone(), keys)?)));
    bound.collect()
}

fn through_distinct_on(distinct: &DistinctOn, domain: &Domain<'_>) -> Result<Dependent> {
    let Dependent { plan, keys } = push_down(&distinct.input, domain)?;
    let columns = || keys.iter().cloned().map(Expr::Column);
    let on = columns()
        .chain(domain.bind_all(&distinct.on_expr, &keys)?)
        .collect();
    let select: Vec<_> = columns()
        .chain(domain.bind_all(&distinct.select_expr, &keys)?)
        .collect();
    let sort = match &distinct.sort_expr {
        None => None,
        Some(sort) => {
            let first = columns().map(|key| key.sort(true, false));
            Some(first.chain(bind_sort(sort, domain, &keys)?).collect())
        }
    };
    let count = select.len();
    let distinct_on = DistinctOn::try_new(on, select, sort, Arc::new(plan))?;
    let plan = LogicalPlan::Distinct(Distinct::On(distinct_on));
    let behind: Vec<_> = (0..keys.len())
        .map(|index| column_at(plan.schema(), index))
        .collect();
    let plan = restored(plan, &distinct.schema, keys.len()..count, &behind)?;
    Ok(Dependent { plan, keys: behind })
}

/// Windows see the rows of one outer value only.
fn through_window(window: &Window, domain: &Domain<'_>) -> Result<Dependent> {
    let Dependent { plan, keys } = push_down(&window.input, domain)?;
    let bound = domain.bind_all(&window.window_expr, &keys)?;
    let by_key = bound.into_iter().map(|expr| {
        let partitioned = expr.transform_down(|expr| {
            Ok(match expr {
                Expr::WindowFunction(mut function) => {
                    let columns = keys.iter().cloned().map(Expr::Column);
                    function.params.partition_by.extend(columns);
                    Transformed::complete(Expr::WindowFunction(function))
                }
                expr => Transformed::no(expr),
            })
        })?;
        Ok(partitioned.data)
    });
    let by_key = by_key.collect::<Result<Vec<_>>>()?;
    let passed = window.input.schema().fields().len();
    let first = plan.schema().fields().len();
    let computed = first..first + by_key.len();
    let plan = LogicalPlan::Window(Window::try_new(by_key, Arc::new(plan))?);
    let plan = restored(plan, &window.schema, (0..passed).chain(computed), &keys)?;
    Ok(Dependent { plan, keys })
}

fn through_unnest(unnest: &Unnest, domain: &Domain<'_>) -> Result<Dependent> {
    let Dependent { plan, keys } = push_down(&unnest.input, domain)?;
    let unnested = Unnest::try_new(
        Arc::new(plan),
        unnest.exec_columns.clone(),
        unnest.options.clone(),
    )?;
    let plan = LogicalPlan::Unnest(unnested);
    let plan = restored(plan, &unnest.schema, 0..unnest.schema.fields().len(), &keys)?;
    Ok(Dependent { plan, keys })
}

/// A projection of all columns of `plan` and of `more`.
fn extended(plan: LogicalPlan, more: impl IntoIterator<Item = Expr>) -> Result<LogicalPlan> {
    let mut exprs = all_columns(plan.schema());
    exprs.extend(more);
    project(plan, exprs)
}
