//! Moments of pairs of numbers, which are put together without losing digits to large offsets.

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::Float64Type;

use super::sliding::two_stacks::Total;

/// Count, means, sums of squared deviations and of products of deviations.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Moments {
    count: f64,
    means: [f64; 2],
    squares: [f64; 2],
    products: f64,
}

/// The names of the numbers in a state.
pub(super) const PARTS: [&str; 6] = ["count", "mean1", "mean2", "m2_1", "m2_2", "co"];

impl Moments {
    pub(super) fn of(one: f64, other: f64) -> Self {
        // 0, or NaN for what is no finite number.
        let deviations = [one * 0.0, other * 0.0];
        Self {
            count: 1.0,
            means: [one, other],
            squares: deviations,
            products: deviations[0] + deviations[1],
        }
    }

    pub(super) fn merge(&mut self, other: &Self) {
        if other.count == 0.0 {
            return;
        }
        if self.count == 0.0 {
            *self = *other;
            return;
        }
        let count = self.count + other.count;
        let deltas = [0, 1].map(|side| other.means[side] - self.means[side]);
        let weight = self.count * (other.count / count);
        for side in [0, 1] {
            self.means[side] += deltas[side] * (other.count / count);
            self.squares[side] += other.squares[side] + deltas[side] * deltas[side] * weight;
        }
        self.products += other.products + deltas[0] * deltas[1] * weight;
        self.count = count;
    }

    pub(super) fn correlation(&self) -> Option<f64> {
        let scale = self.squares[0].sqrt() * self.squares[1].sqrt();
        // 0 by 0 is a NaN with a sign; rounding may lead out of the range.
        let value = if scale == 0.0 || scale.is_nan() {
            f64::NAN
        } else {
            (self.products / scale).clamp(-1.0, 1.0)
        };
        (self.count > 0.0).then_some(value)
    }

    pub(super) fn determination(&self) -> Option<f64> {
        let [of_first, of_second] = self.squares;
        if self.count == 0.0 || of_second == 0.0 {
            return None;
        }
        if of_first == 0.0 {
            return Some(1.0);
        }
        self.correlation().map(|value| value * value)
    }

    /// Both means.
    pub(super) fn means(&self) -> [f64; 2] {
        self.means
    }

    /// The sums of squared deviations from the means.
    pub(super) fn squares(&self) -> [f64; 2] {
        self.squares
    }

    /// The sum of the products of both deviations.
    pub(super) fn products(&self) -> f64 {
        self.products
    }

    /// The slope of the line through pairs of y and x; NULL where x does not vary.
    pub(super) fn slope(&self) -> Option<f64> {
        let varies = self.count > 1.0 && self.squares[1] != 0.0;
        varies.then_some(self.products / self.squares[1])
    }

    pub(super) fn parts(&self) -> [f64; 6] {
        let [mean1, mean2] = self.means;
        let [square1, square2] = self.squares;
        [self.count, mean1, mean2, square1, square2, self.products]
    }

    pub(super) fn from_parts(parts: [f64; 6]) -> Self {
        let [count, mean1, mean2, square1, square2, products] = parts;
        Self {
            count,
            means: [mean1, mean2],
            squares: [square1, square2],
            products,
        }
    }
}

/// The pairs of a batch that count, each with its row.
pub(super) fn pairs(values: &[ArrayRef]) -> impl Iterator<Item = (usize, Moments)> + '_ {
    let one = values[0].as_primitive::<Float64Type>();
    let other = values[1].as_primitive::<Float64Type>();
    let pairs = one.iter().zip(other).enumerate();
    pairs.filter_map(|(row, (one, other))| Some((row, Moments::of(one?, other?))))
}

/// The moments in the rows of a state.
pub(super) fn states(values: &[ArrayRef]) -> impl Iterator<Item = Moments> + '_ {
    let part = |part: usize, row: usize| values[part].as_primitive::<Float64Type>().value(row);
    (0..values[0].len())
        .map(move |row| Moments::from_parts([0, 1, 2, 3, 4, 5].map(|index| part(index, row))))
}

impl Total for Moments {
    fn and(mut self, other: Self) -> Self {
        self.merge(&other);
        self
    }
}
