//! What is said when a result does not fit: the operation, its values, the type, and what to write instead.

use arrow::array::Array;
use arrow::datatypes::DataType;
use datafusion::common::{ScalarValue, exec_datafusion_err};
use datafusion::error::DataFusionError;

use super::calculate::first_overflow;
use super::operand::Operand;
use super::operation::Operation;

/// The error of the first row whose result does not fit into `result`.
pub(super) fn error(
    operation: Operation,
    left: &Operand,
    right: &Operand,
    result: &DataType,
) -> DataFusionError {
    let of = sql_name(result);
    let Some((left, right)) = first_overflow(operation, left, right) else {
        return exec_datafusion_err!("`{operation}` gives a number beyond {of}");
    };
    let symbol = operation.symbol();
    let written = match operation {
        Operation::Negate => format!("-({})", number(&left)),
        _ => format!("{} {symbol} {}", number(&left), number(&right)),
    };
    let advice = match wider(result) {
        Some(wider) if operation == Operation::Negate => format!("; write -(x::{wider})"),
        Some(wider) => format!("; write x::{wider} {symbol} y"),
        None if result.is_decimal() => {
            format!("; write x::DOUBLE {symbol} y, or cast to decimals of fewer digits")
        }
        None => String::new(),
    };
    exec_datafusion_err!("{written} is beyond {of}{advice}")
}

/// The number in the only row.
fn number(operand: &Operand) -> String {
    match ScalarValue::try_from_array(operand.array.as_ref(), 0) {
        Ok(value) => value.to_string(),
        Err(_) => format!("a {}", operand.array.data_type()),
    }
}

/// A type that holds what this one does not.
fn wider(data_type: &DataType) -> Option<&'static str> {
    match data_type {
        DataType::Int8
        | DataType::Int16
        | DataType::Int32
        | DataType::UInt8
        | DataType::UInt16
        | DataType::UInt32 => Some("BIGINT"),
        DataType::Int64 | DataType::UInt64 => Some("DECIMAL(38, 0)"),
        _ => None,
    }
}

/// The type as SQL names it.
pub(crate) fn sql_name(data_type: &DataType) -> String {
    let name = match data_type {
        DataType::Int8 => "TINYINT",
        DataType::Int16 => "SMALLINT",
        DataType::Int32 => "INT",
        DataType::Int64 => "BIGINT",
        DataType::UInt8 => "TINYINT UNSIGNED",
        DataType::UInt16 => "SMALLINT UNSIGNED",
        DataType::UInt32 => "INT UNSIGNED",
        DataType::UInt64 => "BIGINT UNSIGNED",
        DataType::Decimal32(precision, scale)
        | DataType::Decimal64(precision, scale)
        | DataType::Decimal128(precision, scale)
        | DataType::Decimal256(precision, scale) => {
            return format!("DECIMAL({precision}, {scale})");
        }
        other => return other.to_string(),
    };
    name.to_string()
}
