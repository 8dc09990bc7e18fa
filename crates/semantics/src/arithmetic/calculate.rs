//! An operation on two columns, or nothing when a row overflows.

use arrow::array::{Array, ArrayRef, AsArray, PrimitiveArray};
use arrow::compute::kernels::numeric;
use arrow::datatypes::{
    DataType, Decimal32Type, Decimal64Type, Decimal128Type, Decimal256Type, DecimalType,
};
use arrow::error::ArrowError;
use datafusion::error::{DataFusionError, Result};

use super::integers;
use super::operand::Operand;
use super::operation::Operation;

/// The result of every row, or nothing when a row's does not fit its type.
pub(super) fn calculate(
    operation: Operation,
    left: &Operand,
    right: &Operand,
) -> Result<Option<ArrayRef>> {
    if let Some(result) = integers::checked(operation, left, right) {
        return Ok(result);
    }
    let result = match operation {
        Operation::Add => numeric::add(left, right),
        Operation::Subtract => numeric::sub(left, right),
        Operation::Multiply => numeric::mul(left, right),
        Operation::Negate => numeric::neg(left.array.as_ref()),
    };
    match result {
        Ok(array) => Ok(has_its_precision(&array).then_some(array)),
        Err(ArrowError::ArithmeticOverflow(_)) => Ok(None),
        Err(error) => Err(DataFusionError::from(error)),
    }
}

/// Whether no decimal has more digits than its type says; arrow looks at the bits of the number only.
fn has_its_precision(array: &ArrayRef) -> bool {
    match array.data_type() {
        // Narrower results have a digit for every carry.
        DataType::Decimal32(9, _) => fits(array.as_primitive::<Decimal32Type>()),
        DataType::Decimal64(18, _) => fits(array.as_primitive::<Decimal64Type>()),
        DataType::Decimal128(38, _) => fits(array.as_primitive::<Decimal128Type>()),
        DataType::Decimal256(76, _) => fits(array.as_primitive::<Decimal256Type>()),
        _ => true,
    }
}

fn fits<T: DecimalType>(array: &PrimitiveArray<T>) -> bool {
    array.validate_decimal_precision(array.precision()).is_ok()
}

/// The first row whose result does not fit.
pub(super) fn first_overflow(
    operation: Operation,
    left: &Operand,
    right: &Operand,
) -> Option<(Operand, Operand)> {
    let sides = |row| (left.row(row), right.row(row));
    let rows = if left.is_constant && right.is_constant {
        1
    } else {
        left.rows(right)
    };
    let overflows =
        |(left, right): &(Operand, Operand)| matches!(calculate(operation, left, right), Ok(None));
    (0..rows).map(sides).find(overflows)
}
