//! Sums over distinct values.

use std::collections::HashMap;
use std::mem::{size_of, size_of_val};

use arrow::array::{ArrayRef, ArrowNativeTypeOp, AsArray, PrimitiveArray};
use arrow::datatypes::{DataType, ToByteSlice};
use datafusion::common::{ScalarValue, internal_err};
use datafusion::error::Result;
use datafusion::logical_expr::Accumulator;
use datafusion_functions_aggregate_common::utils::GenericDistinctBuffer;

use super::summand::{Native, Summand, beyond, finish_one};

/// Each value once.
#[derive(Debug)]
pub(super) struct DistinctSum<S: Summand> {
    values: GenericDistinctBuffer<S>,
    result: DataType,
}

impl<S: Summand> DistinctSum<S> {
    pub(super) fn new(argument: &DataType, result: &DataType) -> Self {
        Self {
            values: GenericDistinctBuffer::new(argument.clone()),
            result: result.clone(),
        }
    }
}

impl<S: Summand> Accumulator for DistinctSum<S> {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        self.values.update_batch(values)
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        self.values.merge_batch(states)
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        self.values.state()
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        let mut values = self.values.values.iter();
        let total = values.try_fold(Native::<S>::default(), |total, value| {
            S::add(total, value.0)
        });
        let total = total.ok_or_else(|| beyond(&self.result))?;
        let total = (!self.values.values.is_empty()).then_some(total);
        finish_one::<S::Total>(total, &self.result)
    }

    fn size(&self) -> usize {
        size_of_val(self) + self.values.size()
    }
}

/// How often each value is in the window, and the sum of those that are.
#[derive(Debug)]
pub(super) struct SlidingDistinctSum<S: Summand> {
    counts: HashMap<Vec<u8>, usize>,
    total: Native<S>,
    result: DataType,
}

impl<S: Summand> SlidingDistinctSum<S> {
    pub(super) fn new(_argument: &DataType, result: &DataType) -> Self {
        Self {
            counts: HashMap::new(),
            total: Native::<S>::default(),
            result: result.clone(),
        }
    }

    fn valid(values: &PrimitiveArray<S>) -> impl Iterator<Item = S::Native> + '_ {
        values.iter().flatten()
    }
}

impl<S: Summand> Accumulator for SlidingDistinctSum<S> {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        for value in Self::valid(values[0].as_primitive::<S>()) {
            let count = self
                .counts
                .entry(value.to_byte_slice().to_vec())
                .or_default();
            *count += 1;
            if *count == 1 {
                let total = S::add(self.total, value);
                self.total = total.ok_or_else(|| beyond(&self.result))?;
            }
        }
        Ok(())
    }

    fn retract_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        for value in Self::valid(values[0].as_primitive::<S>()) {
            let bytes = value.to_byte_slice();
            let Some(count) = self.counts.get_mut(bytes) else {
                return internal_err!("a value leaves a window that it is not in");
            };
            *count -= 1;
            if *count == 0 {
                self.counts.remove(bytes);
                let total = self.total.sub_checked(S::widen(value)).ok();
                self.total = total.ok_or_else(|| beyond(&self.result))?;
            }
        }
        Ok(())
    }

    fn supports_retract_batch(&self) -> bool {
        true
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        let total = (!self.counts.is_empty()).then_some(self.total);
        finish_one::<S::Total>(total, &self.result)
    }

    // Windows keep their sums in one place.
    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        Ok(vec![self.evaluate()?])
    }

    fn merge_batch(&mut self, _: &[ArrayRef]) -> Result<()> {
        internal_err!("sums of windows are not merged")
    }

    fn size(&self) -> usize {
        let entry = size_of::<(Vec<u8>, usize)>() + size_of::<S::Native>();
        size_of_val(self) + self.counts.capacity() * entry
    }
}
