//! What is said of a subquery that cannot be turned into joins.

use datafusion::error::{DataFusionError, Result};

/// An error that says what stands in the way and what to write instead.
pub(super) fn refuse<T>(what: &str, instead: &str) -> Result<T> {
    Err(DataFusionError::Plan(format!("{what}: {instead}")))
}

/// A subquery over rows that may be others when they are read again.
pub(super) fn refuse_unrepeatable<T>(what: &str) -> Result<T> {
    refuse(
        &format!(
            "a subquery cannot use columns of a query with {what}, since its rows are read twice"
        ),
        "store that query first (CREATE TABLE … AS SELECT …) and use the table",
    )
}
