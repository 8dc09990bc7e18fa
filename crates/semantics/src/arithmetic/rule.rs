//! The analyzer rule that puts checked functions in the place of operators, once types are known.

use std::sync::Arc;

use arrow::datatypes::DataType;
use datafusion::common::tree_node::{Transformed, TreeNode, TreeNodeRewriter};
use datafusion::common::{DFSchema, Result};
use datafusion::config::ConfigOptions;
use datafusion::logical_expr::expr_rewriter::NamePreserver;
use datafusion::logical_expr::utils::merge_schema;
use datafusion::logical_expr::{BinaryExpr, Expr, ExprSchemable, LogicalPlan, ScalarUDF};
use datafusion::optimizer::AnalyzerRule;

use super::checked::CheckedArithmetic;
use super::operation::Operation;

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

    fn call(&self, operation: Operation, args: Vec<Expr>) -> Option<Expr> {
        let (_, function) = self
            .functions
            .iter()
            .find(|(known, _)| *known == operation)?;
        Some(function.call(args))
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

/// The columns the expressions of `plan` speak of: those of its inputs, or of the whole table in a scan.
fn schema_below(plan: &LogicalPlan) -> Result<DFSchema> {
    match plan {
        LogicalPlan::TableScan(scan) => {
            DFSchema::try_from_qualified_schema(scan.table_name.clone(), &scan.source.schema())
        }
        other => Ok(merge_schema(&other.inputs())),
    }
}

struct Rewriter<'a> {
    rule: &'a CheckArithmetic,
    schema: &'a DFSchema,
}

impl Rewriter<'_> {
    fn is_checked(&self, operand: &Expr) -> Result<bool> {
        // Asked for the type of the operand alone: that of a deep tree is asked for at every level otherwise.
        let data_type: DataType = operand.get_type(self.schema)?;
        Ok(CheckedArithmetic::is_for(&data_type))
    }

    fn replacement(&self, expr: &Expr) -> Result<Option<Expr>> {
        match expr {
            Expr::BinaryExpr(BinaryExpr { left, op, right }) => {
                let Some(operation) = Operation::of(*op) else {
                    return Ok(None);
                };
                if !self.is_checked(left)? || !self.is_checked(right)? {
                    return Ok(None);
                }
                let args = vec![left.as_ref().clone(), right.as_ref().clone()];
                Ok(self.rule.call(operation, args))
            }
            Expr::Negative(operand) if self.is_checked(operand)? => {
                let args = vec![operand.as_ref().clone()];
                Ok(self.rule.call(Operation::Negate, args))
            }
            _ => Ok(None),
        }
    }
}

impl TreeNodeRewriter for Rewriter<'_> {
    type Node = Expr;

    fn f_up(&mut self, expr: Expr) -> Result<Transformed<Expr>> {
        let replacement = self.replacement(&expr)?;
        Ok(replacement.map_or_else(|| Transformed::no(expr), Transformed::yes))
    }
}
