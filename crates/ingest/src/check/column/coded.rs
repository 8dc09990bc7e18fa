//! Gathers the values of a column as numbers of its different values.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use arrow::array::new_empty_array;
use arrow::datatypes::DataType;
use kouan_schema::{FieldType, Rule, Value};

use super::builder::Builder;
use super::texts::Texts;
use crate::csv::RawCell;
use crate::write::column_values::{ColumnValues, NULL, is_too_varied};

/// A column of few different values.
#[derive(Debug)]
pub(super) struct Coded {
    /// For each row the number of its value, or [`NULL`].
    codes: Vec<u32>,
    nulls: usize,
    texts: Texts,
    values: Builder,
    length: usize,
    /// The numbers of values that can be written in several ways, by their bits.
    by_bits: HashMap<u64, u32>,
    kind: DataType,
}

impl Coded {
    pub(super) fn new(kind: &FieldType) -> Self {
        Self {
            codes: Vec::new(),
            nulls: 0,
            texts: Texts::default(),
            values: Builder::new(kind),
            length: 0,
            by_bits: HashMap::new(),
            kind: kind.arrow_type(),
        }
    }

    /// Adds a row with a text that was met before; false if it was not.
    #[inline]
    pub(super) fn push_known(&mut self, cell: RawCell<'_>) -> bool {
        let Some(code) = self.texts.get(cell) else {
            return false;
        };
        self.codes.push(code);
        self.nulls += usize::from(code == NULL);
        true
    }

    /// Adds a row with a text that was not met before, and what it means.
    pub(super) fn push_new(&mut self, cell: RawCell<'_>, value: &Value<'_>) -> Result<(), Rule> {
        let code = match bits(value).map(|bits| self.by_bits.entry(bits)) {
            Some(Entry::Occupied(known)) => *known.get(),
            Some(Entry::Vacant(vacant)) => {
                self.values.push(value)?;
                *vacant.insert(next(&mut self.length))
            }
            None => {
                self.values.push(value)?;
                next(&mut self.length)
            }
        };
        self.texts.insert(cell, code);
        self.codes.push(code);
        Ok(())
    }

    /// Adds a row with a text that was not met before and means that there is no value.
    pub(super) fn push_new_missing(&mut self, cell: RawCell<'_>) {
        self.texts.insert(cell, NULL);
        self.push_null();
    }

    pub(super) fn push_null(&mut self) {
        self.codes.push(NULL);
        self.nulls += 1;
    }

    /// Whether there are so many different values that to number them does not pay.
    pub(super) fn is_too_varied(&self) -> bool {
        is_too_varied(self.length, self.codes.len())
    }

    /// The values so far; there are none from then on.
    pub(super) fn take(&mut self) -> ColumnValues {
        let values = match self.length {
            0 => new_empty_array(&self.kind),
            _ => self.values.finish(),
        };
        self.texts.clear();
        self.by_bits.clear();
        self.length = 0;
        let most = self.codes.len();
        let codes = std::mem::replace(&mut self.codes, Vec::with_capacity(most));
        ColumnValues::Coded {
            values,
            codes,
            nulls: std::mem::take(&mut self.nulls),
        }
    }
}

fn next(length: &mut usize) -> u32 {
    *length += 1;
    (*length - 1) as u32
}

/// What makes two values of one type equal, where not their texts do.
fn bits(value: &Value<'_>) -> Option<u64> {
    match value {
        Value::Integer(value) | Value::Time(value) | Value::DateTime(value) => {
            Some(value.cast_unsigned())
        }
        Value::Date(value) | Value::Year(value) | Value::YearMonth(value) => {
            Some(u64::from(value.cast_unsigned()))
        }
        Value::Number(value) => Some(value.to_bits()),
        _ => None,
    }
}
