//! `directionality`: which way a two-way flow leans.

use datafusion_common::Result;

use crate::documented::{Benchmark, Documented, Manual, Sample, Samples, benchmark};
use crate::parameters::{Parameters, number};
use crate::scalar::{ByRow, Finite};

#[derive(Debug)]
pub(super) struct Directionality;

impl Documented for Directionality {
    const PARAMETERS: Parameters = Parameters {
        function: "directionality",
        list: &[
            number("entry", "Amount coming in, at least 0, any unit.").non_negative(),
            number("exit", "Amount going out, at least 0, the same unit.").non_negative(),
        ],
    };
    const MANUAL: Manual = Manual {
        text: "The balance of a two-way flow, (entry - exit) / (entry + exit): 1 if all comes in, 0 if both are alike, -1 if all goes out.\n\n\
        NULL in any argument gives NULL. A negative amount, NaN and infinity are errors. No flow at all gives NULL.\n\n\
        Source: net over gross flow, as in Shryock and Siegel (1973), The Methods and Materials of Demography, chapter 21.",
        example: "
> SELECT directionality(750, 250) AS cargo, directionality(0, 1200) AS people;
+-------+--------+
| cargo | people |
+-------+--------+
| 0.5   | -1.0   |
+-------+--------+
",
        related: &["grubel_lloyd"],
    };
    const SAMPLES: Samples = &[&[
        Sample::Numbers([620_000.0, 0.5, 3.0, 7.0]),
        Sample::Integers([580_000, 1_200, 0, 7]),
    ]];
    const BENCHMARK: Benchmark =
        benchmark::against(benchmark::DIVISION, "SELECT directionality(x, y) FROM some");
}

impl ByRow for Directionality {
    type Arguments = Finite<2>;
    type Answer = f64;

    fn answer(Finite([entry, exit]): Finite<2>) -> Result<Option<f64>> {
        let both = entry + exit;
        Ok((both > 0.0).then(|| (entry - exit) / both))
    }
}
