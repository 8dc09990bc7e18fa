//! Markov chains of few states: where they settle, how long they take, how much they move.

/// Most states a matrix may have: what is computed from it grows with the fourth power.
pub(super) const MOST_STATES: usize = 100;

/// How far a row may be from summing to 1.
const ROW_SUM_TOLERANCE: f64 = 1e-6;

/// Probabilities of going from one state (row) to another (column) in one step.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Chain {
    rows: Vec<Vec<f64>>,
}

/// Why a matrix is no chain.
#[derive(Debug, PartialEq)]
pub(super) struct NoChain {
    pub(super) wanted: &'static str,
    pub(super) got: String,
}

impl Chain {
    /// A chain of a square matrix whose rows sum to 1; `Ok(None)` if a row is all 0, because it is
    /// not known where that state goes.
    pub(super) fn new(rows: Vec<Vec<f64>>) -> Result<Option<Self>, NoChain> {
        let mut unknown = false;
        for (position, row) in rows.iter().enumerate() {
            let wrong = |wanted, got: String| NoChain {
                wanted,
                got: format!("{got} in row {}", position + 1),
            };
            if row.len() != rows.len() {
                let got = format!("{} values of {}", row.len(), rows.len());
                return Err(wrong("as many columns as rows", got));
            }
            if let Some(value) = row.iter().find(|value| !(0.0..=1.0).contains(*value)) {
                return Err(wrong("probabilities from 0 to 1", value.to_string()));
            }
            let sum: f64 = row.iter().sum();
            unknown |= sum == 0.0;
            if sum != 0.0 && (sum - 1.0).abs() > ROW_SUM_TOLERANCE {
                return Err(wrong("rows that sum to 1", format!("a sum of {sum}")));
            }
        }
        Ok((!unknown).then_some(Self { rows }))
    }

    /// The share of time spent in each state in the long run.
    ///
    /// `None` if it depends on the first state: more than one set of states is never left.
    pub(super) fn steady_state(&self) -> Option<Vec<f64>> {
        let reached = self.reached();
        let size = self.rows.len();
        let recurrent: Vec<usize> = (0..size)
            .filter(|&from| (0..size).all(|to| !reached[from][to] || reached[to][from]))
            .collect();
        let (&first, others) = recurrent.split_first()?;
        if others.iter().any(|&other| !reached[first][other]) {
            return None;
        }
        let mut shares = vec![0.0; size];
        for (state, share) in recurrent.iter().zip(self.settle(&recurrent)) {
            shares[*state] = share;
        }
        Some(shares)
    }

    /// The steady state of states that all reach each other and no other: the elimination of Grassmann, Taksar
    /// and Heyman (1985), which never subtracts and so loses no digits.
    fn settle(&self, states: &[usize]) -> Vec<f64> {
        let mut steps: Vec<Vec<f64>> = states
            .iter()
            .map(|&from| states.iter().map(|&to| self.rows[from][to]).collect())
            .collect();
        let size = states.len();
        for last in (1..size).rev() {
            let leaving: f64 = steps[last][..last].iter().sum();
            let (earlier, rest) = steps.split_at_mut(last);
            for row in earlier {
                row[last] /= leaving;
                let through = row[last];
                for (step, onward) in row[..last].iter_mut().zip(&rest[0][..last]) {
                    *step += through * onward;
                }
            }
        }
        let mut shares = vec![1.0];
        while shares.len() < size {
            let arriving = shares
                .iter()
                .zip(&steps)
                .map(|(share, row)| share * row[shares.len()]);
            shares.push(arriving.sum());
        }
        let total: f64 = shares.iter().sum();
        shares.iter().map(|share| share / total).collect()
    }

    /// The mean number of steps from each state (row) until the chain is first in another (column); from a
    /// state to itself, until it is back. +infinity if it may never get there.
    pub(super) fn first_passage(&self) -> Vec<Vec<f64>> {
        let size = self.rows.len();
        let columns: Vec<Vec<f64>> = (0..size).map(|target| self.steps_to(target)).collect();
        (0..size)
            .map(|from| columns.iter().map(|times| times[from]).collect())
            .collect()
    }

    /// Mean steps from each state to `target`, back to itself from `target`.
    fn steps_to(&self, target: usize) -> Vec<f64> {
        let size = self.rows.len();
        let sure = self.surely_reach(target);
        let open: Vec<usize> = (0..size)
            .filter(|&state| sure[state] && state != target)
            .collect();
        let mut steps = vec![f64::INFINITY; size];
        steps[target] = 0.0;
        for (state, time) in open.iter().zip(self.times_outside(target, &open)) {
            steps[*state] = time;
        }
        let onward = self.rows[target]
            .iter()
            .zip(&steps)
            .filter(|(probability, _)| **probability > 0.0);
        steps[target] = 1.0
            + onward
                .map(|(probability, time)| probability * time)
                .sum::<f64>();
        steps
    }

