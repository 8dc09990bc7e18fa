//! Refuses literals that an aggregate would refuse in every row, before any row is read.
//!
//! A scalar function sees its literals while planning, an aggregate only the types of its arguments. An
//! analyzer or optimizer rule would see them, but DataFusion prints the error of a rule as a line of EXPLAIN
//! instead of failing, and an expression planner does not see what is bound to `$parameters`.

use datafusion_common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion_common::{Result, ScalarValue};
use datafusion_expr::{AggregateUDF, Expr, LogicalPlan, WindowFunctionDefinition};

use crate::aggregate::Aggregate;

/// Checks the literals of every aggregate of ours in `plan`, in windows and subqueries too.
///
/// Call it on a plan whose `$parameters` are bound, before it is run or explained.
///
/// # Errors
/// A plan error that names function, argument and value.
pub fn check_literals(plan: &LogicalPlan) -> Result<()> {
    plan.apply_with_subqueries(|node| {
        node.apply_expressions(|expression| expression.apply(check_call))
    })?;
    Ok(())
}

fn check_call(expression: &Expr) -> Result<TreeNodeRecursion> {
    match expression {
        Expr::AggregateFunction(call) => check_arguments(&call.func, &call.params.args)?,
        Expr::WindowFunction(call) => {
            if let WindowFunctionDefinition::AggregateUDF(function) = &call.fun {
                check_arguments(function, &call.params.args)?;
            }
        }
        _ => {}
    }
    Ok(TreeNodeRecursion::Continue)
}

fn check_arguments(function: &AggregateUDF, arguments: &[Expr]) -> Result<()> {
    let Some(aggregate) = function.inner().downcast_ref::<Aggregate>() else {
        return Ok(());
    };
    let literals: Vec<Option<&ScalarValue>> = arguments.iter().map(Expr::as_literal).collect();
    aggregate.parameters().check_literals(&literals)
}
