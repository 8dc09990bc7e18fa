//! `cohen_kappa`: agreement of labels beyond chance.

use datafusion_common::Result;

use super::label_pairs::{ACTUAL_PREDICTED, LABEL_SAMPLES, LabelPairs};
use crate::aggregate::{Measure, Row};
use crate::documented::{Benchmark, Documented, Manual, Samples, benchmark};
use crate::parameters::Parameters;

#[derive(Debug)]
pub(super) struct CohenKappa;

impl Documented for CohenKappa {
    const PARAMETERS: Parameters = Parameters {
        function: "cohen_kappa",
        list: ACTUAL_PREDICTED,
    };
    const ALIASES: &'static [&'static str] = &["kappa"];
    const MANUAL: Manual = Manual {
        text: "Cohen's kappa: how well two labels of the same things agree beyond chance, (p_o - p_e) / (1 - p_e) with the share of agreement p_o and \
        the agreement p_e expected if both labels were given independently with the frequencies they have. 1 is full agreement, 0 what chance gives, below 0 worse.\n\n\
        Rows with NULL in either label are skipped. No rows, and one same label in all rows, give NULL. Labels are compared as text; no value of them is an error.\n\n\
        Source: Cohen (1960), A Coefficient of Agreement for Nominal Scales, doi 10.1177/001316446002000104.",
        example: "
> SELECT cohen_kappa(label, rule) AS kappa
  FROM (VALUES ('PP', 'PP'), ('PP', 'PP'), ('PP', 'CPPC'), ('CPPC', 'CPPC'), ('CC', 'CPPC')) AS ports(label, rule);
+-------+
| kappa |
+-------+
| 0.375 |
+-------+
",
        related: &["accuracy", "confusion"],
    };
    const SAMPLES: Samples = LABEL_SAMPLES;
    const BENCHMARK: Benchmark = benchmark::against(
        benchmark::SPREAD,
        "SELECT cohen_kappa(label, rule) FROM some GROUP BY place",
    );
}

impl Measure for CohenKappa {
    type State = LabelPairs;
    type Answer = f64;

    fn update(state: &mut LabelPairs, row: Row<'_>) -> Result<()> {
        state.update(row)
    }

    fn evaluate(state: &mut LabelPairs) -> Result<Option<f64>> {
        let total = state.total() as f64;
        let margins = state.margins();
        let agree: i64 = margins.iter().map(|label| label.agree).sum();
        let by_chance: f64 = margins
            .iter()
            .map(|label| label.actual as f64 * label.predicted as f64)
            .sum();
        let open = total * total - by_chance;
        Ok((open > 0.0).then(|| (agree as f64 * total - by_chance) / open))
    }
}
