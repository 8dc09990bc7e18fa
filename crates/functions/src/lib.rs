//! The domain of border ports as SQL functions: pure, listed once, known to the optimizer.
//!
//! [`all`] gives every function; [`register`] adds them to a session; [`optimizer_rules`] gives the
//! rules that turn comparisons of stages into ranges. Nothing here reads a file, a clock, the network
//! or the environment: the one function that needs data, `nearest_city`, asks a [`PlaceSource`].

mod aggregate;
mod benchmark;
mod cluster;
mod concentration;
mod documented;
mod domain;
mod evaluation;
mod evolution;
mod example;
mod function;
mod lists;
mod literals;
mod modes;
mod names;
mod page;
mod parameters;
mod partition;
mod sample;
mod scalar;
mod space;
mod stages;
mod support;
mod trade;

use std::sync::Arc;

use datafusion_common::{Result, plan_err};
use datafusion_expr::registry::FunctionRegistry;
use datafusion_optimizer::OptimizerRule;

pub use benchmark::{Benchmark, Peer};
pub use example::{Example, examples};
pub use function::{Function, Group};
pub use literals::check_literals;
pub use page::functions_markdown;
pub use sample::SAMPLE_ROWS;
pub use space::{PlaceCatalogue, PlaceSource};
pub use stages::StageRanges;

/// Every function, grouped by what a person wants to know, in the order help and documentation show them.
pub fn groups(places: &PlaceSource) -> Vec<Group> {
    vec![
        stages::group(),
        modes::group(),
        space::group(places),
        cluster::group(),
        concentration::group(),
        trade::group(),
        evolution::group(),
        evaluation::group(),
    ]
}

/// Every function in one list. `places` is where `nearest_city` looks cities up.
pub fn all(places: &PlaceSource) -> Vec<Function> {
    groups(places)
        .into_iter()
        .flat_map(|group| group.functions)
        .collect()
}

/// Adds every function to `registry`: a session, a server or an executor.
///
/// # Errors
/// A name or alias that the registry already knows.
pub fn register(registry: &mut dyn FunctionRegistry, places: &PlaceSource) -> Result<()> {
    for function in all(places) {
        let taken = match &function {
            Function::Scalar(udf) => registry.register_udf(Arc::clone(udf))?.is_some(),
            Function::Aggregate(udf) => registry.register_udaf(Arc::clone(udf))?.is_some(),
            Function::Window(udf) => registry.register_udwf(Arc::clone(udf))?.is_some(),
        };
        if taken {
            return plan_err!("a function named {} is already registered", function.name());
        }
    }
    Ok(())
}

/// The optimizer rules that know these functions.
///
/// They belong directly after `simplify_expressions`, where constants are folded and BETWEEN is two
/// comparisons, and before filters move and common expressions are drawn out of them:
/// [`with_optimizer_rules`] puts them there.
pub fn optimizer_rules() -> Vec<Arc<dyn OptimizerRule + Send + Sync>> {
    vec![Arc::new(StageRanges)]
}

/// `rules` with [`optimizer_rules`] in their place: for `Optimizer::new().rules`, or those of a session.
pub fn with_optimizer_rules(
    mut rules: Vec<Arc<dyn OptimizerRule + Send + Sync>>,
) -> Vec<Arc<dyn OptimizerRule + Send + Sync>> {
    let simplified = rules
        .iter()
        .position(|rule| rule.name() == "simplify_expressions");
    let place = simplified.map_or(rules.len(), |position| position + 1);
    rules.splice(place..place, optimizer_rules());
    rules
}

#[cfg(test)]
mod tests {
    use datafusion_optimizer::Optimizer;

    use super::*;

    #[test]
    fn our_rules_stand_behind_simplification() {
        let rules = with_optimizer_rules(Optimizer::new().rules);
        let names: Vec<_> = rules.iter().map(|rule| rule.name()).collect();
        let place = names.iter().position(|name| *name == "stage_ranges");
        let before = place.map(|place| names[place - 1]);
        assert_eq!(before, Some("simplify_expressions"));
    }
}
