//! `gini`: the Gini coefficient.

use datafusion_common::Result;
use datafusion_expr::{Documentation, GroupsAccumulator};
use datafusion_macros::user_doc;

use super::amounts::Amounts;
use super::amounts_of_groups::AmountsOfGroups;
use crate::aggregate::{Measure, Row, Sum};
use crate::parameters::{Kind, Parameters, required};

#[user_doc(
    doc_section(label = "concentration"),
    description = "The Gini coefficient of amounts, sum (2i - n - 1) x_i / (n sum x) with x sorted upwards: 0 if all are alike, 1 - 1/n if one of n has all. \
    The population form, without n / (n - 1). All amounts of a group are kept in memory, 8 bytes each.\n\n\
    Rows with NULL are skipped. No rows or a total of 0 give NULL. A negative amount, NaN and infinity are errors.\n\n\
    Source: Gini (1912), Variabilità e mutabilità.",
    syntax_example = "gini(x)",
    sql_example = r#"```sql
> SELECT gini(cargo) AS gini FROM (VALUES (50), (30), (20)) AS countries(cargo);
+------+
| gini |
+------+
| 0.2  |
+------+
```"#,
    argument(
        name = "x",
        description = "Amount of one part, at least 0, any unit: tonnes, people, ports."
    ),
    related_udf(name = "theil_t"),
    related_udf(name = "hhi")
)]
#[derive(Debug)]
pub(super) struct Gini;

impl Measure for Gini {
    const PARAMETERS: Parameters = Parameters {
        function: "gini",
        list: &[required("x", Kind::Number)],
    };
    type State = Amounts;
    type Answer = f64;

    fn update(state: &mut Amounts, row: Row<'_>) -> Result<()> {
        state.push(row.non_negative(0)?);
        Ok(())
    }

    fn evaluate(state: &mut Amounts) -> Result<Option<f64>> {
        let amounts = state.sorted();
        let count = amounts.len() as f64;
        let (mut total, mut weighted) = (Sum::default(), Sum::default());
        // 2i - n - 1.
        let mut weight = 1.0 - count;
        for amount in amounts {
            total.add(*amount);
            weighted.add(weight * amount);
            weight += 2.0;
        }
        let total = total.value();
        Ok((total > 0.0).then(|| (weighted.value() / (count * total)).max(0.0)))
    }

    fn groups() -> Box<dyn GroupsAccumulator> {
        Box::new(AmountsOfGroups::<Self>::default())
    }

    fn documentation(&self) -> Option<&Documentation> {
        self.doc()
    }
}
