//! `theil_t`: Theil's index of inequality.

use datafusion_common::Result;
use datafusion_expr::Documentation;
use datafusion_macros::user_doc;

use super::logs::Logs;
use crate::aggregate::{Measure, Row};
use crate::parameters::{Kind, Parameters, required};

#[user_doc(
    doc_section(label = "concentration"),
    description = "Theil's first index T of amounts, sum s ln(n s) over their shares s = x / sum x: 0 if all are alike, ln n if one of n has all. \
    A zero counts as a part and adds nothing.\n\n\
    Rows with NULL are skipped. No rows or a total of 0 give NULL. A negative amount, NaN and infinity are errors.\n\n\
    Source: Theil (1967), Economics and Information Theory, chapter 4.",
    syntax_example = "theil_t(x)",
    sql_example = r#"```sql
> SELECT round(theil_t(cargo), 6) AS theil FROM (VALUES (50), (30), (20)) AS countries(cargo);
+----------+
| theil    |
+----------+
| 0.068959 |
+----------+
```"#,
    argument(
        name = "x",
        description = "Amount of one part, at least 0, any unit: tonnes, people, ports."
    ),
    related_udf(name = "theil_decompose"),
    related_udf(name = "gini")
)]
#[derive(Debug)]
pub(super) struct TheilT;

impl Measure for TheilT {
    const PARAMETERS: Parameters = Parameters {
        function: "theil_t",
        list: &[required("x", Kind::Number)],
    };
    type State = Logs;
    type Answer = f64;

    fn update(state: &mut Logs, row: Row<'_>) -> Result<()> {
        state.add(row.non_negative(0)?);
        Ok(())
    }

    fn evaluate(state: &mut Logs) -> Result<Option<f64>> {
        Ok(state.theil())
    }

    fn documentation(&self) -> Option<&Documentation> {
        self.doc()
    }
}
