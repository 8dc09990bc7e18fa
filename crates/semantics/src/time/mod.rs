//! Points in time and the clocks of places.

mod at_time_zone;

use std::sync::Arc;

use datafusion::logical_expr::ScalarUDF;

/// The functions of time that DataFusion lacks.
pub(crate) fn functions() -> Vec<Arc<ScalarUDF>> {
    vec![Arc::new(ScalarUDF::from(at_time_zone::AtTimeZone::new()))]
}
