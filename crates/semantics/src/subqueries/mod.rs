//! Subqueries as joins, with three-valued logic.
//!
//! A subquery that uses columns of the query around it is a *dependent join*: for each outer row, the inner plan
//! is evaluated anew. [`UnnestSubqueries`] turns it into plain joins (T. Neumann and A. Kemper, "Unnesting Arbitrary
//! Queries", BTW 2015): the distinct outer values, the [`domain`], are joined with the inner plan where it uses
//! them, go up through it as keys ([`push_down`]), and the result is joined back on these keys.
//!
//! It stands in the analyzer, since DataFusion refuses there what its optimizer cannot unnest, and leaves to the
//! optimizer's rules what they answer right and plan well ([`built_in`]).

mod built_in;
mod conditions;
mod domain;
mod fields;
mod guards;
mod joined;
mod lateral;
mod membership;
mod order;
mod outer;
mod push_down;
mod refusal;
mod repeatable;
mod rule;
mod single_row;
mod unique_keys;

use std::sync::Arc;

use datafusion::optimizer::OptimizerRule;

pub(crate) use rule::UnnestSubqueries;

/// `rules` with ours at their places.
pub(crate) fn with_rules(
    rules: Vec<Arc<dyn OptimizerRule + Send + Sync>>,
) -> Vec<Arc<dyn OptimizerRule + Send + Sync>> {
    let rules = rules.into_iter().map(guards::guarded).collect();
    unique_keys::with_unique_keys(rules)
}
