//! `point_in_region`: whether a point lies in a region.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray};
use arrow::datatypes::{DataType, Float64Type};
use datafusion_common::{Result, ScalarValue, exec_datafusion_err, exec_err, internal_err};
use datafusion_expr::{ReturnFieldArgs, ScalarFunctionArgs};

use super::earth::{LATITUDES, LONGITUDES, check_latitude, check_longitude};
use super::region::{Edges, Region};
use super::surface::Point;
use crate::documented::{Benchmark, Documented, Manual, Sample, Samples, benchmark};
use crate::parameters::{Kind, Parameter, Parameters, number, required, setting, while_planning};
use crate::scalar::Scalar;
use crate::support::{lists, numbers, texts};

#[derive(Debug)]
pub(super) struct PointInRegion;

impl Documented for PointInRegion {
    const PARAMETERS: Parameters = Parameters {
        function: "point_in_region",
        list: &[
            number("lon", "Longitude, degrees, east positive.").within(LONGITUDES),
            number("lat", "Latitude, degrees, north positive, -90 to 90.").within(LATITUDES),
            required(
                "ring",
                Kind::Ring,
                "At least three points, as a list of [lon, lat] or of STRUCT(lon, lat) such as the ring of convex_hull.",
            ),
            EDGES,
        ],
    };
    const MANUAL: Manual = Manual {
        text: "Whether a point lies in the region inside a ring; the boundary belongs to it. The ring may be closed or open and go either way round; of one that crosses itself the parts it goes around an odd number of times count. There are no holes: take them out with AND NOT.\n\n\
        'straight' edges are straight in longitude and latitude, as in GeoJSON: one between two places of the same latitude follows the parallel. \
        Longitudes are taken as written: a ring across the date line runs on, from 170 to 190, while from 170 to -170 is the long way round. The point may be given with any of its longitudes, -175 or 185. A ring around a pole has to go along it.\n\n\
        'great_circle' edges are shortest lines on a sphere, as those of convex_hull on the earth; a point up to 6 micrometres beside one is on it. Date line and poles need no care then, but the ring has to lie on one half of the earth.\n\n\
        NULL in lon, lat, ring or inside the ring gives NULL; NULL as edges means its default. A ring of fewer than three points, a point of it without exactly two numbers, other edges, NaN, infinity and coordinates out of range are errors.\n\n\
        Source: Shimrat (1962), Algorithm 112: position of point relative to polygon, CACM 5(8), with the exact predicate of Shewchuk (1997); as `covers` in shapely.",
        example: "
> SELECT port, point_in_region(lon, lat, [[73, 35], [96, 35], [96, 49], [73, 49]]) AS in_region
  FROM (VALUES ('Alashankou', 82.57, 45.17), ('Heihe', 127.5, 50.25)) AS ports(port, lon, lat);
+------------+-----------+
| port       | in_region |
+------------+-----------+
| Alashankou | true      |
| Heihe      | false     |
+------------+-----------+
",
        related: &["convex_hull"],
    };
    const SAMPLES: Samples = &[
        &[
            POINTS[0],
            POINTS[1],
            Sample::Tables([SMALL, LARGE, SMALL, LARGE]),
        ],
        &[POINTS[0], POINTS[1], NAMED_RINGS],
        &[
            POINTS[0],
            POINTS[1],
            NAMED_RINGS,
            Sample::Texts(["great_circle", "straight", "straight", "great_circle"]),
        ],
    ];
    const BENCHMARK: Benchmark = benchmark::alone(
        "SELECT point_in_region(lon, lat, [[73, 35], [96, 35], [96, 49], [73, 49]]) FROM some",
    );
}

/// Where the ring stands among the parameters; its edges come next.
const RING: usize = 2;

const EDGES: Parameter = setting(
    "edges",
    Kind::Text,
    "'straight' (default) or 'great_circle', what runs from one point of the ring to the next.",
)
.texts("'straight' or 'great_circle'", |name| {
    Edges::named(name).is_some()
});

const POINTS: [Sample; 2] = [
    Sample::Numbers([2.0, -175.0, 3.0, 4.0]),
    Sample::Integers([2, 0, 2, 3]),
];
const SMALL: &[&[f64]] = &[&[0.0, 0.0], &[4.0, 0.0], &[0.0, 4.0]];
const LARGE: &[&[f64]] = &[&[170.0, -80.0], &[190.0, 0.0], &[170.0, 80.0]];
const NAMED_RINGS: Sample = Sample::Rings([
    &[[0.0, 0.0], [4.0, 0.0], [0.0, 4.0]],
    &[[170.0, -80.0], [190.0, 0.0], [170.0, 80.0]],
    &[[0.0, 0.0], [4.0, 0.0], [0.0, 4.0]],
    &[[170.0, -80.0], [190.0, 0.0], [170.0, 80.0]],
]);

