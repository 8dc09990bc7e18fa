//! `seasonality_vector`: how seasonal, and around which month.

use std::f64::consts::TAU;

use datafusion_common::Result;

use super::months::{AMOUNT_AND_MONTH, MONTH_SAMPLES, Months};
use crate::aggregate::{Measure, NamedNumbers, Row, Sum};
use crate::documented::{Benchmark, Documented, Manual, Samples, benchmark};
use crate::parameters::Parameters;

#[derive(Debug)]
pub(super) struct SeasonalityVector;

impl Documented for SeasonalityVector {
    const PARAMETERS: Parameters = Parameters {
        function: "seasonality_vector",
        list: AMOUNT_AND_MONTH,
    };
    const MANUAL: Manual = Manual {
        text: "The year as a circle, as STRUCT(r DOUBLE, month DOUBLE): r is the length of the mean of the months as arrows as long as their amounts, 0 if they balance, \
        1 if all falls in one month; month is where it points, from 1 up to 13: 7.5 lies between July and August. With several years an amount is the mean of its month.\n\n\
        Rows with NULL in either are skipped. No rows or a total of 0 give NULL. A month outside 1 to 12, a negative amount, NaN and infinity are errors. month is NULL if r is 0.\n\n\
        Source: Fisher (1993), Statistical Analysis of Circular Data, chapter 2; month 1 at angle 0.",
        example: "
> SELECT round(season['r'], 6) AS r, round(season['month'], 6) AS month
  FROM (SELECT seasonality_vector(people, month) AS season FROM (VALUES (30, 6), (60, 7), (30, 8)) AS flows(people, month));
+----------+-------+
| r        | month |
+----------+-------+
| 0.933013 | 7.0   |
+----------+-------+
",
        related: &["seasonality_index"],
    };
    const SAMPLES: Samples = MONTH_SAMPLES;
    const BENCHMARK: Benchmark = benchmark::against(
        benchmark::SPREAD,
        "SELECT seasonality_vector(x, month) FROM some GROUP BY place",
    );
}

impl Measure for SeasonalityVector {
    type State = Months;
    type Answer = Season;

    fn update(state: &mut Months, row: Row<'_>) -> Result<()> {
        state.update(row)
    }

    fn evaluate(state: &mut Months) -> Result<Option<Season>> {
        let means = state.means();
        let along = |direction: fn(f64) -> f64| {
            let parts = means.iter().map(|(month, amount)| {
                let angle = f64::from(month - 1) / 12.0 * TAU;
                amount * direction(angle)
            });
            parts.collect::<Sum>().value()
        };
        let total: Sum = means.iter().map(|(_, amount)| *amount).collect();
        let total = total.value();
        if total <= 0.0 {
            return Ok(None);
        }
        let (east, north) = (along(f64::cos) / total, along(f64::sin) / total);
        let r = east.hypot(north);
        if r < BALANCED {
            return Ok(Some(Season {
                r: 0.0,
                month: None,
            }));
        }
        let month = north.atan2(east).rem_euclid(TAU) / TAU * 12.0 + 1.0;
        Ok(Some(Season {
            r,
            month: Some(month),
        }))
    }
}

/// Below this the arrows cancel but for the rounding of sines.
const BALANCED: f64 = 1e-14;

/// How seasonal, and around which month.
#[derive(Debug)]
pub(super) struct Season {
    r: f64,
    month: Option<f64>,
}

impl NamedNumbers for Season {
    const NAMES: &'static [&'static str] = &["r", "month"];

    fn number(&self, position: usize) -> Option<f64> {
        match position {
            0 => Some(self.r),
            _ => self.month,
        }
    }
}
