//! Aggregate functions whose answers DataFusion gets wrong.

mod min_max;
mod moments;
mod pairs;
mod sliding;
mod sum;
mod windowed;

use std::sync::Arc;

use datafusion::logical_expr::AggregateUDF;

pub use min_max::{Max, Min};
pub use pairs::PairMeasure;
pub use sum::Sum;

/// The functions that replace DataFusion's of the same names.
pub(crate) fn functions() -> Vec<Arc<AggregateUDF>> {
    let mut functions = vec![
        Arc::new(AggregateUDF::from(Sum::new())),
        Arc::new(AggregateUDF::from(Min::new())),
        Arc::new(AggregateUDF::from(Max::new())),
        Arc::new(AggregateUDF::from(PairMeasure::correlation())),
        Arc::new(AggregateUDF::from(PairMeasure::determination())),
    ];
    functions.extend(sliding::functions());
    functions
}
