//! `growth`: change relative to the start.

use datafusion_common::Result;

use crate::documented::{Benchmark, Documented, Manual, Sample, Samples, benchmark};
use crate::parameters::{Parameters, number};
use crate::scalar::{ByRow, Finite};

#[derive(Debug)]
pub(super) struct Growth;

impl Documented for Growth {
    const PARAMETERS: Parameters = Parameters {
        function: "growth",
        list: &[
            number("first", "Amount at the start, above 0."),
            number("last", "Amount at the end, the same unit."),
        ],
    };
    const MANUAL: Manual = Manual {
        text: "The change from the first amount to the last as a part of the first, last / first - 1: 0.25 is 25 percent more.\n\n\
        NULL in any argument gives NULL, as does a first amount of 0 or less. NaN and infinity are errors.\n\n\
        Source: definition.",
        example: "
> SELECT growth(80, 100) AS growth;
+--------+
| growth |
+--------+
| 0.25   |
+--------+
",
        related: &["cagr"],
    };
    const SAMPLES: Samples = &[&[
        Sample::Numbers([620_000.0, 0.5, 3.0, 7.0]),
        Sample::Integers([580_000, 1_200, 0, 7]),
    ]];
    const BENCHMARK: Benchmark =
        benchmark::against(benchmark::DIVISION, "SELECT growth(x, y) FROM some");
}

impl ByRow for Growth {
    type Arguments = Finite<2>;
    type Answer = f64;

    fn answer(Finite([first, last]): Finite<2>) -> Result<Option<f64>> {
        Ok((first > 0.0).then(|| last / first - 1.0))
    }
}
