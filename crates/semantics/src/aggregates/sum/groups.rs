//! The sums of many groups.

use std::mem::size_of;
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, BooleanArray, PrimitiveArray};
use arrow::datatypes::DataType;
use datafusion::error::Result;
use datafusion::logical_expr::{EmitTo, GroupsAccumulator};
use datafusion_functions_aggregate_common::aggregate::groups_accumulator::accumulate::NullState;
use datafusion_functions_aggregate_common::aggregate::groups_accumulator::nulls::apply_filter_as_nulls;

use super::summand::{Native, Summand, beyond, finish};

/// A total for each group.
#[derive(Debug)]
pub(super) struct GroupSums<S: Summand> {
    totals: Vec<Native<S>>,
    /// Which groups have seen a value.
    seen: NullState,
    total_type: DataType,
    result: DataType,
}

impl<S: Summand> GroupSums<S> {
    pub(super) fn new(argument: &DataType, result: &DataType) -> Self {
        Self {
            totals: Vec::new(),
            seen: NullState::new(),
            total_type: S::total_type(argument),
            result: result.clone(),
        }
    }

    fn add<A>(
        &mut self,
        values: &PrimitiveArray<A>,
        groups: &[usize],
        filter: Option<&BooleanArray>,
        group_count: usize,
    ) -> Result<()>
    where
        A: Summand<Total = S::Total>,
    {
        self.totals.resize(group_count, Native::<S>::default());
        let totals = self.totals.as_mut_slice();
        let mut is_beyond = false;
        self.seen.accumulate(
            groups,
            values,
            filter,
            group_count,
            |group, value| match A::add(totals[group], value) {
                Some(total) => totals[group] = total,
                None => is_beyond = true,
            },
        );
        if is_beyond {
            return Err(beyond(&self.result));
        }
        Ok(())
    }

    fn take(&mut self, emit_to: EmitTo) -> PrimitiveArray<S::Total> {
        let totals = emit_to.take_needed(&mut self.totals);
        let nulls = self.seen.build(emit_to);
        PrimitiveArray::new(totals.into(), nulls)
    }
}

impl<S: Summand<Total: Summand<Total = S::Total>>> GroupsAccumulator for GroupSums<S> {
    fn update_batch(
        &mut self,
        values: &[ArrayRef],
        group_indices: &[usize],
        opt_filter: Option<&BooleanArray>,
        total_num_groups: usize,
    ) -> Result<()> {
        let values = values[0].as_primitive::<S>();
        self.add(values, group_indices, opt_filter, total_num_groups)
    }

    fn merge_batch(
        &mut self,
        values: &[ArrayRef],
        group_indices: &[usize],
        total_num_groups: usize,
    ) -> Result<()> {
        let values = values[0].as_primitive::<S::Total>();
        self.add(values, group_indices, None, total_num_groups)
    }

    fn evaluate(&mut self, emit_to: EmitTo) -> Result<ArrayRef> {
        finish(self.take(emit_to), &self.result)
    }

    fn state(&mut self, emit_to: EmitTo) -> Result<Vec<ArrayRef>> {
        let totals = self.take(emit_to).with_data_type(self.total_type.clone());
        Ok(vec![Arc::new(totals)])
    }

    fn convert_to_state(
        &self,
        values: &[ArrayRef],
        opt_filter: Option<&BooleanArray>,
    ) -> Result<Vec<ArrayRef>> {
        let values = match opt_filter {
            Some(filter) => apply_filter_as_nulls(values[0].as_ref(), Some(filter))?,
            None => Arc::clone(&values[0]),
        };
        let totals: PrimitiveArray<S::Total> = values.as_primitive::<S>().unary(S::widen);
        Ok(vec![Arc::new(
            totals.with_data_type(self.total_type.clone()),
        )])
    }

    fn size(&self) -> usize {
        self.totals.capacity() * size_of::<Native<S>>() + self.seen.size()
    }
}
