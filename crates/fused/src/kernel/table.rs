//! What is kept of all groups: their rows, and for each subject what its operations keep.

use datafusion::common::exec_err;
use datafusion::error::Result;

use super::OpState;
use super::accumulated::Accumulated;
use super::lanes::{Groups, Lanes};
use super::numbers::Given;
use super::rows::Rows;
use crate::plan::{Class, Query, Subject};

/// A number of a function's own state, and room for the vectors it lies in to grow.
const BYTES_OF_A_NUMBER: usize = 16;

/// Decimals have 38 digits at most.
const MOST_OF_A_DECIMAL: u128 = 10_u128.pow(38) - 1;

/// What is kept of a subject.
#[derive(Debug)]
pub(crate) struct SubjectState {
    /// Rows of each group that do not count, once there are any.
    missing: Option<Lanes<u64>>,
    /// A number that no sum of any of its rows is farther from zero than, and the farthest that its type holds.
    reach: u128,
    most: u128,
    pub(crate) ops: Vec<OpState>,
}

impl SubjectState {
    fn reach(&mut self, farther: u128) -> Result<()> {
        self.reach = self.reach.saturating_add(farther);
        if self.reach > self.most {
            return exec_err!("a sum may be beyond its type");
        }
        Ok(())
    }
}

/// What is kept of all groups. The last group takes the rows that no filter lets pass.
#[derive(Debug)]
pub(crate) struct Table {
    groups: usize,
    rows: Lanes<u64>,
    pub(crate) subjects: Vec<SubjectState>,
    pub(crate) accumulated: Vec<Accumulated>,
}

impl Table {
    /// A table for `groups` groups and the one of rows that do not pass.
    pub(crate) fn new(
        query: &Query,
        groups: usize,
        numbers_of_part: impl Fn(usize) -> usize,
    ) -> Result<Self> {
        let groups = groups + 1;
        let subject = |subject: &Subject| SubjectState {
            missing: None,
            reach: 0,
            most: match subject.class {
                Class::Wide => MOST_OF_A_DECIMAL,
                _ => i64::MAX.unsigned_abs().into(),
            },
            ops: subject
                .ops
                .iter()
                .map(|op| OpState::new(*op, subject.class, groups, &numbers_of_part))
                .collect(),
        };
        let accumulations = query.accumulations.iter();
        Ok(Self {
            groups,
            rows: Lanes::new(groups, 0),
            subjects: query.subjects.iter().map(subject).collect(),
            accumulated: accumulations
                .map(|accumulation| Accumulated::new(accumulation, groups))
                .collect::<Result<_>>()?,
        })
    }

    /// How many bytes such a table holds, at most.
    pub(crate) fn bytes(
        query: &Query,
        groups: usize,
        numbers_of_part: impl Fn(usize) -> usize,
    ) -> usize {
        let groups = groups.saturating_add(1);
        let subjects = query.subjects.iter().map(|subject| {
            let ops = subject
                .ops
                .iter()
                .map(|op| OpState::bytes(*op, subject.class, groups, &numbers_of_part));
            ops.fold(Lanes::<u64>::bytes(groups), usize::saturating_add)
        });
        let accumulations = query.accumulations.iter().map(|accumulation| {
            let numbers = groups.saturating_mul(accumulation.state_numbers);
            numbers.saturating_mul(BYTES_OF_A_NUMBER)
        });
        subjects
            .chain(accumulations)
            .fold(Lanes::<u64>::bytes(groups), usize::saturating_add)
    }

    /// Counts rows by group.
    pub(super) fn count(&mut self, groups: Groups<'_>) {
        self.rows.count(groups);
    }

    /// Counts the rows that a subject does not count.
    pub(super) fn count_missing(&mut self, subject: usize, groups: Groups<'_>, missing: &[u8]) {
        let all = self.groups;
        let counts = self.subjects[subject]
            .missing
            .get_or_insert_with(|| Lanes::new(all, 0));
        counts.count_some(groups, missing);
    }

    /// Takes note of how far rows may take the sums of a subject.
    ///
    /// An error when that is farther than they can hold. The plan that the operator stands for then finds out whether
    /// any of them is, which is not worth a look at each addition.
    pub(super) fn bound(&mut self, subject: usize, rows: usize, magnitude: u128) -> Result<()> {
        self.subjects[subject].reach(magnitude.saturating_mul(rows as u128))
    }

    /// Adds the values of a subject to their groups.
    pub(super) fn update(
        &mut self,
        subject: usize,
        groups: Groups<'_>,
        given: Given<'_>,
        parts: &[u32],
    ) {
        for op in &mut self.subjects[subject].ops {
            op.update(groups, given, parts);
        }
    }

    /// Hands rows to a function that keeps its own state.
    pub(super) fn accumulate(
        &mut self,
        index: usize,
        rows: &Rows<'_>,
        groups: Groups<'_>,
        places: &mut Vec<usize>,
    ) -> Result<()> {
        rows.accumulate(index, groups, places, &mut self.accumulated[index])
    }

    pub(crate) fn merge(&mut self, other: Self) -> Result<()> {
        self.rows.merge(&other.rows, u64::wrapping_add);
        for (one, two) in self.subjects.iter_mut().zip(other.subjects) {
            match (&mut one.missing, two.missing) {
                (Some(one), Some(two)) => one.merge(&two, u64::wrapping_add),
                (none @ None, some) => *none = some,
                (Some(_), None) => {}
            }
            one.reach(two.reach)?;
            for (one, two) in one.ops.iter_mut().zip(&two.ops) {
                one.merge(two);
            }
        }
        let mut accumulated = self.accumulated.iter_mut().zip(other.accumulated);
        accumulated.try_for_each(|(one, two)| one.merge(two))
    }

    /// The rows of a group.
    pub(crate) fn rows(&self, group: usize) -> u64 {
        self.rows.get(group, u64::wrapping_add)
    }

    /// The rows of a group that count for a subject.
    pub(crate) fn rows_of(&self, subject: usize, group: usize) -> u64 {
        let missing = self.subjects[subject].missing.as_ref();
        self.rows(group) - missing.map_or(0, |missing| missing.get(group, u64::wrapping_add))
    }
}
