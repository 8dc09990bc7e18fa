//! `hhi`: the Herfindahl-Hirschman index.

use datafusion_common::Result;
use datafusion_expr::Documentation;
use datafusion_macros::user_doc;

use super::squares::Squares;
use crate::aggregate::{Measure, Row};
use crate::parameters::{Kind, Parameters, required};

#[user_doc(
    doc_section(label = "concentration"),
    description = "The Herfindahl-Hirschman index of amounts, the sum of their squared shares: sum (x / sum x)². From 1/n, all alike, to 1, \
    all with one. Multiply by 10000 for the scale of competition authorities.\n\n\
    Rows with NULL are skipped. No rows or a total of 0 give NULL. A negative amount, NaN and infinity are errors.\n\n\
    Source: Hirschman (1964), The paternity of an index, American Economic Review 54(5).",
    syntax_example = "hhi(x)",
    sql_example = r#"```sql
> SELECT hhi(cargo) AS hhi FROM (VALUES (50), (30), (20)) AS countries(cargo);
+------+
| hhi  |
+------+
| 0.38 |
+------+
```"#,
    argument(
        name = "x",
        description = "Amount of one part, at least 0, any unit: tonnes, people, ports."
    )
)]
#[derive(Debug)]
pub(super) struct Hhi;

impl Measure for Hhi {
    const PARAMETERS: Parameters = Parameters {
        function: "hhi",
        list: &[required("x", Kind::Number)],
    };
    type State = Squares;
    type Answer = f64;

    fn update(state: &mut Squares, row: Row<'_>) -> Result<()> {
        state.update(row)
    }

    fn evaluate(state: &mut Squares) -> Result<Option<f64>> {
        Ok(state.index())
    }

    fn documentation(&self) -> Option<&Documentation> {
        self.doc()
    }
}
