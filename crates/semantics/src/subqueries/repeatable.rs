//! Whether a plan gives the same rows when it is run twice in one statement.

use std::sync::Arc;

use arrow::datatypes::DataType;
use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::error::Result;
use datafusion::logical_expr::utils::{conjunction, split_conjunction_owned};
use datafusion::logical_expr::{
    Distinct, Expr, Filter, JoinType, LogicalPlan, Projection, SubqueryAlias,
};

use super::outer::{has_subquery, subquery_of};

/// What makes another run of `plan` give other rows, if anything does.
///
/// `floats`: whether it matters that a sum of floating point numbers depends on the order of its terms.
pub(super) fn unrepeatable(plan: &LogicalPlan, floats: bool) -> Result<Option<&'static str>> {
    let mut found = None;
    plan.apply(|node| {
        found = match node {
            LogicalPlan::Limit(_) => Some("LIMIT"),
            LogicalPlan::Sort(sort) if sort.fetch.is_some() => Some("LIMIT"),
            LogicalPlan::Distinct(Distinct::On(_)) => Some("DISTINCT ON"),
            LogicalPlan::Aggregate(_) | LogicalPlan::Window(_)
                if floats && computes_floats(node) =>
            {
                Some("an aggregate of floating point numbers")
            }
            node if is_volatile_node(node)? => Some("a function such as random()"),
            node => unrepeatable_subquery(node, floats)?,
        };
        Ok(match found {
            Some(_) => TreeNodeRecursion::Stop,
            None => TreeNodeRecursion::Continue,
        })
    })?;
    Ok(found)
}

fn unrepeatable_subquery(node: &LogicalPlan, floats: bool) -> Result<Option<&'static str>> {
    let mut found = None;
    node.apply_expressions(|expr| {
        expr.apply(|expr| {
            if let Some(subquery) = subquery_of(expr) {
                found = found.or(unrepeatable(&subquery.subquery, floats)?);
            }
            Ok(TreeNodeRecursion::Continue)
        })
    })?;
    Ok(found)
}

/// Whether a function that gives another value each time stands anywhere in `plan`, its subqueries included.
pub(super) fn is_volatile(plan: &LogicalPlan) -> Result<bool> {
    plan.exists(is_volatile_node)
}

fn is_volatile_node(node: &LogicalPlan) -> Result<bool> {
    let mut volatile = false;
    node.apply_expressions(|expr| {
        volatile |= expr.is_volatile();
        expr.apply(|expr| {
            if let Some(subquery) = subquery_of(expr) {
                volatile |= is_volatile(&subquery.subquery)?;
            }
            Ok(TreeNodeRecursion::Continue)
        })
    })?;
    Ok(volatile)
}

fn computes_floats(node: &LogicalPlan) -> bool {
    let passed = match node {
        LogicalPlan::Aggregate(aggregate) => aggregate.group_expr.len(),
        node => node
            .inputs()
            .iter()
            .map(|input| input.schema().fields().len())
            .sum(),
    };
    let fields = node.schema().fields();
    fields
        .iter()
        .skip(passed)
        .any(|field| is_float(field.data_type()))
}

/// Whether values of the type are floating point numbers.
pub(super) fn is_float(data_type: &DataType) -> bool {
    data_type.is_floating()
}

/// A plan that has all rows of `plan`, and maybe more, without what is not the same when it is read again.
///
/// It may lack columns. Only the values matter to whom takes it, not how often a row is there.
pub(super) fn superset(plan: &LogicalPlan) -> Result<LogicalPlan> {
    Ok(match plan {
        LogicalPlan::Limit(limit) => superset(&limit.input)?,
        LogicalPlan::Sort(sort) => superset(&sort.input)?,
        LogicalPlan::Distinct(Distinct::All(input)) => superset(input)?,
        LogicalPlan::Filter(filter) => {
            let input = superset(&filter.input)?;
            let is_whole = input.schema().fields().len() == filter.input.schema().fields().len();
            let mut predicates = Vec::new();
            for predicate in split_conjunction_owned(filter.predicate.clone()) {
                let with_subquery = has_subquery(&predicate)?;
                if !with_subquery && has_columns(&input, [&predicate]) || with_subquery && is_whole
                {
                    predicates.push(predicate);
                }
            }
            let (mut kept, input) = (Vec::new(), Arc::new(input));
            for predicate in predicates {
                let filter =
                    LogicalPlan::Filter(Filter::new(predicate.clone(), Arc::clone(&input)));
                if is_volatile_node(&filter)? || unrepeatable_subquery(&filter, true)?.is_some() {
                    continue;
                }
                kept.push(predicate);
            }
            match conjunction(kept) {
                None => Arc::unwrap_or_clone(input),
                Some(predicate) => LogicalPlan::Filter(Filter::try_new(predicate, input)?),
            }
        }
        LogicalPlan::Projection(projection) => {
            let input = superset(&projection.input)?;
            if !has_columns(&input, &projection.expr) {
                return Ok(plan.clone());
            }
            let exprs = projection.expr.clone();
            LogicalPlan::Projection(Projection::try_new(exprs, Arc::new(input))?)
        }
        LogicalPlan::SubqueryAlias(alias) => {
            let input = Arc::new(superset(&alias.input)?);
            LogicalPlan::SubqueryAlias(SubqueryAlias::try_new(input, alias.alias.clone())?)
        }
        LogicalPlan::Join(join) => match join.join_type {
            JoinType::Left | JoinType::LeftSemi | JoinType::LeftAnti | JoinType::LeftMark
                if unrepeatable(&join.right, true)?.is_some() =>
            {
                superset(&join.left)?
            }
            _ => plan.clone(),
        },
        plan => plan.clone(),
    })
}

/// Whether `plan` has all columns that `exprs` use.
fn has_columns<'a>(plan: &LogicalPlan, exprs: impl IntoIterator<Item = &'a Expr>) -> bool {
    let schema = plan.schema();
    let mut columns = exprs.into_iter().flat_map(Expr::column_refs);
    columns.all(|column| schema.has_column(column))
}
