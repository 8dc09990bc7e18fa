//! `spearman`: whether two numbers rise together.

use arrow::array::ArrayRef;
use datafusion_common::Result;

use super::ranks::{agreement, ranks};
use crate::aggregate::{Loader, Measure, Row, Saver, State};
use crate::documented::{Benchmark, Documented, Manual, Sample, Samples, benchmark};
use crate::parameters::{Parameters, number};

#[derive(Debug)]
pub(super) struct Spearman;

impl Documented for Spearman {
    const PARAMETERS: Parameters = Parameters {
        function: "spearman",
        list: &[
            number("a", "One number of a thing, any unit."),
            number("b", "Another number of the same thing, any unit."),
        ],
    };
    const MANUAL: Manual = Manual {
        text: "Spearman's rank correlation: Pearson's correlation of the ranks of a and b, equal values sharing the mean of their ranks. 1 if b always rises \
        with a, -1 if it always falls.\n\n\
        Rows with NULL in either number are skipped. Fewer than two rows, and a or b all alike, give NULL. NaN and infinity are errors.\n\n\
        Source: Spearman (1904), The Proof and Measurement of Association between Two Things, doi 10.2307/1412159; ties as in scipy.stats.spearmanr.",
        example: "
> SELECT spearman(cargo, people) AS correlation
  FROM (VALUES (10, 1), (20, 3), (30, 2)) AS ports(cargo, people);
+-------------+
| correlation |
+-------------+
| 0.5         |
+-------------+
",
        related: &[],
    };
    const SAMPLES: Samples = &[&[
        Sample::Numbers([1.0, 2.0, 2.0, 4.0]),
        Sample::Numbers([4.0, 3.5, 3.0, -1.0]),
    ]];
    const BENCHMARK: Benchmark = benchmark::against(
        benchmark::CORRELATION,
        "SELECT spearman(x, y) FROM some GROUP BY place",
    );
}

impl Measure for Spearman {
    type State = Values;
    type Answer = f64;

    fn update(state: &mut Values, row: Row<'_>) -> Result<()> {
        state.a.push(row.number(0)?);
        state.b.push(row.number(1)?);
        Ok(())
    }

    fn evaluate(state: &mut Values) -> Result<Option<f64>> {
        Ok(agreement(&ranks(&state.a), &ranks(&state.b)))
    }
}

/// The values of all rows: ranks are known only when all are there.
#[derive(Debug, Default)]
pub(super) struct Values {
    a: Vec<f64>,
    b: Vec<f64>,
}

impl State for Values {
    fn merge(&mut self, other: Self) -> Result<()> {
        self.a.extend(other.a);
        self.b.extend(other.b);
        Ok(())
    }

    fn save(states: &[Self]) -> Result<Vec<ArrayRef>> {
        Saver::new(states)
            .numbers(|state| state.a.iter().copied())
            .numbers(|state| state.b.iter().copied())
            .columns()
    }

    fn load(row: &mut Loader<'_>) -> Result<Self> {
        Ok(Self {
            a: row.numbers()?,
            b: row.numbers()?,
        })
    }

    fn heap_size(&self) -> usize {
        (self.a.capacity() + self.b.capacity()) * size_of::<f64>()
    }
}
