//! Brings the rows of each partition of a piece together.

use std::collections::HashMap;

use arrow::array::{ArrayRef, RecordBatch, UInt32Array};
use arrow::compute::take;
use arrow::error::ArrowError;

use crate::error::IngestError;
use crate::write::column_values::{ColumnValues, NULL, flat};

use super::fields::Fields;
use super::recode::numbered;

/// The rows of a piece, partition after partition.
pub(super) struct Split {
    pub(super) rows: RecordBatch,
    /// The folder of each partition and how many rows are its.
    pub(super) parts: Vec<(String, usize)>,
}

/// Sorts the rows of a piece by their partitions; those of one stay in their order.
pub(super) fn split(fields: &Fields, columns: &[ColumnValues]) -> Result<Split, IngestError> {
    let failed = |source: ArrowError| IngestError::arrow(&fields.of_files, source);
    let mut codes = Vec::new();
    let mut folders = Vec::new();
    for (field, column) in fields.columns.iter().enumerate() {
        let (values, of_rows) = match &columns[*column] {
            ColumnValues::Coded { values, codes, .. } => (values.clone(), codes.clone()),
            ColumnValues::Plain(array) => numbered(array).map_err(failed)?,
        };
        folders.push(fields.folders(field, &values)?);
        codes.push(of_rows);
    }
    let rows = codes.first().map_or(0, Vec::len);
    let mut numbers: HashMap<Vec<u32>, usize> = HashMap::new();
    let mut parts: Vec<(Vec<u32>, Vec<u32>)> = Vec::new();
    let mut key = vec![NULL; codes.len()];
    for row in 0..rows {
        key.iter_mut()
            .zip(&codes)
            .for_each(|(code, codes)| *code = codes[row]);
        let part = match numbers.get(&key) {
            Some(part) => *part,
            None => {
                numbers.insert(key.clone(), parts.len());
                parts.push((key.clone(), Vec::new()));
                parts.len() - 1
            }
        };
        parts[part].1.push(row as u32);
    }
    let order: UInt32Array = parts.iter().flat_map(|(_, rows)| rows).copied().collect();
    let others = fields.others.iter();
    let others = others.map(|column| take(&flat(&columns[*column])?, &order, None));
    let others: Vec<ArrayRef> = others.collect::<Result<_, _>>().map_err(failed)?;
    let schema = fields.of_files.definition.arrow_schema();
    let name = |key: &[u32]| {
        let folders = folders.iter().zip(key);
        let folders = folders.map(|(folders, code)| folders.of(*code));
        folders.collect::<Vec<_>>().join("/")
    };
    Ok(Split {
        rows: RecordBatch::try_new(schema, others).map_err(failed)?,
        parts: parts
            .iter()
            .map(|(key, rows)| (name(key), rows.len()))
            .collect(),
    })
}
