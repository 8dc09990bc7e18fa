//! `seasonality_index`: each month against the mean month.

use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, Int32Array, StructArray};
use arrow::datatypes::{DataType, Field, Fields};
use datafusion_common::Result;

use super::months::{AMOUNT_AND_MONTH, MONTH_SAMPLES, Months};
use crate::aggregate::{Measure, Row, Sum};
use crate::documented::{Benchmark, Documented, Manual, Samples, benchmark};
use crate::lists::Item;
use crate::parameters::Parameters;

#[derive(Debug)]
pub(super) struct SeasonalityIndex;

impl Documented for SeasonalityIndex {
    const PARAMETERS: Parameters = Parameters {
        function: "seasonality_index",
        list: AMOUNT_AND_MONTH,
    };
    const MANUAL: Manual = Manual {
        text: "Each month against the mean month, as LIST<STRUCT(month INTEGER, index DOUBLE)> in the order of months, opened by `unnest`: 100 x / mean, so 100 is an ordinary month. \
        With several years x is the mean of the month, and the mean is that of the months present. Months without rows are not in the list.\n\n\
        Rows with NULL in either are skipped. No rows or a total of 0 give NULL. A month outside 1 to 12, a negative amount, NaN and infinity are errors.\n\n\
        Source: ratio to the mean; values by numpy.",
        example: "
> SELECT season['month'] AS month, season['index'] AS index
  FROM (SELECT unnest(seasonality_index(people, month)) AS season FROM (VALUES (30, 1), (60, 7), (30, 10)) AS flows(people, month));
+-------+-------+
| month | index |
+-------+-------+
| 1     | 75.0  |
| 7     | 150.0 |
| 10    | 75.0  |
+-------+-------+
",
        related: &["seasonality_vector"],
    };
    const SAMPLES: Samples = MONTH_SAMPLES;
    const BENCHMARK: Benchmark = benchmark::against(
        benchmark::SPREAD,
        "SELECT seasonality_index(x, month) FROM some GROUP BY place",
    );
}

impl Measure for SeasonalityIndex {
    type State = Months;
    type Answer = Vec<MonthIndex>;

    fn update(state: &mut Months, row: Row<'_>) -> Result<()> {
        state.update(row)
    }

    fn evaluate(state: &mut Months) -> Result<Option<Vec<MonthIndex>>> {
        let means = state.means();
        let total: Sum = means.iter().map(|(_, mean)| *mean).collect();
        if total.value() <= 0.0 {
            return Ok(None);
        }
        let mean = total.value() / means.len() as f64;
        let season = |(month, amount)| MonthIndex {
            month,
            index: 100.0 * amount / mean,
        };
        Ok(Some(means.into_iter().map(season).collect()))
    }
}

/// One month and its index.
pub(super) struct MonthIndex {
    month: i32,
    index: f64,
}

fn fields() -> Fields {
    Fields::from(vec![
        Field::new("month", DataType::Int32, false),
        Field::new("index", DataType::Float64, false),
    ])
}

impl Item for MonthIndex {
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
