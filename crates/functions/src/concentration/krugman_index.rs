//! `krugman_index`: how much two regions differ in what they specialise in.

use datafusion_common::Result;
use datafusion_expr::Documentation;
use datafusion_macros::user_doc;

use super::pairs::{PAIR, Pairs};
use crate::aggregate::{Measure, Row};
use crate::parameters::Parameters;

#[user_doc(
    doc_section(label = "concentration"),
    description = "Krugman's index of specialisation, sum abs(a / sum a - b / sum b) over the shares of two regions: 0 if they are alike, 2 if they have nothing in common. Twice `hoover_index`.\n\n\
    Rows with NULL in either are skipped. No rows or a total of 0 give NULL. A negative amount, NaN and infinity are errors.\n\n\
    Source: Krugman (1991), Geography and Trade, MIT Press.",
    syntax_example = "krugman_index(a, b)",
    sql_example = r#"```sql
> SELECT round(krugman_index(cargo, people), 4) AS difference FROM (VALUES (50, 25), (30, 25), (20, 50)) AS countries(cargo, people);
+------------+
| difference |
+------------+
| 0.6        |
+------------+
```"#,
    argument(
        name = "a",
        description = "Amount of one part in the first distribution, at least 0."
    ),
    argument(
        name = "b",
        description = "Amount of the same part in the second, at least 0, in any unit."
    ),
    related_udf(name = "hoover_index")
)]
#[derive(Debug)]
pub(super) struct KrugmanIndex;

impl Measure for KrugmanIndex {
    const PARAMETERS: Parameters = Parameters {
        function: "krugman_index",
        list: PAIR,
    };
    type State = Pairs;
    type Answer = f64;

    fn update(state: &mut Pairs, row: Row<'_>) -> Result<()> {
        state.update(row)
    }

    fn evaluate(state: &mut Pairs) -> Result<Option<f64>> {
        Ok(state.difference())
    }

    fn documentation(&self) -> Option<&Documentation> {
        self.doc()
    }
}
