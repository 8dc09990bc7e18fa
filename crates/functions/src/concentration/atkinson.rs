//! `atkinson`: Atkinson's index of inequality.

use arrow::array::ArrayRef;
use datafusion_common::Result;

use super::AMOUNT;
use crate::aggregate::{Constant, Loader, Measure, Row, Saver, State, Sum};
use crate::documented::{Benchmark, Documented, Manual, Sample, Samples, benchmark};
use crate::parameters::{Parameters, number};

#[derive(Debug)]
pub(super) struct Atkinson;

impl Documented for Atkinson {
    const PARAMETERS: Parameters = Parameters {
        function: "atkinson",
        list: &[
            AMOUNT,
            number("epsilon", "Aversion to inequality, above 0, the same for all rows of a group; 0.5 and 1 are usual.").numbers("a number above 0", |epsilon| epsilon > 0.0),
        ],
    };
    const MANUAL: Manual = Manual {
        text: "Atkinson's index of amounts, 1 - (mean of (x / m)^(1 - epsilon))^(1 / (1 - epsilon)) with m their mean; with epsilon 1 it is 1 - geometric mean / m. \
        0 if all are alike, towards 1 the more unequal they are; the larger epsilon, the more the small ones count.\n\n\
        Rows with NULL are skipped. No rows or a total of 0 give NULL. A negative amount, NaN and infinity are errors. So are an epsilon of 0 or less and two of them in one group.\n\n\
        Source: Atkinson (1970), On the measurement of inequality, Journal of Economic Theory 2(3).",
        example: "
> SELECT round(atkinson(cargo, 0.5), 6) AS atkinson FROM (VALUES (9), (1)) AS countries(cargo);
+----------+
| atkinson |
+----------+
| 0.2      |
+----------+
",
        related: &["gini", "theil_t"],
    };
    const SAMPLES: Samples = &[
        &[
            Sample::Numbers([50.0, 30.0, 20.0, 0.5]),
            Sample::Numbers([0.5; 4]),
        ],
        &[Sample::Integers([50, 30, 20, 1]), Sample::Integers([1; 4])],
    ];
    const BENCHMARK: Benchmark = benchmark::against(
        benchmark::SPREAD,
        "SELECT atkinson(x, 0.5) FROM some GROUP BY place",
    );
}

impl Measure for Atkinson {
    type State = Powers;
    type Answer = f64;

    fn update(state: &mut Powers, row: Row<'_>) -> Result<()> {
        let epsilon = row.number(1)?;
        state.epsilon.set(epsilon, &Self::PARAMETERS, 1)?;
        state.add(row.non_negative(0)?, epsilon);
        Ok(())
    }

    fn evaluate(state: &mut Powers) -> Result<Option<f64>> {
        Ok(state.index())
    }
}

/// Amounts as their number, sum and sum of powers (of logarithms, if epsilon is 1).
#[derive(Debug, Default)]
pub(super) struct Powers {
    epsilon: Constant,
    rows: i64,
    zeros: i64,
    sum: Sum,
    powers: Sum,
}

impl Powers {
    fn add(&mut self, amount: f64, epsilon: f64) {
        self.rows += 1;
        if amount == 0.0 {
            self.zeros += 1;
            return;
        }
        self.sum.add(amount);
        self.powers.add(if epsilon == 1.0 {
            amount.ln()
        } else {
            amount.powf(1.0 - epsilon)
        });
    }

    fn index(&self) -> Option<f64> {
        let (epsilon, rows) = (self.epsilon.get()?, self.rows as f64);
        let mean = self.sum.value() / rows;
        if mean <= 0.0 {
            return None;
        }
        if self.zeros > 0 && epsilon >= 1.0 {
            return Some(1.0);
        }
        let power = self.powers.value() / rows;
        let equal = if epsilon == 1.0 {
            power.exp()
        } else {
            power.powf(1.0 / (1.0 - epsilon))
        };
        Some((1.0 - equal / mean).max(0.0))
    }
}

impl State for Powers {
    fn merge(&mut self, other: Self) -> Result<()> {
        self.epsilon
            .merge(other.epsilon, &Atkinson::PARAMETERS, 1)?;
        self.rows += other.rows;
        self.zeros += other.zeros;
        self.sum.merge(other.sum);
        self.powers.merge(other.powers);
        Ok(())
    }

    fn save(states: &[Self]) -> Result<Vec<ArrayRef>> {
        Saver::new(states)
            .constant(|state| state.epsilon)
            .count(|state| state.rows)
            .count(|state| state.zeros)
            .sum(|state| state.sum)
            .sum(|state| state.powers)
            .columns()
    }

    fn load(row: &mut Loader<'_>) -> Result<Self> {
        Ok(Self {
            epsilon: row.constant()?,
            rows: row.count()?,
            zeros: row.count()?,
            sum: row.sum()?,
            powers: row.sum()?,
        })
    }
}
