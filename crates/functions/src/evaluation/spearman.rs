//! `spearman`: whether two numbers rise together.

use arrow::array::ArrayRef;
use datafusion_common::Result;
use datafusion_expr::Documentation;
use datafusion_macros::user_doc;

use super::ranks::{agreement, ranks};
use crate::aggregate::{Loader, Measure, Row, Saver, State};
use crate::parameters::{Kind, Parameters, required};

#[user_doc(
    doc_section(label = "evaluation"),
    description = "Spearman's rank correlation: Pearson's correlation of the ranks of a and b, equal values sharing the mean of their ranks. 1 if b always rises \
    with a, -1 if it always falls.\n\n\
    Rows with NULL in either number are skipped. Fewer than two rows, and a or b all alike, give NULL. NaN and infinity are errors.\n\n\
    Source: Spearman (1904), The Proof and Measurement of Association between Two Things, doi 10.2307/1412159; ties as in scipy.stats.spearmanr.",
    syntax_example = "spearman(a, b)",
    sql_example = r#"```sql
> SELECT spearman(cargo, people) AS correlation
  FROM (VALUES (10, 1), (20, 3), (30, 2)) AS ports(cargo, people);
+-------------+
| correlation |
+-------------+
| 0.5         |
+-------------+
```"#,
    argument(name = "a", description = "One number of a thing, any unit."),
    argument(
        name = "b",
        description = "Another number of the same thing, any unit."
    )
)]
#[derive(Debug)]
pub(super) struct Spearman;

impl Measure for Spearman {
    const PARAMETERS: Parameters = Parameters {
        function: "spearman",
        list: &[required("a", Kind::Number), required("b", Kind::Number)],
    };
    type State = Values;
    type Answer = f64;

    fn update(state: &mut Values, row: Row<'_>) -> Result<()> {
        state.a.push(row.number(0)?);
        state.b.push(row.number(1)?);
        Ok(())
    }

    fn evaluate(state: &mut Values) -> Result<Option<f64>> {
        Ok(agreement(&ranks(&state.a), &ranks(&state.b)))
    }

    fn documentation(&self) -> Option<&Documentation> {
        self.doc()
    }
}

/// The values of all rows: ranks are known only when all are there.
#[derive(Debug, Default)]
pub(super) struct Values {
    a: Vec<f64>,
    b: Vec<f64>,
}

impl State for Values {
    fn merge(&mut self, other: Self) -> Result<()> {
        self.a.extend(other.a);
        self.b.extend(other.b);
        Ok(())
    }

    fn save(states: &[Self]) -> Result<Vec<ArrayRef>> {
        Saver::new(states)
            .numbers(|state| state.a.iter().copied())
            .numbers(|state| state.b.iter().copied())
            .columns()
    }

    fn load(row: &mut Loader<'_>) -> Result<Self> {
        Ok(Self {
            a: row.numbers()?,
            b: row.numbers()?,
        })
    }

    fn heap_size(&self) -> usize {
        (self.a.capacity() + self.b.capacity()) * size_of::<f64>()
    }
}
