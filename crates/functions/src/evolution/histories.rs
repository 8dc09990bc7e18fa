//! Which thing was in which state when.

use arrow::array::ArrayRef;
use datafusion_common::{Result, exec_err};

use super::transition_matrix::PARAMETERS;
use crate::aggregate::{Constant, Loader, Saver, State};
use crate::names::Names;

/// Rows of (id, t, state), in any order.
#[derive(Debug, Default)]
pub(super) struct Histories {
    ids: Names,
    states: Names,
    moments: Vec<Moment>,
    /// 1 for true, 0 for false.
    absorb: Constant,
}

#[derive(Debug, Clone, Copy)]
struct Moment {
    id: usize,
    time: f64,
    state: usize,
}

/// The parameter that says whether a state never left stays.
const ABSORB: usize = 3;

impl Histories {
    pub(super) fn add(&mut self, id: &str, time: f64, state: &str) {
        let moment = Moment {
            id: self.ids.code(id),
            time,
            state: self.states.code(state),
        };
        self.moments.push(moment);
    }

    pub(super) fn set_absorb(&mut self, absorb: bool) -> Result<()> {
        self.absorb
            .set(f64::from(u8::from(absorb)), &PARAMETERS, ABSORB)
    }

    pub(super) fn absorbs(&self) -> bool {
        self.absorb.get() == Some(1.0)
    }

    pub(super) fn states(&self) -> &Names {
        &self.states
    }

    pub(super) fn is_empty(&self) -> bool {
        self.moments.is_empty()
    }

    /// Transitions from each state (row, by code) to each (column).
    pub(super) fn count(&mut self) -> Result<Vec<Vec<i64>>> {
        self.moments.sort_unstable_by(|left, right| {
            let ids = left.id.cmp(&right.id);
            ids.then(left.time.total_cmp(&right.time))
                .then(left.state.cmp(&right.state))
        });
        let states = self.states.len();
        let mut counts = vec![vec![0; states]; states];
        let mut previous: Option<Moment> = None;
        for moment in &self.moments {
            let before = previous.filter(|before| before.id == moment.id);
            match before {
                Some(before) if before.time == moment.time => self.same(before, *moment)?,
                Some(before) => counts[before.state][moment.state] += 1,
                None => {}
            }
            previous = Some(*moment);
        }
        Ok(counts)
    }

    /// Two rows of one id at one time have to agree.
    fn same(&self, before: Moment, moment: Moment) -> Result<()> {
        if before.state == moment.state {
            return Ok(());
        }
        // By name, so that the message does not depend on the order of rows.
        let mut names = [before, moment].map(|moment| self.states.name(moment.state));
        names.sort_unstable();
        let [first, second] = names;
        exec_err!(
            "transition_matrix takes one state for each id and t, got '{first}' and '{second}' of id '{}'",
            self.ids.name(moment.id)
        )
    }
}

impl State for Histories {
    fn merge(&mut self, other: Self) -> Result<()> {
        self.absorb.merge(other.absorb, &PARAMETERS, ABSORB)?;
        let ids = self.ids.adopt(&other.ids);
        let states = self.states.adopt(&other.states);
        self.moments
            .extend(other.moments.iter().map(|moment| Moment {
                id: ids[moment.id],
                time: moment.time,
                state: states[moment.state],
            }));
        Ok(())
    }

    fn save(histories: &[Self]) -> Result<Vec<ArrayRef>> {
        Saver::new(histories)
            .texts(|history| history.ids.iter())
            .texts(|history| history.states.iter())
            .numbers(|history| history.moments.iter().map(|moment| moment.id as f64))
            .numbers(|history| history.moments.iter().map(|moment| moment.time))
            .numbers(|history| history.moments.iter().map(|moment| moment.state as f64))
            .constant(|history| history.absorb)
            .columns()
    }

    fn load(row: &mut Loader<'_>) -> Result<Self> {
        let ids = row.texts()?.into_iter().collect();
        let states = row.texts()?.into_iter().collect();
        let (id, time, state) = (row.numbers()?, row.numbers()?, row.numbers()?);
        let moments = id.iter().zip(&time).zip(&state);
        Ok(Self {
            ids,
            states,
            moments: moments
                .map(|((id, time), state)| Moment {
                    id: *id as usize,
                    time: *time,
                    state: *state as usize,
                })
                .collect(),
            absorb: row.constant()?,
        })
    }

    fn heap_size(&self) -> usize {
        self.ids.heap_size()
            + self.states.heap_size()
            + self.moments.capacity() * size_of::<Moment>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_taken_in_the_order_of_time() {
        let mut histories = Histories::default();
        histories.add("a", 3.0, "y");
        histories.add("b", 0.0, "y");
        histories.add("a", 1.0, "x");
        histories.add("a", 2.0, "x");
        // y = 0, x = 1: a goes x, x, y and b nowhere.
        assert_eq!(histories.count().unwrap(), [[0, 0], [1, 1]]);
    }

    #[test]
    fn one_moment_has_one_state() {
        let mut histories = Histories::default();
        histories.add("a", 1.0, "x");
        histories.add("a", 1.0, "x");
        assert_eq!(histories.count().unwrap(), [[0]]);
        histories.add("a", 1.0, "y");
        let message = histories.count().unwrap_err().strip_backtrace();
        assert!(message.ends_with("got 'x' and 'y' of id 'a'"), "{message}");
    }
}
