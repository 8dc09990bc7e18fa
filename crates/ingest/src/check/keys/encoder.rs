//! Turns the key columns of rows into bytes that are equal where the keys are, and those into hashes.

use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::{DataType, Float64Type, Schema};
use arrow::error::ArrowError;
use arrow::row::{RowConverter, Rows, SortField};
use twox_hash::XxHash3_128;

/// The hash of a key.
pub(crate) type KeyHash = [u64; 2];

/// Hashes keys, in every run with another seed, so that nobody can prepare keys that meet.
#[derive(Debug, Clone, Copy)]
pub(crate) struct KeyHasher {
    seed: u64,
}

impl KeyHasher {
    pub(crate) fn new() -> Self {
        Self {
            seed: RandomState::new().hash_one(0),
        }
    }

    pub(crate) fn hash(self, key: &[u8]) -> KeyHash {
        let hash = XxHash3_128::oneshot_with_seed(self.seed, key);
        [(hash >> 64) as u64, hash as u64]
    }
}

/// Turns the key columns of rows into bytes.
#[derive(Debug)]
pub(crate) struct KeyEncoder {
    columns: Vec<usize>,
    converter: RowConverter,
}

impl KeyEncoder {
    pub(crate) fn new(schema: &Schema, columns: Vec<usize>) -> Result<Self, ArrowError> {
        let sort_field = |&column: &usize| SortField::new(schema.field(column).data_type().clone());
        let converter = RowConverter::new(columns.iter().map(sort_field).collect())?;
        Ok(Self { columns, converter })
    }

    /// The columns of the schema that make the key.
    pub(crate) fn columns(&self) -> &[usize] {
        &self.columns
    }

    /// The keys of rows of which the key's columns are given, in its order.
    pub(crate) fn encode(&self, columns: &[ArrayRef]) -> Result<Keys, ArrowError> {
        let columns: Vec<ArrayRef> = columns.iter().map(without_negative_zero).collect();
        Ok(Keys {
            rows: self.converter.convert_columns(&columns)?,
            columns,
        })
    }
}

/// The keys of some rows.
pub(crate) struct Keys {
    rows: Rows,
    columns: Vec<ArrayRef>,
}

impl Keys {
    /// The bytes of a row's key.
    pub(crate) fn bytes(&self, row: usize) -> &[u8] {
        self.rows.row(row).data()
    }

    /// The rows that have a whole key, with its bytes; as in SQL, a key with a NULL is no key.
    pub(crate) fn whole(&self) -> impl Iterator<Item = (usize, &[u8])> {
        let with_nulls = self.columns.iter().filter(|column| column.null_count() > 0);
        let with_nulls: Vec<_> = with_nulls.collect();
        let has_null = move |row: usize| with_nulls.iter().any(|column| column.is_null(row));
        (0..self.rows.num_rows())
            .filter(move |&row| !has_null(row))
            .map(|row| (row, self.bytes(row)))
    }
}

/// `-0` equals `0`, though their bits differ.
fn without_negative_zero(array: &ArrayRef) -> ArrayRef {
    match array.data_type() {
        DataType::Float64 => Arc::new(
            array
                .as_primitive::<Float64Type>()
                .unary::<_, Float64Type>(|value| value + 0.0),
        ),
        _ => Arc::clone(array),
    }
}
