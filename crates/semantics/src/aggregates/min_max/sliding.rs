//! The extreme of a window that rows enter and leave.

use std::collections::VecDeque;
use std::marker::PhantomData;
use std::mem::{size_of, size_of_val};

use arrow::array::{Array, ArrayRef, ArrowPrimitiveType, AsArray};
use datafusion::common::{ScalarValue, internal_err};
use datafusion::error::Result;
use datafusion::logical_expr::Accumulator;

use super::order::Wanted;

/// The values that are the extreme of all that entered after them, each with its number; the first is the answer.
#[derive(Debug)]
pub(super) struct SlidingExtreme<T: ArrowPrimitiveType, W> {
    candidates: VecDeque<(usize, T::Native)>,
    entered: usize,
    left: usize,
    wanted: PhantomData<W>,
}

impl<T: ArrowPrimitiveType, W> Default for SlidingExtreme<T, W> {
    fn default() -> Self {
        Self {
            candidates: VecDeque::new(),
            entered: 0,
            left: 0,
            wanted: PhantomData,
        }
    }
}

impl<T: ArrowPrimitiveType + std::fmt::Debug, W: Wanted> Accumulator for SlidingExtreme<T, W> {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        for value in values[0].as_primitive::<T>().iter().flatten() {
            while let Some((_, last)) = self.candidates.back()
                && W::replaces::<T>(*last, value)
            {
                self.candidates.pop_back();
            }
            self.candidates.push_back((self.entered, value));
            self.entered += 1;
        }
        Ok(())
    }

    /// Rows leave in the order in which they entered.
    fn retract_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        self.left += values[0].len() - values[0].null_count();
        while let Some((number, _)) = self.candidates.front()
            && *number < self.left
        {
            self.candidates.pop_front();
        }
        Ok(())
    }

    fn supports_retract_batch(&self) -> bool {
        true
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        let found = self.candidates.front().map(|(_, value)| *value);
        ScalarValue::new_primitive::<T>(found, &T::DATA_TYPE)
    }

    // Windows keep their values in one place.
    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        Ok(vec![self.evaluate()?])
    }

    fn merge_batch(&mut self, _: &[ArrayRef]) -> Result<()> {
        internal_err!("extremes of windows are not merged")
    }

    fn size(&self) -> usize {
        size_of_val(self) + self.candidates.capacity() * size_of::<(usize, T::Native)>()
    }
}
