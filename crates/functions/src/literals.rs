//! Refuses literals that an aggregate or a window function would refuse in every row, before any row is read.
//!
//! A scalar function sees its literals while planning, these only the types of its arguments. An
//! analyzer or optimizer rule would see them, but DataFusion prints the error of a rule as a line of EXPLAIN
//! instead of failing, and an expression planner does not see what is bound to `$parameters`.

use datafusion_common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion_common::{Result, ScalarValue, plan_err};
use datafusion_expr::{AggregateUDF, Expr, LogicalPlan, WindowFunctionDefinition, WindowUDF};

use crate::aggregate::Aggregate;
use crate::parameters::Parameters;
use crate::partition::Window;

/// Checks the literals of every aggregate and window function of ours in `plan`, in windows and subqueries too.
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
        Expr::AggregateFunction(call) => {
            check_arguments(of_aggregate(&call.func), &call.params.args)?;
        }
        Expr::WindowFunction(call) => match &call.fun {
            WindowFunctionDefinition::AggregateUDF(function) => {
                check_arguments(of_aggregate(function), &call.params.args)?;
            }
            WindowFunctionDefinition::WindowUDF(function) => {
                let parameters = of_window(function);
                if let (Some(parameters), true) = (parameters, call.params.distinct) {
                    return plan_err!("{} takes no DISTINCT", parameters.function);
                }
                check_arguments(parameters, &call.params.args)?;
            }
        },
        _ => {}
    }
    Ok(TreeNodeRecursion::Continue)
}

fn of_aggregate(function: &AggregateUDF) -> Option<&Parameters> {
    let aggregate = function.inner().downcast_ref::<Aggregate>()?;
    Some(&aggregate.entry().parameters)
}

fn of_window(function: &WindowUDF) -> Option<&Parameters> {
    let window = function.inner().downcast_ref::<Window>()?;
    Some(&window.entry().parameters)
}

/// Functions of others have parameters that we do not know.
fn check_arguments(parameters: Option<&Parameters>, arguments: &[Expr]) -> Result<()> {
    let literals: Vec<Option<&ScalarValue>> = arguments.iter().map(Expr::as_literal).collect();
    match parameters {
        Some(parameters) => parameters.check_literals(&literals),
        None => Ok(()),
    }
}
