//! `hhi`: the Herfindahl-Hirschman index.

use datafusion_common::Result;

use super::squares::Squares;
use super::{AMOUNT, AMOUNT_SAMPLES};
use crate::aggregate::{Measure, Row};
use crate::documented::{Benchmark, Documented, Manual, Samples, benchmark};
use crate::parameters::Parameters;

#[derive(Debug)]
pub(super) struct Hhi;

impl Documented for Hhi {
    const PARAMETERS: Parameters = Parameters {
        function: "hhi",
        list: &[AMOUNT],
    };
    const MANUAL: Manual = Manual {
        text: "The Herfindahl-Hirschman index of amounts, the sum of their squared shares: sum (x / sum x)². From 1/n, all alike, to 1, \
        all with one. Multiply by 10000 for the scale of competition authorities.\n\n\
        Rows with NULL are skipped. No rows or a total of 0 give NULL. A negative amount, NaN and infinity are errors.\n\n\
        Source: Hirschman (1964), The paternity of an index, American Economic Review 54(5).",
        example: "
> SELECT hhi(cargo) AS hhi FROM (VALUES (50), (30), (20)) AS countries(cargo);
+------+
| hhi  |
+------+
| 0.38 |
+------+
",
        related: &[],
    };
    const SAMPLES: Samples = AMOUNT_SAMPLES;
    const BENCHMARK: Benchmark = benchmark::against(
        benchmark::SPREAD_OF_MANY,
        "SELECT hhi(x) FROM many GROUP BY place",
    );
}

impl Measure for Hhi {
    type State = Squares;
    type Answer = f64;

    fn update(state: &mut Squares, row: Row<'_>) -> Result<()> {
        state.update(row)
    }

    fn evaluate(state: &mut Squares) -> Result<Option<f64>> {
        Ok(state.index())
    }
}
