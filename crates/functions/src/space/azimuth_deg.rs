//! `azimuth_deg`: in which direction the shortest line sets out.

use std::sync::Arc;

use arrow::array::Float64Array;
use arrow::datatypes::{DataType, Field, FieldRef};
use datafusion_common::Result;
use datafusion_expr::{
    ColumnarValue, Documentation, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDFImpl, Signature,
    Volatility,
};
use datafusion_macros::user_doc;

use super::{TWO_POINTS, check_degrees, check_points, earth};
use crate::parameters::Parameters;
use crate::support::{evaluate, numbers};

const PARAMETERS: Parameters = Parameters {
    function: "azimuth_deg",
    list: TWO_POINTS,
};

#[user_doc(
    doc_section(label = "space"),
    description = "The direction in which the shortest line from the first point to the second sets out on the WGS84 ellipsoid, in degrees \
    clockwise from north, 0 to below 360: 0 north, 90 east, 270 west.\n\n\
    NULL in any argument gives NULL, and so do two equal points: there is no direction. A latitude outside -90 to 90, a longitude outside -360 to 360, \
    NaN and infinity are errors.\n\n\
    Source: Karney (2013), Algorithms for geodesics, J. Geodesy 87, 43-55.",
    syntax_example = "azimuth_deg(lon1, lat1, lon2, lat2)",
    sql_example = r#"```sql
> SELECT round(azimuth_deg(75.99, 39.47, 75.39, 40.55), 2) AS kashgar_torugart;
+------------------+
| kashgar_torugart |
+------------------+
| 337.06           |
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
pub(super) struct AzimuthDeg {
    signature: Signature,
}

impl Default for AzimuthDeg {
    fn default() -> Self {
        Self {
            signature: PARAMETERS.signature(Volatility::Immutable),
        }
    }
}

impl ScalarUDFImpl for AzimuthDeg {
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
        Ok(Arc::new(Field::new(self.name(), DataType::Float64, true)))
    }

    fn is_strict(&self) -> bool {
        true
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let columns = (0..PARAMETERS.list.len())
            .map(|position| numbers(&args, position))
            .collect::<Result<Vec<_>>>()?;
        evaluate(&args, |rows| {
            let directions = (0..rows).map(|row| {
                let given: Option<Vec<f64>> =
                    columns.iter().map(|column| column.get(row)).collect();
                given.map_or(Ok(None), |given| direction(&given))
            });
            Ok(Arc::new(directions.collect::<Result<Float64Array>>()?))
        })
    }

    fn documentation(&self) -> Option<&Documentation> {
        self.doc()
    }
}

/// The first direction from one point to another; none between equal points.
fn direction(degrees: &[f64]) -> Result<Option<f64>> {
    for (parameter, degrees) in PARAMETERS.list.iter().zip(degrees) {
        check_degrees(PARAMETERS.function, parameter.name, *degrees)?;
    }
    let [longitude_1, latitude_1, longitude_2, latitude_2] = *degrees else {
        return Ok(None);
    };
    let (km, azimuth) = earth::course([longitude_1, latitude_1], [longitude_2, latitude_2]);
    Ok((km > 0.0).then(|| azimuth.rem_euclid(360.0)))
}
