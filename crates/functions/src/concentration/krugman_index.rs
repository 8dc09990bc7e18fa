//! `krugman_index`: how much two regions differ in what they specialise in.

use datafusion_common::Result;

use super::amount_pairs::{AmountPairs, PAIR, PAIR_SAMPLES};
use crate::aggregate::{Measure, Row};
use crate::documented::{Benchmark, Documented, Manual, Samples, benchmark};
use crate::parameters::Parameters;

#[derive(Debug)]
pub(super) struct KrugmanIndex;

impl Documented for KrugmanIndex {
    const PARAMETERS: Parameters = Parameters {
        function: "krugman_index",
        list: PAIR,
    };
    const MANUAL: Manual = Manual {
        text: "Krugman's index of specialisation, sum abs(a / sum a - b / sum b) over the shares of two regions: 0 if they are alike, 2 if they have nothing in common. Twice `hoover_index`.\n\n\
        Rows with NULL in either are skipped. No rows or a total of 0 give NULL. A negative amount, NaN and infinity are errors.\n\n\
        Source: Krugman (1991), Geography and Trade, MIT Press.",
        example: "
> SELECT round(krugman_index(cargo, people), 4) AS difference FROM (VALUES (50, 25), (30, 25), (20, 50)) AS countries(cargo, people);
+------------+
| difference |
+------------+
| 0.6        |
+------------+
",
        related: &["hoover_index"],
    };
    const SAMPLES: Samples = PAIR_SAMPLES;
    const BENCHMARK: Benchmark = benchmark::against(
        benchmark::CORRELATION,
        "SELECT krugman_index(x, y) FROM some GROUP BY place",
    );
}

impl Measure for KrugmanIndex {
    type State = AmountPairs;
    type Answer = f64;

    fn update(state: &mut AmountPairs, row: Row<'_>) -> Result<()> {
        state.update(row)
    }

    fn evaluate(state: &mut AmountPairs) -> Result<Option<f64>> {
        Ok(state.difference())
    }
}
