//! Averages, variances, covariances and regressions of windows whose frames move.
//!
//! DataFusion takes what leaves a frame away from its state (no upstream issue), so that NaN, an infinity or a large
//! number spoils every answer after it, and a variance of equal numbers may be below 0.

pub(super) mod two_stacks;

use std::mem::size_of_val;
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray};
use arrow::datatypes::Float64Type;
use datafusion::common::{ScalarValue, internal_err};
use datafusion::error::Result;
use datafusion::functions_aggregate::average::avg_udaf;
use datafusion::functions_aggregate::covariance::{covar_pop_udaf, covar_samp_udaf};
use datafusion::functions_aggregate::regr::{
    regr_avgx_udaf, regr_avgy_udaf, regr_intercept_udaf, regr_slope_udaf, regr_sxx_udaf,
    regr_sxy_udaf, regr_syy_udaf,
};
use datafusion::functions_aggregate::stddev::{stddev_pop_udaf, stddev_udaf};
use datafusion::functions_aggregate::variance::{var_pop_udaf, var_samp_udaf};
use datafusion::logical_expr::{Accumulator, AggregateUDF};

use super::moments::{Moments, pairs};
use super::windowed::Windowed;
use two_stacks::{Total, TwoStacks};

/// Hands the values of some rows that count to a function.
type Read<T> = fn(&[ArrayRef], &mut dyn FnMut(T));

/// An aggregate function of floats over a frame that moves.
#[derive(Debug)]
pub(super) struct Sliding<T> {
    inside: TwoStacks<T>,
    read: Read<T>,
    answer: fn(T, f64) -> Option<f64>,
}

impl<T: Total> Sliding<T> {
    /// `answer` takes the total of the values inside and their number, which is not 0.
    pub(super) fn new(read: Read<T>, answer: fn(T, f64) -> Option<f64>) -> Self {
        Self {
            inside: TwoStacks::default(),
            read,
            answer,
        }
    }
}

pub(super) fn floats(values: &[ArrayRef], take: &mut dyn FnMut(f64)) {
    let values = values[0].as_primitive::<Float64Type>();
    values.iter().flatten().for_each(take);
}

fn single(values: &[ArrayRef], take: &mut dyn FnMut(Moments)) {
    floats(values, &mut |value| take(Moments::of(value, value)));
}

pub(super) fn paired(values: &[ArrayRef], take: &mut dyn FnMut(Moments)) {
    pairs(values).for_each(|(_, pair)| take(pair));
}

impl<T: Total> Accumulator for Sliding<T> {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        (self.read)(values, &mut |value| self.inside.push(value));
        Ok(())
    }

    /// Rows leave in the order in which they entered.
    fn retract_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        (self.read)(values, &mut |_| self.inside.pop());
        Ok(())
    }

    fn supports_retract_batch(&self) -> bool {
        true
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        let answer = match self.inside.len() {
            0 => None,
            count => (self.answer)(self.inside.total(), count as f64),
        };
        Ok(ScalarValue::Float64(answer))
    }

    // Windows keep their totals in one place.
    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        Ok(vec![self.evaluate()?])
    }

    fn merge_batch(&mut self, _: &[ArrayRef]) -> Result<()> {
        internal_err!("totals of windows are not merged")
    }

    fn size(&self) -> usize {
        size_of_val(self) + self.inside.size()
    }
}

/// The functions with moving frames of ours.
pub(super) fn functions() -> Vec<Arc<AggregateUDF>> {
    type Of<T> = fn(T, f64) -> Option<f64>;
    let of_one: [(Arc<AggregateUDF>, Of<Moments>); 4] = [
        (var_pop_udaf(), |m, n| Some(population(m.squares()[0], n))),
        (var_samp_udaf(), |m, n| sample(m.squares()[0], n)),
        (stddev_pop_udaf(), |m, n| {
            Some(population(m.squares()[0], n).sqrt())
        }),
        (stddev_udaf(), |m, n| {
            sample(m.squares()[0], n).map(f64::sqrt)
        }),
    ];
    // The dependent variable comes first: y, x.
    let of_pairs: [(Arc<AggregateUDF>, Of<Moments>); 9] = [
        (covar_pop_udaf(), |m, n| Some(m.products() / n)),
        (covar_samp_udaf(), |m, n| sample(m.products(), n)),
        (regr_slope_udaf(), |m, _| m.slope()),
        (regr_intercept_udaf(), |m, _| {
            Some(m.means()[0] - m.slope()? * m.means()[1])
        }),
        (regr_avgy_udaf(), |m, _| Some(m.means()[0])),
        (regr_avgx_udaf(), |m, _| Some(m.means()[1])),
        (regr_syy_udaf(), |m, _| Some(m.squares()[0])),
        (regr_sxx_udaf(), |m, _| Some(m.squares()[1])),
        (regr_sxy_udaf(), |m, _| Some(m.products())),
    ];
    let of_one = of_one.map(|(inner, answer)| {
        Windowed::new(inner, move || Box::new(Sliding::new(single, answer)))
    });
    let of_pairs = of_pairs.map(|(inner, answer)| {
        Windowed::new(inner, move || Box::new(Sliding::new(paired, answer)))
    });
    let average = Windowed::new(avg_udaf(), || {
        Box::new(Sliding::<f64>::new(floats, |sum, count| Some(sum / count)))
    });
    let windowed = of_one.into_iter().chain(of_pairs).chain([average]);
    windowed
        .map(|one| Arc::new(AggregateUDF::from(one)))
        .collect()
}

/// 0 of a single value, even if it is infinite, as without a window.
fn population(deviations: f64, count: f64) -> f64 {
    if count == 1.0 {
        0.0
    } else {
        deviations / count
    }
}

/// NULL of a single value.
fn sample(deviations: f64, count: f64) -> Option<f64> {
    (count > 1.0).then_some(deviations / (count - 1.0))
}
