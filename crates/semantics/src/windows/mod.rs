//! Window functions whose answers DataFusion gets wrong.

mod ignore_nulls;

use std::sync::Arc;

use datafusion::logical_expr::WindowUDF;

/// The functions that replace DataFusion's of the same names.
pub(crate) fn functions() -> Vec<Arc<WindowUDF>> {
    ignore_nulls::functions()
}
