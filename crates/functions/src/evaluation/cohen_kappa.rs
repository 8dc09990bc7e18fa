//! `cohen_kappa`: agreement of labels beyond chance.

use datafusion_common::Result;
use datafusion_expr::Documentation;
use datafusion_macros::user_doc;

use super::pairs::{ACTUAL_PREDICTED, Pairs};
use crate::aggregate::{Measure, Row};
use crate::parameters::Parameters;

#[user_doc(
    doc_section(label = "evaluation"),
    description = "Cohen's kappa: how well two labels of the same things agree beyond chance, (p_o - p_e) / (1 - p_e) with the share of agreement p_o and \
    the agreement p_e expected if both labels were given independently with the frequencies they have. 1 is full agreement, 0 what chance gives, below 0 worse.\n\n\
    Rows with NULL in either label are skipped. No rows, and one same label in all rows, give NULL. Labels are compared as text; no value of them is an error.\n\n\
    Source: Cohen (1960), A Coefficient of Agreement for Nominal Scales, doi 10.1177/001316446002000104.",
    syntax_example = "cohen_kappa(actual, predicted)",
    sql_example = r#"```sql
> SELECT cohen_kappa(label, rule) AS kappa
  FROM (VALUES ('PP', 'PP'), ('PP', 'PP'), ('PP', 'CPPC'), ('CPPC', 'CPPC'), ('CC', 'CPPC')) AS ports(label, rule);
+-------+
| kappa |
+-------+
| 0.375 |
+-------+
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
    related_udf(name = "confusion")
)]
#[derive(Debug)]
pub(super) struct CohenKappa;

impl Measure for CohenKappa {
    const PARAMETERS: Parameters = Parameters {
        function: "cohen_kappa",
        list: ACTUAL_PREDICTED,
    };
    const ALIASES: &'static [&'static str] = &["kappa"];
    type State = Pairs;
    type Answer = f64;

    fn update(state: &mut Pairs, row: Row<'_>) -> Result<()> {
        state.update(row)
    }

    fn evaluate(state: &mut Pairs) -> Result<Option<f64>> {
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

    fn documentation(&self) -> Option<&Documentation> {
        self.doc()
    }
}