impl Scalar for PointInRegion {
    fn data_type(&self) -> DataType {
        DataType::Boolean
    }

    fn check(&self, args: &ReturnFieldArgs) -> Result<()> {
        Self::PARAMETERS.check_literals(args.scalar_arguments)?;
        if let Some(ScalarValue::List(ring)) = &Self::PARAMETERS.literals(args)?[RING]
            && ring.is_valid(0)
        {
            region(&ring.value(0), Edges::default()).map_err(while_planning)?;
        }
        Ok(())
    }

    /// NULL as edges means the straight ones.
    fn is_strict(&self) -> bool {
        false
    }

    fn array(&self, args: &ScalarFunctionArgs, rows: usize) -> Result<ArrayRef> {
        let (longitudes, latitudes) = (numbers(args, 0)?, numbers(args, 1)?);
        let (rings, kinds) = (lists(args, RING)?, texts(args, RING + 1)?);
        let read = |row: usize| match rings.get(row) {
            Some(ring) => region(&ring, edges(kinds.get(row))?),
            None => Ok(None),
        };
        // A constant ring is read once, but not for no row.
        let constant = (rings.is_constant() && kinds.is_constant() && rows > 0).then(|| read(0));
        let constant = constant.transpose()?;
        let answers = (0..rows).map(|row| {
            let (Some(longitude), Some(latitude)) = (longitudes.get(row), latitudes.get(row))
            else {
                return Ok(None);
            };
            let point = in_range("lon", "lat", [longitude, latitude])?;
            let own = match constant {
                Some(_) => None,
                None => read(row)?,
            };
            let region = constant.as_ref().unwrap_or(&own).as_ref();
            Ok(region.map(|region| region.covers(point)))
        });
        Ok(Arc::new(answers.collect::<Result<BooleanArray>>()?))
    }
}

fn in_range(longitude: &str, latitude: &str, point: Point) -> Result<Point> {
    check_longitude(PointInRegion::PARAMETERS.function, longitude, point[0])?;
    check_latitude(PointInRegion::PARAMETERS.function, latitude, point[1])?;
    Ok(point)
}

fn edges(name: Option<&str>) -> Result<Edges> {
    let Some(name) = name else {
        return Ok(Edges::default());
    };
    EDGES
        .domain
        .check_text(PointInRegion::PARAMETERS.function, EDGES.name, name)?;
    Ok(Edges::named(name).unwrap_or_default())
}

/// The region of a ring; `None` if something in it is NULL.
fn region(ring: &ArrayRef, edges: Edges) -> Result<Option<Region>> {
    let points = match ring.as_struct_opt() {
        Some(places) if places.null_count() > 0 => None,
        Some(places) => points_of(places.column(0), places.column(1)),
        None => points_of_pairs(ring)?,
    };
    let Some(points) = points else {
        return Ok(None);
    };
    for point in &points {
        in_range("lon in ring", "lat in ring", *point)?;
    }
    let region = Region::new(points, edges);
    region
        .map(Some)
        .map_err(|problem| exec_datafusion_err!("point_in_region takes {problem}"))
}

fn points_of(longitudes: &ArrayRef, latitudes: &ArrayRef) -> Option<Vec<Point>> {
    let longitudes = longitudes.as_primitive_opt::<Float64Type>()?;
    let latitudes = latitudes.as_primitive_opt::<Float64Type>()?;
    let points = longitudes.iter().zip(latitudes);
    points.map(|(x, y)| Some([x?, y?])).collect()
}

fn points_of_pairs(ring: &ArrayRef) -> Result<Option<Vec<Point>>> {
    let Some(pairs) = ring.as_list_opt::<i32>() else {
        return internal_err!("point_in_region got a ring of {}", ring.data_type());
    };
    let mut points = Vec::with_capacity(pairs.len());
    for pair in pairs.iter() {
        let Some(pair) = pair else { return Ok(None) };
        let pair = pair.as_primitive::<Float64Type>();
        if pair.len() != 2 {
            let given = pair.len();
            return exec_err!(
                "point_in_region takes points of two numbers, [lon, lat], as ring, got one of {given}"
            );
        }
        if pair.null_count() > 0 {
            return Ok(None);
        }
        points.push([pair.value(0), pair.value(1)]);
    }
    Ok(Some(points))
}
