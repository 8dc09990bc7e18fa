//! The amounts of many groups in one arena.
//!
//! A vector for each group would cost a row two cache misses and, again and again, a larger vector.

use std::marker::PhantomData;
use std::mem;

use arrow::array::{ArrayRef, AsArray, BooleanArray};
use arrow::datatypes::Float64Type;
use datafusion_common::{Result, internal_err, resources_err};
use datafusion_expr::{EmitTo, GroupsAccumulator};

use super::amounts::Amounts;
use crate::aggregate::{Answer, Measure, Rows, number_lists};

/// How many amounts share a cache line.
const LINE: usize = 8;

/// The groups of a measure that keeps amounts and nothing else.
pub(super) struct AmountsOfGroups<M> {
    groups: Vec<GroupAmounts>,
    lines: Vec<[f64; LINE]>,
    /// The line of the same group that was filled before each line.
    previous: Vec<u32>,
    measure: PhantomData<M>,
}

/// The amounts of one group: every line it has is full but the last.
#[derive(Debug, Clone, Copy, Default)]
struct GroupAmounts {
    last_line: u32,
    length: usize,
}

impl<M> Default for AmountsOfGroups<M> {
    fn default() -> Self {
        Self {
            groups: Vec::new(),
            lines: Vec::new(),
            previous: Vec::new(),
            measure: PhantomData,
        }
    }
}

impl<M> AmountsOfGroups<M> {
    fn grow(&mut self, groups: usize) {
        if self.groups.len() < groups {
            self.groups.resize(groups, GroupAmounts::default());
        }
    }

    #[inline]
    fn push(&mut self, group: usize, amount: f64) -> Result<()> {
        let group = &mut self.groups[group];
        let place = group.length % LINE;
        if place == 0 {
            let Ok(line) = u32::try_from(self.lines.len()) else {
                return resources_err!("one part of the rows keeps more than 34 billion numbers");
            };
            self.lines.push([0.0; LINE]);
            self.previous.push(group.last_line);
            group.last_line = line;
        }
        self.lines[group.last_line as usize][place] = amount;
        group.length += 1;
        Ok(())
    }

    /// The amounts of a group, line by line.
    fn lines(&self, group: GroupAmounts) -> impl Iterator<Item = &[f64]> {
        let mut line = group.last_line as usize;
        let mut length = group.length;
        std::iter::from_fn(move || {
            let filled = match length % LINE {
                0 => LINE.min(length),
                some => some,
            };
            length -= filled;
            let amounts = &self.lines.get(line)?[..filled];
            line = self.previous[line] as usize;
            (filled > 0).then_some(amounts)
        })
    }

    /// Takes out the groups that are asked for; those that stay are numbered from 0 again.
    fn take(&mut self, emit_to: EmitTo) -> Result<Self> {
        let mut taken = mem::take(self);
        if let EmitTo::First(count) = emit_to {
            let staying = taken.groups.split_off(count);
            self.grow(staying.len());
            for (index, group) in staying.into_iter().enumerate() {
                for amount in taken.lines(group).flatten() {
                    self.push(index, *amount)?;
                }
            }
        }
        Ok(taken)
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
        self.grow(total_num_groups);
        let parameters = M::PARAMETERS;
        let rows = Rows::new(&parameters, values);
        for (index, group) in group_indices.iter().enumerate() {
            if let Some(row) = rows.get(index, opt_filter) {
                self.push(*group, row.non_negative(0)?)?;
            }
        }
        Ok(())
    }

    fn evaluate(&mut self, emit_to: EmitTo) -> Result<ArrayRef> {
        let taken = self.take(emit_to)?;
        let mut state = Amounts::default();
        let answers = taken.groups.iter().map(|group| {
            state.replace(taken.lines(*group));
            M::evaluate(&mut state)
        });
        M::Answer::array(answers.collect::<Result<_>>()?)
    }

    fn state(&mut self, emit_to: EmitTo) -> Result<Vec<ArrayRef>> {
        let taken = self.take(emit_to)?;
        let mut amounts = Vec::with_capacity(taken.lines.len() * LINE);
        let mut ends = Vec::with_capacity(taken.groups.len());
        for group in &taken.groups {
            for line in taken.lines(*group) {
                amounts.extend_from_slice(line);
            }
            ends.push(amounts.len());
        }
        Ok(vec![number_lists(ends, amounts)?])
    }

    fn merge_batch(
        &mut self,
        values: &[ArrayRef],
        group_indices: &[usize],
        total_num_groups: usize,
    ) -> Result<()> {
        self.grow(total_num_groups);
        let lists = values
            .first()
            .and_then(|column| column.as_list_opt::<i32>());
        let amounts = lists.and_then(|lists| lists.values().as_primitive_opt::<Float64Type>());
        let (Some(lists), Some(amounts)) = (lists, amounts) else {
            return internal_err!("saved amounts are no list of DOUBLE");
        };
        for (bounds, group) in lists.offsets().windows(2).zip(group_indices) {
            let (start, end) = (bounds[0] as usize, bounds[1] as usize);
            for amount in &amounts.values()[start..end] {
                self.push(*group, *amount)?;
            }
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
        self.groups.capacity() * size_of::<GroupAmounts>()
            + self.lines.capacity() * size_of::<[f64; LINE]>()
            + self.previous.capacity() * size_of::<u32>()
    }
}
