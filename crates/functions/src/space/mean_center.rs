//! `mean_center`: the middle of points.

use datafusion_common::Result;

use super::center::Center;
use super::points::{Location, POINTS_SAMPLES};
use super::surface::{LAT, LON, SURFACE, Surface};
use crate::aggregate::{Measure, Row};
use crate::documented::{Benchmark, Documented, Manual, Samples, benchmark};
use crate::parameters::Parameters;

#[derive(Debug)]
pub(super) struct MeanCenter;

impl Documented for MeanCenter {
    const PARAMETERS: Parameters = Parameters {
        function: "mean_center",
        list: &[LON, LAT, SURFACE],
    };
    const MANUAL: Manual = Manual {
        text: "The mean centre of points, STRUCT(lon DOUBLE, lat DOUBLE). On the earth it is the direction of the mean of the points' unit normals, which has no trouble at the date line and the poles; on a plane the mean of each coordinate.\n\n\
        Rows with NULL in lon or lat are skipped; NULL as surface means its default. No rows, and points that balance all around the earth, give NULL. NaN, infinity and coordinates out of range (on the earth) are errors, and so is a surface that differs between rows of a group.\n\n\
        Source: Gade (2010), A non-singular horizontal position representation, J. Navigation 63(3), equation 17; on a plane as in pointpats.",
        example: "
> SELECT round(center['lon'], 6) AS lon, round(center['lat'], 6) AS lat
  FROM (SELECT mean_center(lon, lat) AS center FROM (VALUES (100, 10), (100, 20)) AS ports(lon, lat));
+-------+------+
| lon   | lat  |
+-------+------+
| 100.0 | 15.0 |
+-------+------+
",
        related: &["weighted_mean_center", "std_distance"],
    };
    const SAMPLES: Samples = POINTS_SAMPLES;
    const BENCHMARK: Benchmark = benchmark::against(
        benchmark::SPREAD,
        "SELECT mean_center(lon, lat) FROM some GROUP BY place",
    );
}

impl Measure for MeanCenter {
    type State = Center;
    type Answer = Location;

    fn update(state: &mut Center, row: Row<'_>) -> Result<()> {
        let function = Self::PARAMETERS.function;
        let surface = Surface::of(row, 2)?;
        let point = surface.point(row, function, 0)?;
        state.add(function, surface, point, 1.0)
    }

    fn evaluate(state: &mut Center) -> Result<Option<Location>> {
        Ok(state.place())
    }
}
