//! `cr_k`: the share of the k largest.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use arrow::array::ArrayRef;
use datafusion_common::Result;

use super::AMOUNT;
use crate::aggregate::{Constant, Loader, Measure, Row, Saver, State, Sum};
use crate::documented::{Benchmark, Documented, Manual, Sample, Samples, benchmark};
use crate::parameters::{Kind, Parameters, required};

#[derive(Debug)]
pub(super) struct CrK;

impl Documented for CrK {
    const PARAMETERS: Parameters = Parameters {
        function: "cr_k",
        list: &[
            AMOUNT,
            required(
                "k",
                Kind::Integer,
                "How many of the largest, at least 1, the same for all rows of a group.",
            )
            .numbers("a number of at least 1", |k| k >= 1.0),
        ],
    };
    const MANUAL: Manual = Manual {
        text: "The concentration ratio: the share of the k largest amounts in their total, 0 to 1. With k at or above their number it is 1.\n\n\
        Rows with NULL are skipped. No rows or a total of 0 give NULL. A negative amount, NaN and infinity are errors. So are a k below 1 and two k in one group.\n\n\
        Source: Bain (1951), Relation of profit rate to industry concentration, Quarterly Journal of Economics 65(3).",
        example: "
> SELECT cr_k(cargo, 2) AS cr2 FROM (VALUES (50), (30), (20)) AS countries(cargo);
+-----+
| cr2 |
+-----+
| 0.8 |
+-----+
",
        related: &["hhi"],
    };
    const SAMPLES: Samples = &[&[Sample::Integers([5, 9, 7, 9]), Sample::Integers([2; 4])]];
    const BENCHMARK: Benchmark = benchmark::against(
        benchmark::SPREAD_OF_MANY,
        "SELECT cr_k(x, 4) FROM many GROUP BY place",
    );
}

impl Measure for CrK {
    type State = Largest;
    type Answer = f64;

    fn update(state: &mut Largest, row: Row<'_>) -> Result<()> {
        let k = row.integer(1)?;
        state.k.set(f64::from(k), &Self::PARAMETERS, 1)?;
        let amount = row.non_negative(0)?;
        state.sum.add(amount);
        state.keep(amount);
        Ok(())
    }

    fn evaluate(state: &mut Largest) -> Result<Option<f64>> {
        let total = state.sum.value();
        let largest: Sum = state.amounts().collect();
        Ok((total > 0.0).then(|| (largest.value() / total).min(1.0)))
    }
}

/// The total and the largest amounts, the smallest of them at the top of the heap.
///
/// Amounts are kept as their bits, which order numbers of at least 0 as the numbers do.
#[derive(Debug, Default)]
pub(super) struct Largest {
    k: Constant,
    sum: Sum,
    heap: BinaryHeap<Reverse<u64>>,
}

impl Largest {
    fn keep(&mut self, amount: f64) {
        // -0.0 + 0.0 is 0.0: the bits of -0.0 would be the largest of all.
        self.heap.push(Reverse((amount + 0.0).to_bits()));
        if self.k.get().is_some_and(|k| self.heap.len() as f64 > k) {
            self.heap.pop();
        }
    }

    fn amounts(&self) -> impl Iterator<Item = f64> {
        self.heap.iter().map(|Reverse(bits)| f64::from_bits(*bits))
    }
}

impl State for Largest {
    fn merge(&mut self, other: Self) -> Result<()> {
        self.k.merge(other.k, &CrK::PARAMETERS, 1)?;
        self.sum.merge(other.sum);
        other.amounts().for_each(|amount| self.keep(amount));
        Ok(())
    }

    fn save(states: &[Self]) -> Result<Vec<ArrayRef>> {
        Saver::new(states)
            .constant(|state| state.k)
            .sum(|state| state.sum)
            .numbers(Self::amounts)
            .columns()
    }

    fn load(row: &mut Loader<'_>) -> Result<Self> {
        let (k, sum) = (row.constant()?, row.sum()?);
        let amounts = row.numbers()?.into_iter();
        Ok(Self {
            k,
            sum,
            heap: amounts.map(|amount| Reverse(amount.to_bits())).collect(),
        })
    }

    fn heap_size(&self) -> usize {
        self.heap.capacity() * size_of::<u64>()
    }
}
