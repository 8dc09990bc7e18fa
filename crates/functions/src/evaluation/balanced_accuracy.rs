//! `balanced_accuracy`: accuracy that counts every label alike.

use datafusion_common::Result;

use super::label_pairs::{ACTUAL_PREDICTED, LABEL_SAMPLES, LabelPairs};
use crate::aggregate::{Measure, Row, Sum};
use crate::documented::{Benchmark, Documented, Manual, Samples, benchmark};
use crate::parameters::Parameters;

#[derive(Debug)]
pub(super) struct BalancedAccuracy;

impl Documented for BalancedAccuracy {
    const PARAMETERS: Parameters = Parameters {
        function: "balanced_accuracy",
        list: ACTUAL_PREDICTED,
    };
    const MANUAL: Manual = Manual {
        text: "The mean, over the actual labels, of the share of their rows that was predicted right: accuracy in which a rare label counts as much as a \
        frequent one.\n\n\
        Rows with NULL in either label are skipped. No rows give NULL. Labels are compared as text; no value of them is an error.\n\n\
        Source: Brodersen and others (2010), The Balanced Accuracy and Its Posterior Distribution, doi 10.1109/ICPR.2010.764; as in scikit-learn \
        a label that is only predicted does not count.",
        example: "
> SELECT round(balanced_accuracy(label, rule), 4) AS balanced
  FROM (VALUES ('PP', 'PP'), ('PP', 'PP'), ('PP', 'CPPC'), ('CPPC', 'CPPC'), ('CC', 'CPPC')) AS ports(label, rule);
+----------+
| balanced |
+----------+
| 0.5556   |
+----------+
",
        related: &["accuracy", "cohen_kappa"],
    };
    const SAMPLES: Samples = LABEL_SAMPLES;
    const BENCHMARK: Benchmark = benchmark::against(
        benchmark::SPREAD,
        "SELECT balanced_accuracy(label, rule) FROM some GROUP BY place",
    );
}

impl Measure for BalancedAccuracy {
    type State = LabelPairs;
    type Answer = f64;

    fn update(state: &mut LabelPairs, row: Row<'_>) -> Result<()> {
        state.update(row)
    }

    fn evaluate(state: &mut LabelPairs) -> Result<Option<f64>> {
        let mut margins = state.margins();
        margins.retain(|label| label.actual > 0);
        let found: Sum = margins
            .iter()
            .map(|label| label.agree as f64 / label.actual as f64)
            .collect();
        Ok((!margins.is_empty()).then(|| found.value() / margins.len() as f64))
    }
}
