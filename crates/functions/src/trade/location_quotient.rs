//! `location_quotient`: how much more common something is in a region than overall.

use datafusion_common::Result;

use crate::documented::{Benchmark, Documented, Manual, Sample, Samples, benchmark};
use crate::parameters::{Parameters, number};
use crate::scalar::{ByRow, Finite};

#[derive(Debug)]
pub(super) struct LocationQuotient;

impl Documented for LocationQuotient {
    const PARAMETERS: Parameters = Parameters {
        function: "location_quotient",
        list: &[
            number("x", "Amount of the group in the region, at least 0.").non_negative(),
            number("region_total", "Amount of all groups in the region.").non_negative(),
            number("group_total", "Amount of the group in all regions.").non_negative(),
            number("grand_total", "Amount of all groups in all regions.").non_negative(),
        ],
    };
    const MANUAL: Manual = Manual {
        text: "The location quotient, (x / region_total) / (group_total / grand_total): above 1 the region has more of the group than its size suggests, below 1 less.\n\n\
        NULL in any argument gives NULL. A negative amount, NaN and infinity are errors. A total of 0 gives NULL.\n\n\
        Source: Isard (1960), Methods of Regional Analysis, chapter 5.",
        example: "
> SELECT round(location_quotient(14, 49, 16, 95), 6) AS river_ports_in_the_northeast;
+------------------------------+
| river_ports_in_the_northeast |
+------------------------------+
| 1.696429                     |
+------------------------------+
",
        related: &["shift_share", "krugman_index"],
    };
    const SAMPLES: Samples = &[&[
        Sample::Integers([14, 0, 3, 1]),
        Sample::Integers([49, 18, 20, 0]),
        Sample::Integers([16, 16, 16, 1]),
        Sample::Numbers([95.0, 95.0, 95.5, 1.0]),
    ]];
    const BENCHMARK: Benchmark = benchmark::against(
        benchmark::DIVISION,
        "SELECT location_quotient(x, y, x, y) FROM some",
    );
}

impl ByRow for LocationQuotient {
    type Arguments = Finite<4>;
    type Answer = f64;

    fn answer(Finite(amounts): Finite<4>) -> Result<Option<f64>> {
        let [x, region_total, group_total, grand_total] = amounts;
        let known = region_total > 0.0 && group_total > 0.0 && grand_total > 0.0;
        Ok(known.then(|| (x / region_total) / (group_total / grand_total)))
    }
}
