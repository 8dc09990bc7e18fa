//! Where a row is, before anybody asks for its line, and what is wrong with its key.

use crate::csv::Position;
use crate::report::{Finding, Findings};

/// A row that has the right shape: the number of its piece, and its own number there. In the order of the table.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Locator(pub(crate) u64);

impl Locator {
    /// Both counted from 0. A piece is smaller than 4 GiB.
    pub(crate) fn new(piece: u32, row: usize) -> Self {
        Self((u64::from(piece) << 32) | row as u64)
    }

    pub(crate) fn piece(self) -> u32 {
        (self.0 >> 32) as u32
    }

    pub(crate) fn row(self) -> usize {
        (self.0 & u64::from(u32::MAX)) as usize
    }
}

/// The first of many rows, and how many there are.
#[derive(Debug, Default)]
pub(crate) struct FirstRows<T> {
    pub(crate) kept: Vec<T>,
    pub(crate) total: u64,
}

impl<T: Ord> FirstRows<T> {
    /// Counts a row and keeps it if it may be one of the first `limit`.
    pub(crate) fn add(&mut self, row: T, limit: usize) {
        self.total += 1;
        self.kept.push(row);
        if self.kept.len() >= limit.saturating_mul(2).saturating_add(1024) {
            self.keep_first(limit);
        }
    }

    pub(crate) fn merge(&mut self, other: Self, limit: usize) {
        self.total += other.total;
        self.kept.extend(other.kept);
        self.keep_first(limit);
    }

    fn keep_first(&mut self, limit: usize) {
        self.kept.sort_unstable();
        self.kept.truncate(limit);
    }
}

/// A row whose key is wrong.
#[derive(Debug)]
pub(crate) struct KeyProblem {
    pub(crate) row: Locator,
    pub(crate) part: usize,
    pub(crate) position: Position,
    pub(crate) finding: Finding,
}

/// The rows whose keys are wrong: the first of them, and how many there are.
#[derive(Debug, Default)]
pub(crate) struct KeyProblems {
    pub(crate) told: Vec<KeyProblem>,
    pub(crate) total: u64,
}

impl KeyProblems {
    pub(crate) fn merge(&mut self, other: Self) {
        self.told.extend(other.told);
        self.total += other.total;
    }

    /// The first problems, for a report.
    pub(crate) fn findings(&self, limit: usize) -> Findings {
        let mut findings = Findings::new(limit);
        let mut told: Vec<_> = self.told.iter().collect();
        told.sort_by_key(|problem| (problem.part, problem.position));
        for problem in told {
            findings.go_on_in(problem.part);
            findings.add(|| (problem.position, problem.finding.clone()));
        }
        findings.count(self.total - self.told.len() as u64);
        findings
    }
}
