//! The sum of floats in a window, without taking away what was added.
//!
//! `(1e20 + 1) - 1e20` is 0, and NaN or an infinity never leaves a sum again: DataFusion's sliding sum subtracts.

use std::mem::{size_of, size_of_val};

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::Float64Type;
use datafusion::common::{ScalarValue, internal_err};
use datafusion::error::Result;
use datafusion::logical_expr::Accumulator;

/// A queue as two stacks, each of which knows the sum of what is below its top, so that every row is added twice.
#[derive(Debug, Default)]
pub(super) struct SlidingFloatSum {
    /// Sums of the older values up to the youngest of them; the oldest is on top.
    leaving: Vec<f64>,
    /// The younger values, the youngest on top, and their sum.
    entered: Vec<f64>,
    entered_sum: f64,
}

impl SlidingFloatSum {
    fn push(&mut self, value: f64) {
        self.entered.push(value);
        self.entered_sum += value;
    }

    fn pop(&mut self) {
        if self.leaving.is_empty() {
            let mut sum = 0.0;
            while let Some(value) = self.entered.pop() {
                sum += value;
                self.leaving.push(sum);
            }
            self.entered_sum = 0.0;
        }
        self.leaving.pop();
    }

    fn sum(&self) -> Option<f64> {
        let older = self.leaving.last();
        match older {
            Some(older) => Some(older + self.entered_sum),
            None => (!self.entered.is_empty()).then_some(self.entered_sum),
        }
    }
}

impl Accumulator for SlidingFloatSum {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        let values = values[0].as_primitive::<Float64Type>();
        values.iter().flatten().for_each(|value| self.push(value));
        Ok(())
    }

    /// Rows leave in the order in which they entered.
    fn retract_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        let values = &values[0];
        for _ in 0..values.len() - values.null_count() {
            self.pop();
        }
        Ok(())
    }

    fn supports_retract_batch(&self) -> bool {
        true
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        Ok(ScalarValue::Float64(self.sum()))
    }

    // Windows keep their sums in one place.
    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        Ok(vec![self.evaluate()?])
    }

    fn merge_batch(&mut self, _: &[ArrayRef]) -> Result<()> {
        internal_err!("sums of windows are not merged")
    }

    fn size(&self) -> usize {
        let values = self.leaving.capacity() + self.entered.capacity();
        size_of_val(self) + values * size_of::<f64>()
    }
}
