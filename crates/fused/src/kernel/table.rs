//! What is kept of each group: sums in lanes, extremes, moments, sets.

use crate::kernel::Numbers;
use crate::plan::{Class, Op, Query};

/// The values of groups, in as many lanes as keep additions to one group from waiting for each other.
///
/// Which lane a row goes to depends on its place alone, so that sums of floats are the same in each run.
#[derive(Debug, Clone)]
pub(crate) struct Lanes<T> {
    values: Vec<T>,
    bits: u32,
    zero: T,
}

impl<T: Copy> Lanes<T> {
    fn new(groups: usize, zero: T) -> Self {
        let bits = match groups {
            0..=64 => 4,
            65..=1024 => 2,
            _ => 0,
        };
        let values = vec![zero; groups.next_power_of_two() << bits];
        Self { values, bits, zero }
    }

    fn bytes(groups: usize) -> usize {
        groups.next_power_of_two().max(1024) * size_of::<T>()
    }

    #[inline]
    fn update(&mut self, groups: &[u32], values: &[T], add: impl Fn(T, T) -> T) {
        let (last, lanes) = (self.values.len() - 1, (1 << self.bits) - 1);
        for (row, (group, value)) in groups.iter().zip(values).enumerate() {
            let at = ((*group as usize) << self.bits | row & lanes) & last;
            self.values[at] = add(self.values[at], *value);
        }
    }

    fn merge(&mut self, other: &Self, add: impl Fn(T, T) -> T) {
        for (value, other) in self.values.iter_mut().zip(&other.values) {
            *value = add(*value, *other);
        }
    }

    /// The value of a group.
    pub(crate) fn get(&self, group: usize, add: impl Fn(T, T) -> T) -> T {
        let first = group << self.bits;
        let lanes = &self.values[first..first + (1 << self.bits)];
        lanes.iter().fold(self.zero, |sum, value| add(sum, *value))
    }
}

/// What an operation keeps.
#[derive(Debug, Clone)]
pub(crate) enum OpState {
    SumFloat(Lanes<f64>),
    SumWhole(Lanes<i64>),
    SumWide(Lanes<i128>),
    /// The greatest when true, else the least; floats in total order, NaN beyond infinity.
    ExtremeFloat(Lanes<f64>, bool),
    ExtremeWhole(Lanes<i64>, bool),
    ExtremeWide(Lanes<i128>, bool),
    Moments(Vec<Moments>),
    /// A bit for each number of a part, so many words a group.
    Distinct {
        words: usize,
        bits: Vec<u64>,
    },
}

/// Count, mean and the sum of squared differences from it, after Welford.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Moments {
    pub(crate) count: u64,
    pub(crate) mean: f64,
    pub(crate) squares: f64,
}

impl Moments {
    #[inline]
    fn add(&mut self, value: f64) {
        self.count += 1;
        let before = value - self.mean;
        self.mean += before / self.count as f64;
        self.squares += before * (value - self.mean);
    }

    /// Chan, Golub and LeVeque (1979), as DataFusion merges them.
    fn merge(&mut self, other: &Self) {
        if other.count == 0 {
            return;
        }
        if self.count == 0 {
            *self = *other;
            return;
        }
        let (one, two) = (self.count as f64, other.count as f64);
        let both = one + two;
        let difference = self.mean - other.mean;
        self.mean = self.mean * one / both + other.mean * two / both;
        self.squares += other.squares + difference * difference * one * two / both;
        self.count += other.count;
    }
}

/// How two values of a group become one.
pub(crate) mod fold {
    pub(crate) fn least<T: PartialOrd>(one: T, two: T) -> T {
        if two < one { two } else { one }
    }

    pub(crate) fn most<T: PartialOrd>(one: T, two: T) -> T {
        if two > one { two } else { one }
    }

    pub(crate) fn least_float(one: f64, two: f64) -> f64 {
        if two.total_cmp(&one).is_lt() {
            two
        } else {
            one
        }
    }

