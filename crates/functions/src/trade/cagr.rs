//! `cagr`: growth per period at a constant rate.

use datafusion_common::Result;

use crate::documented::{Benchmark, Documented, Manual, Sample, Samples, benchmark};
use crate::parameters::{Parameters, number};
use crate::scalar::{ByRow, Finite};

#[derive(Debug)]
pub(super) struct Cagr;

impl Documented for Cagr {
    const PARAMETERS: Parameters = Parameters {
        function: "cagr",
        list: &[
            number("first", "Amount at the start, above 0."),
            number("last", "Amount at the end, at least 0, the same unit."),
            number(
                "periods",
                "Periods between them, above 0: years, months; from 2005 to 2012 it is 7.",
            )
            .numbers("a number above 0", |periods| periods > 0.0),
        ],
    };
    const MANUAL: Manual = Manual {
        text: "The compound growth rate, (last / first)^(1 / periods) - 1: the constant change per period that leads from first to last.\n\n\
        NULL in any argument gives NULL, as do a first amount of 0 or less and a negative last one. Periods of 0 or less, NaN and infinity are errors.\n\n\
        Source: definition; values by numpy.",
        example: "
> SELECT round(cagr(100, 121, 2), 6) AS a_year;
+--------+
| a_year |
+--------+
| 0.1    |
+--------+
",
        related: &["growth"],
    };
    const SAMPLES: Samples = &[&[
        Sample::Numbers([72.2, 14.0, 0.0, 2.0]),
        Sample::Numbers([121.4, 46.0, 1.0, 0.0]),
        Sample::Integers([7, 40, 1, 2]),
    ]];
    const BENCHMARK: Benchmark =
        benchmark::against(benchmark::DIVISION, "SELECT cagr(x, y, month) FROM some");
}

impl ByRow for Cagr {
    type Arguments = Finite<3>;
    type Answer = f64;

    fn answer(Finite([first, last, periods]): Finite<3>) -> Result<Option<f64>> {
        let known = first > 0.0 && last >= 0.0;
        Ok(known.then(|| (last / first).powf(1.0 / periods) - 1.0))
    }
}
