//! The extremes of many groups.

use std::marker::PhantomData;
use std::mem::size_of;
use std::sync::Arc;

use arrow::array::{ArrayRef, ArrowPrimitiveType, AsArray, BooleanArray, PrimitiveArray};
use arrow::buffer::NullBuffer;
use datafusion::error::Result;
use datafusion::logical_expr::{EmitTo, GroupsAccumulator};
use datafusion_functions_aggregate_common::aggregate::groups_accumulator::accumulate::accumulate;
use datafusion_functions_aggregate_common::aggregate::groups_accumulator::nulls::apply_filter_as_nulls;

use super::order::Wanted;

/// What is found of each group; a group without a value is not found, so that no first value has to be made up.
#[derive(Debug)]
pub(super) struct GroupExtremes<T: ArrowPrimitiveType, W> {
    found: Vec<T::Native>,
    is_found: Vec<bool>,
    wanted: PhantomData<W>,
}

impl<T: ArrowPrimitiveType, W> Default for GroupExtremes<T, W> {
    fn default() -> Self {
        Self {
            found: Vec::new(),
            is_found: Vec::new(),
            wanted: PhantomData,
        }
    }
}

impl<T: ArrowPrimitiveType + Send, W: Wanted> GroupsAccumulator for GroupExtremes<T, W> {
    fn update_batch(
        &mut self,
        values: &[ArrayRef],
        group_indices: &[usize],
        opt_filter: Option<&BooleanArray>,
        total_num_groups: usize,
    ) -> Result<()> {
        let values = values[0].as_primitive::<T>();
        self.found.resize(total_num_groups, T::Native::default());
        self.is_found.resize(total_num_groups, false);
        let (found, is_found) = (self.found.as_mut_slice(), self.is_found.as_mut_slice());
        accumulate(group_indices, values, opt_filter, |group, value| {
            if !is_found[group] || W::replaces::<T>(found[group], value) {
                is_found[group] = true;
                found[group] = value;
            }
        });
        Ok(())
    }

    fn merge_batch(
        &mut self,
        values: &[ArrayRef],
        group_indices: &[usize],
        total_num_groups: usize,
    ) -> Result<()> {
        self.update_batch(values, group_indices, None, total_num_groups)
    }

    fn evaluate(&mut self, emit_to: EmitTo) -> Result<ArrayRef> {
        let found = emit_to.take_needed(&mut self.found);
        let nulls = NullBuffer::from(emit_to.take_needed(&mut self.is_found));
        Ok(Arc::new(PrimitiveArray::<T>::new(
            found.into(),
            Some(nulls),
        )))
    }

    fn state(&mut self, emit_to: EmitTo) -> Result<Vec<ArrayRef>> {
        Ok(vec![self.evaluate(emit_to)?])
    }

    fn convert_to_state(
        &self,
        values: &[ArrayRef],
        opt_filter: Option<&BooleanArray>,
    ) -> Result<Vec<ArrayRef>> {
        Ok(vec![match opt_filter {
            Some(filter) => apply_filter_as_nulls(values[0].as_ref(), Some(filter))?,
            None => Arc::clone(&values[0]),
        }])
    }

    fn size(&self) -> usize {
        self.found.capacity() * size_of::<T::Native>() + self.is_found.capacity()
    }
}
