//! `balanced_accuracy`: accuracy that counts every label alike.

use datafusion_common::Result;
use datafusion_expr::Documentation;
use datafusion_macros::user_doc;

use super::pairs::{ACTUAL_PREDICTED, Pairs};
use crate::aggregate::{Measure, Row, Sum};
use crate::parameters::Parameters;

#[user_doc(
    doc_section(label = "evaluation"),
    description = "The mean, over the actual labels, of the share of their rows that was predicted right: accuracy in which a rare label counts as much as a \
    frequent one.\n\n\
    Rows with NULL in either label are skipped. No rows give NULL. Labels are compared as text; no value of them is an error.\n\n\
    Source: Brodersen and others (2010), The Balanced Accuracy and Its Posterior Distribution, doi 10.1109/ICPR.2010.764; as in scikit-learn \
    a label that is only predicted does not count.",
    syntax_example = "balanced_accuracy(actual, predicted)",
    sql_example = r#"```sql
> SELECT round(balanced_accuracy(label, rule), 4) AS balanced
  FROM (VALUES ('PP', 'PP'), ('PP', 'PP'), ('PP', 'CPPC'), ('CPPC', 'CPPC'), ('CC', 'CPPC')) AS ports(label, rule);
+----------+
| balanced |
+----------+
| 0.5556   |
+----------+
```"#,
    argument(
        name = "actual",
        description = "The label that is right, or that of a first judge: VARCHAR, INTEGER or BOOLEAN."
    ),
    argument(
        name = "predicted",
        description = "The label given by a rule, a model or a second judge, of the same kind."
    ),
    related_udf(name = "accuracy"),
    related_udf(name = "cohen_kappa")
)]
#[derive(Debug)]
pub(super) struct BalancedAccuracy;

impl Measure for BalancedAccuracy {
    const PARAMETERS: Parameters = Parameters {
        function: "balanced_accuracy",
        list: ACTUAL_PREDICTED,
    };
    type State = Pairs;
    type Answer = f64;

    fn update(state: &mut Pairs, row: Row<'_>) -> Result<()> {
        state.update(row)
    }

    fn evaluate(state: &mut Pairs) -> Result<Option<f64>> {
        let mut margins = state.margins();
        margins.retain(|label| label.actual > 0);
        let found: Sum = margins
            .iter()
            .map(|label| label.agree as f64 / label.actual as f64)
            .collect();
        Ok((!margins.is_empty()).then(|| found.value() / margins.len() as f64))
    }

    fn documentation(&self) -> Option<&Documentation> {
        self.doc()
    }
}