    pub(crate) fn most_float(one: f64, two: f64) -> f64 {
        if two.total_cmp(&one).is_gt() {
            two
        } else {
            one
        }
    }
}

use fold::{least, least_float, most, most_float};

impl OpState {
    fn new(op: Op, class: Class, groups: usize, numbers_of_part: impl Fn(usize) -> usize) -> Self {
        let is_most = op == Op::Most;
        match (op, class) {
            (Op::Sum, Class::Float) => Self::SumFloat(Lanes::new(groups, 0.0)),
            (Op::Sum, Class::Wide) => Self::SumWide(Lanes::new(groups, 0)),
            (Op::Sum, _) => Self::SumWhole(Lanes::new(groups, 0)),
            (Op::Least | Op::Most, Class::Float) => {
                let beyond = f64::from_bits(if is_most { u64::MAX } else { u64::MAX >> 1 });
                Self::ExtremeFloat(Lanes::new(groups, beyond), is_most)
            }
            (Op::Least | Op::Most, Class::Wide) => {
                let beyond = if is_most { i128::MIN } else { i128::MAX };
                Self::ExtremeWide(Lanes::new(groups, beyond), is_most)
            }
            (Op::Least | Op::Most, _) => {
                let beyond = if is_most { i64::MIN } else { i64::MAX };
                Self::ExtremeWhole(Lanes::new(groups, beyond), is_most)
            }
            (Op::Moments, _) => Self::Moments(vec![Moments::default(); groups]),
            (Op::Distinct, class) => {
                let part = match class {
                    Class::Part(part) => numbers_of_part(part),
                    _ => 0,
                };
                let words = part.div_ceil(64);
                Self::Distinct {
                    words,
                    bits: vec![0; words * groups],
                }
            }
        }
    }

    fn bytes(
        op: Op,
        class: Class,
        groups: usize,
        numbers_of_part: impl Fn(usize) -> usize,
    ) -> usize {
        match (op, class) {
            (Op::Moments, _) => groups.saturating_mul(size_of::<Moments>()),
            (Op::Distinct, Class::Part(part)) => groups
                .saturating_mul(numbers_of_part(part).div_ceil(64))
                .saturating_mul(8),
            (_, Class::Wide) => Lanes::<i128>::bytes(groups),
            _ => Lanes::<i64>::bytes(groups),
        }
    }

    /// Takes in a block: the group and the number of each row.
    pub(crate) fn update(&mut self, groups: &[u32], numbers: &Numbers, parts: &[u32]) {
        match (self, numbers) {
            (Self::SumFloat(sums), Numbers::Float(values)) => {
                sums.update(groups, values, |one, two| one + two)
            }
            (Self::SumWhole(sums), Numbers::Whole(values)) => {
                sums.update(groups, values, i64::wrapping_add)
            }
            (Self::SumWide(sums), Numbers::Wide(values)) => {
                sums.update(groups, values, i128::wrapping_add)
            }
            (Self::ExtremeFloat(found, true), Numbers::Float(values)) => {
                found.update(groups, values, most_float)
            }
            (Self::ExtremeFloat(found, false), Numbers::Float(values)) => {
                found.update(groups, values, least_float)
            }
            (Self::ExtremeWhole(found, true), Numbers::Whole(values)) => {
                found.update(groups, values, most)
            }
            (Self::ExtremeWhole(found, false), Numbers::Whole(values)) => {
                found.update(groups, values, least)
            }
            (Self::ExtremeWide(found, true), Numbers::Wide(values)) => {
                found.update(groups, values, most)
            }
            (Self::ExtremeWide(found, false), Numbers::Wide(values)) => {
                found.update(groups, values, least)
            }
            (Self::Moments(moments), Numbers::Float(values)) => {
                for (group, value) in groups.iter().zip(values) {
                    moments[*group as usize].add(*value);
                }
            }
            (Self::Distinct { words, bits }, _) => {
                for (group, part) in groups.iter().zip(parts) {
                    bits[*group as usize * *words + *part as usize / 64] |= 1 << (part % 64);
                }
            }
            _ => {}
        }
    }

