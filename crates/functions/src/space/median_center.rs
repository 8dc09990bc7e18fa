//! `median_center`: the place nearest to all points together.

use datafusion_common::Result;

use super::points::{Location, POINTS_SAMPLES, Points};
use super::surface::{LAT, LON, Point, SURFACE, Surface};
use crate::aggregate::{Measure, Row};
use crate::documented::{Benchmark, Documented, Manual, Samples, benchmark};
use crate::parameters::Parameters;

#[derive(Debug)]
pub(super) struct MedianCenter;

impl Documented for MedianCenter {
    const PARAMETERS: Parameters = Parameters {
        function: "median_center",
        list: &[LON, LAT, SURFACE],
    };
    const MANUAL: Manual = Manual {
        text: "The place from which the sum of distances to the points is least, STRUCT(lon DOUBLE, lat DOUBLE): few far points hardly move it. Found by steps of Weiszfeld's method, on the earth with geodesics, until a step is shorter than a millionth of a millionth of the spread, or for 2000 steps. Of points on one line the answer is one of the places that are equally good.\n\n\
        Rows with NULL in lon or lat are skipped; NULL as surface means its default. No rows, and points that balance all around the earth, give NULL. NaN, infinity and coordinates out of range (on the earth) are errors, and so is a surface that differs between rows of a group.\n\n\
        Source: Weiszfeld (1937); Vardi and Zhang (2000), The multivariate L1-median, PNAS 97(4), where a step meets a point.",
        example: "
> SELECT round(center['lon'], 3) AS x, round(center['lat'], 3) AS y
  FROM (SELECT median_center(x, y, 'plane') AS center FROM (VALUES (0, 0), (2, 2), (2, 0), (0, 100)) AS ports(x, y));
+-------+-------+
| x     | y     |
+-------+-------+
| 1.961 | 1.961 |
+-------+-------+
",
        related: &["mean_center"],
    };
    const SAMPLES: Samples = POINTS_SAMPLES;
    const BENCHMARK: Benchmark = benchmark::against(
        benchmark::SPREAD,
        "SELECT median_center(lon, lat) FROM some GROUP BY place",
    );
}

impl Measure for MedianCenter {
    type State = Points;
    type Answer = Location;

    fn update(state: &mut Points, row: Row<'_>) -> Result<()> {
        state.update(row, Self::PARAMETERS.function, 2)
    }

    fn evaluate(state: &mut Points) -> Result<Option<Location>> {
        let surface = state.surface();
        let points = state.sorted();
        let start = surface.mean(points);
        Ok(start.map(|start| Location(median(surface, points, start))))
    }
}

/// The method converges slowly only where points are nearly on a line; more steps change nothing there.
const STEPS: usize = 2_000;

fn median(surface: Surface, points: &[Point], start: Point) -> Point {
    let spread = points
        .iter()
        .map(|point| surface.distance(start, *point))
        .fold(0.0, f64::max);
    let mut place = start;
    for _ in 0..STEPS {
        let step = step(surface, points, place, spread);
        place = surface.moved(place, step);
        if step[0].hypot(step[1]) <= 1e-12 * spread {
            break;
        }
    }
    place
}

/// The next step of Weiszfeld's method. Points at the place itself hold it there with a pull of 1 each.
fn step(surface: Surface, points: &[Point], place: Point, spread: f64) -> [f64; 2] {
    let (mut pull, mut nearness, mut here) = ([0.0, 0.0], 0.0, 0.0);
    for point in points {
        let [east, north] = surface.offset(place, *point);
        let distance = east.hypot(north);
        if distance <= 1e-12 * spread {
            here += 1.0;
            continue;
        }
        pull[0] += east / distance;
        pull[1] += north / distance;
        nearness += 1.0 / distance;
    }
    let strength = pull[0].hypot(pull[1]);
    if nearness == 0.0 || strength <= here {
        return [0.0, 0.0];
    }
    let share = (1.0 - here / strength) / nearness;
    pull.map(|part| part * share)
}
