//! `point_in_region`: whether a point lies in a region.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray};
use arrow::datatypes::{DataType, Field, FieldRef, Float64Type};
use datafusion_common::{Result, ScalarValue, exec_datafusion_err, exec_err, internal_err};
use datafusion_expr::{
    ColumnarValue, Documentation, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDFImpl, Signature,
    Volatility,
};
use datafusion_macros::user_doc;

use super::region::{Edges, Region};
use super::surface::Point;
use super::{check_degrees, check_points};
use crate::parameters::{Kind, Parameter, Parameters, required, setting, while_planning};
use crate::support::{evaluate, lists, numbers, texts};

const PARAMETERS: Parameters = Parameters {
    function: "point_in_region",
    list: &[
        required("lon", Kind::Number),
        required("lat", Kind::Number),
        required("ring", Kind::Ring),
        EDGES,
    ],
};

const EDGES: Parameter = setting("edges", Kind::Text)
    .texts("'straight' or 'great_circle'", |name| {
        Edges::named(name).is_some()
    });

/// Where the ring stands among the parameters; its edges come next.
const RING: usize = 2;

#[user_doc(
    doc_section(label = "space"),
    description = "Whether a point lies in the region inside a ring; the boundary belongs to it. The ring may be closed or open and go either way round; of one that crosses itself the parts it goes around an odd number of times count. There are no holes: take them out with AND NOT.\n\n\
    'straight' edges are straight in longitude and latitude, as in GeoJSON: one between two places of the same latitude follows the parallel. \
    Longitudes are taken as written: a ring across the date line runs on, from 170 to 190, while from 170 to -170 is the long way round. The point may be given with any of its longitudes, -175 or 185. A ring around a pole has to go along it.\n\n\
    'great_circle' edges are shortest lines on a sphere, as those of convex_hull on the earth; a point up to 6 micrometres beside one is on it. Date line and poles need no care then, but the ring has to lie on one half of the earth.\n\n\
    NULL in lon, lat, ring or inside the ring gives NULL; NULL as edges means its default. A ring of fewer than three points, a point of it without exactly two numbers, other edges, NaN, infinity and coordinates out of range are errors.\n\n\
    Source: Shimrat (1962), Algorithm 112: position of point relative to polygon, CACM 5(8), with the exact predicate of Shewchuk (1997); as `covers` in shapely.",
    syntax_example = "point_in_region(lon, lat, ring[, edges])",
    sql_example = r#"```sql
> SELECT port, point_in_region(lon, lat, [[73, 35], [96, 35], [96, 49], [73, 49]]) AS in_region
  FROM (VALUES ('Alashankou', 82.57, 45.17), ('Heihe', 127.5, 50.25)) AS ports(port, lon, lat);
+------------+-----------+
| port       | in_region |
+------------+-----------+
| Alashankou | true      |
| Heihe      | false     |
+------------+-----------+
```"#,
    argument(name = "lon", description = "Longitude, degrees, east positive."),
    argument(
        name = "lat",
        description = "Latitude, degrees, north positive, -90 to 90."
    ),
    argument(
        name = "ring",
        description = "At least three points, as a list of [lon, lat] or of STRUCT(lon, lat) such as the ring of convex_hull."
    ),
    argument(
        name = "edges",
        description = "'straight' (default) or 'great_circle', what runs from one point of the ring to the next."
    ),
    related_udf(name = "convex_hull")
)]
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct PointInRegion {
    signature: Signature,
}

impl Default for PointInRegion {
    fn default() -> Self {
        Self {
            signature: PARAMETERS.signature(Volatility::Immutable),
        }
    }
}

impl ScalarUDFImpl for PointInRegion {
    fn name(&self) -> &str {
        PARAMETERS.function
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn coerce_types(&self, given: &[DataType]) -> Result<Vec<DataType>> {
        Ok(PARAMETERS.coerce(given))
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Boolean)
    }

    fn return_field_from_args(&self, args: ReturnFieldArgs) -> Result<FieldRef> {
        check_points(&PARAMETERS, &args)?;
        PARAMETERS.check_literals(args.scalar_arguments)?;
        if let Some(ScalarValue::List(ring)) = &PARAMETERS.literals(&args)?[RING]
            && ring.is_valid(0)
        {
            region(&ring.value(0), Edges::default()).map_err(while_planning)?;
        }
        Ok(Arc::new(Field::new(self.name(), DataType::Boolean, true)))
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let (longitudes, latitudes) = (numbers(&args, 0)?, numbers(&args, 1)?);
        let (rings, kinds) = (lists(&args, RING)?, texts(&args, RING + 1)?);
        evaluate(&args, |rows| {
            let read = |row: usize| match rings.get(row) {
                Some(ring) => region(&ring, edges(kinds.get(row))?),
                None => Ok(None),
            };
            // A constant ring is read once, but not for no row.
            let constant =
                (rings.is_constant() && kinds.is_constant() && rows > 0).then(|| read(0));
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
        })
    }

    fn documentation(&self) -> Option<&Documentation> {
        self.doc()
    }
}

fn in_range(longitude: &str, latitude: &str, point: Point) -> Result<Point> {
    check_degrees(PARAMETERS.function, longitude, point[0])?;
    check_degrees(PARAMETERS.function, latitude, point[1])?;
    Ok(point)
}

fn edges(name: Option<&str>) -> Result<Edges> {
    let Some(name) = name else {
        return Ok(Edges::default());
    };
    EDGES
        .domain
        .check_text(PARAMETERS.function, EDGES.name, name)?;
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
