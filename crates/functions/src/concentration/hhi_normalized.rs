//! `hhi_normalized`: the Herfindahl-Hirschman index between 0 and 1 for any number of parts.

use datafusion_common::Result;

use super::squares::Squares;
use super::{AMOUNT, AMOUNT_SAMPLES};
use crate::aggregate::{Measure, Row};
use crate::documented::{Benchmark, Documented, Manual, Samples, benchmark};
use crate::parameters::Parameters;

#[derive(Debug)]
pub(super) struct HhiNormalized;

impl Documented for HhiNormalized {
    const PARAMETERS: Parameters = Parameters {
        function: "hhi_normalized",
        list: &[AMOUNT],
    };
    const MANUAL: Manual = Manual {
        text: "The Herfindahl-Hirschman index freed from the number of parts n, (hhi - 1/n) / (1 - 1/n): 0 if all are alike, 1 if one has all. \
        n counts zeros too: leave them out with FILTER if they are no parts.\n\n\
        Rows with NULL are skipped. No rows or a total of 0 give NULL. A negative amount, NaN and infinity are errors. A single part gives NULL.\n\n\
        Source: Hirschman (1964), The paternity of an index, American Economic Review 54(5), rescaled.",
        example: "
> SELECT round(hhi_normalized(cargo), 4) AS normalized FROM (VALUES (50), (30), (20)) AS countries(cargo);
+------------+
| normalized |
+------------+
| 0.07       |
+------------+
",
        related: &["hhi"],
    };
    const SAMPLES: Samples = AMOUNT_SAMPLES;
    const BENCHMARK: Benchmark = benchmark::against(
        benchmark::SPREAD_OF_MANY,
        "SELECT hhi_normalized(x) FROM many GROUP BY place",
    );
}

impl Measure for HhiNormalized {
    type State = Squares;
    type Answer = f64;

    fn update(state: &mut Squares, row: Row<'_>) -> Result<()> {
        state.update(row)
    }

    fn evaluate(state: &mut Squares) -> Result<Option<f64>> {
        let rows = state.rows();
        if rows <= 1.0 {
            return Ok(None);
        }
        let index = state.index();
        Ok(index.map(|index| ((index - 1.0 / rows) / (1.0 - 1.0 / rows)).max(0.0)))
    }
}
