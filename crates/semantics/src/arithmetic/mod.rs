//! Arithmetic that does not lie: overflow is an error, and operators mean what they mean in DuckDB and PostgreSQL.

mod calculate;
mod checked;
mod division;
mod integer_division;
mod integers;
mod operand;
mod operation;
mod operators;
mod overflow;
mod rule;
mod shifts;
mod simplify;

use std::sync::Arc;

use datafusion::logical_expr::planner::ExprPlanner;
use datafusion::optimizer::AnalyzerRule;

pub use checked::CheckedArithmetic;
pub use operation::Operation;
pub(crate) use overflow::sql_name;

/// The rules that stand behind `type_coercion`.
pub(crate) fn analyzer_rules() -> Vec<Arc<dyn AnalyzerRule + Send + Sync>> {
    vec![Arc::new(rule::CheckArithmetic::new())]
}

/// The hooks for operators, asked before DataFusion's.
pub(crate) fn expr_planners() -> Vec<Arc<dyn ExprPlanner>> {
    vec![Arc::new(operators::Operators::new())]
}
