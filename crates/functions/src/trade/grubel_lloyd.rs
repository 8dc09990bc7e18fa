//! `grubel_lloyd`: how much of trade goes both ways within a good.

use arrow::array::ArrayRef;
use datafusion_common::Result;
use datafusion_expr::Documentation;
use datafusion_macros::user_doc;

use crate::aggregate::{Loader, Measure, Row, Saver, State, Sum};
use crate::parameters::{Kind, Parameters, required};

#[user_doc(
    doc_section(label = "trade"),
    description = "The Grubel-Lloyd index of trade within goods, 1 - sum abs(x - m) / sum (x + m), one row for each good: 1 if each is exported as much as imported, \
    0 if each goes one way only. For a single good it is 1 - abs(directionality(x, m)).\n\n\
    Rows with NULL in either are skipped. No rows and no trade at all give NULL. A negative amount, NaN and infinity are errors.\n\n\
    Source: Grubel and Lloyd (1975), Intra-Industry Trade.",
    syntax_example = "grubel_lloyd(x, m)",
    sql_example = r#"```sql
> SELECT grubel_lloyd(x, m) AS within_goods FROM (VALUES (30, 50), (20, 0)) AS goods(x, m);
+--------------+
| within_goods |
+--------------+
| 0.6          |
+--------------+
```"#,
    argument(name = "x", description = "Exports of one good, at least 0."),
    argument(name = "m", description = "Imports of the same good, the same unit."),
    related_udf(name = "directionality")
)]
#[derive(Debug)]
pub(super) struct GrubelLloyd;

impl Measure for GrubelLloyd {
    const PARAMETERS: Parameters = Parameters {
        function: "grubel_lloyd",
        list: &[required("x", Kind::Number), required("m", Kind::Number)],
    };
    type State = Balance;
    type Answer = f64;

    fn update(state: &mut Balance, row: Row<'_>) -> Result<()> {
        let (exports, imports) = (row.non_negative(0)?, row.non_negative(1)?);
        state.one_way.add((exports - imports).abs());
        state.all.add(exports);
        state.all.add(imports);
        Ok(())
    }

    fn evaluate(state: &mut Balance) -> Result<Option<f64>> {
        let (one_way, all) = (state.one_way.value(), state.all.value());
        Ok((all > 0.0).then(|| 1.0 - one_way / all))
    }

    fn documentation(&self) -> Option<&Documentation> {
        self.doc()
    }
}

/// Trade in all, and what of it is not matched by trade the other way.
#[derive(Debug, Default)]
pub(super) struct Balance {
    one_way: Sum,
    all: Sum,
}

impl State for Balance {
    fn merge(&mut self, other: Self) -> Result<()> {
        self.one_way.merge(other.one_way);
        self.all.merge(other.all);
        Ok(())
    }

    fn save(states: &[Self]) -> Result<Vec<ArrayRef>> {
        Saver::new(states)
            .sum(|state| state.one_way)
            .sum(|state| state.all)
            .columns()
    }

    fn load(row: &mut Loader<'_>) -> Result<Self> {
        Ok(Self {
            one_way: row.sum()?,
            all: row.sum()?,
        })
    }
}
