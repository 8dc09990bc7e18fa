//! `entropy_normalized`: entropy of shares between 0 and 1.

use datafusion_common::Result;
use datafusion_expr::Documentation;
use datafusion_macros::user_doc;

use super::logs::Logs;
use crate::aggregate::{Measure, Row};
use crate::parameters::{Kind, Parameters, required};

#[user_doc(
    doc_section(label = "concentration"),
    description = "The entropy of amounts as a part of the largest possible, entropy_w(x) / ln n: 0 if one has all, 1 if all n are alike (Pielou's evenness). \
    n counts zeros too: leave them out with FILTER if they are no parts.\n\n\
    Rows with NULL are skipped. No rows or a total of 0 give NULL. A negative amount, NaN and infinity are errors. A single part gives NULL.\n\n\
    Source: Pielou (1966), The measurement of diversity, Journal of Theoretical Biology 13.",
    syntax_example = "entropy_normalized(x)",
    sql_example = r#"```sql
> SELECT round(entropy_normalized(cargo), 6) AS evenness FROM (VALUES (50), (30), (20)) AS countries(cargo);
+----------+
| evenness |
+----------+
| 0.937231 |
+----------+
```"#,
    argument(
        name = "x",
        description = "Amount of one part, at least 0, any unit: tonnes, people, ports."
    ),
    related_udf(name = "entropy_w")
)]
#[derive(Debug)]
pub(super) struct EntropyNormalized;

impl Measure for EntropyNormalized {
    const PARAMETERS: Parameters = Parameters {
        function: "entropy_normalized",
        list: &[required("x", Kind::Number)],
    };
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

    fn documentation(&self) -> Option<&Documentation> {
        self.doc()
    }
}
