//! Rows that must be unlike each other: primary keys, unique keys, unique fields.
//!
//! Keys are compared as values, exactly: `01` and `1` are the same integer, and no two different keys are taken
//! for each other because their hashes meet. The keys of a table are held in memory.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::{DataType, Float64Type, Schema};
use arrow::error::ArrowError;
use arrow::row::{RowConverter, Rows, SortField};
use kouan_schema::TableSchema;

use crate::csv::Block;
use crate::report::{Finding, Findings, excerpt};

/// Turns the key columns of rows into bytes that are equal where the keys are.
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

    pub(crate) fn columns(&self) -> &[usize] {
        &self.columns
    }

    /// The keys of rows given as whole columns.
    pub(crate) fn encode(&self, arrays: &[ArrayRef]) -> Result<Keys, ArrowError> {
        let columns: Vec<ArrayRef> = self
            .columns
            .iter()
            .map(|&column| without_negative_zero(&arrays[column]))
            .collect();
        Ok(Keys {
            rows: self.converter.convert_columns(&columns)?,
            columns,
        })
    }
}

/// The keys of a block of rows.
pub(crate) struct Keys {
    rows: Rows,
    columns: Vec<ArrayRef>,
}

impl Keys {
    /// The rows that have a whole key, with its bytes; as in SQL, a key with a NULL is no key.
    pub(crate) fn whole(&self) -> impl Iterator<Item = (usize, &[u8])> {
        let has_null = |row: usize| self.columns.iter().any(|column| column.is_null(row));
        (0..self.rows.num_rows())
            .filter(move |&row| !has_null(row))
            .map(|row| (row, self.rows.row(row).data()))
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

/// One key of a table, and the rows that have been seen with it.
#[derive(Debug)]
pub(crate) struct UniqueKey {
    fields: String,
    rule: &'static str,
    encoder: KeyEncoder,
    /// Where each key was first seen: the part of the table, and the line in it.
    seen: HashMap<Box<[u8]>, (usize, u64)>,
}

impl UniqueKey {
    /// Every key of a table once: the primary key, the unique keys, the unique fields.
    pub(crate) fn all(definition: &TableSchema, schema: &Schema) -> Result<Vec<Self>, ArrowError> {
        const UNIQUE: &str = "values must be unique";
        let unique_fields = definition
            .fields
            .iter()
            .filter(|field| field.constraints.unique);
        let mut keys: Vec<(Vec<String>, &'static str)> = Vec::new();
        let primary = (!definition.primary_key.is_empty()).then(|| definition.primary_key.clone());
        let primary = primary
            .into_iter()
            .map(|fields| (fields, "the primary key must be unique"));
        let composite = definition
            .unique_keys
            .iter()
            .map(|fields| (fields.clone(), UNIQUE));
        let single = unique_fields.map(|field| (vec![field.name.clone()], UNIQUE));
        for (fields, rule) in primary.chain(composite).chain(single) {
            if keys.iter().all(|(known, _)| *known != fields) {
                keys.push((fields, rule));
            }
        }
        keys.into_iter()
            .map(|(fields, rule)| Self::new(&fields, rule, schema))
            .collect()
    }

    fn new(fields: &[String], rule: &'static str, schema: &Schema) -> Result<Self, ArrowError> {
        let columns = fields
            .iter()
            .map(|field| schema.index_of(field))
            .collect::<Result<_, _>>()?;
        let encoder = KeyEncoder::new(schema, columns)?;
        Ok(Self {
            fields: fields.join(", "),
            rule,
            encoder,
            seen: HashMap::new(),
        })
    }

    /// Checks the rows of a block, given as columns. `describe` names the parts of the table.
    pub(crate) fn check(
        &mut self,
        block: &Block,
        arrays: &[ArrayRef],
        findings: &mut Findings,
        (part, describe): (usize, &dyn Fn(usize) -> String),
    ) -> Result<(), ArrowError> {
        let keys = self.encoder.encode(arrays)?;
        for (index, key) in keys.whole() {
            let row = &block.rows()[index];
            // Most keys are new, and a boxed one is then kept.
            let first = match self.seen.entry(Box::from(key)) {
                Entry::Vacant(vacant) => {
                    vacant.insert((part, row.line));
                    continue;
                }
                Entry::Occupied(occupied) => *occupied.get(),
            };
            findings.add(|| {
                let (other, line) = first;
                let first = if other == part {
                    format!("line {line}")
                } else {
                    format!("line {line} of {}", describe(other))
                };
                let finding = Finding {
                    field: Some(self.fields.clone()),
                    value: Some(shown_key(block, index, self.encoder.columns())),
                    rule: format!("same as in {first}; {}", self.rule),
                };
                (block.position(row, self.encoder.columns()[0]), finding)
            });
        }
        Ok(())
    }
}

/// The values of a key as they stand in the file.
pub(crate) fn shown_key(block: &Block, row: usize, columns: &[usize]) -> String {
    let values = columns
        .iter()
        .filter_map(|&column| block.value(&block.rows()[row], column));
    excerpt(&values.collect::<Vec<_>>().join(", "))
}
