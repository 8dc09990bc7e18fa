//! The amounts of many groups in one buffer, gathered by group when an answer is wanted.
//!
//! A vector for each group would cost a row two cache misses and, again and again, a larger vector.

use std::marker::PhantomData;
use std::mem;

use arrow::array::{ArrayRef, AsArray, BooleanArray};
use arrow::datatypes::Float64Type;
use datafusion_common::{Result, internal_err};
use datafusion_expr::{EmitTo, GroupsAccumulator};

use super::amounts::Amounts;
use crate::aggregate::{Answer, Measure, Rows, number_lists};

/// The groups of a measure that keeps amounts and nothing else.
pub(super) struct AmountsOfGroups<M> {
    groups: usize,
    amounts: Vec<f64>,
    /// Whose the amounts are, in their order.
    runs: Vec<Run>,
    measure: PhantomData<M>,
}

/// Neighbours in the buffer that belong to one group.
#[derive(Clone, Copy)]
struct Run {
    group: usize,
    length: usize,
}

/// Amounts group after group.
struct Gathered {
    /// Where each group's amounts end.
    ends: Vec<usize>,
    amounts: Vec<f64>,
}

impl<M> Default for AmountsOfGroups<M> {
    fn default() -> Self {
        Self {
            groups: 0,
            amounts: Vec::new(),
            runs: Vec::new(),
            measure: PhantomData,
        }
    }
}

impl<M> AmountsOfGroups<M> {
    fn push(&mut self, group: usize, amounts: &[f64]) {
        self.amounts.extend_from_slice(amounts);
        let length = amounts.len();
        self.runs.push(Run { group, length });
    }

    /// Takes out the groups that are asked for; those that stay are numbered from 0 again.
    fn gather(&mut self, emit_to: EmitTo) -> Gathered {
        let groups = match emit_to {
            EmitTo::All => self.groups,
            EmitTo::First(groups) => groups,
        };
        let all = mem::take(self);
        self.groups = all.groups - groups;
        let mut lengths = vec![0; groups];
        for run in &all.runs {
            if let Some(length) = lengths.get_mut(run.group) {
                *length += run.length;
            }
        }
        let mut total = 0;
        let mut ends = lengths;
        for length in &mut ends {
            let start = total;
            total += *length;
            *length = start;
        }
        let mut amounts = vec![0.0; total];
        let mut rest = all.amounts.as_slice();
        for Run { group, length } in all.runs {
            let (of_run, after) = rest.split_at(length);
            rest = after;
            // What was the group's start moves to its end.
            match ends.get_mut(group) {
                Some(end) => {
                    let start = mem::replace(end, *end + length);
                    amounts[start..start + length].copy_from_slice(of_run);
                }
                None => self.push(group - groups, of_run),
            }
        }
        Gathered { ends, amounts }
    }
}

impl<M: Measure<State = Amounts>> GroupsAccumulator for AmountsOfGroups<M> {
    fn update_batch(
        &mut self,
        values: &[ArrayRef],
        group_indices: &[usize],
        opt_filter: Option<&BooleanArray>,
        total_num_groups: usize,
    ) -> Result<()> {
        self.groups = self.groups.max(total_num_groups);
        let parameters = M::PARAMETERS;
        let rows = Rows::new(&parameters, values);
        self.amounts.reserve(group_indices.len());
        self.runs.reserve(group_indices.len());
        for (index, group) in group_indices.iter().enumerate() {
            if let Some(row) = rows.get(index, opt_filter) {
                self.push(*group, &[row.non_negative(0)?]);
            }
        }
        Ok(())
    }

    fn evaluate(&mut self, emit_to: EmitTo) -> Result<ArrayRef> {
        let gathered = self.gather(emit_to);
        let mut start = 0;
        let mut state = Amounts::default();
        let answers = gathered.ends.into_iter().map(|end| {
            state.replace(&gathered.amounts[start..end]);
            start = end;
            M::evaluate(&mut state)
        });
        M::Answer::array(answers.collect::<Result<_>>()?)
    }

    fn state(&mut self, emit_to: EmitTo) -> Result<Vec<ArrayRef>> {
        let gathered = self.gather(emit_to);
        Ok(vec![number_lists(gathered.ends, gathered.amounts)?])
    }

    fn merge_batch(
        &mut self,
        values: &[ArrayRef],
        group_indices: &[usize],
        total_num_groups: usize,
    ) -> Result<()> {
        self.groups = self.groups.max(total_num_groups);
        let lists = values
            .first()
            .and_then(|column| column.as_list_opt::<i32>());
        let amounts = lists.and_then(|lists| lists.values().as_primitive_opt::<Float64Type>());
        let (Some(lists), Some(amounts)) = (lists, amounts) else {
            return internal_err!("saved amounts are no list of DOUBLE");
        };
        for (bounds, group) in lists.offsets().windows(2).zip(group_indices) {
            let (start, end) = (bounds[0] as usize, bounds[1] as usize);
            self.push(*group, &amounts.values()[start..end]);
        }
        Ok(())
    }

    fn convert_to_state(
        &self,
        values: &[ArrayRef],
        opt_filter: Option<&BooleanArray>,
    ) -> Result<Vec<ArrayRef>> {
        let mut each = Self::default();
        let rows = values.first().map_or(0, |column| column.len());
        let groups: Vec<usize> = (0..rows).collect();
        each.update_batch(values, &groups, opt_filter, rows)?;
        each.state(EmitTo::All)
    }

    fn size(&self) -> usize {
        self.amounts.capacity() * size_of::<f64>() + self.runs.capacity() * size_of::<Run>()
    }
}
