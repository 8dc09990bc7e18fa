//! Cells of the types geopoint and geojson.

use serde_json::Value as Json;

use crate::descriptor::strict_json;
use crate::types::rule::Rule;

/// A point on the globe, in degrees of WGS 84.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Point {
    /// East of Greenwich.
    pub longitude: f64,
    /// North of the equator.
    pub latitude: f64,
}

/// How the cells of a `geopoint` field are written; longitude stands before latitude.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PointFormat {
    /// `90.50, 45.50`.
    Default,
    /// `[90.50, 45.50]`.
    Array,
    /// `{"lon": 90.50, "lat": 45.50}`.
    Object,
}

impl PointFormat {
    /// Reads a point on the globe, in degrees.
    pub(crate) fn parse(self, text: &str) -> Result<Point, Rule> {
        let found = match self {
            Self::Default => pair(text),
            Self::Array => array(text),
            Self::Object => object(text),
        };
        let shape = match self {
            Self::Default => "not a longitude and latitude like 90.50, 45.50",
            Self::Array => "not a longitude and latitude like [90.50, 45.50]",
            Self::Object => r#"not a longitude and latitude like {"lon": 90.50, "lat": 45.50}"#,
        };
        let (longitude, latitude) = found.ok_or(shape)?;
        if !(-180.0..=180.0).contains(&longitude) {
            return Err("a longitude beyond 180 degrees; it stands before the latitude".into());
        }
        if !(-90.0..=90.0).contains(&latitude) {
            return Err("a latitude beyond 90 degrees; it stands after the longitude".into());
        }
        Ok(Point {
            longitude,
            latitude,
        })
    }
}

fn pair(text: &str) -> Option<(f64, f64)> {
    let number = |text: &str| crate::types::number::parse_number(text.trim(), '.', None).ok();
    let (longitude, latitude) = text.split_once(',')?;
    Some((number(longitude)?, number(latitude)?))
}

fn array(text: &str) -> Option<(f64, f64)> {
    match strict_json::parse(text).ok()? {
        Json::Array(items) if items.len() == 2 && items.iter().all(Json::is_number) => {
            let inside = text.trim().strip_prefix('[')?.strip_suffix(']')?;
            let (longitude, latitude) = inside.split_once(',')?;
            Some((exactly(longitude)?, exactly(latitude)?))
        }
        _ => None,
    }
}

fn object(text: &str) -> Option<(f64, f64)> {
    match strict_json::parse(text).ok()? {
        Json::Object(object) if object.len() == 2 && object.values().all(Json::is_number) => {
            let inside = text.trim().strip_prefix('{')?.strip_suffix('}')?;
            let degrees = |name: &str| {
                let is_of_name =
                    |pair: &(&str, &str)| strict_json::parse(pair.0).is_ok_and(|json| json == name);
                let mut pairs = inside.split(',').filter_map(|pair| pair.split_once(':'));
                exactly(pairs.find(is_of_name)?.1)
            };
            Some((degrees("lon")?, degrees("lat")?))
        }
        _ => None,
    }
}

/// A number of JSON to the last bit; the library that reads JSON rounds some wrongly.
fn exactly(number: &str) -> Option<f64> {
    number.trim().parse().ok()
}

/// The geometries that are made of positions, and how deep their lists of numbers are.
const GEOMETRIES: &[(&str, usize)] = &[
    ("Point", 1),
    ("MultiPoint", 2),
    ("LineString", 2),
    ("MultiLineString", 3),
    ("Polygon", 3),
    ("MultiPolygon", 4),
];

/// Whether a JSON value is GeoJSON (RFC 7946): a geometry, a feature, or a collection of them.
pub(crate) fn is_geojson(value: &Json) -> bool {
    let Some(kind) = value.get("type").and_then(Json::as_str) else {
        return false;
    };
    let all = |name: &str, fits: fn(&Json) -> bool| {
        let items = value.get(name).and_then(Json::as_array);
        items.is_some_and(|items| items.iter().all(fits))
    };
    match kind {
        "Feature" => is_feature(value),
        "FeatureCollection" => all("features", is_feature),
        _ => is_geometry(value),
    }
}

