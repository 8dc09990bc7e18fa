//! A series of yearly counts and the bursts in it.

use std::collections::BTreeMap;
use std::ops::Range;

use super::blocks::{Cells, Period, penalty};

/// Events by year.
#[derive(Debug, Default)]
pub(super) struct Series {
    counts: BTreeMap<i32, f64>,
}

/// What makes a block a burst.
#[derive(Debug, Clone, Copy)]
pub(super) struct BurstSettings {
    pub(super) p0: f64,
    pub(super) min_ratio: f64,
    pub(super) min_share: f64,
}

impl Default for BurstSettings {
    fn default() -> Self {
        Self {
            p0: 0.05,
            min_ratio: 1.5,
            min_share: 0.1,
        }
    }
}

impl Series {
    /// Years and their counts as [`Self::years`] and [`Self::counts`] give them.
    pub(super) fn new(years: &[f64], counts: &[f64]) -> Self {
        let years = years.iter().map(|year| *year as i32);
        Self {
            counts: years.zip(counts.iter().copied()).collect(),
        }
    }

    pub(super) fn add(&mut self, year: i32, count: f64) {
        *self.counts.entry(year).or_default() += count;
    }

    pub(super) fn merge(&mut self, other: &Self) {
        for (year, count) in &other.counts {
            self.add(*year, *count);
        }
    }

    pub(super) fn years(&self) -> impl Iterator<Item = f64> {
        self.counts.keys().map(|year| f64::from(*year))
    }

    pub(super) fn counts(&self) -> impl Iterator<Item = f64> {
        self.counts.values().copied()
    }

    pub(super) fn heap_size(&self) -> usize {
        // Nodes of the tree are between half and wholly full.
        self.counts.len() * 2 * size_of::<(i32, f64)>()
    }

    /// The bursts in order; `None` without events.
    pub(super) fn bursts(&self, settings: &BurstSettings) -> Option<Vec<Burst>> {
        let (&first, _) = self.counts.first_key_value()?;
        let (&last, _) = self.counts.last_key_value()?;
        let counts: Vec<f64> = (first..=last)
            .map(|year| self.counts.get(&year).copied().unwrap_or_default())
            .collect();
        let all = 0..counts.len();
        let cells = Cells::of_years(first, counts);
        let whole = cells.sum(&all);
        if whole.count == 0.0 {
            return None;
        }
        let high = cells
            .blocks(penalty(whole.count, settings.p0))
            .into_iter()
            .filter(|block| cells.sum(block).rate() > settings.min_ratio * whole.rate());
        let bursts = joined(high)
            .into_iter()
            .filter(|block| cells.sum(block).count >= settings.min_share * whole.count)
            .map(|block| Burst {
                first_year: cells.edges()[block.start] as i32,
                last_year: cells.edges()[block.end] as i32 - 1,
                inside: cells.sum(&block),
                whole,
            });
        Some(bursts.collect())
    }
}

/// Blocks in order, those that touch made one.
fn joined(blocks: impl Iterator<Item = Range<usize>>) -> Vec<Range<usize>> {
    let mut joined: Vec<Range<usize>> = Vec::new();
    for block in blocks {
        match joined.last_mut() {
            Some(last) if last.end == block.start => last.end = block.end,
            _ => joined.push(block),
        }
    }
    joined
}

/// One burst.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Burst {
    pub(super) first_year: i32,
    pub(super) last_year: i32,
    pub(super) inside: Period,
    pub(super) whole: Period,
}

impl Burst {
    pub(super) fn ratio(&self) -> f64 {
        self.inside.rate() / self.whole.rate()
    }

    pub(super) fn log_likelihood_ratio(&self) -> f64 {
        let outside = Period {
            count: self.whole.count - self.inside.count,
            length: self.whole.length - self.inside.length,
        };
        self.inside.log_likelihood() + outside.log_likelihood() - self.whole.log_likelihood()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn periods(series: &Series, settings: &BurstSettings) -> Vec<(i32, i32, f64)> {
        let bursts = series.bursts(settings).unwrap_or_default();
        let period = |burst: &Burst| (burst.first_year, burst.last_year, burst.inside.count);
        bursts.iter().map(period).collect()
    }

    /// Openings of ports made up to meet every total of the paper.
    fn fixture() -> Vec<(i32, f64)> {
        include_str!("../../testdata/opening_fixture.csv")
            .lines()
            .skip(2)
            .map(|line| {
                let cells: Vec<_> = line.split(',').collect();
                (cells[0].parse().unwrap(), cells[1].parse().unwrap())
            })
            .collect()
    }

    // The paper, section 2.1: peaks of 14 ports in 1950-1955 and 46 in 1989-1995.
    #[test]
    fn both_peaks_of_the_paper_are_found() {
        let mut series = Series::default();
        for (year, count) in fixture() {
            series.add(year, count);
        }
        let expected = [(1950, 1955, 14.0), (1989, 1995, 46.0)];
        assert_eq!(periods(&series, &BurstSettings::default()), expected);
    }

    // 1933 and 2013 have ports, so the series starts and ends there whether or not quiet years are given.
    #[test]
    fn years_left_out_count_as_none() {
        let mut series = Series::default();
        for (year, count) in fixture().into_iter().filter(|(_, count)| *count > 0.0) {
            series.add(year, count);
        }
        let expected = [(1950, 1955, 14.0), (1989, 1995, 46.0)];
        assert_eq!(periods(&series, &BurstSettings::default()), expected);
    }

    #[test]
    fn a_burst_needs_its_share() {
        let mut series = Series::default();
        for (year, count) in fixture() {
            series.add(year, count);
        }
        let settings = BurstSettings {
            min_share: 0.2,
            ..BurstSettings::default()
        };
        assert_eq!(periods(&series, &settings), [(1989, 1995, 46.0)]);
    }

    #[test]
    fn high_blocks_that_touch_are_one() {
        assert_eq!(joined([0..2, 2..3, 5..6].into_iter()), [0..3, 5..6]);
    }

    #[test]
    fn nothing_has_no_answer_and_quiet_no_bursts() {
        assert!(
            Series::default()
                .bursts(&BurstSettings::default())
                .is_none()
        );
        let mut series = Series::default();
        series.add(1950, 0.0);
        assert!(series.bursts(&BurstSettings::default()).is_none());
        series.add(1950, 1.0);
        assert!(periods(&series, &BurstSettings::default()).is_empty());
    }
}
