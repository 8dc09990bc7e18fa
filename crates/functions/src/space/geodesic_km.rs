//! `geodesic_km`: the shortest distance on the WGS84 ellipsoid.

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
    function: "geodesic_km",
    list: TWO_POINTS,
};

#[user_doc(
    doc_section(label = "space"),
    description = "The length of the shortest line between two points on the WGS84 ellipsoid, in km, accurate to nanometres and defined for \
    nearly antipodal points too.\n\n\
    NULL in any argument gives NULL. A latitude outside -90 to 90, a longitude outside -360 to 360, NaN and infinity are errors.\n\n\
    Source: Karney (2013), Algorithms for geodesics, J. Geodesy 87, 43-55.",
    syntax_example = "geodesic_km(lon1, lat1, lon2, lat2)",
    sql_example = r#"```sql
> SELECT round(geodesic_km(75.99, 39.47, 75.39, 40.55), 3) AS kashgar_torugart;
+------------------+
| kashgar_torugart |
+------------------+
| 130.401          |
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
    related_udf(name = "great_circle_km"),
    related_udf(name = "nearest_city")
)]
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct GeodesicKm {
    signature: Signature,
}

impl Default for GeodesicKm {
    fn default() -> Self {
        Self {
            signature: PARAMETERS.signature(Volatility::Immutable),
        }
    }
}

impl ScalarUDFImpl for GeodesicKm {
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
        measured(&PARAMETERS, &args, earth::geodesic_km)
    }

    fn documentation(&self) -> Option<&Documentation> {
        self.doc()
    }
}