    /// Solves m = 1 + P m over `open`, the states that end in `target`, by elimination without
    /// subtraction: 1 - p_ii is the sum of the other steps.
    fn times_outside(&self, target: usize, open: &[usize]) -> Vec<f64> {
        let size = open.len();
        // Columns: steps within `open`, then the step to the target.
        let mut steps: Vec<Vec<f64>> = open
            .iter()
            .map(|&from| {
                let within = open.iter().map(|&to| self.rows[from][to]);
                within.chain([self.rows[from][target]]).collect()
            })
            .collect();
        let mut times = vec![1.0; size];
        for last in (0..size).rev() {
            let leaving = steps[last][..last].iter().sum::<f64>() + steps[last][size];
            let (earlier, rest) = steps.split_at_mut(last);
            for (row, from) in earlier.iter_mut().zip(0..) {
                let through = row[last] / leaving;
                for to in (0..last).chain([size]) {
                    row[to] += through * rest[0][to];
                }
                times[from] += through * times[last];
            }
            times[last] /= leaving;
            for value in &mut rest[0] {
                *value /= leaving;
            }
        }
        for state in 1..size {
            let before: f64 = (0..state).map(|to| steps[state][to] * times[to]).sum();
            times[state] += before;
        }
        times
    }

    /// Which states end in `target` with probability 1.
    fn surely_reach(&self, target: usize) -> Vec<bool> {
        let size = self.rows.len();
        let reached = self.reached_before(Some(target));
        let can: Vec<bool> = (0..size)
            .map(|from| from == target || reached[from][target])
            .collect();
        (0..size)
            .map(|from| can[from] && (0..size).all(|to| !reached[from][to] || can[to]))
            .collect()
    }

    /// Which states (column) can be reached from which (row) in one or more steps.
    fn reached(&self) -> Vec<Vec<bool>> {
        self.reached_before(None)
    }

    /// The same for chains that stop in `stop`.
    fn reached_before(&self, stop: Option<usize>) -> Vec<Vec<bool>> {
        let size = self.rows.len();
        (0..size)
            .map(|from| {
                let mut seen = vec![false; size];
                let mut open = vec![from];
                while let Some(state) = open.pop() {
                    for (to, probability) in self.rows[state].iter().enumerate() {
                        if *probability > 0.0 && !seen[to] {
                            seen[to] = true;
                            if Some(to) != stop {
                                open.push(to);
                            }
                        }
                    }
                }
                seen
            })
            .collect()
    }

    /// The trace index of Shorrocks (1978): (k - tr P) / (k - 1). `None` for fewer than two states.
    pub(super) fn mobility(&self) -> Option<f64> {
        let size = self.rows.len();
        if size < 2 {
            return None;
        }
        let leaving = self
            .rows
            .iter()
            .enumerate()
            .map(|(state, row)| 1.0 - row[state]);
        Some(leaving.sum::<f64>() / (size - 1) as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chain<const K: usize>(rows: [[f64; K]; K]) -> Chain {
        let rows = rows.iter().map(|row| row.to_vec()).collect();
        Chain::new(rows).unwrap().unwrap()
    }

    #[test]
    fn what_is_left_for_good_has_no_share() {
        let path = chain([[0.5, 0.5, 0.0], [0.0, 0.0, 1.0], [0.0, 1.0, 0.0]]);
        assert_eq!(path.steady_state(), Some(vec![0.0, 0.5, 0.5]));
    }

    #[test]
    fn two_ends_have_no_single_steady_state() {
        let split = chain([[1.0, 0.0, 0.0], [0.5, 0.0, 0.5], [0.0, 0.0, 1.0]]);
        assert_eq!(split.steady_state(), None);
        // From the middle each end is missed half of the time; nothing comes back to it.
        let steps = split.first_passage();
        assert_eq!(steps[0], [1.0, f64::INFINITY, f64::INFINITY]);
        assert_eq!(steps[1], [f64::INFINITY; 3]);
    }

    // By hand: leaving with probability 1/2 a step takes 2 steps on average, with 1/4 it takes 4.
    #[test]
    fn waiting_times_add_up_along_a_path() {
        let path = chain([[0.5, 0.5, 0.0], [0.0, 0.75, 0.25], [0.0, 0.0, 1.0]]);
        let steps = path.first_passage();
        assert_eq!(steps[0][1..], [2.0, 6.0]);
        assert_eq!(steps[1][2], 4.0);
        assert_eq!(steps[2][2], 1.0);
        assert_eq!(steps[2][0], f64::INFINITY);
    }

    #[test]
    fn staying_is_no_mobility() {
        assert_eq!(chain([[1.0, 0.0], [0.0, 1.0]]).mobility(), Some(0.0));
        assert_eq!(chain([[0.0, 1.0], [1.0, 0.0]]).mobility(), Some(2.0));
        assert_eq!(chain([[1.0]]).mobility(), None);
    }

    #[test]
    fn a_matrix_that_is_no_chain_is_refused() {
        let wrong = |rows: &[&[f64]]| Chain::new(rows.iter().map(|row| row.to_vec()).collect());
        let message = |rows: &[&[f64]]| {
            let error = wrong(rows).unwrap_err();
            format!("{}, got {}", error.wanted, error.got)
        };
        assert_eq!(
            message(&[&[0.5, 0.5]]),
            "as many columns as rows, got 2 values of 1 in row 1"
        );
        assert_eq!(
            message(&[&[f64::NAN]]),
            "probabilities from 0 to 1, got NaN in row 1"
        );
        assert_eq!(
            message(&[&[0.0, 1.0], &[0.5, 0.25]]),
            "rows that sum to 1, got a sum of 0.75 in row 2"
        );
        assert_eq!(wrong(&[&[0.0]]), Ok(None));
        assert_eq!(wrong(&[]).map(|chain| chain.is_some()), Ok(true));
    }
}
