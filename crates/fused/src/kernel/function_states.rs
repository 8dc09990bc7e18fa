//! Aggregates that keep states of their own, such as `hhi` and `corr`: the kernel finds the values and the group of each
//! row, and hands them to the function's own accumulator.

use std::fmt;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, UInt32Array, new_empty_array};
use arrow::compute::{prep_null_mask_filter, take};
use datafusion::common::internal_err;
use datafusion::error::Result;
use datafusion::logical_expr::{EmitTo, GroupsAccumulator};

use super::accumulators::Groups;
use super::rows::Rows;
use crate::pages::Cells;
use crate::plan::{Accumulation, Computation};

/// The states of all groups of one function.
pub(crate) struct FunctionStates {
    accumulator: Box<dyn GroupsAccumulator>,
    groups: usize,
}

impl fmt::Debug for FunctionStates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Accumulated({} groups)", self.groups)
    }
}

impl FunctionStates {
    pub(super) fn new(accumulation: &Accumulation, groups: usize) -> Result<Self> {
        let mut accumulator = accumulation.function.create_groups_accumulator()?;
        let no_values = accumulation.arguments.iter();
        let no_values: Vec<_> = no_values
            .map(|argument| new_empty_array(&argument.data_type))
            .collect();
        // A batch without rows makes room for all groups. It comes with a filter, since DataFusion's functions take a
        // batch without one, and without NULL, as a row of every group (`SeenValues::All`).
        let no_rows = BooleanArray::new_null(0);
        accumulator.update_batch(&no_values, &[], Some(&no_rows), groups)?;
        Ok(Self {
            accumulator,
            groups,
        })
    }

    pub(super) fn merge(&mut self, mut other: Self) -> Result<()> {
        let states = other.accumulator.state(EmitTo::All)?;
        let groups: Vec<usize> = (0..other.groups).collect();
        self.accumulator.merge_batch(&states, &groups, self.groups)
    }

    /// What the function says of some groups.
    pub(crate) fn evaluate(&mut self, present: &[usize]) -> Result<ArrayRef> {
        let all = self.accumulator.evaluate(EmitTo::All)?;
        if all.len() != self.groups {
            return internal_err!("{} of {} groups", all.len(), self.groups);
        }
        let present = present.iter().map(|group| *group as u32);
        Ok(take(&all, &UInt32Array::from_iter_values(present), None)?)
    }
}

impl Rows<'_> {
    /// Hands the rows to a function.
    pub(super) fn accumulate(
        &self,
        index: usize,
        groups: Groups<'_>,
        places: &mut Vec<usize>,
        accumulated: &mut FunctionStates,
    ) -> Result<()> {
        let accumulation = &self.query.accumulations[index];
        let by_code = &self.opened.accumulations[index];
        let mut arguments = Vec::with_capacity(accumulation.arguments.len());
        for (argument, by_code) in accumulation.arguments.iter().zip(&by_code.arguments) {
            arguments.push(self.looked_up(argument, by_code.as_ref())?);
        }
        let filter = match &accumulation.filter {
            None => None,
            Some(filter) => {
                let passes = self.looked_up(filter, by_code.filter.as_ref())?;
                let Some(passes) = passes.as_boolean_opt() else {
                    return internal_err!("a filter gives {}", passes.data_type());
                };
                // A row of which it is not known whether it passes does not.
                Some(match passes.null_count() {
                    0 => passes.clone(),
                    _ => prep_null_mask_filter(passes),
                })
            }
        };
        places.clear();
        match groups {
            Groups::One(group, rows) => places.resize(rows, group as usize),
            Groups::Each(groups) => places.extend(groups.iter().map(|group| *group as usize)),
        }
        accumulated.accumulator.update_batch(
            &arguments,
            places,
            filter.as_ref(),
            accumulated.groups,
        )
    }

    /// An expression on the rows, looked up by their codes where it was evaluated on a dictionary.
    fn looked_up(&self, computation: &Computation, by_code: Option<&ArrayRef>) -> Result<ArrayRef> {
        match (by_code, self.block_of(computation)) {
            (Some(values), Some(block)) if !matches!(block.cells, Cells::Lanes(_)) => {
                block.array(Some(values), &computation.data_type)
            }
            _ => self.evaluate(computation),
        }
    }
}
