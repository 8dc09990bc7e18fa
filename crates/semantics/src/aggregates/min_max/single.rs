//! The extreme of one group.

use std::marker::PhantomData;
use std::mem::size_of_val;

use arrow::array::{ArrayRef, ArrowPrimitiveType, AsArray};
use datafusion::common::ScalarValue;
use datafusion::error::Result;
use datafusion::logical_expr::Accumulator;

use super::order::Wanted;

#[derive(Debug)]
pub(super) struct SingleExtreme<T: ArrowPrimitiveType, W> {
    found: Option<T::Native>,
    wanted: PhantomData<W>,
}

impl<T: ArrowPrimitiveType, W> Default for SingleExtreme<T, W> {
    fn default() -> Self {
        Self {
            found: None,
            wanted: PhantomData,
        }
    }
}

impl<T: ArrowPrimitiveType + std::fmt::Debug, W: Wanted> Accumulator for SingleExtreme<T, W> {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        let values = values[0].as_primitive::<T>().iter().flatten();
        let better = |found, value| {
            if W::replaces::<T>(found, value) {
                value
            } else {
                found
            }
        };
        self.found = self.found.into_iter().chain(values).reduce(better);
        Ok(())
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        self.update_batch(states)
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        Ok(vec![self.evaluate()?])
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        ScalarValue::new_primitive::<T>(self.found, &T::DATA_TYPE)
    }

    fn size(&self) -> usize {
        size_of_val(self)
    }
}
