//! Amounts kept one by one, for measures that need them in order.

use std::cmp::Ordering;

use arrow::array::ArrayRef;
use datafusion_common::Result;

use crate::aggregate::{Loader, Saver, State};

#[derive(Debug, Default)]
pub(super) struct Amounts {
    amounts: Vec<f64>,
}

impl Amounts {
    pub(super) fn push(&mut self, amount: f64) {
        self.amounts.push(amount);
    }

    /// Forgets what it holds for the amounts of `parts`.
    pub(super) fn replace<'a>(&mut self, parts: impl Iterator<Item = &'a [f64]>) {
        self.amounts.clear();
        for part in parts {
            self.amounts.extend_from_slice(part);
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = f64> {
        self.amounts.iter().copied()
    }

    /// All amounts, the smallest first.
    pub(super) fn sorted(&mut self) -> &[f64] {
        // None is NaN; comparing as numbers is the cheapest there is.
        self.amounts
            .sort_unstable_by(|a, b| a.partial_cmp(b).unwrap_or(Ordering::Equal));
        &self.amounts
    }
}

impl State for Amounts {
    fn merge(&mut self, other: Self) -> Result<()> {
        self.amounts.extend(other.amounts);
        Ok(())
    }

    fn save(states: &[Self]) -> Result<Vec<ArrayRef>> {
        Saver::new(states).numbers(Self::iter).columns()
    }

    fn load(row: &mut Loader<'_>) -> Result<Self> {
        Ok(Self {
            amounts: row.numbers()?,
        })
    }

    fn heap_size(&self) -> usize {
        self.amounts.capacity() * size_of::<f64>()
    }
}
