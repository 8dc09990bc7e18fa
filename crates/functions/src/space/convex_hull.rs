//! `convex_hull`: the smallest region without dents that holds all points.

use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, Int64Array, StructArray};
use arrow::buffer::NullBuffer;
use arrow::datatypes::{DataType, Field, Fields};
use datafusion_common::Result;

use super::hull::Hull;
use super::points::{Location, POINTS_SAMPLES, Points};
use super::surface::{LAT, LON, SURFACE};
use crate::aggregate::{Answer, Measure, Row};
use crate::documented::{Benchmark, Documented, Manual, Samples, benchmark};
use crate::parameters::Parameters;

#[derive(Debug)]
pub(super) struct ConvexHull;

impl Documented for ConvexHull {
    const PARAMETERS: Parameters = Parameters {
        function: "convex_hull",
        list: &[LON, LAT, SURFACE],
    };
    const MANUAL: Manual = Manual {
        text: "The convex hull of points, STRUCT(vertices BIGINT, area_km2 DOUBLE, perimeter_km DOUBLE, ring LIST<STRUCT(lon DOUBLE, lat DOUBLE)>): how many of the points are its vertices, its area in km² and the length of its edges in km (on a plane in its unit), and the vertices counter-clockwise from the southernmost on, each once: the ring is not closed. A point on an edge is no vertex.\n\n\
        On the earth the vertices are those of the hull on the sphere, whose edges are great circles; area and perimeter are those of geodesics between them on WGS84. Date line and poles need no care; longitudes of the ring run on across the date line, 179 then 181. point_in_region takes the ring with 'great_circle' edges.\n\n\
        Rows with NULL in lon or lat are skipped; NULL as surface means its default. No rows, and points that no half of the earth contains, give NULL. Points on one line have the area 0, the perimeter there and back, and NULL as ring. NaN, infinity and coordinates out of range (on the earth) are errors, and so is a surface that differs between rows of a group.\n\n\
        Source: Andrew (1979), Another efficient algorithm for convex hulls in two dimensions, on the earth in a gnomonic projection; Karney (2013), Algorithms for geodesics, section 6, for the area; on a plane as in shapely.",
        example: "
> SELECT hull['vertices'] AS vertices, hull['area_km2'] AS area, hull['perimeter_km'] AS perimeter
  FROM (SELECT convex_hull(x, y, 'plane') AS hull FROM (VALUES (0, 0), (4, 0), (4, 3), (2, 1)) AS ports(x, y));
+----------+------+-----------+
| vertices | area | perimeter |
+----------+------+-----------+
| 3        | 6.0  | 12.0      |
+----------+------+-----------+
",
        related: &["point_in_region", "nearest_neighbour_index"],
    };
    const SAMPLES: Samples = POINTS_SAMPLES;
    const BENCHMARK: Benchmark = benchmark::against(
        benchmark::SPREAD,
        "SELECT convex_hull(lon, lat) FROM some GROUP BY place",
    );
}

impl Measure for ConvexHull {
    type State = Points;
    type Answer = Hull;

    fn update(state: &mut Points, row: Row<'_>) -> Result<()> {
        state.update(row, Self::PARAMETERS.function, 2)
    }

    fn evaluate(state: &mut Points) -> Result<Option<Hull>> {
        let surface = state.surface();
        Ok(Hull::around(surface, state.sorted()))
    }
}

type Ring = Vec<Location>;

fn fields() -> Fields {
    Fields::from(vec![
        Field::new("vertices", DataType::Int64, true),
        Field::new("area_km2", DataType::Float64, true),
        Field::new("perimeter_km", DataType::Float64, true),
        Field::new("ring", <Ring as Answer>::data_type(), true),
    ])
}

impl Answer for Hull {
    fn data_type() -> DataType {
        DataType::Struct(fields())
    }

    fn array(hulls: Vec<Option<Self>>) -> Result<ArrayRef> {
        let numbers = |number: fn(&Self) -> f64| -> ArrayRef {
            let numbers = hulls.iter().map(|hull| hull.as_ref().map(number));
            Arc::new(numbers.collect::<Float64Array>())
        };
        let vertices = hulls
            .iter()
            .map(|hull| Some(hull.as_ref()?.ring.len() as i64));
        let rings = hulls.iter().map(|hull| {
            let ring = &hull.as_ref()?.ring;
            (ring.len() > 2).then(|| ring.iter().copied().map(Location).collect())
        });
        let columns: Vec<ArrayRef> = vec![
            Arc::new(vertices.collect::<Int64Array>()),
            numbers(|hull| hull.area),
            numbers(|hull| hull.perimeter),
            <Ring as Answer>::array(rings.collect())?,
        ];
        let valid: NullBuffer = hulls.iter().map(Option::is_some).collect();
        Ok(Arc::new(StructArray::try_new(
            fields(),
            columns,
            Some(valid),
        )?))
    }
}
