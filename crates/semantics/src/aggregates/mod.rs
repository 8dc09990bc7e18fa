//! Aggregate functions whose answers DataFusion gets wrong.

mod corr;
mod min_max;
mod sum;

use std::sync::Arc;

use datafusion::logical_expr::AggregateUDF;

pub use corr::Correlation;
pub use min_max::{Max, Min};
pub use sum::Sum;

/// The functions that replace DataFusion's of the same names.
pub(crate) fn functions() -> Vec<Arc<AggregateUDF>> {
    vec![
        Arc::new(AggregateUDF::from(Sum::new())),
        Arc::new(AggregateUDF::from(Min::new())),
        Arc::new(AggregateUDF::from(Max::new())),
        Arc::new(AggregateUDF::from(Correlation::new())),
    ]
}
