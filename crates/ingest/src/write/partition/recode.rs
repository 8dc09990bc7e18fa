//! Numbers the values of a column that has few different ones, as the reading of cells does.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, UInt32Type};
use arrow::error::ArrowError;

use crate::write::column_values::{ColumnValues, NULL, is_too_varied};
use crate::write::encode::can_be_coded;

/// Rows that show whether values come again.
const TRIAL: usize = 1 << 16;

/// The column as it is best written.
pub(super) fn recode(column: &ArrayRef) -> Result<ColumnValues, ArrowError> {
    let plain = || Ok(ColumnValues::Plain(column.clone()));
    if !can_be_coded(column.data_type()) {
        return plain();
    }
    if column.len() > TRIAL {
        let (values, codes) = numbered(&column.slice(0, TRIAL))?;
        if is_too_varied(values.len(), codes.len()) {
            return plain();
        }
    }
    let (values, codes) = numbered(column)?;
    if is_too_varied(values.len(), codes.len()) {
        return plain();
    }
    Ok(ColumnValues::Coded {
        values,
        codes,
        nulls: column.null_count(),
    })
}

/// The different values of a column, and for each row the number of its value or [`NULL`].
pub(super) fn numbered(column: &ArrayRef) -> Result<(ArrayRef, Vec<u32>), ArrowError> {
    if let Some(booleans) = column.as_boolean_opt() {
        // Which no dictionary holds.
        let codes = booleans.iter().map(|value| value.map_or(NULL, u32::from));
        let values = BooleanArray::from(vec![false, true]);
        return Ok((Arc::new(values), codes.collect()));
    }
    let kind = column.data_type().clone();
    let numbered = cast(
        column,
        &DataType::Dictionary(Box::new(DataType::UInt32), Box::new(kind)),
    )?;
    let numbered = numbered.as_dictionary::<UInt32Type>();
    let codes = numbered.keys().iter().map(|code| code.unwrap_or(NULL));
    Ok((numbered.values().clone(), codes.collect()))
}
