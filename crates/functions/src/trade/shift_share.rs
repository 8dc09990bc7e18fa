//! `shift_share`: what a region's change owes to the whole, to its mix and to itself.

use datafusion_common::Result;

use crate::aggregate::NamedNumbers;
use crate::documented::{Benchmark, Documented, Manual, Sample, Samples, benchmark};
use crate::parameters::{Parameters, number};
use crate::scalar::{ByRow, Finite};

#[derive(Debug)]
pub(super) struct ShiftShare;

impl Documented for ShiftShare {
    const PARAMETERS: Parameters = Parameters {
        function: "shift_share",
        list: &[
            number(
                "x0",
                "Amount of the group in the region at the start, at least 0.",
            )
            .non_negative(),
            number("x1", "The same at the end.").non_negative(),
            number("group0", "Amount of the group in all regions at the start.").non_negative(),
            number("group1", "The same at the end.").non_negative(),
            number(
                "total0",
                "Amount of all groups in all regions at the start.",
            )
            .non_negative(),
            number("total1", "The same at the end.").non_negative(),
        ],
    };
    const MANUAL: Manual = Manual {
        text: "The change of an amount split in three, as STRUCT(national DOUBLE, mix DOUBLE, competitive DOUBLE, change DOUBLE): \
        national = x0 (total1 / total0 - 1), as if it had grown like everything; mix = x0 (group1 / group0 - total1 / total0), more for a group that grows faster; \
        competitive = x1 - x0 group1 / group0, what is left to the region. The three add to change = x1 - x0.\n\n\
        NULL in any argument gives NULL. A negative amount, NaN and infinity are errors. A group0 or total0 of 0 gives NULL.\n\n\
        Source: Dunn (1960), A statistical and analytical technique for regional analysis, Papers of the Regional Science Association 6.",
        example: "
> SELECT round(parts['national'], 6) AS national, round(parts['mix'], 6) AS mix, round(parts['competitive'], 6) AS competitive
  FROM (SELECT shift_share(100, 150, 1000, 1200, 10000, 11000) AS parts);
+----------+------+-------------+
| national | mix  | competitive |
+----------+------+-------------+
| 10.0     | 10.0 | 30.0        |
+----------+------+-------------+
",
        related: &["location_quotient", "growth"],
    };
    const SAMPLES: Samples = &[&[
        Sample::Numbers([100.0, 466.0, 0.0, 1.0]),
        Sample::Integers([150, 520, 10, 1]),
        Sample::Integers([1_000, 45_000, 10, 0]),
        Sample::Numbers([1_200.0, 47_000.0, 20.0, 1.0]),
        Sample::Integers([10_000, 121_766, 100, 1]),
        Sample::Integers([11_000, 130_000, 90, 1]),
    ]];
    const BENCHMARK: Benchmark = benchmark::against(
        benchmark::DIVISION,
        "SELECT shift_share(x, y, x, y, x, y) FROM some",
    );
}

impl ByRow for ShiftShare {
    type Arguments = Finite<6>;
    type Answer = Parts;

    fn answer(Finite(amounts): Finite<6>) -> Result<Option<Parts>> {
        let [x0, x1, group0, group1, total0, total1] = amounts;
        if group0 <= 0.0 || total0 <= 0.0 {
            return Ok(None);
        }
        let (group, total) = (group1 / group0, total1 / total0);
        Ok(Some(Parts {
            national: x0 * (total - 1.0),
            mix: x0 * (group - total),
            competitive: x1 - x0 * group,
            change: x1 - x0,
        }))
    }
}

/// The parts of a change.
pub(super) struct Parts {
    national: f64,
    mix: f64,
    competitive: f64,
    change: f64,
}

impl NamedNumbers for Parts {
    const NAMES: &'static [&'static str] = &["national", "mix", "competitive", "change"];

    fn number(&self, position: usize) -> Option<f64> {
        Some(match position {
            0 => self.national,
            1 => self.mix,
            2 => self.competitive,
            _ => self.change,
        })
    }
}
