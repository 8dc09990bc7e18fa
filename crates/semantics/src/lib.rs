//! What SQL means where DataFusion's answer differs from the standard's, DuckDB's and PostgreSQL's.
//!
//! Operators, functions and rules that replace DataFusion's own, each named after the fault that it mends.
//! A session takes [`expr_planners`], [`analyzer_rules`] and [`optimizer_rules`] when it is built, and the functions
//! by [`register`].

mod aggregates;
mod arithmetic;
mod comparison;
mod meaning;
mod padding;
mod prepared;
mod schema_below;
mod subqueries;
mod time;
mod windows;

use std::sync::Arc;

use datafusion::error::Result;
use datafusion::logical_expr::planner::ExprPlanner;
use datafusion::logical_expr::registry::FunctionRegistry;
use datafusion::optimizer::analyzer::AnalyzerRule;
use datafusion::optimizer::{Optimizer, OptimizerRule};
use datafusion::physical_optimizer::PhysicalOptimizerRule;

pub use aggregates::{Max, Min, PairMeasure, Sum};
pub use arithmetic::{CheckedArithmetic, Operation};

/// The planner's hooks for operators, to be asked before DataFusion's.
pub fn expr_planners() -> Vec<Arc<dyn ExprPlanner>> {
    let mut planners = arithmetic::expr_planners();
    planners.extend(meaning::expr_planners());
    planners
}

/// The analyzer's rules that stand behind DataFusion's.
pub fn analyzer_rules() -> Vec<Arc<dyn AnalyzerRule + Send + Sync>> {
    let mut rules = meaning::analyzer_rules();
    // Before arithmetic: what subqueries become is checked like any other.
    rules.push(Arc::new(subqueries::UnnestSubqueries));
    rules.extend(arithmetic::analyzer_rules());
    rules.extend(comparison::analyzer_rules());
    rules
}

/// DataFusion's logical optimizer rules with ours at their places.
pub fn optimizer_rules() -> Vec<Arc<dyn OptimizerRule + Send + Sync>> {
    prepared::when_executed(subqueries::with_rules(Optimizer::new().rules))
}

/// Physical optimizer rules, DataFusion's among them, with ours at their places.
pub fn with_physical_optimizer_rules(
    rules: Vec<Arc<dyn PhysicalOptimizerRule + Send + Sync>>,
) -> Vec<Arc<dyn PhysicalOptimizerRule + Send + Sync>> {
    comparison::with_physical_optimizer_rules(rules)
}

/// Puts our functions in the place of DataFusion's of the same names.
///
/// # Errors
/// The registry takes no functions.
pub fn register(registry: &mut dyn FunctionRegistry) -> Result<()> {
    for function in aggregates::functions() {
        registry.register_udaf(function)?;
    }
    for function in windows::functions() {
        registry.register_udwf(function)?;
    }
    for function in time::functions().into_iter().chain(padding::functions()) {
        registry.register_udf(function)?;
    }
    Ok(())
}
