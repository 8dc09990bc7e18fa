//! What an operation keeps of each group: sums and extremes in accumulators, moments, sets.

use super::accumulators::fold::{least, least_float, most, most_float};
use super::accumulators::{Accumulators, Groups, RowValues};
use super::moments::Moments;
use super::numbers::InputValues;
use crate::plan::{NumberKind, Op};

/// What an operation keeps.
#[derive(Debug, Clone)]
pub(crate) enum OpState {
    SumFloat(Accumulators<f64>),
    SumWhole(Accumulators<i64>),
    SumWide(Accumulators<i128>),
    /// The greatest when true, else the least; of floats NaN is beyond infinity.
    ExtremeFloat(Accumulators<f64>, bool),
    ExtremeWhole(Accumulators<i64>, bool),
    ExtremeWide(Accumulators<i128>, bool),
    Moments(Vec<Moments>),
    /// A bit for each code of a key, so many words a group.
    Distinct {
        words: usize,
        bits: Vec<u64>,
    },
}

impl OpState {
    pub(super) fn new(
        op: Op,
        kind: NumberKind,
        groups: usize,
        codes_of_key: impl Fn(usize) -> usize,
    ) -> Self {
        let is_most = op == Op::Most;
        match (op, kind) {
            (Op::Sum, NumberKind::Float) => Self::SumFloat(Accumulators::new(groups, 0.0)),
            (Op::Sum, NumberKind::Wide) => Self::SumWide(Accumulators::new(groups, 0)),
            (Op::Sum, _) => Self::SumWhole(Accumulators::new(groups, 0)),
            (Op::Least | Op::Most, NumberKind::Float) => {
                let beyond = if is_most { f64::NEG_INFINITY } else { f64::NAN };
                Self::ExtremeFloat(Accumulators::new(groups, beyond), is_most)
            }
            (Op::Least | Op::Most, NumberKind::Wide) => {
                let beyond = if is_most { i128::MIN } else { i128::MAX };
                Self::ExtremeWide(Accumulators::new(groups, beyond), is_most)
            }
            (Op::Least | Op::Most, _) => {
                let beyond = if is_most { i64::MIN } else { i64::MAX };
                Self::ExtremeWhole(Accumulators::new(groups, beyond), is_most)
            }
            (Op::Moments, _) => Self::Moments(vec![Moments::default(); groups]),
            (Op::Distinct, kind) => {
                let codes = match kind {
                    NumberKind::KeyCode(key) => codes_of_key(key),
                    _ => 0,
                };
                let words = codes.div_ceil(64);
                Self::Distinct {
                    words,
                    bits: vec![0; words * groups],
                }
            }
        }
    }

    pub(super) fn bytes(
        op: Op,
        kind: NumberKind,
        groups: usize,
        codes_of_key: impl Fn(usize) -> usize,
    ) -> usize {
        match (op, kind) {
            (Op::Moments, _) => groups.saturating_mul(size_of::<Moments>()),
            (Op::Distinct, NumberKind::KeyCode(key)) => groups
                .saturating_mul(codes_of_key(key).div_ceil(64))
                .saturating_mul(8),
            (_, NumberKind::Wide) => Accumulators::<i128>::bytes(groups),
            _ => Accumulators::<i64>::bytes(groups),
        }
    }

    /// Takes in a block: the group and the number of each row.
    pub(super) fn update(&mut self, groups: Groups<'_>, given: InputValues<'_>, key_codes: &[u32]) {
        match (self, given) {
            (Self::SumFloat(sums), InputValues::Float(values)) => {
                sums.update(groups, values, |one, two| one + two)
            }
            (Self::SumWhole(sums), InputValues::Whole(values)) => {
                sums.update(groups, values, i64::wrapping_add)
            }
            (Self::SumWide(sums), InputValues::Wide(values)) => {
                sums.update(groups, values, i128::wrapping_add)
            }
            (Self::ExtremeFloat(found, true), InputValues::Float(values)) => {
                found.update(groups, values, most_float)
            }
            (Self::ExtremeFloat(found, false), InputValues::Float(values)) => {
                found.update(groups, values, least_float)
            }
            (Self::ExtremeWhole(found, true), InputValues::Whole(values)) => {
                found.update(groups, values, most)
            }
            (Self::ExtremeWhole(found, false), InputValues::Whole(values)) => {
                found.update(groups, values, least)
            }
            (Self::ExtremeWide(found, true), InputValues::Wide(values)) => {
                found.update(groups, values, most)
            }
            (Self::ExtremeWide(found, false), InputValues::Wide(values)) => {
                found.update(groups, values, least)
            }
            (Self::Moments(moments), InputValues::Float(values)) => {
                let mut add = |group: u32, value| moments[group as usize].add(value);
                values.for_each(groups, &mut add);
            }
            (Self::Distinct { words, bits }, _) => {
                let mut add = |group: u32, key_part: u32| {
                    bits[group as usize * *words + key_part as usize / 64] |= 1 << (key_part % 64);
                };
                RowValues::Each(key_codes).for_each(groups, &mut add);
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
