//! `seasonality_index`: each month against the mean month.

use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, Int32Array, StructArray};
use arrow::datatypes::{DataType, Field, Fields};
use datafusion_common::Result;
use datafusion_expr::Documentation;
use datafusion_macros::user_doc;

use super::months::{AMOUNT_AND_MONTH, Months};
use crate::aggregate::{Measure, Row, Sum};
use crate::lists::Item;
use crate::parameters::Parameters;

#[user_doc(
    doc_section(label = "trade"),
    description = "Each month against the mean month, as LIST<STRUCT(month INTEGER, index DOUBLE)> in the order of months, opened by `unnest`: 100 x / mean, so 100 is an ordinary month. \
    With several years x is the mean of the month, and the mean is that of the months present. Months without rows are not in the list.\n\n\
    Rows with NULL in either are skipped. No rows or a total of 0 give NULL. A month outside 1 to 12, a negative amount, NaN and infinity are errors.\n\n\
    Source: ratio to the mean; values by numpy.",
    syntax_example = "seasonality_index(x, month)",
    sql_example = r#"```sql
> SELECT season['month'] AS month, season['index'] AS index
  FROM (SELECT unnest(seasonality_index(people, month)) AS season FROM (VALUES (30, 1), (60, 7), (30, 10)) AS flows(people, month));
+-------+-------+
| month | index |
+-------+-------+
| 1     | 75.0  |
| 7     | 150.0 |
| 10    | 75.0  |
+-------+-------+
```"#,
    argument(name = "x", description = "Amount in one month, at least 0, any unit."),
    argument(name = "month", description = "Month of the year, 1 to 12."),
    related_udf(name = "seasonality_vector")
)]
#[derive(Debug)]
pub(super) struct SeasonalityIndex;

impl Measure for SeasonalityIndex {
    const PARAMETERS: Parameters = Parameters {
        function: "seasonality_index",
        list: AMOUNT_AND_MONTH,
    };
    type State = Months;
    type Answer = Vec<Season>;

    fn update(state: &mut Months, row: Row<'_>) -> Result<()> {
        state.update(row)
    }

    fn evaluate(state: &mut Months) -> Result<Option<Vec<Season>>> {
        let means = state.means();
        let total: Sum = means.iter().map(|(_, mean)| *mean).collect();
        if total.value() <= 0.0 {
            return Ok(None);
        }
        let mean = total.value() / means.len() as f64;
        let season = |(month, amount)| Season {
            month,
            index: 100.0 * amount / mean,
        };
        Ok(Some(means.into_iter().map(season).collect()))
    }

    fn documentation(&self) -> Option<&Documentation> {
        self.doc()
    }
}

/// One month and its index.
pub(super) struct Season {
    month: i32,
    index: f64,
}

fn fields() -> Fields {
    Fields::from(vec![
        Field::new("month", DataType::Int32, false),
        Field::new("index", DataType::Float64, false),
    ])
}

impl Item for Season {
    fn data_type() -> DataType {
        DataType::Struct(fields())
    }

    fn array(items: Vec<Self>) -> Result<ArrayRef> {
        let months = items.iter().map(|season| season.month);
        let indices = items.iter().map(|season| season.index);
        let columns: Vec<ArrayRef> = vec![
            Arc::new(Int32Array::from_iter_values(months)),
            Arc::new(Float64Array::from_iter_values(indices)),
        ];
        Ok(Arc::new(StructArray::try_new(fields(), columns, None)?))
    }
}
