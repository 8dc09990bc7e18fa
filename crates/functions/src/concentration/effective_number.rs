//! `effective_number`: how many parts of one size would be as concentrated.

use datafusion_common::Result;
use datafusion_expr::Documentation;
use datafusion_macros::user_doc;

use super::squares::Squares;
use crate::aggregate::{Measure, Row};
use crate::parameters::{Kind, Parameters, required};

#[user_doc(
    doc_section(label = "concentration"),
    description = "The number of parts of one size that would be as concentrated: 1 / hhi(x). From 1, one has all, to n, all alike.\n\n\
    Rows with NULL are skipped. No rows or a total of 0 give NULL. A negative amount, NaN and infinity are errors.\n\n\
    Source: Laakso and Taagepera (1979), Effective number of parties, Comparative Political Studies 12(1).",
    syntax_example = "effective_number(x)",
    sql_example = r#"```sql
> SELECT round(effective_number(cargo), 4) AS countries FROM (VALUES (50), (30), (20)) AS countries(cargo);
+-----------+
| countries |
+-----------+
| 2.6316    |
+-----------+
```"#,
    argument(
        name = "x",
        description = "Amount of one part, at least 0, any unit: tonnes, people, ports."
    ),
    related_udf(name = "hhi")
)]
#[derive(Debug)]
pub(super) struct EffectiveNumber;

impl Measure for EffectiveNumber {
    const PARAMETERS: Parameters = Parameters {
        function: "effective_number",
        list: &[required("x", Kind::Number)],
    };
    type State = Squares;
    type Answer = f64;

    fn update(state: &mut Squares, row: Row<'_>) -> Result<()> {
        state.update(row)
    }

    fn evaluate(state: &mut Squares) -> Result<Option<f64>> {
        Ok(state.index().map(f64::recip))
    }

    fn documentation(&self) -> Option<&Documentation> {
        self.doc()
    }
}
