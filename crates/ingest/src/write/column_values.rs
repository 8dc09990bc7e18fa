//! The values of a column on their way from cells to pages.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, UInt32Array};
use arrow::buffer::{NullBuffer, ScalarBuffer};
use arrow::error::ArrowError;

/// The code of a row without a value.
pub(crate) const NULL: u32 = u32::MAX;

/// The most different values that are numbered.
const MOST_VALUES: usize = 1 << 16;

/// Rows after which it is given up where hardly a value has come twice.
const FIRST_TRIAL: usize = 1 << 12;

/// Rows after which a value has to have come four times on average.
const SECOND_TRIAL: usize = 1 << 16;

/// The values of a column in a row group.
#[derive(Debug, Clone)]
pub(crate) enum ColumnValues {
    /// Few different values, and for each row the number of its value or [`NULL`].
    Coded {
        values: ArrayRef,
        codes: Vec<u32>,
        nulls: usize,
    },
    Plain(ArrayRef),
}

impl ColumnValues {
    /// True when there is no row.
    pub(crate) fn is_empty(&self) -> bool {
        match self {
            Self::Coded { codes, .. } => codes.is_empty(),
            Self::Plain(values) => values.is_empty(),
        }
    }
}

/// Whether so many values in so many rows are not worth numbers.
pub(crate) fn is_too_varied(values: usize, rows: usize) -> bool {
    values > MOST_VALUES
        || (rows >= FIRST_TRIAL && values > rows / 8 * 7)
        || (rows >= SECOND_TRIAL && values > rows / 4)
}

/// A column row by row, however it was gathered.
pub(crate) fn flat(values: &ColumnValues) -> Result<ArrayRef, ArrowError> {
    match values {
        ColumnValues::Plain(array) => Ok(Arc::clone(array)),
        ColumnValues::Coded {
            values,
            codes,
            nulls,
        } => {
            let present =
                (*nulls > 0).then(|| NullBuffer::from_iter(codes.iter().map(|code| *code != NULL)));
            let codes = UInt32Array::new(ScalarBuffer::from(codes.clone()), present);
            if values.is_empty() {
                return Ok(arrow::array::new_null_array(
                    values.data_type(),
                    codes.len(),
                ));
            }
            arrow::compute::take(values, &codes, None)
        }
    }
}
