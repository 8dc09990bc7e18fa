//! The sum of one group.

use std::mem::size_of_val;

use arrow::array::{Array, ArrayRef, AsArray, PrimitiveArray};
use arrow::datatypes::DataType;
use datafusion::common::ScalarValue;
use datafusion::error::Result;
use datafusion::logical_expr::Accumulator;

use super::summand::{Native, Summand, beyond, finish_one};

/// A total, once there was a value.
#[derive(Debug)]
pub(super) struct SingleSum<S: Summand> {
    total: Option<Native<S>>,
    total_type: DataType,
    result: DataType,
}

impl<S: Summand> SingleSum<S> {
    pub(super) fn new(argument: &DataType, result: &DataType) -> Self {
        Self {
            total: None,
            total_type: S::total_type(argument),
            result: result.clone(),
        }
    }

    fn add<A>(&mut self, values: &PrimitiveArray<A>) -> Result<()>
    where
        A: Summand<Total = S::Total>,
    {
        if values.null_count() == values.len() {
            return Ok(());
        }
        let total = add_valid(self.total.unwrap_or_default(), values);
        self.total = Some(total.ok_or_else(|| beyond(&self.result))?);
        Ok(())
    }
}

/// The total and all values that are not NULL.
pub(super) fn add_valid<A: Summand>(
    total: Native<A>,
    values: &PrimitiveArray<A>,
) -> Option<Native<A>> {
    let all = values.values();
    match values.nulls() {
        None => A::add_all(total, all),
        Some(nulls) => nulls.valid_slices().try_fold(total, |total, (start, end)| {
            A::add_all(total, &all[start..end])
        }),
    }
}

impl<S: Summand<Total: Summand<Total = S::Total>>> Accumulator for SingleSum<S> {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        self.add(values[0].as_primitive::<S>())
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        self.add(states[0].as_primitive::<S::Total>())
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        let total = ScalarValue::new_primitive::<S::Total>(self.total, &self.total_type)?;
        Ok(vec![total])
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        finish_one::<S::Total>(self.total, &self.result)
    }

    fn size(&self) -> usize {
        size_of_val(self)
    }
}
