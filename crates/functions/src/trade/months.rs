//! Amounts by month of the year.

use arrow::array::ArrayRef;
use datafusion_common::Result;

use crate::aggregate::{Loader, Row, Saver, State, Sum};
use crate::documented::{Sample, Samples};
use crate::parameters::{Kind, Parameter, number, required};

pub(super) const AMOUNT_AND_MONTH: &[Parameter] = &[
    number("x", "Amount in one month, at least 0, any unit."),
    required("month", Kind::Integer, "Month of the year, 1 to 12.")
        .numbers("a month from 1 to 12", |month| {
            (1.0..=12.0).contains(&month)
        }),
];

pub(super) const MONTH_SAMPLES: Samples = &[&[
    Sample::Numbers([80.0, 70.0, 95.5, 60.0]),
    Sample::Integers([1, 2, 7, 7]),
]];

/// How many amounts each month has, and their sum.
#[derive(Debug, Default)]
pub(super) struct Months {
    months: [(f64, Sum); 12],
}

impl Months {
    pub(super) fn update(&mut self, row: Row<'_>) -> Result<()> {
        let (amount, month) = (row.non_negative(0)?, row.integer(1)?);
        let mut numbered = (1..).zip(&mut self.months);
        if let Some((_, (count, sum))) = numbered.find(|(number, _)| *number == month) {
            *count += 1.0;
            sum.add(amount);
        }
        Ok(())
    }

    /// The mean of each month that has amounts, by its number: a year that is not complete weighs
    /// no month down.
    pub(super) fn means(&self) -> Vec<(i32, f64)> {
        (1..)
            .zip(&self.months)
            .filter(|(_, (count, _))| *count > 0.0)
            .map(|(month, (count, sum))| (month, sum.value() / count))
            .collect()
    }
}

impl State for Months {
    fn merge(&mut self, other: Self) -> Result<()> {
        for ((count, sum), (other_count, other_sum)) in self.months.iter_mut().zip(other.months) {
            *count += other_count;
            sum.merge(other_sum);
        }
        Ok(())
    }

    fn save(states: &[Self]) -> Result<Vec<ArrayRef>> {
        Saver::new(states)
            .numbers(|state| {
                state.months.iter().flat_map(|(count, sum)| {
                    let [total, dropped] = sum.parts();
                    [*count, total, dropped]
                })
            })
            .columns()
    }

    fn load(row: &mut Loader<'_>) -> Result<Self> {
        let mut state = Self::default();
        let numbers = row.numbers()?;
        let (parts, _) = numbers.as_chunks();
        for (month, [count, total, dropped]) in state.months.iter_mut().zip(parts) {
            *month = (*count, Sum::from_parts([*total, *dropped]));
        }
        Ok(state)
    }
}
