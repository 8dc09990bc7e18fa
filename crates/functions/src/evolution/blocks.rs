//! Bayesian blocks: the most probable division of a series of counts into periods of constant rate.
//!
//! Scargle, Norris, Jackson and Chiang (2013), "Studies in Astronomical Time Series Analysis VI",
//! doi 10.1088/0004-637X/764/2/167: the exact O(n^2) recursion of section 2.6 with the fitness of equation 19
//! and the prior of equation 21.

use std::ops::Range;

use crate::parameters::{Kind, Parameter, setting};

/// The parameter for the probability of dividing a series without structure.
pub(super) const P0: Parameter = setting(
    "p0",
    Kind::Number,
    "Probability of dividing a series without structure, above 0 and below 1. Default 0.05.",
)
.numbers("a number above 0 and below 1", |p0| p0 > 0.0 && p0 < 1.0);

/// Counts in adjoining cells; cell `i` reaches from `edges[i]` to `edges[i + 1]`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Cells {
    edges: Vec<f64>,
    counts: Vec<f64>,
}

impl Cells {
    /// One cell a year.
    pub(super) fn of_years(first_year: i32, counts: Vec<f64>) -> Self {
        let first = f64::from(first_year);
        let edges = (0..=counts.len()).map(|year| first + year as f64).collect();
        Self { edges, counts }
    }

    /// One cell a time, reaching half way to its neighbours; the outer ones end at their time.
    ///
    /// `times` increase strictly and `counts` are the events at each.
    pub(super) fn of_times(times: &[f64], counts: Vec<f64>) -> Self {
        let between = times.windows(2).map(|pair| 0.5 * (pair[0] + pair[1]));
        let outer = |time: Option<&f64>| time.copied();
        let edges = outer(times.first())
            .into_iter()
            .chain(between)
            .chain(outer(times.last()))
            .collect();
        Self { edges, counts }
    }

    /// Where cells begin and end: one more than cells.
    pub(super) fn edges(&self) -> &[f64] {
        &self.edges
    }

    /// Events and length of a run of cells.
    pub(super) fn sum(&self, cells: &Range<usize>) -> Period {
        Period {
            count: self.counts[cells.clone()].iter().sum(),
            length: self.edges[cells.end] - self.edges[cells.start],
        }
    }

    /// The best division into blocks: runs of cells that follow each other and hold all cells.
    ///
    /// `penalty` is what one more block must gain in log-likelihood.
    pub(super) fn blocks(&self, penalty: f64) -> Vec<Range<usize>> {
        let mut best: Vec<f64> = Vec::with_capacity(self.counts.len());
        let mut starts: Vec<usize> = Vec::with_capacity(self.counts.len());
        for end in 1..=self.counts.len() {
            let mut period = Period::default();
            let mut chosen = (f64::NEG_INFINITY, 0);
            for start in (0..end).rev() {
                period.count += self.counts[start];
                period.length = self.edges[end] - self.edges[start];
                let before = start.checked_sub(1).map_or(0.0, |last| best[last]);
                let fitness = before + period.log_likelihood() - penalty;
                // The longest of equally good last blocks.
                if fitness >= chosen.0 {
                    chosen = (fitness, start);
                }
            }
            best.push(chosen.0);
            starts.push(chosen.1);
        }
        let mut blocks = Vec::new();
        let mut end = self.counts.len();
        while end > 0 {
            let start = starts[end - 1];
            blocks.push(start..end);
            end = start;
        }
        blocks.reverse();
        blocks
    }
}

/// A number of events in a length of time.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Period {
    pub(super) count: f64,
    pub(super) length: f64,
}

impl Period {
    /// Events in a unit of time.
    pub(super) fn rate(self) -> f64 {
        self.count / self.length
    }

    /// The largest log-likelihood of a constant rate, without what all divisions share: N ln(N / T).
    pub(super) fn log_likelihood(self) -> f64 {
        if self.count > 0.0 {
            self.count * self.rate().ln()
        } else {
            0.0
        }
    }
}

/// What a block costs so that `events` without structure are divided with probability `p0`.
pub(super) fn penalty(events: f64, p0: f64) -> f64 {
    4.0 - (73.53 * p0 * events.powf(-0.478)).ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quiet_series_is_one_block() {
        let cells = Cells::of_years(1950, vec![1.0; 30]);
        let one = std::iter::once(0..30);
        assert!(cells.blocks(penalty(30.0, 0.05)).into_iter().eq(one));
    }

    #[test]
    fn a_sudden_rise_is_a_block_of_its_own() {
        let mut counts = vec![1.0; 30];
        counts[10..15].fill(12.0);
        let cells = Cells::of_years(1950, counts);
        assert_eq!(cells.blocks(penalty(85.0, 0.05)), [0..10, 10..15, 15..30]);
    }

    #[test]
    fn no_cells_have_no_blocks() {
        assert!(Cells::of_years(1950, Vec::new()).blocks(4.0).is_empty());
    }

    // astropy 8.0.2: BayesianBlocks(p0=0.05).p0_prior(95) = 4 - ln(73.53 * 0.05 * 95^-0.478)
    #[test]
    fn the_penalty_is_that_of_scargle() {
        assert!((penalty(95.0, 0.05) - 4.874_791_941_530_918).abs() < 1e-12);
    }
}
