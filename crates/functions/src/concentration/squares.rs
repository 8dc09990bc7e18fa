//! Amounts as their number, sum and sum of squares: what the Herfindahl-Hirschman family needs.

use arrow::array::ArrayRef;
use datafusion_common::Result;

use crate::aggregate::{Loader, Row, Saver, State, Sum};

#[derive(Debug, Default)]
pub(super) struct Squares {
    rows: i64,
    sum: Sum,
    squares: Sum,
}

impl Squares {
    #[inline]
    pub(super) fn update(&mut self, row: Row<'_>) -> Result<()> {
        let amount = row.non_negative(0)?;
        self.rows += 1;
        self.sum.add(amount);
        self.squares.add(amount * amount);
        Ok(())
    }

    /// How many amounts there are, zeros among them.
    pub(super) fn rows(&self) -> f64 {
        self.rows as f64
    }

    /// The sum of squared shares, `None` without a total.
    pub(super) fn index(&self) -> Option<f64> {
        let sum = self.sum.value();
        (sum > 0.0).then(|| self.squares.value() / sum / sum)
    }
}

impl State for Squares {
    fn merge(&mut self, other: Self) -> Result<()> {
        self.rows += other.rows;
        self.sum.merge(other.sum);
        self.squares.merge(other.squares);
        Ok(())
    }

    fn save(states: &[Self]) -> Result<Vec<ArrayRef>> {
        Saver::new(states)
            .count(|state| state.rows)
            .sum(|state| state.sum)
            .sum(|state| state.squares)
            .columns()
    }

    fn load(row: &mut Loader<'_>) -> Result<Self> {
        Ok(Self {
            rows: row.count()?,
            sum: row.sum()?,
            squares: row.sum()?,
        })
    }
}
