//! Casts of floats and decimals to integers round, as in PostgreSQL and DuckDB; arrow's kernels cut off.

use std::sync::LazyLock;

use arrow::datatypes::DataType;
use datafusion::common::tree_node::Transformed;
use datafusion::common::{DFSchema, Result};
use datafusion::logical_expr::{Cast, Expr, ExprSchemable, ScalarUDF, TryCast};

use super::whole::NearestWhole;

static NEAREST_WHOLE: LazyLock<ScalarUDF> =
    LazyLock::new(|| ScalarUDF::new_from_impl(NearestWhole::new()));

/// `CAST(2.5 AS INTEGER)`.
pub(super) fn round(mut cast: Cast, schema: &DFSchema) -> Result<Transformed<Expr>> {
    let rounded = rounded(&cast.expr, cast.field.data_type(), schema)?;
    let is_new = rounded.is_some();
    if let Some(rounded) = rounded {
        cast.expr = Box::new(rounded);
    }
    Ok(Transformed::new_transformed(Expr::Cast(cast), is_new))
}

/// `TRY_CAST(2.5 AS INTEGER)`.
pub(super) fn try_round(mut cast: TryCast, schema: &DFSchema) -> Result<Transformed<Expr>> {
    let rounded = rounded(&cast.expr, cast.field.data_type(), schema)?;
    let is_new = rounded.is_some();
    if let Some(rounded) = rounded {
        cast.expr = Box::new(rounded);
    }
    Ok(Transformed::new_transformed(Expr::TryCast(cast), is_new))
}

/// The whole number nearest to the value that is cast, if it can have a fraction.
///
/// Halves of decimals go away from zero and those of floats to the even number, as in PostgreSQL and DuckDB.
fn rounded(value: &Expr, to: &DataType, schema: &DFSchema) -> Result<Option<Expr>> {
    if !to.is_integer() || is_whole(value) {
        return Ok(None);
    }
    let value = value.clone();
    Ok(match value.get_type(schema)? {
        DataType::Float16 | DataType::Float32 | DataType::Float64 => {
            Some(NEAREST_WHOLE.call(vec![value]))
        }
        // Arrow rounds where digits behind the point are left out; 9.5 needs a digit more in front of it.
        DataType::Decimal32(precision, scale) if scale > 0 => Some(cast(
            value,
            DataType::Decimal64(digits(precision, scale), 0),
        )),
        DataType::Decimal64(precision, scale) if scale > 0 => Some(cast(
            value,
            DataType::Decimal64(digits(precision, scale), 0),
        )),
        DataType::Decimal128(precision, scale) if scale > 0 => Some(cast(
            value,
            DataType::Decimal128(digits(precision, scale), 0),
        )),
        DataType::Decimal256(precision, scale) if scale > 0 => Some(cast(
            value,
            DataType::Decimal256(digits(precision, scale), 0),
        )),
        _ => None,
    })
}

/// Whether the rule has been here: plans can be analyzed twice.
fn is_whole(value: &Expr) -> bool {
    matches!(value, Expr::ScalarFunction(call) if call.func.inner().is::<NearestWhole>())
}

fn digits(precision: u8, scale: i8) -> u8 {
    precision.saturating_sub(scale.unsigned_abs()) + 1
}

fn cast(value: Expr, to: DataType) -> Expr {
    Expr::Cast(Cast::new(Box::new(value), to))
}
