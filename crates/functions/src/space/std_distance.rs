//! `std_distance`: how far points spread around their middle.

use datafusion_common::Result;
use datafusion_expr::Documentation;
use datafusion_macros::user_doc;

use super::points::Points;
use super::surface::SURFACE;
use crate::aggregate::{Measure, Row, Sum};
use crate::parameters::{Kind, Parameters, required};

#[user_doc(
    doc_section(label = "space"),
    description = "The standard distance: the root of the mean squared distance of the points from their mean_center, in km (on a plane in its unit). It divides by n.\n\n\
    Rows with NULL in lon or lat are skipped; NULL as surface means its default. No rows, and points that balance all around the earth, give NULL. One point gives 0. NaN, infinity and coordinates out of range (on the earth) are errors, and so is a surface that differs between rows of a group.\n\n\
    Source: Bachi (1963), Standard distance measures and related methods for spatial analysis; as in pointpats.",
    syntax_example = "std_distance(lon, lat[, surface])",
    sql_example = r#"```sql
> SELECT std_distance(x, y, 'plane') AS spread FROM (VALUES (0, 0), (6, 8)) AS ports(x, y);
+--------+
| spread |
+--------+
| 5.0    |
+--------+
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
        name = "surface",
        description = "'earth' (default) for degrees on WGS84 and km, 'plane' for projected coordinates in any unit; the same for all rows of a group."
    ),
    related_udf(name = "mean_center"),
    related_udf(name = "std_ellipse")
)]
#[derive(Debug)]
pub(super) struct StdDistance;

impl Measure for StdDistance {
    const PARAMETERS: Parameters = Parameters {
        function: "std_distance",
        list: &[
            required("lon", Kind::Number),
            required("lat", Kind::Number),
            SURFACE,
        ],
    };
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

    fn documentation(&self) -> Option<&Documentation> {
        self.doc()
    }
}
