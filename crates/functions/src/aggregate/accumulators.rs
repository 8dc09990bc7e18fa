//! One state for one group, or for a window whose frame only grows.

use arrow::array::ArrayRef;
use datafusion_common::{Result, ScalarValue};
use datafusion_expr::Accumulator;

use super::rows::Rows;
use super::{Answer, Loader, Measure, State};

#[derive(Debug)]
pub(super) struct Plain<M: Measure> {
    state: M::State,
}

impl<M: Measure> Default for Plain<M> {
    fn default() -> Self {
        Self {
            state: M::State::default(),
        }
    }
}

impl<M: Measure> Accumulator for Plain<M> {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        let parameters = M::PARAMETERS;
        let rows = Rows::new(&parameters, values);
        (0..rows.len())
            .filter_map(|index| rows.get(index, None))
            .try_for_each(|row| M::update(&mut self.state, row))
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        let answer = M::evaluate(&mut self.state)?;
        ScalarValue::try_from_array(&M::Answer::array(vec![answer])?, 0)
    }

    fn size(&self) -> usize {
        size_of_val(self) + self.state.heap_size()
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        let columns = M::State::save(std::slice::from_ref(&self.state))?;
        columns
            .iter()
            .map(|column| ScalarValue::try_from_array(column, 0))
            .collect()
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        let rows = states.first().map_or(0, |column| column.len());
        (0..rows).try_for_each(|row| {
            let other = M::State::load(&mut Loader::new(states, row))?;
            self.state.merge(other)
        })
    }
}
