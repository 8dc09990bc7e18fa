//! The analyzer rule that puts checked functions in the place of operators, once types are known.

use std::sync::Arc;

use arrow::datatypes::DataType;
use datafusion::common::tree_node::{Transformed, TreeNode, TreeNodeRewriter};
use datafusion::common::{DFSchema, Result, ScalarValue, internal_err};
use datafusion::config::ConfigOptions;
use datafusion::logical_expr::expr_rewriter::NamePreserver;
use datafusion::logical_expr::{
    BinaryExpr, ColumnarValue, Expr, ExprSchemable, LogicalPlan, ScalarUDF, ScalarUDFImpl, lit,
};
use datafusion::optimizer::AnalyzerRule;

use super::calculate::calculate;
use super::checked::CheckedArithmetic;
use super::operand::Operand;
use super::operation::Operation;
use crate::schema_below::schema_below;

/// `a + b`, `a - b`, `a * b` and `-a` of whole numbers and decimals become [`CheckedArithmetic`].
///
/// Has to stand behind `type_coercion`, which gives both sides their types.
#[derive(Debug)]
pub(super) struct CheckArithmetic {
    functions: Vec<(Operation, Arc<ScalarUDF>)>,
}

impl CheckArithmetic {
    pub(super) fn new() -> Self {
        let function = |operation| {
            let function = ScalarUDF::from(CheckedArithmetic::new(operation));
            (operation, Arc::new(function))
        };
        Self {
            functions: Operation::ALL.into_iter().map(function).collect(),
        }
    }

    fn call(&self, operation: Operation, args: Vec<Expr>) -> Result<Expr> {
        let known = |(known, _): &&(Operation, _)| *known == operation;
        match self.functions.iter().find(known) {
            Some((_, function)) => Ok(function.call(args)),
            None => internal_err!("`{operation}` has no function"),
        }
    }

    fn plan(&self, plan: LogicalPlan) -> Result<Transformed<LogicalPlan>> {
        let schema = schema_below(&plan)?;
        let names = NamePreserver::new(&plan);
        plan.map_expressions(|expr| {
            let name = names.save(&expr);
            let mut rewriter = Rewriter {
                rule: self,
                schema: &schema,
            };
            let rewritten = expr.rewrite(&mut rewriter)?;
            Ok(rewritten.update_data(|expr| name.restore(expr)))
        })
    }
}

impl AnalyzerRule for CheckArithmetic {
    fn name(&self) -> &str {
        "check_arithmetic"
    }

    fn analyze(&self, plan: LogicalPlan, _: &ConfigOptions) -> Result<LogicalPlan> {
        let rewritten = plan.transform_up_with_subqueries(|plan| self.plan(plan))?;
        Ok(rewritten.data)
    }
}

struct Rewriter<'a> {
    rule: &'a CheckArithmetic,
    schema: &'a DFSchema,
}

impl Rewriter<'_> {
    /// The type of an operand, of which every operation is replaced already.
    ///
    /// `get_type` makes the name of a function at each level of a chain, which is cubic in its length.
    fn data_type(&self, operand: &Expr) -> Result<DataType> {
        let Expr::ScalarFunction(call) = operand else {
            return operand.get_type(self.schema);
        };
        let Some(checked) = call.func.inner().downcast_ref::<CheckedArithmetic>() else {
            return operand.get_type(self.schema);
        };
        let operands = call.args.iter().map(|operand| self.data_type(operand));
        checked.return_type(&operands.collect::<Result<Vec<_>>>()?)
    }

    fn is_checked(&self, operand: &Expr) -> Result<bool> {
        Ok(CheckedArithmetic::is_for(&self.data_type(operand)?))
    }

    /// The operation that `expr` is, if overflow can make it lie.
    fn operation(&self, expr: &Expr) -> Result<Option<Operation>> {
        Ok(match expr {
            Expr::BinaryExpr(BinaryExpr { left, op, right }) => match Operation::of(*op) {
                Some(operation) if self.is_checked(left)? && self.is_checked(right)? => {
                    Some(operation)
                }
                _ => None,
            },
            Expr::Negative(operand) if self.is_checked(operand)? => Some(Operation::Negate),
            _ => None,
        })
    }
}

impl TreeNodeRewriter for Rewriter<'_> {
    type Node = Expr;

    fn f_up(&mut self, expr: Expr) -> Result<Transformed<Expr>> {
        let Some(operation) = self.operation(&expr)? else {
            return Ok(Transformed::no(expr));
        };
        let args = match expr {
            Expr::BinaryExpr(BinaryExpr { left, right, .. }) => vec![*left, *right],
            Expr::Negative(operand) => vec![*operand],
            other => return Ok(Transformed::no(other)),
        };
        if let Some(constant) = constant(operation, &args) {
            return Ok(Transformed::yes(constant));
        }
        self.rule.call(operation, args).map(Transformed::yes)
    }
}

/// What an operation on constant whole numbers gives, so that a long chain of them is no deep tree; an overflow is
/// left to the function, which errs only if it is asked.
fn constant(operation: Operation, args: &[Expr]) -> Option<Expr> {
    let operand = |expr: &Expr| {
        let value = expr.as_literal()?.clone();
        let is_whole = value.data_type().is_integer();
        Operand::new(&ColumnarValue::Scalar(value))
            .ok()
            .filter(|_| is_whole)
    };
    let (left, right) = (operand(args.first()?)?, operand(args.last()?)?);
    let result = calculate(operation, &left, &right).ok()??;
    let value = ScalarValue::try_from_array(&result, 0).ok()?;
    Some(lit(value))
}