    fn merge(&mut self, other: &Self) {
        match (self, other) {
            (Self::SumFloat(one), Self::SumFloat(two)) => one.merge(two, |one, two| one + two),
            (Self::SumWhole(one), Self::SumWhole(two)) => one.merge(two, i64::wrapping_add),
            (Self::SumWide(one), Self::SumWide(two)) => one.merge(two, i128::wrapping_add),
            (Self::ExtremeFloat(one, true), Self::ExtremeFloat(two, _)) => {
                one.merge(two, most_float)
            }
            (Self::ExtremeFloat(one, false), Self::ExtremeFloat(two, _)) => {
                one.merge(two, least_float)
            }
            (Self::ExtremeWhole(one, true), Self::ExtremeWhole(two, _)) => one.merge(two, most),
            (Self::ExtremeWhole(one, false), Self::ExtremeWhole(two, _)) => one.merge(two, least),
            (Self::ExtremeWide(one, true), Self::ExtremeWide(two, _)) => one.merge(two, most),
            (Self::ExtremeWide(one, false), Self::ExtremeWide(two, _)) => one.merge(two, least),
            (Self::Moments(one), Self::Moments(two)) => {
                for (one, two) in one.iter_mut().zip(two) {
                    one.merge(two);
                }
            }
            (Self::Distinct { bits: one, .. }, Self::Distinct { bits: two, .. }) => {
                for (one, two) in one.iter_mut().zip(two) {
                    *one |= two;
                }
            }
            _ => {}
        }
    }
}

/// What is kept of a subject.
#[derive(Debug, Clone)]
pub(crate) struct SubjectState {
    /// Rows of each group that do not count, once there are any.
    missing: Option<Lanes<u64>>,
    pub(crate) ops: Vec<OpState>,
}

/// What is kept of all groups. The last group takes the rows that no filter lets pass.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    groups: usize,
    rows: Lanes<u64>,
    pub(crate) subjects: Vec<SubjectState>,
    ones: Vec<u64>,
}

impl Table {
    /// A table for `groups` groups and the one of rows that do not pass.
    pub(crate) fn new(
        query: &Query,
        groups: usize,
        rows_of_a_block: usize,
        numbers_of_part: impl Fn(usize) -> usize,
    ) -> Self {
        let groups = groups + 1;
        let subject = |subject: &crate::plan::Subject| SubjectState {
            missing: None,
            ops: subject
                .ops
                .iter()
                .map(|op| OpState::new(*op, subject.class, groups, &numbers_of_part))
                .collect(),
        };
        Self {
            groups,
            rows: Lanes::new(groups, 0),
            subjects: query.subjects.iter().map(subject).collect(),
            ones: vec![1; rows_of_a_block],
        }
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
        subjects.fold(Lanes::<u64>::bytes(groups), usize::saturating_add)
    }

    /// Counts rows by group.
    pub(crate) fn count(&mut self, groups: &[u32]) {
        self.rows.update(groups, &self.ones, u64::wrapping_add);
    }

    /// Counts the rows that a subject does not count.
    pub(crate) fn count_missing(&mut self, subject: usize, groups: &[u32], missing: &[u32]) {
        let state = &mut self.subjects[subject];
        let counts = state
            .missing
            .get_or_insert_with(|| Lanes::new(self.groups, 0));
        for (row, (group, missing)) in groups.iter().zip(missing).enumerate() {
            let at = (*group as usize) << counts.bits | row & ((1 << counts.bits) - 1);
            counts.values[at] += u64::from(*missing);
        }
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        self.rows.merge(&other.rows, u64::wrapping_add);
        for (one, two) in self.subjects.iter_mut().zip(&other.subjects) {
            match (&mut one.missing, &two.missing) {
                (Some(one), Some(two)) => one.merge(two, u64::wrapping_add),
                (None, Some(two)) => one.missing = Some(two.clone()),
                (_, None) => {}
            }
            for (one, two) in one.ops.iter_mut().zip(&two.ops) {
                one.merge(two);
            }
        }
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
