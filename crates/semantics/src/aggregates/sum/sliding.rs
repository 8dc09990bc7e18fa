//! The sum of a window that rows enter and leave.

use std::mem::size_of_val;

use arrow::array::{Array, ArrayRef, ArrowNativeTypeOp, AsArray};
use arrow::datatypes::DataType;
use datafusion::common::ScalarValue;
use datafusion::error::Result;
use datafusion::logical_expr::Accumulator;

use super::single::add_valid;
use super::summand::{Native, Summand, beyond, finish_one};

/// A total, and of how many values it is.
#[derive(Debug)]
pub(super) struct SlidingSum<S: Summand> {
    total: Native<S>,
    values: usize,
    result: DataType,
}

impl<S: Summand> SlidingSum<S> {
    pub(super) fn new(_argument: &DataType, result: &DataType) -> Self {
        Self {
            total: Native::<S>::default(),
            values: 0,
            result: result.clone(),
        }
    }
}

impl<S: Summand> Accumulator for SlidingSum<S> {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        let values = values[0].as_primitive::<S>();
        self.total = add_valid(self.total, values).ok_or_else(|| beyond(&self.result))?;
        self.values += values.len() - values.null_count();
        Ok(())
    }

    fn retract_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        let values = values[0].as_primitive::<S>();
        let leaving = add_valid(Native::<S>::default(), values);
        let total = leaving.and_then(|leaving| self.total.sub_checked(leaving).ok());
        self.total = total.ok_or_else(|| beyond(&self.result))?;
        self.values -= values.len() - values.null_count();
        Ok(())
    }

    fn supports_retract_batch(&self) -> bool {
        true
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        let total = (self.values > 0).then_some(self.total);
        finish_one::<S::Total>(total, &self.result)
    }

    // Windows keep their sums in one place.
    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        Ok(vec![self.evaluate()?])
    }

    fn merge_batch(&mut self, _: &[ArrayRef]) -> Result<()> {
        datafusion::common::internal_err!("sums of windows are not merged")
    }

    fn size(&self) -> usize {
        size_of_val(self)
    }
}
