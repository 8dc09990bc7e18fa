//! Whether a plan gives the same rows when it is run twice in one statement.

use std::sync::Arc;

use arrow::datatypes::DataType;
use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::error::Result;
use datafusion::logical_expr::{
    Distinct, Filter, Join, JoinType, LogicalPlan, Projection, SubqueryAlias,
};

use super::outer::subquery_of;

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
            _ => None,
        };
        Ok(match found {
            Some(_) => TreeNodeRecursion::Stop,
            None => TreeNodeRecursion::Continue,
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

/// A plan that has all rows of `plan`, and maybe more, without the LIMITs that can be left out.
///
/// It has the same columns. Only the values matter to whom takes it, not how often a row is there.
pub(super) fn superset(plan: &LogicalPlan) -> Result<LogicalPlan> {
    Ok(match plan {
        LogicalPlan::Limit(limit) => superset(&limit.input)?,
        LogicalPlan::Sort(sort) => superset(&sort.input)?,
        LogicalPlan::Distinct(Distinct::All(input)) => superset(input)?,
        LogicalPlan::Filter(filter) => {
            let input = Arc::new(superset(&filter.input)?);
            LogicalPlan::Filter(Filter::try_new(filter.predicate.clone(), input)?)
        }
        LogicalPlan::Projection(projection) => {
            let input = Arc::new(superset(&projection.input)?);
            let schema = Arc::clone(&projection.schema);
            let exprs = projection.expr.clone();
            LogicalPlan::Projection(Projection::try_new_with_schema(exprs, input, schema)?)
        }
        LogicalPlan::SubqueryAlias(alias) => {
            let input = Arc::new(superset(&alias.input)?);
            LogicalPlan::SubqueryAlias(SubqueryAlias::try_new(input, alias.alias.clone())?)
        }
        LogicalPlan::Join(join) if matches!(join.join_type, JoinType::Inner | JoinType::Left) => {
            let left = Arc::new(superset(&join.left)?);
            let right = match join.join_type {
                JoinType::Inner => Arc::new(superset(&join.right)?),
                _ => Arc::clone(&join.right),
            };
            LogicalPlan::Join(Join {
                left,
                right,
                ..join.clone()
            })
        }
        plan => plan.clone(),
    })
}
