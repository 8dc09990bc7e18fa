//! Many groups at once: one state a group in one vector.

use arrow::array::{ArrayRef, BooleanArray};
use datafusion_common::Result;
use datafusion_expr::{EmitTo, GroupsAccumulator};

use super::rows::Rows;
use super::{Answer, Loader, Measure, State};

pub(super) struct Groups<M: Measure> {
    states: Vec<M::State>,
    /// Bytes the states hold outside themselves, kept up to date: asking all of them would cost more
    /// than the work between two questions.
    heap: usize,
}

impl<M: Measure> Default for Groups<M> {
    fn default() -> Self {
        Self {
            states: Vec::new(),
            heap: 0,
        }
    }
}

impl<M: Measure> Groups<M> {
    fn change(
        &mut self,
        group: usize,
        change: impl FnOnce(&mut M::State) -> Result<()>,
    ) -> Result<()> {
        let state = &mut self.states[group];
        let before = state.heap_size();
        change(state)?;
        self.heap = self.heap + state.heap_size() - before;
        Ok(())
    }

    fn grow(&mut self, groups: usize) {
        if self.states.len() < groups {
            self.states.resize_with(groups, M::State::default);
        }
    }

    fn take(&mut self, emit_to: EmitTo) -> Vec<M::State> {
        let states = emit_to.take_needed(&mut self.states);
        self.heap -= states.iter().map(State::heap_size).sum::<usize>();
        states
    }
}

impl<M: Measure> GroupsAccumulator for Groups<M> {
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
                self.change(*group, |state| M::update(state, row))?;
            }
        }
        Ok(())
    }

    fn evaluate(&mut self, emit_to: EmitTo) -> Result<ArrayRef> {
        let mut states = self.take(emit_to);
        let answers = states.iter_mut().map(M::evaluate);
        M::Answer::array(answers.collect::<Result<_>>()?)
    }

    fn state(&mut self, emit_to: EmitTo) -> Result<Vec<ArrayRef>> {
        M::State::save(&self.take(emit_to))
    }

    fn merge_batch(
        &mut self,
        values: &[ArrayRef],
        group_indices: &[usize],
        total_num_groups: usize,
    ) -> Result<()> {
        self.grow(total_num_groups);
        for (row, group) in group_indices.iter().enumerate() {
            let other = M::State::load(&mut Loader::new(values, row))?;
            self.change(*group, |state| state.merge(other))?;
        }
        Ok(())
    }

    fn convert_to_state(
        &self,
        values: &[ArrayRef],
        opt_filter: Option<&BooleanArray>,
    ) -> Result<Vec<ArrayRef>> {
        let parameters = M::PARAMETERS;
        let rows = Rows::new(&parameters, values);
        let states = (0..rows.len()).map(|index| {
            let mut state = M::State::default();
            if let Some(row) = rows.get(index, opt_filter) {
                M::update(&mut state, row)?;
            }
            Ok(state)
        });
        M::State::save(&states.collect::<Result<Vec<_>>>()?)
    }

    fn size(&self) -> usize {
        self.states.capacity() * size_of::<M::State>() + self.heap
    }
}
