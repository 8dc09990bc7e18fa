//! DISTINCT: each combination of arguments once.

use std::collections::HashSet;
use std::marker::PhantomData;
use std::sync::Arc;

use arrow::array::ArrayRef;
use arrow::datatypes::{DataType, Field, FieldRef};
use datafusion_common::utils::SingleRowListArrayBuilder;
use datafusion_common::{Result, ScalarValue, internal_err};
use datafusion_expr::Accumulator;

use super::Measure;
use super::accumulators::Plain;

/// The rows seen so far; the measure is asked when an answer is wanted.
#[derive(Debug)]
pub(super) struct Distinct<M> {
    types: Vec<DataType>,
    rows: HashSet<Vec<ScalarValue>>,
    heap: usize,
    measure: PhantomData<M>,
}

/// The type of the column that carries one argument of all rows seen.
pub(super) fn column_type(field: &Field) -> DataType {
    DataType::List(Arc::new(Field::new_list_field(
        field.data_type().clone(),
        true,
    )))
}

impl<M> Distinct<M> {
    pub(super) fn new(fields: &[FieldRef]) -> Self {
        Self {
            types: fields
                .iter()
                .map(|field| field.data_type().clone())
                .collect(),
            rows: HashSet::new(),
            heap: 0,
            measure: PhantomData,
        }
    }

    fn insert(&mut self, arrays: &[ArrayRef]) -> Result<()> {
        let rows = arrays.first().map_or(0, |array| array.len());
        for index in 0..rows {
            let row = arrays
                .iter()
                .map(|array| ScalarValue::try_from_array(array, index))
                .collect::<Result<Vec<_>>>()?;
            let size = size_of::<Vec<ScalarValue>>() + ScalarValue::size_of_vec(&row);
            if self.rows.insert(row) {
                self.heap += size;
            }
        }
        Ok(())
    }

    fn columns(&self) -> Result<Vec<ArrayRef>> {
        let column = |(position, data_type): (usize, &DataType)| {
            if self.rows.is_empty() {
                return Ok(arrow::array::new_empty_array(data_type));
            }
            ScalarValue::iter_to_array(self.rows.iter().map(|row| row[position].clone()))
        };
        self.types.iter().enumerate().map(column).collect()
    }
}

impl<M: Measure> Accumulator for Distinct<M> {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        self.insert(values)
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        let mut plain = Plain::<M>::default();
        plain.update_batch(&self.columns()?)?;
        plain.evaluate()
    }

    fn size(&self) -> usize {
        size_of_val(self) + self.heap
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        let lists = self.columns()?.into_iter();
        Ok(lists
            .map(|column| SingleRowListArrayBuilder::new(column).build_list_scalar())
            .collect())
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        let parts = states.first().map_or(0, |column| column.len());
        for part in 0..parts {
            let columns = states.iter().map(|column| {
                match column.as_any().downcast_ref::<arrow::array::ListArray>() {
                    Some(lists) => Ok(lists.value(part)),
                    None => internal_err!("distinct rows are carried as lists"),
                }
            });
            self.insert(&columns.collect::<Result<Vec<_>>>()?)?;
        }
        Ok(())
    }
}
