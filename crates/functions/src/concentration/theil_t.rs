//! `theil_t`: Theil's index of inequality.

use datafusion_common::Result;

use super::logs::Logs;
use super::{AMOUNT, AMOUNT_SAMPLES};
use crate::aggregate::{Measure, Row};
use crate::documented::{Benchmark, Documented, Manual, Samples, benchmark};
use crate::parameters::Parameters;

#[derive(Debug)]
pub(super) struct TheilT;

impl Documented for TheilT {
    const PARAMETERS: Parameters = Parameters {
        function: "theil_t",
        list: &[AMOUNT],
    };
    const MANUAL: Manual = Manual {
        text: "Theil's first index T of amounts, sum s ln(n s) over their shares s = x / sum x: 0 if all are alike, ln n if one of n has all. \
        A zero counts as a part and adds nothing.\n\n\
        Rows with NULL are skipped. No rows or a total of 0 give NULL. A negative amount, NaN and infinity are errors.\n\n\
        Source: Theil (1967), Economics and Information Theory, chapter 4.",
        example: "
> SELECT round(theil_t(cargo), 6) AS theil FROM (VALUES (50), (30), (20)) AS countries(cargo);
+----------+
| theil    |
+----------+
| 0.068959 |
+----------+
",
        related: &["theil_decompose", "gini"],
    };
    const SAMPLES: Samples = AMOUNT_SAMPLES;
    const BENCHMARK: Benchmark = benchmark::against(
        benchmark::SPREAD_OF_MANY,
        "SELECT theil_t(x) FROM many GROUP BY place",
    );
}

impl Measure for TheilT {
    type State = Logs;
    type Answer = f64;

    fn update(state: &mut Logs, row: Row<'_>) -> Result<()> {
        state.add(row.non_negative(0)?);
        Ok(())
    }

    fn evaluate(state: &mut Logs) -> Result<Option<f64>> {
        Ok(state.theil())
    }
}
