//! `geodesic_km`: the shortest distance on the WGS84 ellipsoid.

use datafusion_common::Result;

use super::{TWO_POINTS, TWO_POINTS_SAMPLES, earth};
use crate::documented::{Benchmark, Documented, Manual, Samples, benchmark};
use crate::parameters::Parameters;
use crate::scalar::ByRow;

#[derive(Debug)]
pub(super) struct GeodesicKm;

impl Documented for GeodesicKm {
    const PARAMETERS: Parameters = Parameters {
        function: "geodesic_km",
        list: TWO_POINTS,
    };
    const MANUAL: Manual = Manual {
        text: "The length of the shortest line between two points on the WGS84 ellipsoid, in km, accurate to nanometres and defined for \
        nearly antipodal points too.\n\n\
        NULL in any argument gives NULL. A latitude outside -90 to 90, a longitude outside -360 to 360, NaN and infinity are errors.\n\n\
        Source: Karney (2013), Algorithms for geodesics, J. Geodesy 87, 43-55.",
        example: "
> SELECT round(geodesic_km(75.99, 39.47, 75.39, 40.55), 3) AS kashgar_torugart;
+------------------+
| kashgar_torugart |
+------------------+
| 130.401          |
+------------------+
",
        related: &["great_circle_km", "nearest_city"],
    };
    const SAMPLES: Samples = TWO_POINTS_SAMPLES;
    const BENCHMARK: Benchmark =
        benchmark::alone("SELECT geodesic_km(lon, lat, lon2, lat2) FROM some");
}

impl ByRow for GeodesicKm {
    type Arguments = [f64; 4];
    type Answer = f64;

    fn answer([lon1, lat1, lon2, lat2]: [f64; 4]) -> Result<Option<f64>> {
        Ok(Some(earth::geodesic_km(lon1, lat1, lon2, lat2)))
    }
}
