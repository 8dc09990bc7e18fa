//! `weighted_mean_center`: the middle of points that count differently.

use datafusion_common::Result;

use super::center::Center;
use super::points::Location;
use super::surface::{LAT, LON, SURFACE, Surface};
use crate::aggregate::{Measure, Row};
use crate::documented::{Benchmark, Documented, Manual, Sample, Samples, benchmark};
use crate::parameters::{Parameters, number};

#[derive(Debug)]
pub(super) struct WeightedMeanCenter;

impl Documented for WeightedMeanCenter {
    const PARAMETERS: Parameters = Parameters {
        function: "weighted_mean_center",
        list: &[
            LON,
            LAT,
            number("weight", "How much the point counts, at least 0, any unit."),
            SURFACE,
        ],
    };
    const MANUAL: Manual = Manual {
        text: "The mean centre of points weighted by an amount such as tonnes, STRUCT(lon DOUBLE, lat DOUBLE): each point counts as often as its weight says. See mean_center for how the mean is taken.\n\n\
        Rows with NULL in lon, lat or weight are skipped; NULL as surface means its default. No rows, a total weight of 0, and points that balance all around the earth give NULL. A negative weight is an error. NaN, infinity and coordinates out of range (on the earth) are errors, and so is a surface that differs between rows of a group.\n\n\
        Source: as mean_center, Gade (2010), A non-singular horizontal position representation, J. Navigation 63(3).",
        example: "
> SELECT center['lon'] AS x, center['lat'] AS y
  FROM (SELECT weighted_mean_center(x, y, cargo, 'plane') AS center FROM (VALUES (0, 0, 3), (8, 4, 1)) AS ports(x, y, cargo));
+-----+-----+
| x   | y   |
+-----+-----+
| 2.0 | 1.0 |
+-----+-----+
",
        related: &["mean_center"],
    };
    const SAMPLES: Samples = &[
        &[
            Sample::Numbers([75.39, 127.5, 179.9, 100.0]),
            Sample::Numbers([40.55, 50.25, 60.0, 21.5]),
            Sample::Integers([10, 0, 7, 1]),
        ],
        &[
            Sample::Integers([0, 40, 40, 7]),
            Sample::Integers([0, 0, 300, 120]),
            Sample::Numbers([0.5, 2.0, 1.0, 0.0]),
            Sample::Texts(["plane"; 4]),
        ],
    ];
    const BENCHMARK: Benchmark = benchmark::against(
        benchmark::SPREAD,
        "SELECT weighted_mean_center(lon, lat, x) FROM some GROUP BY place",
    );
}

impl Measure for WeightedMeanCenter {
    type State = Center;
    type Answer = Location;

    fn update(state: &mut Center, row: Row<'_>) -> Result<()> {
        let function = Self::PARAMETERS.function;
        let surface = Surface::of(row, 3)?;
        let point = surface.point(row, function, 0)?;
        state.add(function, surface, point, row.non_negative(2)?)
    }

    fn evaluate(state: &mut Center) -> Result<Option<Location>> {
        Ok(state.place())
    }
}
