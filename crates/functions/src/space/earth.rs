//! The earth as these functions see it: WGS84 for geodesics, a mean sphere for great circles.

use std::sync::LazyLock;

use datafusion_common::Result;
use geographiclib_rs::{DirectGeodesic, Geodesic, InverseGeodesic, PolygonArea, Winding};

use crate::domain::Domain;

/// Mean radius (2a + b) / 3 of WGS84, rounded to metres as geopy does.
pub(crate) const EARTH_RADIUS_KM: f64 = 6371.009;

/// `Geodesic::wgs84()` copies its series on every call.
static WGS84: LazyLock<Geodesic> = LazyLock::new(Geodesic::wgs84);

/// Length of the shortest line on the WGS84 ellipsoid (Karney 2013), in km. Degrees in.
pub(crate) fn geodesic_km(
    longitude_1: f64,
    latitude_1: f64,
    longitude_2: f64,
    latitude_2: f64,
) -> f64 {
    let metres: f64 = WGS84.inverse(latitude_1, longitude_1, latitude_2, longitude_2);
    metres / 1000.0
}

/// Length in km and first direction in degrees of the shortest line between two points (lon, lat).
pub(crate) fn course(from: [f64; 2], to: [f64; 2]) -> (f64, f64) {
    let (metres, azimuth, _, _): (f64, f64, f64, f64) =
        WGS84.inverse(from[1], from[0], to[1], to[0]);
    (metres / 1000.0, azimuth)
}

/// Where the shortest line of a first direction (degrees) ends after `km`.
pub(crate) fn destination(from: [f64; 2], azimuth: f64, km: f64) -> [f64; 2] {
    let (latitude, longitude): (f64, f64) = WGS84.direct(from[1], from[0], azimuth, km * 1000.0);
    [longitude, latitude]
}

/// Area in km² and length in km of a counter-clockwise ring of points (lon, lat) with geodesics as edges
/// (Karney 2013).
pub(crate) fn ring_area_and_perimeter_km(ring: &[[f64; 2]]) -> (f64, f64) {
    let mut polygon = PolygonArea::new(&WGS84, Winding::CounterClockwise);
    for [longitude, latitude] in ring {
        polygon.add_point(*latitude, *longitude);
    }
    let (metres, square_metres, _) = polygon.compute(true);
    (square_metres / 1e6, metres / 1000.0)
}

/// The least length in km of a geodesic between points so far apart on the unit sphere.
///
/// The ellipsoid is flattest along meridians at the equator: 6335.4 km against the sphere's 6371.0,
/// so a geodesic is never below 0.9944 of the great circle.
pub(crate) fn least_possible_km(chord_squared: f64) -> f64 {
    const FLATTEST: f64 = 0.994;
    let half_chord = (chord_squared.sqrt() / 2.0).min(1.0);
    2.0 * half_chord.asin() * EARTH_RADIUS_KM * FLATTEST
}

/// Length of the shortest line on the mean sphere (haversine), in km. Degrees in.
pub(crate) fn great_circle_km(
    longitude_1: f64,
    latitude_1: f64,
    longitude_2: f64,
    latitude_2: f64,
) -> f64 {
    let half_sine = |degrees: f64| (degrees.to_radians() / 2.0).sin();
    let meridian = half_sine(latitude_2 - latitude_1).powi(2);
    let parallel = half_sine(longitude_2 - longitude_1).powi(2);
    let shrink = latitude_1.to_radians().cos() * latitude_2.to_radians().cos();
    // Rounding can pass 1 by a hair for antipodes, where asin would answer NaN.
    let haversine = (meridian + shrink * parallel).min(1.0);
    2.0 * EARTH_RADIUS_KM * haversine.sqrt().asin()
}

/// The point on the unit sphere, latitude taken as if the earth were round.
pub(crate) fn unit_vector(longitude: f64, latitude: f64) -> [f64; 3] {
    let (sin_longitude, cos_longitude) = longitude.to_radians().sin_cos();
    let (sin_latitude, cos_latitude) = latitude.to_radians().sin_cos();
    [
        cos_latitude * cos_longitude,
        cos_latitude * sin_longitude,
        sin_latitude,
    ]
}

/// Latitudes in degrees.
pub(crate) const LATITUDES: Domain = Domain::Numbers {
    wanted: "a latitude from -90 to 90 degrees",
    fits: |degrees| (-90.0..=90.0).contains(&degrees),
};

/// Longitudes in degrees, at most one turn from 0: both -180 to 180 and 0 to 360 are in use.
pub(crate) const LONGITUDES: Domain = Domain::Numbers {
    wanted: "a longitude from -360 to 360 degrees",
    fits: |degrees| (-360.0..=360.0).contains(&degrees),
};

/// A latitude within its range. `asked_by` and `name` are for the message.
pub(crate) fn check_latitude(asked_by: &str, name: &str, degrees: f64) -> Result<f64> {
    LATITUDES.check_number(asked_by, name, degrees)?;
    Ok(degrees)
}

/// A longitude within its range. `asked_by` and `name` are for the message.
pub(crate) fn check_longitude(asked_by: &str, name: &str, degrees: f64) -> Result<f64> {
    LONGITUDES.check_number(asked_by, name, degrees)?;
    Ok(degrees)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// geopy 2.5.0 and pyproj 3.7.2, as in testdata/reference_vectors.csv.
    #[test]
    fn kashgar_to_torugart() {
        let (kashgar, torugart) = ((75.99, 39.47), (75.39, 40.55));
        let geodesic = geodesic_km(kashgar.0, kashgar.1, torugart.0, torugart.1);
        assert!((geodesic - 130.400_830_876_373_16).abs() < 1e-6);
        let circle = great_circle_km(kashgar.0, kashgar.1, torugart.0, torugart.1);
        assert!((circle - 130.509_803_989_153_3).abs() < 1e-6);
    }

    /// Half a circle of the sphere, pi R.
    #[test]
    fn antipodes() {
        let half = std::f64::consts::PI * EARTH_RADIUS_KM;
        assert!((great_circle_km(0.0, 90.0, 0.0, -90.0) - half).abs() < 1e-9);
        assert!((great_circle_km(10.0, 20.0, -170.0, -20.0) - half).abs() < 1e-4);
        // Two meridian quadrants of WGS84: 2 x 10001.965729 km.
        assert!((geodesic_km(0.0, 90.0, 0.0, -90.0) - 20_003.931_459).abs() < 1e-6);
    }

    #[test]
    fn coordinates_out_of_range_are_errors() {
        assert!(check_latitude("f", "lat1", 90.0).is_ok());
        assert!(check_longitude("f", "lon1", 360.0).is_ok());
        for wrong in [90.1, -91.0, f64::NAN, f64::INFINITY] {
            assert!(check_latitude("f", "lat1", wrong).is_err());
        }
        let message = check_longitude("f", "lon1", 4_000_000.0)
            .unwrap_err()
            .to_string();
        assert!(
            message.contains("f takes a longitude from -360 to 360 degrees as lon1, got 4000000")
        );
    }
}
