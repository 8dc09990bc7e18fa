//! `nearest_neighbour_index`: whether points lie in clusters, at random or evenly.

use arrow::array::ArrayRef;
use datafusion_common::Result;

use super::hull::Hull;
use super::points::Points;
use super::proximity::Proximity;
use super::surface::{LAT, LON, Point, SURFACE, Surface};
use crate::aggregate::{Constant, Loader, Measure, NamedNumbers, Row, Saver, State, Sum};
use crate::documented::{Benchmark, Documented, Manual, Sample, Samples, benchmark};
use crate::parameters::{Kind, Parameters, setting};

const PARAMETERS: Parameters = Parameters {
    function: "nearest_neighbour_index",
    list: &[
        LON,
        LAT,
        setting("area_km2", Kind::Number, "Area in which the points could lie, km² (on a plane its unit squared), above 0, the same for all rows of a group. Default: the area of their convex hull.").numbers("a number above 0", |area| area > 0.0),
        SURFACE,
    ],
};

/// Where the area stands among the parameters.
const AREA: usize = 2;

#[derive(Debug)]
pub(super) struct NearestNeighbourIndex;

impl Documented for NearestNeighbourIndex {
    const PARAMETERS: Parameters = PARAMETERS;
    const ALIASES: &'static [&'static str] = &["nni"];
    const MANUAL: Manual = Manual {
        text: "How the points lie, STRUCT(observed DOUBLE, expected DOUBLE, index DOUBLE, z DOUBLE): the mean distance from each point to its nearest other one, that of as many points thrown at random, 0.5 / sqrt(n / A), both in km (on a plane in its unit), observed over expected, and the standard score (observed - expected) / (0.26136 / sqrt(n² / A)). An index below 1 speaks of clusters, above 1 of even spacing; a z beyond ±1.96 is hardly chance.\n\n\
        The area A is area_km2 or else that of the convex_hull of the points, which is small for few points and so raises the index. There is no correction for edges, across which a nearer neighbour may lie. Points at one place are neighbours at distance 0.\n\n\
        Rows with NULL in lon or lat are skipped; NULL as area_km2 or surface means its default. Fewer than two points give NULL, and so does a hull without area. An area of 0 or less is an error. NaN, infinity and coordinates out of range (on the earth) are errors, and so is an area or a surface that differs between rows of a group.\n\n\
        Source: Clark and Evans (1954), Distance to nearest neighbor as a measure of spatial relationships in populations, Ecology 35(4), doi 10.2307/1931034.",
        example: "
> SELECT nni['observed'] AS observed, nni['expected'] AS expected, nni['index'] AS index, round(nni['z'], 3) AS z
  FROM (SELECT nearest_neighbour_index(x, y, 64, 'plane') AS nni FROM (VALUES (0, 0), (0, 1), (7, 7), (7, 8)) AS ports(x, y));
+----------+----------+-------+--------+
| observed | expected | index | z      |
+----------+----------+-------+--------+
| 1.0      | 2.0      | 0.5   | -1.913 |
+----------+----------+-------+--------+
",
        related: &["convex_hull", "std_distance"],
    };
    const SAMPLES: Samples = &[
        &[
            Sample::Numbers([75.39, 127.5, 179.9, 100.0]),
            Sample::Numbers([40.55, 50.25, 60.0, 21.5]),
        ],
        &[
            Sample::Integers([0, 40, 40, 7]),
            Sample::Integers([0, 0, 300, 120]),
            Sample::Numbers([2_500.0; 4]),
            Sample::Texts(["plane"; 4]),
        ],
    ];
    const BENCHMARK: Benchmark = benchmark::against(
        benchmark::SPREAD,
        "SELECT nearest_neighbour_index(lon, lat) FROM some GROUP BY place",
    );
}

/// The points and the area they could lie in, if a row said so.
#[derive(Debug, Default)]
pub(super) struct Pattern {
    points: Points,
    area: Constant,
}

impl State for Pattern {
    fn merge(&mut self, other: Self) -> Result<()> {
        self.area.merge(other.area, &PARAMETERS, AREA)?;
        self.points.merge(other.points)
    }

    fn save(states: &[Self]) -> Result<Vec<ArrayRef>> {
        Saver::new(states)
            .constant(|state| state.area)
            .count(|state| state.points.surface_code())
            .numbers(|state| state.points.coordinates())
            .columns()
    }

    fn load(row: &mut Loader<'_>) -> Result<Self> {
        Ok(Self {
            area: row.constant()?,
            points: Points::load(row)?,
        })
    }

    fn heap_size(&self) -> usize {
        self.points.heap_size()
    }
}

impl Measure for NearestNeighbourIndex {
    type State = Pattern;
    type Answer = Spacing;

    fn update(state: &mut Pattern, row: Row<'_>) -> Result<()> {
        if let Some(area) = row.optional_number(AREA)? {
            state.area.set(area, &PARAMETERS, AREA)?;
        }
        state.points.update(row, PARAMETERS.function, AREA + 1)
    }

    fn evaluate(state: &mut Pattern) -> Result<Option<Spacing>> {
        let surface = state.points.surface();
        let points = state.points.sorted();
        if points.len() < 2 {
            return Ok(None);
        }
        let hull = || Hull::around(surface, points).map(|hull| hull.area);
        let area = state.area.get().or_else(hull).filter(|area| *area > 0.0);
        Ok(area.map(|area| Spacing::of(surface, points, area)))
    }
}

/// Mean distances to the nearest neighbour, seen and expected, their ratio and its standard score.
#[derive(Debug)]
pub(super) struct Spacing([f64; 4]);

impl Spacing {
    fn of(surface: Surface, points: &[Point], area: f64) -> Self {
        let count = points.len() as f64;
        let proximity = Proximity::of(surface, points);
        let nearest = (0..points.len()).map(|index| proximity.nearest_distance(index));
        let distances: Sum = nearest.collect();
        let observed = distances.value() / count;
        let expected = 0.5 / (count / area).sqrt();
        let error = 0.26136 / (count * count / area).sqrt();
        Self([
            observed,
            expected,
            observed / expected,
            (observed - expected) / error,
        ])
    }
}

impl NamedNumbers for Spacing {
    const NAMES: &'static [&'static str] = &["observed", "expected", "index", "z"];

    fn number(&self, position: usize) -> Option<f64> {
        self.0.get(position).copied()
    }
}
