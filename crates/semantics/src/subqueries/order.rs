//! ORDER BY with subqueries over columns that are not in the SELECT list.

use std::sync::Arc;

use datafusion::common::Column;
use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::error::Result;
use datafusion::logical_expr::{Expr, LogicalPlan, Sort};

use super::fields::{project, restored};
use super::outer::{outer_columns, subquery_of};
use super::rule::Unnesting;

/// The SELECT list below the sort passes what only the order needs; it is left out again above.
pub(super) fn of_sort(unnesting: Unnesting<'_>, sort: Sort) -> Result<LogicalPlan> {
    let by = sort.expr.into_iter().map(|by| {
        let expr = unnesting.inner_plans(by.expr.clone())?;
        Ok(by.with_expr(expr))
    });
    let by = by.collect::<Result<Vec<_>>>()?;
    let schema = Arc::clone(sort.input.schema());
    let mut missing: Vec<Column> = Vec::new();
    for sort in &by {
        sort.expr.apply(|expr| {
            if let Some(subquery) = subquery_of(expr) {
                for (column, _) in outer_columns(&subquery.subquery)? {
                    if !schema.has_column(&column) && !missing.contains(&column) {
                        missing.push(column);
                    }
                }
            }
            Ok(TreeNodeRecursion::Continue)
        })?;
    }
    let input = match sort.input.as_ref() {
        LogicalPlan::Projection(projection) => {
            missing.retain(|column| projection.input.schema().has_column(column));
            let passed = missing.into_iter().map(Expr::Column);
            let exprs = projection.expr.iter().cloned().chain(passed).collect();
            Arc::new(project(projection.input.as_ref().clone(), exprs)?)
        }
        _ => sort.input,
    };
    let sort = Sort {
        expr: by,
        input,
        fetch: sort.fetch,
    };
    let plan = unnesting.unary(LogicalPlan::Sort(sort))?;
    restored(plan, &schema, 0..schema.fields().len(), &[])
}
