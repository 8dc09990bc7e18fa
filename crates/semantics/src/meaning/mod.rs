//! Expressions that DataFusion evaluates, but not as PostgreSQL and DuckDB do: casts that round, intervals of different
//! units, patterns.

mod casts;
mod dates;
mod intervals;
mod patterns;
mod similar;
mod whole;

use std::sync::Arc;

use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::common::{DFSchema, Result};
use datafusion::config::ConfigOptions;
use datafusion::logical_expr::expr_rewriter::NamePreserver;
use datafusion::logical_expr::planner::ExprPlanner;
use datafusion::logical_expr::{Expr, LogicalPlan};
use datafusion::optimizer::AnalyzerRule;

use crate::schema_below::schema_below;

/// The rules that stand behind `type_coercion`.
pub(crate) fn analyzer_rules() -> Vec<Arc<dyn AnalyzerRule + Send + Sync>> {
    vec![Arc::new(StandardMeaning)]
}

/// The planner's hooks for operators.
pub(crate) fn expr_planners() -> Vec<Arc<dyn ExprPlanner>> {
    vec![Arc::new(dates::DatesWithHours)]
}

/// Takes every expression through the rewriters of this module. None of them changes an expression's type.
#[derive(Debug)]
struct StandardMeaning;

impl AnalyzerRule for StandardMeaning {
    fn name(&self) -> &str {
        "standard_meaning"
    }

    fn analyze(&self, plan: LogicalPlan, _: &ConfigOptions) -> Result<LogicalPlan> {
        Ok(plan.transform_up_with_subqueries(rewrite_plan)?.data)
    }
}

fn rewrite_plan(plan: LogicalPlan) -> Result<Transformed<LogicalPlan>> {
    let schema = schema_below(&plan)?;
    let names = NamePreserver::new(&plan);
    plan.map_expressions(|expr| {
        let name = names.save(&expr);
        let rewritten = expr.transform_up(|expr| rewrite(expr, &schema))?;
        Ok(rewritten.update_data(|expr| name.restore(expr)))
    })
}

fn rewrite(expr: Expr, schema: &DFSchema) -> Result<Transformed<Expr>> {
    match expr {
        Expr::Cast(cast) => casts::round(cast, schema),
        Expr::TryCast(cast) => casts::try_round(cast, schema),
        Expr::BinaryExpr(binary) => intervals::compare(binary, schema),
        Expr::Between(between) => intervals::between(between, schema),
        Expr::InList(list) => intervals::in_list(list, schema),
        Expr::Like(like) => patterns::escape(like, schema),
        Expr::SimilarTo(like) => patterns::similar(like, schema),
        other => Ok(Transformed::no(other)),
    }
}
