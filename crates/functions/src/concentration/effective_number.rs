//! `effective_number`: how many parts of one size would be as concentrated.

use datafusion_common::Result;

use super::squares::Squares;
use super::{AMOUNT, AMOUNT_SAMPLES};
use crate::aggregate::{Measure, Row};
use crate::documented::{Benchmark, Documented, Manual, Samples, benchmark};
use crate::parameters::Parameters;

#[derive(Debug)]
pub(super) struct EffectiveNumber;

impl Documented for EffectiveNumber {
    const PARAMETERS: Parameters = Parameters {
        function: "effective_number",
        list: &[AMOUNT],
    };
    const MANUAL: Manual = Manual {
        text: "The number of parts of one size that would be as concentrated: 1 / hhi(x). From 1, one has all, to n, all alike.\n\n\
        Rows with NULL are skipped. No rows or a total of 0 give NULL. A negative amount, NaN and infinity are errors.\n\n\
        Source: Laakso and Taagepera (1979), Effective number of parties, Comparative Political Studies 12(1).",
        example: "
> SELECT round(effective_number(cargo), 4) AS countries FROM (VALUES (50), (30), (20)) AS countries(cargo);
+-----------+
| countries |
+-----------+
| 2.6316    |
+-----------+
",
        related: &["hhi"],
    };
    const SAMPLES: Samples = AMOUNT_SAMPLES;
    const BENCHMARK: Benchmark = benchmark::against(
        benchmark::SPREAD_OF_MANY,
        "SELECT effective_number(x) FROM many GROUP BY place",
    );
}

impl Measure for EffectiveNumber {
    type State = Squares;
    type Answer = f64;

    fn update(state: &mut Squares, row: Row<'_>) -> Result<()> {
        state.update(row)
    }

    fn evaluate(state: &mut Squares) -> Result<Option<f64>> {
        Ok(state.index().map(f64::recip))
    }
}
