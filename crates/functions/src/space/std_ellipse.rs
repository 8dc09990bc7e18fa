//! `std_ellipse`: in which direction points spread, and how far.

use datafusion_common::Result;

use super::points::{POINTS_SAMPLES, Points};
use super::surface::{LAT, LON, SURFACE};
use crate::aggregate::{Measure, NamedNumbers, Row, Sum};
use crate::documented::{Benchmark, Documented, Manual, Samples, benchmark};
use crate::parameters::Parameters;

#[derive(Debug)]
pub(super) struct StdEllipse;

impl Documented for StdEllipse {
    const PARAMETERS: Parameters = Parameters {
        function: "std_ellipse",
        list: &[LON, LAT, SURFACE],
    };
    const MANUAL: Manual = Manual {
        text: "The standard deviational ellipse of points, STRUCT(major DOUBLE, minor DOUBLE, angle_deg DOUBLE): its semi-axes sqrt(2 lambda / (n - 2)) in km (on a plane in its unit), lambda the eigenvalues of the scatter matrix, and the direction of the major axis clockwise from north, 0 to below 180. On the earth offsets are taken in an azimuthal equidistant projection around the mean_center.\n\n\
        Rows with NULL in lon or lat are skipped; NULL as surface means its default. Fewer than three points, and points that balance all around the earth, give NULL. NaN, infinity and coordinates out of range (on the earth) are errors, and so is a surface that differs between rows of a group.\n\n\
        Source: Levine (2015), CrimeStat IV, chapter 4; semi-axes as in pointpats, the angle from the eigenvector.",
        example: "
> SELECT round(ellipse['major'], 4) AS major, round(ellipse['minor'], 4) AS minor, ellipse['angle_deg'] AS angle_deg
  FROM (SELECT std_ellipse(x, y, 'plane') AS ellipse FROM (VALUES (0, 0), (4, 0), (2, 1), (2, -1)) AS ports(x, y));
+--------+--------+-----------+
| major  | minor  | angle_deg |
+--------+--------+-----------+
| 2.8284 | 1.4142 | 90.0      |
+--------+--------+-----------+
",
        related: &["mean_center", "std_distance"],
    };
    const SAMPLES: Samples = POINTS_SAMPLES;
    const BENCHMARK: Benchmark = benchmark::against(
        benchmark::SPREAD,
        "SELECT std_ellipse(lon, lat) FROM some GROUP BY place",
    );
}

impl Measure for StdEllipse {
    type State = Points;
    type Answer = Ellipse;

    fn update(state: &mut Points, row: Row<'_>) -> Result<()> {
        state.update(row, Self::PARAMETERS.function, 2)
    }

    fn evaluate(state: &mut Points) -> Result<Option<Ellipse>> {
        let surface = state.surface();
        let points = state.sorted();
        let Some(center) = surface.mean(points) else {
            return Ok(None);
        };
        let offsets = points.iter().map(|point| surface.offset(center, *point));
        Ok(Ellipse::around(&offsets.collect::<Vec<_>>()))
    }
}

/// Semi-axes and the direction of the longer one.
#[derive(Debug)]
pub(super) struct Ellipse([f64; 3]);

impl Ellipse {
    fn around(offsets: &[[f64; 2]]) -> Option<Self> {
        let rows = offsets.len() as f64;
        (rows > 2.0).then_some(())?;
        let mean = |axis: usize| {
            let sum: Sum = offsets.iter().map(|offset| offset[axis]).collect();
            sum.value() / rows
        };
        let means = [mean(0), mean(1)];
        let scatter = |a: usize, b: usize| {
            let products = offsets
                .iter()
                .map(|offset| (offset[a] - means[a]) * (offset[b] - means[b]));
            products.collect::<Sum>().value()
        };
        let (east, north, mixed) = (scatter(0, 0), scatter(1, 1), scatter(0, 1));
        let middle = (east + north) / 2.0;
        let half = ((east - north) / 2.0).hypot(mixed);
        let axis = |eigenvalue: f64| (2.0 * eigenvalue.max(0.0) / (rows - 2.0)).sqrt();
        // Twice the angle from east, counter-clockwise, is the direction of the second moments.
        let from_east = 0.5 * (2.0 * mixed).atan2(east - north);
        let angle = (90.0 - from_east.to_degrees()).rem_euclid(180.0);
        Some(Self([axis(middle + half), axis(middle - half), angle]))
    }
}

impl NamedNumbers for Ellipse {
    const NAMES: &'static [&'static str] = &["major", "minor", "angle_deg"];

    fn number(&self, position: usize) -> Option<f64> {
        self.0.get(position).copied()
    }
}
