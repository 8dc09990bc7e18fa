//! `accuracy`: how often labels are right.

use arrow::array::ArrayRef;
use datafusion_common::Result;
use datafusion_expr::Documentation;
use datafusion_macros::user_doc;

use super::pairs::ACTUAL_PREDICTED;
use crate::aggregate::{Loader, Measure, Row, Saver, State};
use crate::parameters::Parameters;

#[user_doc(
    doc_section(label = "evaluation"),
    description = "The share of rows whose predicted label is the actual one.\n\n\
    Rows with NULL in either label are skipped. No rows give NULL. Labels are compared as text; no value of them is an error.\n\n\
    Source: scikit-learn, accuracy_score.",
    syntax_example = "accuracy(actual, predicted)",
    sql_example = r#"```sql
> SELECT accuracy(label, rule) AS accuracy
  FROM (VALUES ('PP', 'PP'), ('PP', 'PP'), ('PP', 'CPPC'), ('CPPC', 'CPPC'), ('CC', 'CPPC')) AS ports(label, rule);
+----------+
| accuracy |
+----------+
| 0.6      |
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
    related_udf(name = "balanced_accuracy"),
    related_udf(name = "cohen_kappa")
)]
#[derive(Debug)]
pub(super) struct Accuracy;

impl Measure for Accuracy {
    const PARAMETERS: Parameters = Parameters {
        function: "accuracy",
        list: ACTUAL_PREDICTED,
    };
    type State = Agreement;
    type Answer = f64;

    fn update(state: &mut Agreement, row: Row<'_>) -> Result<()> {
        state.rows += 1;
        state.agree += i64::from(row.text(0)? == row.text(1)?);
        Ok(())
    }

    fn evaluate(state: &mut Agreement) -> Result<Option<f64>> {
        Ok((state.rows > 0).then(|| state.agree as f64 / state.rows as f64))
    }

    fn documentation(&self) -> Option<&Documentation> {
        self.doc()
    }
}

/// Rows, and those whose labels agree.
#[derive(Debug, Default)]
pub(super) struct Agreement {
    rows: i64,
    agree: i64,
}

impl State for Agreement {
    fn merge(&mut self, other: Self) -> Result<()> {
        self.rows += other.rows;
        self.agree += other.agree;
        Ok(())
    }

    fn save(states: &[Self]) -> Result<Vec<ArrayRef>> {
        Saver::new(states)
            .count(|state| state.rows)
            .count(|state| state.agree)
            .columns()
    }

    fn load(row: &mut Loader<'_>) -> Result<Self> {
        Ok(Self {
            rows: row.count()?,
            agree: row.count()?,
        })
    }
}
