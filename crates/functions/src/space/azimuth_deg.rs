//! `azimuth_deg`: in which direction the shortest line sets out.

use datafusion_common::Result;

use super::{TWO_POINTS, TWO_POINTS_SAMPLES, earth};
use crate::documented::{Benchmark, Documented, Manual, Samples, benchmark};
use crate::parameters::Parameters;
use crate::scalar::ByRow;

#[derive(Debug)]
pub(super) struct AzimuthDeg;

impl Documented for AzimuthDeg {
    const PARAMETERS: Parameters = Parameters {
        function: "azimuth_deg",
        list: TWO_POINTS,
    };
    const MANUAL: Manual = Manual {
        text: "The direction in which the shortest line from the first point to the second sets out on the WGS84 ellipsoid, in degrees \
        clockwise from north, 0 to below 360: 0 north, 90 east, 270 west.\n\n\
        NULL in any argument gives NULL, and so do two equal points: there is no direction. A latitude outside -90 to 90, a longitude outside -360 to 360, \
        NaN and infinity are errors.\n\n\
        Source: Karney (2013), Algorithms for geodesics, J. Geodesy 87, 43-55.",
        example: "
> SELECT round(azimuth_deg(75.99, 39.47, 75.39, 40.55), 2) AS kashgar_torugart;
+------------------+
| kashgar_torugart |
+------------------+
| 337.06           |
+------------------+
",
        related: &["geodesic_km"],
    };
    const SAMPLES: Samples = TWO_POINTS_SAMPLES;
    const BENCHMARK: Benchmark =
        benchmark::alone("SELECT azimuth_deg(lon, lat, lon2, lat2) FROM some");
}

impl ByRow for AzimuthDeg {
    type Arguments = [f64; 4];
    type Answer = f64;

    fn answer([lon1, lat1, lon2, lat2]: [f64; 4]) -> Result<Option<f64>> {
        let (km, azimuth) = earth::course([lon1, lat1], [lon2, lat2]);
        Ok((km > 0.0).then(|| azimuth.rem_euclid(360.0)))
    }
}
