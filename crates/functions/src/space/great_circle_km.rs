//! `great_circle_km`: the shortest distance on a sphere.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, FieldRef};
use datafusion_common::Result;
use datafusion_expr::{
    ColumnarValue, Documentation, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDFImpl, Signature,
    Volatility,
};
use datafusion_macros::user_doc;

use super::{TWO_POINTS, check_points, earth, measured};
use crate::parameters::Parameters;

const PARAMETERS: Parameters = Parameters {
    function: "great_circle_km",
    list: TWO_POINTS,
};

#[user_doc(
    doc_section(label = "space"),
    description = "The length of the shortest line between two points on a sphere of radius 6371.009 km, in km: \
    2 R asin(sqrt(sin²(Δlat/2) + cos lat1 cos lat2 sin²(Δlon/2))). Several times faster than `geodesic_km` and within 0.6 percent of it.\n\n\
    NULL in any argument gives NULL. A latitude outside -90 to 90, a longitude outside -360 to 360, NaN and infinity are errors.\n\n\
    Source: haversine formula; the radius is the mean (2a + b) / 3 of WGS84.",
    syntax_example = "great_circle_km(lon1, lat1, lon2, lat2)",
    sql_example = r#"```sql
> SELECT round(great_circle_km(75.99, 39.47, 75.39, 40.55), 3) AS kashgar_torugart;
+------------------+
| kashgar_torugart |
+------------------+
| 130.51           |
+------------------+
```"#,
    argument(
        name = "lon1",
        description = "Longitude of the first point, degrees, east positive."
    ),
    argument(
        name = "lat1",
        description = "Latitude of the first point, degrees, north positive, -90 to 90."
    ),
    argument(name = "lon2", description = "Longitude of the second point."),
    argument(name = "lat2", description = "Latitude of the second point."),
    related_udf(name = "geodesic_km")
)]
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct GreatCircleKm {
    signature: Signature,
}

impl Default for GreatCircleKm {
    fn default() -> Self {
        Self {
            signature: PARAMETERS.signature(Volatility::Immutable),
        }
    }
}

impl ScalarUDFImpl for GreatCircleKm {
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
        Ok(DataType::Float64)
    }

    fn return_field_from_args(&self, args: ReturnFieldArgs) -> Result<FieldRef> {
        check_points(&PARAMETERS, &args)?;
        let nullable = Parameters::any_nullable(&args);
        Ok(Arc::new(Field::new(
            self.name(),
            DataType::Float64,
            nullable,
        )))
    }

    fn is_strict(&self) -> bool {
        true
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        measured(&PARAMETERS, &args, earth::great_circle_km)
    }

    fn documentation(&self) -> Option<&Documentation> {
        self.doc()
    }
}
