//! A side of an operation: a column of a batch, or one value for all rows.

use arrow::array::{Array, ArrayRef, Datum};
use arrow::buffer::NullBuffer;
use datafusion::error::Result;
use datafusion::logical_expr::ColumnarValue;

/// A column, or an array of one value that stands for every row.
#[derive(Debug, Clone)]
pub(super) struct Operand {
    pub(super) array: ArrayRef,
    pub(super) is_constant: bool,
}

impl Operand {
    pub(super) fn new(value: &ColumnarValue) -> Result<Self> {
        Ok(match value {
            ColumnarValue::Array(array) => Self {
                array: array.clone(),
                is_constant: false,
            },
            ColumnarValue::Scalar(value) => Self {
                array: value.to_array()?,
                is_constant: true,
            },
        })
    }

    /// The number of rows of the result of an operation with `other`.
    pub(super) fn rows(&self, other: &Self) -> usize {
        if self.is_constant {
            other.array.len()
        } else {
            self.array.len()
        }
    }

    pub(super) fn is_null_constant(&self) -> bool {
        self.is_constant && self.array.is_null(0)
    }

    /// Where a column is NULL; a constant says nothing about rows.
    pub(super) fn nulls_of_rows(&self) -> Option<&NullBuffer> {
        if self.is_constant {
            None
        } else {
            self.array.nulls()
        }
    }

    /// The value of one row.
    pub(super) fn row(&self, row: usize) -> Self {
        let row = if self.is_constant { 0 } else { row };
        Self {
            array: self.array.slice(row, 1),
            is_constant: true,
        }
    }
}

impl Datum for Operand {
    fn get(&self) -> (&dyn Array, bool) {
        (self.array.as_ref(), self.is_constant)
    }
}
