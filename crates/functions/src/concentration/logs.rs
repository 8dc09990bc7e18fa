//! Amounts as their number, sum and sum of x ln x: what entropy and Theil's index need.

use arrow::array::ArrayRef;
use datafusion_common::Result;

use crate::aggregate::{Loader, Saver, State, Sum};

#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Logs {
    rows: i64,
    positive: i64,
    sum: Sum,
    logs: Sum,
}

impl Logs {
    pub(super) fn add(&mut self, amount: f64) {
        self.rows += 1;
        if amount > 0.0 {
            self.positive += 1;
            self.sum.add(amount);
            self.logs.add(amount * amount.ln());
        }
    }

    pub(super) fn absorb(&mut self, other: Self) {
        self.rows += other.rows;
        self.positive += other.positive;
        self.sum.merge(other.sum);
        self.logs.merge(other.logs);
    }

    /// How many amounts there are, zeros among them.
    pub(super) fn rows(&self) -> f64 {
        self.rows as f64
    }

    /// The total.
    pub(super) fn sum(&self) -> f64 {
        self.sum.value()
    }

    /// -sum s ln s over the shares s, `None` without a total.
    pub(super) fn entropy(&self) -> Option<f64> {
        match self.positive {
            0 => None,
            // Exactly, not up to a rounding of the logarithm.
            1 => Some(0.0),
            _ => Some((self.sum().ln() - self.logs.value() / self.sum()).max(0.0)),
        }
    }

    /// sum s ln(n s) over the shares s, `None` without a total.
    pub(super) fn theil(&self) -> Option<f64> {
        Some((self.rows().ln() - self.entropy()?).max(0.0))
    }

    /// The state as numbers and back, for states that hold several.
    pub(super) fn parts(&self) -> [f64; 6] {
        let ([sum, sum_dropped], [logs, logs_dropped]) = (self.sum.parts(), self.logs.parts());
        let (rows, positive) = (self.rows as f64, self.positive as f64);
        [rows, positive, sum, sum_dropped, logs, logs_dropped]
    }

    pub(super) fn from_parts(parts: [f64; 6]) -> Self {
        let [rows, positive, sum, sum_dropped, logs, logs_dropped] = parts;
        Self {
            rows: rows as i64,
            positive: positive as i64,
            sum: Sum::from_parts([sum, sum_dropped]),
            logs: Sum::from_parts([logs, logs_dropped]),
        }
    }
}

impl State for Logs {
    fn merge(&mut self, other: Self) -> Result<()> {
        self.absorb(other);
        Ok(())
    }

    fn save(states: &[Self]) -> Result<Vec<ArrayRef>> {
        Saver::new(states)
            .count(|state| state.rows)
            .count(|state| state.positive)
            .sum(|state| state.sum)
            .sum(|state| state.logs)
            .columns()
    }

    fn load(row: &mut Loader<'_>) -> Result<Self> {
        Ok(Self {
            rows: row.count()?,
            positive: row.count()?,
            sum: row.sum()?,
            logs: row.sum()?,
        })
    }
}
