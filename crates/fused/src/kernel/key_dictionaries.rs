//! Dictionaries of keys over all row groups, read from those of pages before any row: a code for each different value.

use std::collections::HashMap;

use arrow::array::{Array, ArrayRef, UInt32Array, new_null_array};
use arrow::compute::{cast, concat};
use arrow::datatypes::DataType;
use arrow::row::{OwnedRow, RowConverter, SortField};
use datafusion::common::{exec_err, internal_datafusion_err};
use datafusion::error::Result;

use crate::pages::{Buffers, Chunk, ColumnReader};
use crate::plan::{ColumnSource, KeyPart, Query, Range, RowGroup};

/// More values than this in one dictionary are no key.
const MOST_VALUES: usize = 1 << 15;

/// The key code of each code of a page's dictionary, for each part of the key; nothing for ranges.
pub(crate) type KeyCodes = Vec<Option<Vec<u32>>>;

/// The different values of one part of the key, each with its code.
#[derive(Debug)]
pub(crate) struct KeyDictionary {
    /// How many codes there are, one for NULL among them.
    pub(crate) size: usize,
    /// The code of NULL, if there is one.
    pub(crate) null: Option<u32>,
    pub(crate) values: KeyValues,
}

/// The values behind the codes of a key.
#[derive(Debug)]
pub(crate) enum KeyValues {
    Listed(ArrayRef),
    Range(Range),
}

/// The dictionaries of all parts of the key.
#[derive(Debug)]
pub(crate) struct KeyDictionaries {
    pub(crate) keys: Vec<KeyDictionary>,
    /// The codes of each row group, in order.
    pub(crate) row_groups: Vec<KeyCodes>,
}

/// The values of each part of the key on the dictionary of a row group; nothing for ranges.
pub(crate) fn survey(
    query: &Query,
    group: RowGroup,
    buffers: &Buffers,
) -> Result<Vec<Option<ArrayRef>>> {
    let values = |key_part: &KeyPart| match (key_part.range, key_part.computation.single_column()) {
        (None, Some(column)) => {
            let dictionary = dictionary(query, group, column, buffers)?;
            let rows = dictionary.len();
            key_part
                .computation
                .evaluate(vec![dictionary], rows)
                .map(Some)
        }
        _ => Ok(None),
    };
    query.key_parts.iter().map(values).collect()
}

fn dictionary(
    query: &Query,
    group: RowGroup,
    column: usize,
    buffers: &Buffers,
) -> Result<ArrayRef> {
    let file = &query.files[group.file];
    let leaf = match &file.columns[column] {
        ColumnSource::Leaf(leaf) => *leaf,
        ColumnSource::Partition(value) => return value.to_array(),
    };
    let chunk = file.metadata.row_group(group.index).column(leaf);
    let (start, length) = chunk.byte_range();
    let pages = Chunk::paged(&file.file, start, length, buffers);
    let reader = ColumnReader::open(pages, chunk, group.rows)?;
    if reader
        .dictionary()
        .is_none_or(|values| values.size > MOST_VALUES)
    {
        return exec_err!("{} has no small dictionary", query.columns[column].name);
    }
    match reader.dictionary_array(&query.columns[column].data_type)? {
        Some(values) => with_null(values, reader.layout.optional),
        None => exec_err!("{} has no dictionary", query.columns[column].name),
    }
}

/// A dictionary with NULL behind its values, where a column may have one.
pub(crate) fn with_null(values: ArrayRef, optional: bool) -> Result<ArrayRef> {
    if !optional {
        return Ok(values);
    }
    let null = new_null_array(values.data_type(), 1);
    Ok(concat(&[values.as_ref(), null.as_ref()])?)
}

impl KeyDictionaries {
    /// Gives codes to the values that a survey of all row groups found, in their order.
    pub(crate) fn number(query: &Query, surveyed: &[Vec<Option<ArrayRef>>]) -> Result<Self> {
        let mut row_groups: Vec<KeyCodes> = vec![Vec::new(); surveyed.len()];
        let mut keys = Vec::new();
        for (index, key_part) in query.key_parts.iter().enumerate() {
            if let Some(range) = key_part.range {
                let codes = usize::try_from(range.most - range.least).unwrap_or(usize::MAX - 2) + 2;
                keys.push(KeyDictionary {
                    size: codes,
                    null: u32::try_from(codes - 1).ok(),
                    values: KeyValues::Range(range),
                });
                row_groups.iter_mut().for_each(|codes| codes.push(None));
                continue;
            }
            let mut list = List::new(&key_part.computation.data_type)?;
            for (codes, values) in row_groups.iter_mut().zip(surveyed) {
                codes.push(
                    values[index]
                        .as_ref()
                        .map(|values| list.number(values))
                        .transpose()?,
                );
            }
            keys.push(list.finish(&key_part.computation.data_type)?);
        }
        Ok(Self { keys, row_groups })
    }

    /// How many groups the keys make, if that can be counted.
    pub(crate) fn groups(&self, keys: usize) -> Option<usize> {
        self.keys[..keys]
            .iter()
            .try_fold(1_usize, |product, key| product.checked_mul(key.size))
    }
}

/// Values, each with the number it was first met at.
struct List {
    converter: RowConverter,
    codes: HashMap<OwnedRow, u32>,
    rows: Vec<OwnedRow>,
    null: Option<u32>,
}

impl List {
    fn new(data_type: &DataType) -> Result<Self> {
        Ok(Self {
            converter: RowConverter::new(vec![SortField::new(data_type.clone())])?,
            codes: HashMap::new(),
            rows: Vec::new(),
            null: None,
        })
    }

    fn number(&mut self, values: &ArrayRef) -> Result<Vec<u32>> {
        let rows = self.converter.convert_columns(&[ArrayRef::clone(values)])?;
        let nulls = values.logical_nulls();
        let mut codes = Vec::with_capacity(values.len());
        for (index, row) in rows.iter().enumerate() {
            let row = row.owned();
            let next = u32::try_from(self.rows.len())
                .map_err(|_| internal_datafusion_err!("too many different values"))?;
            let code = *self.codes.entry(row.clone()).or_insert(next);
            if code == next {
                self.rows.push(row);
                if nulls.as_ref().is_some_and(|nulls| nulls.is_null(index)) {
                    self.null = Some(code);
                }
            }
            codes.push(code);
        }
        Ok(codes)
    }

    fn finish(self, data_type: &DataType) -> Result<KeyDictionary> {
        let values = self
            .converter
            .convert_rows(self.rows.iter().map(OwnedRow::row))?;
        Ok(KeyDictionary {
            size: self.rows.len().max(1),
            null: self.null,
            values: KeyValues::Listed(cast(&values[0], data_type)?),
        })
    }
}

impl KeyDictionary {
    /// The values of some codes.
    pub(crate) fn take(&self, codes: &UInt32Array, data_type: &DataType) -> Result<ArrayRef> {
        match &self.values {
            KeyValues::Listed(values) => Ok(arrow::compute::take(values, codes, None)?),
            KeyValues::Range(range) => {
                let value = |number: &u32| {
                    (Some(*number) != self.null).then(|| range.least + i64::from(*number))
                };
                let values: arrow::array::Int64Array = codes.values().iter().map(value).collect();
                let values: ArrayRef = std::sync::Arc::new(values);
                Ok(match data_type {
                    DataType::Date32 => cast(&cast(&values, &DataType::Int32)?, data_type)?,
                    _ => cast(&values, data_type)?,
                })
            }
        }
    }
}
