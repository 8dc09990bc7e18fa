//! What an operation keeps of each group: sums and extremes in lanes, moments, sets.

use super::lanes::fold::{least, least_float, most, most_float};
use super::lanes::{Groups, Lanes, Values};
use super::moments::Moments;
use super::numbers::Given;
use crate::plan::{Class, Op};

/// What an operation keeps.
#[derive(Debug, Clone)]
pub(crate) enum OpState {
    SumFloat(Lanes<f64>),
    SumWhole(Lanes<i64>),
    SumWide(Lanes<i128>),
    /// The greatest when true, else the least; of floats NaN is beyond infinity.
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

impl OpState {
    pub(super) fn new(
        op: Op,
        class: Class,
        groups: usize,
        numbers_of_part: impl Fn(usize) -> usize,
    ) -> Self {
        let is_most = op == Op::Most;
        match (op, class) {
            (Op::Sum, Class::Float) => Self::SumFloat(Lanes::new(groups, 0.0)),
            (Op::Sum, Class::Wide) => Self::SumWide(Lanes::new(groups, 0)),
            (Op::Sum, _) => Self::SumWhole(Lanes::new(groups, 0)),
            (Op::Least | Op::Most, Class::Float) => {
                let beyond = if is_most { f64::NEG_INFINITY } else { f64::NAN };
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

    pub(super) fn bytes(
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
    pub(super) fn update(&mut self, groups: Groups<'_>, given: Given<'_>, parts: &[u32]) {
        match (self, given) {
            (Self::SumFloat(sums), Given::Float(values)) => {
                sums.update(groups, values, |one, two| one + two)
            }
            (Self::SumWhole(sums), Given::Whole(values)) => {
                sums.update(groups, values, i64::wrapping_add)
            }
            (Self::SumWide(sums), Given::Wide(values)) => {
                sums.update(groups, values, i128::wrapping_add)
            }
            (Self::ExtremeFloat(found, true), Given::Float(values)) => {
                found.update(groups, values, most_float)
            }
            (Self::ExtremeFloat(found, false), Given::Float(values)) => {
                found.update(groups, values, least_float)
            }
            (Self::ExtremeWhole(found, true), Given::Whole(values)) => {
                found.update(groups, values, most)
            }
            (Self::ExtremeWhole(found, false), Given::Whole(values)) => {
                found.update(groups, values, least)
            }
            (Self::ExtremeWide(found, true), Given::Wide(values)) => {
                found.update(groups, values, most)
            }
            (Self::ExtremeWide(found, false), Given::Wide(values)) => {
                found.update(groups, values, least)
            }
            (Self::Moments(moments), Given::Float(values)) => {
                let mut add = |group: u32, value| moments[group as usize].add(value);
                values.for_each(groups, &mut add);
            }
            (Self::Distinct { words, bits }, _) => {
                let mut add = |group: u32, part: u32| {
                    bits[group as usize * *words + part as usize / 64] |= 1 << (part % 64);
                };
                Values::Each(parts).for_each(groups, &mut add);
            }
            _ => {}
        }
    }

    pub(super) fn merge(&mut self, other: &Self) {
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
