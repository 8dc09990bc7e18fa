//! References from a plan to the columns of the query around it.

use arrow::datatypes::FieldRef;
use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::common::{Column, DFSchema};
use datafusion::error::Result;
use datafusion::logical_expr::expr::{Exists, InSubquery, SetComparison};
use datafusion::logical_expr::{Expr, LogicalPlan, Subquery};

/// The outer columns that `plan` uses, each once, in the order of their first use.
///
/// Subqueries that still stand in `plan`'s expressions are left to the optimizer: what they use is in `plan`.
pub(super) fn outer_columns(plan: &LogicalPlan) -> Result<Vec<(Column, FieldRef)>> {
    let mut found: Vec<(Column, FieldRef)> = Vec::new();
    plan.apply(|node| {
        node.apply_expressions(|expr| {
            expr.apply(|expr| {
                if let Expr::OuterReferenceColumn(field, column) = expr
                    && !found.iter().any(|(known, _)| known == column)
                {
                    found.push((column.clone(), field.clone()));
                }
                Ok(TreeNodeRecursion::Continue)
            })
        })
    })?;
    Ok(found)
}

/// Those of [`outer_columns`] that are columns of `schema`: the others belong to a query further out.
pub(super) fn outer_columns_of(
    plan: &LogicalPlan,
    schema: &DFSchema,
) -> Result<Vec<(Column, FieldRef)>> {
    let mut columns = outer_columns(plan)?;
    columns.retain(|(column, _)| schema.has_column(column));
    Ok(columns)
}

/// Whether `plan` uses any column of the queries around it.
pub(super) fn is_correlated(plan: &LogicalPlan) -> Result<bool> {
    Ok(!outer_columns(plan)?.is_empty())
}

/// The subquery that `expr` is, if it is one.
pub(super) fn subquery_of(expr: &Expr) -> Option<&Subquery> {
    match expr {
        Expr::ScalarSubquery(subquery)
        | Expr::Exists(Exists { subquery, .. })
        | Expr::InSubquery(InSubquery { subquery, .. })
        | Expr::SetComparison(SetComparison { subquery, .. }) => Some(subquery),
        _ => None,
    }
}

/// Whether a subquery stands anywhere in `expr`.
pub(super) fn has_subquery(expr: &Expr) -> Result<bool> {
    expr.exists(|expr| Ok(subquery_of(expr).is_some()))
}

/// Whether a subquery or a LATERAL stands anywhere in `plan`.
pub(super) fn plan_has_subquery(plan: &LogicalPlan) -> Result<bool> {
    plan.exists(|node| {
        if matches!(node, LogicalPlan::Subquery(_)) {
            return Ok(true);
        }
        let mut found = false;
        node.apply_expressions(|expr| {
            found |= has_subquery(expr)?;
            Ok(if found {
                TreeNodeRecursion::Stop
            } else {
                TreeNodeRecursion::Continue
            })
        })?;
        Ok(found)
    })
}
