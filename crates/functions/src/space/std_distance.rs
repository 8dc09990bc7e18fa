//! `std_distance`: how far points spread around their middle.

use datafusion_common::Result;

use super::points::{POINTS_SAMPLES, Points};
use super::surface::{LAT, LON, SURFACE};
use crate::aggregate::{Measure, Row, Sum};
use crate::documented::{Benchmark, Documented, Manual, Samples, benchmark};
use crate::parameters::Parameters;

#[derive(Debug)]
pub(super) struct StdDistance;

impl Documented for StdDistance {
    const PARAMETERS: Parameters = Parameters {
        function: "std_distance",
        list: &[LON, LAT, SURFACE],
    };
    const MANUAL: Manual = Manual {
        text: "The standard distance: the root of the mean squared distance of the points from their mean_center, in km (on a plane in its unit). It divides by n.\n\n\
        Rows with NULL in lon or lat are skipped; NULL as surface means its default. No rows, and points that balance all around the earth, give NULL. One point gives 0. NaN, infinity and coordinates out of range (on the earth) are errors, and so is a surface that differs between rows of a group.\n\n\
        Source: Bachi (1963), Standard distance measures and related methods for spatial analysis; as in pointpats.",
        example: "
> SELECT std_distance(x, y, 'plane') AS spread FROM (VALUES (0, 0), (6, 8)) AS ports(x, y);
+--------+
| spread |
+--------+
| 5.0    |
+--------+
",
        related: &["mean_center", "std_ellipse"],
    };
    const SAMPLES: Samples = POINTS_SAMPLES;
    const BENCHMARK: Benchmark = benchmark::against(
        benchmark::SPREAD,
        "SELECT std_distance(lon, lat) FROM some GROUP BY place",
    );
}

impl Measure for StdDistance {
    type State = Points;
    type Answer = f64;

    fn update(state: &mut Points, row: Row<'_>) -> Result<()> {
        state.update(row, Self::PARAMETERS.function, 2)
    }

    fn evaluate(state: &mut Points) -> Result<Option<f64>> {
        let surface = state.surface();
        let points = state.sorted();
        let Some(center) = surface.mean(points) else {
            return Ok(None);
        };
        let squares: Sum = points
            .iter()
            .map(|point| surface.distance(center, *point).powi(2))
            .collect();
        Ok(Some((squares.value() / points.len() as f64).sqrt()))
    }
}
