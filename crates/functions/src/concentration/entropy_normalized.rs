//! `entropy_normalized`: entropy of shares between 0 and 1.

use datafusion_common::Result;

use super::logs::Logs;
use super::{AMOUNT, AMOUNT_SAMPLES};
use crate::aggregate::{Measure, Row};
use crate::documented::{Benchmark, Documented, Manual, Samples, benchmark};
use crate::parameters::Parameters;

#[derive(Debug)]
pub(super) struct EntropyNormalized;

impl Documented for EntropyNormalized {
    const PARAMETERS: Parameters = Parameters {
        function: "entropy_normalized",
        list: &[AMOUNT],
    };
    const MANUAL: Manual = Manual {
        text: "The entropy of amounts as a part of the largest possible, entropy_w(x) / ln n: 0 if one has all, 1 if all n are alike (Pielou's evenness). \
        n counts zeros too: leave them out with FILTER if they are no parts.\n\n\
        Rows with NULL are skipped. No rows or a total of 0 give NULL. A negative amount, NaN and infinity are errors. A single part gives NULL.\n\n\
        Source: Pielou (1966), The measurement of diversity, Journal of Theoretical Biology 13.",
        example: "
> SELECT round(entropy_normalized(cargo), 6) AS evenness FROM (VALUES (50), (30), (20)) AS countries(cargo);
+----------+
| evenness |
+----------+
| 0.937231 |
+----------+
",
        related: &["entropy_w"],
    };
    const SAMPLES: Samples = AMOUNT_SAMPLES;
    const BENCHMARK: Benchmark = benchmark::against(
        benchmark::SPREAD_OF_MANY,
        "SELECT entropy_normalized(x) FROM many GROUP BY place",
    );
}

impl Measure for EntropyNormalized {
    type State = Logs;
    type Answer = f64;

    fn update(state: &mut Logs, row: Row<'_>) -> Result<()> {
        state.add(row.non_negative(0)?);
        Ok(())
    }

    fn evaluate(state: &mut Logs) -> Result<Option<f64>> {
        let rows = state.rows();
        if rows <= 1.0 {
            return Ok(None);
        }
        Ok(state.entropy().map(|entropy| entropy / rows.ln()))
    }
}
