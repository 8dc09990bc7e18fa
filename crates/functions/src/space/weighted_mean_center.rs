//! `weighted_mean_center`: the middle of points that count differently.

use datafusion_common::Result;
use datafusion_expr::Documentation;
use datafusion_macros::user_doc;

use super::center::Center;
use super::points::Place;
use super::surface::{SURFACE, Surface};
use crate::aggregate::{Measure, Row};
use crate::parameters::{Kind, Parameters, required};

#[user_doc(
    doc_section(label = "space"),
    description = "The mean centre of points weighted by an amount such as tonnes, STRUCT(lon DOUBLE, lat DOUBLE): each point counts as often as its weight says. See mean_center for how the mean is taken.\n\n\
    Rows with NULL in lon, lat or weight are skipped; NULL as surface means its default. No rows, a total weight of 0, and points that balance all around the earth give NULL. A negative weight is an error. NaN, infinity and coordinates out of range (on the earth) are errors, and so is a surface that differs between rows of a group.\n\n\
    Source: as mean_center, Gade (2010), A non-singular horizontal position representation, J. Navigation 63(3).",
    syntax_example = "weighted_mean_center(lon, lat, weight[, surface])",
    sql_example = r#"```sql
> SELECT center['lon'] AS x, center['lat'] AS y
  FROM (SELECT weighted_mean_center(x, y, cargo, 'plane') AS center FROM (VALUES (0, 0, 3), (8, 4, 1)) AS ports(x, y, cargo));
+-----+-----+
| x   | y   |
+-----+-----+
| 2.0 | 1.0 |
+-----+-----+
```"#,
    argument(
        name = "lon",
        description = "Longitude, degrees, east positive; x on a plane."
    ),
    argument(
        name = "lat",
        description = "Latitude, degrees, north positive, -90 to 90; y on a plane."
    ),
    argument(
        name = "weight",
        description = "How much the point counts, at least 0, any unit."
    ),
    argument(
        name = "surface",
        description = "'earth' (default) for degrees on WGS84 and km, 'plane' for projected coordinates in any unit; the same for all rows of a group."
    ),
    related_udf(name = "mean_center")
)]
#[derive(Debug)]
pub(super) struct WeightedMeanCenter;

impl Measure for WeightedMeanCenter {
    const PARAMETERS: Parameters = Parameters {
        function: "weighted_mean_center",
        list: &[
            required("lon", Kind::Number),
            required("lat", Kind::Number),
            required("weight", Kind::Number),
            SURFACE,
        ],
    };
    type State = Center;
    type Answer = Place;

    fn update(state: &mut Center, row: Row<'_>) -> Result<()> {
        let function = Self::PARAMETERS.function;
        let surface = Surface::of(row, 3)?;
        let point = surface.point(row, function, 0)?;
        state.add(function, surface, point, row.non_negative(2)?)
    }

    fn evaluate(state: &mut Center) -> Result<Option<Place>> {
        Ok(state.place())
    }

    fn documentation(&self) -> Option<&Documentation> {
        self.doc()
    }
}
