//! Two amounts a row, kept one by one: shares are known only when all rows are.

use arrow::array::ArrayRef;
use datafusion_common::Result;

use crate::aggregate::{Loader, Row, Saver, State, Sum};
use crate::documented::{Sample, Samples};
use crate::parameters::{Parameter, number};

pub(super) const PAIR: &[Parameter] = &[
    number(
        "a",
        "Amount of one part in the first distribution, at least 0.",
    ),
    number(
        "b",
        "Amount of the same part in the second, at least 0, in any unit.",
    ),
];

pub(super) const PAIR_SAMPLES: Samples = &[&[
    Sample::Numbers([50.0, 30.0, 0.0, 20.5]),
    Sample::Integers([1, 2, 3, 4]),
]];

#[derive(Debug, Default)]
pub(super) struct AmountPairs {
    left: Vec<f64>,
    right: Vec<f64>,
}

impl AmountPairs {
    pub(super) fn update(&mut self, row: Row<'_>) -> Result<()> {
        let (left, right) = (row.non_negative(0)?, row.non_negative(1)?);
        self.left.push(left);
        self.right.push(right);
        Ok(())
    }

    /// sum abs(a / sum a - b / sum b), `None` if a total is 0.
    pub(super) fn difference(&self) -> Option<f64> {
        let total = |amounts: &[f64]| amounts.iter().copied().collect::<Sum>().value();
        let (left, right) = (total(&self.left), total(&self.right));
        if left <= 0.0 || right <= 0.0 {
            return None;
        }
        let rows = self.left.iter().zip(&self.right);
        let differences: Sum = rows.map(|(a, b)| (a / left - b / right).abs()).collect();
        Some(differences.value())
    }
}

impl State for AmountPairs {
    fn merge(&mut self, other: Self) -> Result<()> {
        self.left.extend(other.left);
        self.right.extend(other.right);
        Ok(())
    }

    fn save(states: &[Self]) -> Result<Vec<ArrayRef>> {
        Saver::new(states)
            .numbers(|state| state.left.iter().copied())
            .numbers(|state| state.right.iter().copied())
            .columns()
    }

    fn load(row: &mut Loader<'_>) -> Result<Self> {
        Ok(Self {
            left: row.numbers()?,
            right: row.numbers()?,
        })
    }

    fn heap_size(&self) -> usize {
        (self.left.capacity() + self.right.capacity()) * size_of::<f64>()
    }
}
