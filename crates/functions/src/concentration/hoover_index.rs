//! `hoover_index`: the share that would have to move to make two distributions alike.

use datafusion_common::Result;

use super::amount_pairs::{AmountPairs, PAIR, PAIR_SAMPLES};
use crate::aggregate::{Measure, Row};
use crate::documented::{Benchmark, Documented, Manual, Samples, benchmark};
use crate::parameters::Parameters;

#[derive(Debug)]
pub(super) struct HooverIndex;

impl Documented for HooverIndex {
    const PARAMETERS: Parameters = Parameters {
        function: "hoover_index",
        list: PAIR,
    };
    const MANUAL: Manual = Manual {
        text: "The Hoover index of two distributions, sum abs(a / sum a - b / sum b) / 2: the share of one that would have to move to spread it like the other, 0 to 1. \
        With b the same everywhere it measures inequality of a.\n\n\
        Rows with NULL in either are skipped. No rows or a total of 0 give NULL. A negative amount, NaN and infinity are errors.\n\n\
        Source: Hoover (1936), The measurement of industrial localization, Review of Economics and Statistics 18(4).",
        example: "
> SELECT round(hoover_index(cargo, people), 4) AS difference FROM (VALUES (50, 25), (30, 25), (20, 50)) AS countries(cargo, people);
+------------+
| difference |
+------------+
| 0.3        |
+------------+
",
        related: &["krugman_index"],
    };
    const SAMPLES: Samples = PAIR_SAMPLES;
    const BENCHMARK: Benchmark = benchmark::against(
        benchmark::CORRELATION,
        "SELECT hoover_index(x, y) FROM some GROUP BY place",
    );
}

impl Measure for HooverIndex {
    type State = AmountPairs;
    type Answer = f64;

    fn update(state: &mut AmountPairs, row: Row<'_>) -> Result<()> {
        state.update(row)
    }

    fn evaluate(state: &mut AmountPairs) -> Result<Option<f64>> {
        Ok(state.difference().map(|difference| difference / 2.0))
    }
}
