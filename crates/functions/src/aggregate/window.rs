//! A window whose frame moves: the rows inside it are kept and summarised anew for each answer.
//!
//! Taking a row back out of a state would be faster but not exact: sums keep the error of what has left.

use std::collections::VecDeque;
use std::marker::PhantomData;

use arrow::array::{Array, ArrayRef};
use arrow::datatypes::{Field, FieldRef};
use datafusion_common::{Result, ScalarValue, internal_err};
use datafusion_expr::Accumulator;
use std::sync::Arc;

use super::Measure;
use super::accumulators::Plain;
use super::distinct::Distinct;

#[derive(Debug)]
pub(super) struct Sliding<M> {
    batches: VecDeque<Vec<ArrayRef>>,
    distinct: bool,
    measure: PhantomData<M>,
}

impl<M> Sliding<M> {
    pub(super) fn new(distinct: bool) -> Self {
        Self {
            batches: VecDeque::new(),
            distinct,
            measure: PhantomData,
        }
    }
}

fn length(batch: &[ArrayRef]) -> usize {
    batch.first().map_or(0, |array| array.len())
}

fn fields(batch: &[ArrayRef]) -> Vec<FieldRef> {
    let field =
        |array: &ArrayRef| Arc::new(Field::new("argument", array.data_type().clone(), true));
    batch.iter().map(field).collect()
}

impl<M: Measure> Accumulator for Sliding<M> {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        self.batches.push_back(values.to_vec());
        Ok(())
    }

    /// A frame only moves forward, so what leaves it is what came first.
    fn retract_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        let mut leaving = length(values);
        while leaving > 0 {
            let Some(first) = self.batches.pop_front() else {
                return internal_err!("more rows leave a window than have entered it");
            };
            let rows = length(&first);
            if rows > leaving {
                let rest = first
                    .iter()
                    .map(|array| array.slice(leaving, rows - leaving));
                self.batches.push_front(rest.collect());
            }
            leaving = leaving.saturating_sub(rows);
        }
        Ok(())
    }

    fn supports_retract_batch(&self) -> bool {
        true
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        let mut fresh: Box<dyn Accumulator> = match self.batches.front() {
            Some(batch) if self.distinct => Box::new(Distinct::<M>::new(&fields(batch))),
            _ => Box::new(Plain::<M>::default()),
        };
        for batch in &self.batches {
            fresh.update_batch(batch)?;
        }
        fresh.evaluate()
    }

    fn size(&self) -> usize {
        let arrays = self.batches.iter().flatten();
        size_of_val(self)
            + arrays
                .map(|array| array.get_array_memory_size())
                .sum::<usize>()
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        internal_err!("a window has no partial states")
    }

    fn merge_batch(&mut self, _: &[ArrayRef]) -> Result<()> {
        internal_err!("a window has no partial states")
    }
}