fn is_geometry(value: &Json) -> bool {
    let Some(kind) = value.get("type").and_then(Json::as_str) else {
        return false;
    };
    if kind == "GeometryCollection" {
        let parts = value.get("geometries").and_then(Json::as_array);
        return parts.is_some_and(|parts| parts.iter().all(is_geometry));
    }
    let depth = GEOMETRIES.iter().find(|(name, _)| *name == kind);
    depth
        .zip(value.get("coordinates"))
        .is_some_and(|((_, depth), coordinates)| are_positions(coordinates, *depth))
}

fn is_feature(value: &Json) -> bool {
    let or_null = |name: &str, fits: fn(&Json) -> bool| {
        value
            .get(name)
            .is_some_and(|part| part.is_null() || fits(part))
    };
    value.get("type").and_then(Json::as_str) == Some("Feature")
        && or_null("geometry", is_geometry)
        && or_null("properties", Json::is_object)
}

/// Lists in lists down to positions, which are two numbers or more.
fn are_positions(value: &Json, depth: usize) -> bool {
    let Some(items) = value.as_array() else {
        return false;
    };
    if depth == 1 {
        return items.len() >= 2 && items.iter().all(Json::is_number);
    }
    items.iter().all(|item| are_positions(item, depth - 1))
}

/// Whether a JSON value is TopoJSON: a topology of named objects over shared arcs.
pub(crate) fn is_topojson(value: &Json) -> bool {
    let arcs = value.get("arcs");
    value.get("type").and_then(Json::as_str) == Some("Topology")
        && value.get("objects").is_some_and(Json::is_object)
        && arcs.is_some_and(|arcs| {
            let arcs = arcs.as_array();
            arcs.is_some_and(|arcs| arcs.iter().all(|arc| are_positions(arc, 2)))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_have_three_forms() {
        let lijiang = Point {
            longitude: 90.5,
            latitude: -45.5,
        };
        for (format, text) in [
            (PointFormat::Default, "90.50,-45.5"),
            (PointFormat::Default, "90.50, -45.5"),
            (PointFormat::Array, "[90.50, -45.5]"),
            (PointFormat::Object, r#"{"lat": -45.5, "lon": 90.5}"#),
            (PointFormat::Object, r#" {"lo\u006e":90.5,"lat" : -45.5} "#),
        ] {
            assert_eq!(format.parse(text), Ok(lijiang), "{text}");
        }
        // A number that serde_json, without `float_roundtrip`, reads as -106.5033999787822.
        let exact = Point {
            longitude: -106.50339997878221,
            latitude: 18.0,
        };
        for (format, text) in [
            (PointFormat::Default, "-106.50339997878221,18"),
            (PointFormat::Array, "[-106.50339997878221,18]"),
            (
                PointFormat::Object,
                r#"{"lon": -106.50339997878221, "lat": 18}"#,
            ),
        ] {
            assert_eq!(format.parse(text), Ok(exact), "{text}");
        }
        for (format, text) in [
            (PointFormat::Default, "90.5"),
            (PointFormat::Default, "90.5,45.5,3"),
            (PointFormat::Default, "NaN,45.5"),
            (PointFormat::Default, "181,0"),
            (PointFormat::Default, "0,-91"),
            (PointFormat::Array, "[90.5]"),
            (PointFormat::Array, r#"["90.5", "45.5"]"#),
            (PointFormat::Object, r#"{"lon": 90.5}"#),
            (PointFormat::Object, r#"{"lon": 1, "lat": 2, "z": 3}"#),
        ] {
            assert!(format.parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn geojson_has_a_shape() {
        let is = |text: &str| is_geojson(&strict_json::parse(text).unwrap());
        // RFC 7946, sections 1.5 and 3.1.
        assert!(is(r#"{"type": "Point", "coordinates": [100.0, 0.0]}"#));
        assert!(is(
            r#"{"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}"#
        ));
        assert!(is(
            r#"{"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": null, "properties": {}}]}"#
        ));
        assert!(is(r#"{"type": "GeometryCollection", "geometries": []}"#));
        assert!(!is(r#"{"type": "Point", "coordinates": [[100.0, 0.0]]}"#));
        assert!(!is(r#"{"type": "Point"}"#));
        assert!(!is(
            r#"{"type": "Feature", "geometry": {"type": "Feature"}}"#
        ));
        assert!(!is(r#"{"coordinates": [1, 2]}"#));
        let topology = strict_json::parse(
            r#"{"type": "Topology", "objects": {}, "arcs": [[[0, 0], [1, 1]]]}"#,
        );
        assert!(is_topojson(&topology.unwrap()));
    }
}
