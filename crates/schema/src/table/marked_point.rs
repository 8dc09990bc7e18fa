//! Fields of a longitude and a latitude that together are a point: kouan's own property `kouan:points`.

use crate::descriptor::json::Node;
use crate::descriptor::vocabulary::Vocabulary;
use crate::error::{Result, SchemaError};
use crate::table::constraints::Constraints;
use crate::table::field::Field;
use crate::table::keys::read_key;
use crate::types::field_type::FieldType;
use crate::types::value::Value;

/// The property of a table schema that marks points; the prefix keeps it apart from the standard's own.
pub(crate) const PROPERTY: &str = "kouan:points";

/// Two fields that together are a point on the globe, in degrees of WGS 84.
///
/// The fields stay as they are; files written for others have one column more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarkedPoint {
    /// The name of the column that the point is written to.
    pub name: String,
    /// The field of the longitude.
    pub longitude: String,
    /// The field of the latitude.
    pub latitude: String,
}

const VOCABULARY: Vocabulary =
    Vocabulary::closed("a point", &["name", "longitude", "latitude"], &[]);

impl MarkedPoint {
    pub(crate) fn read_all(schema: &Node<'_>, fields: &[Field]) -> Result<Vec<Self>> {
        let Some(node) = schema.get(PROPERTY) else {
            return Ok(Vec::new());
        };
        let nodes = node.items()?;
        let points: Vec<Self> = nodes
            .iter()
            .map(|node| Self::read(node, fields))
            .collect::<Result<_>>()?;
        for (index, point) in points.iter().enumerate() {
            let mut others = points[..index].iter().zip(&nodes);
            if let Some((_, first)) = others.find(|(other, _)| other.name == point.name) {
                return Err(SchemaError::NameTwice {
                    at: nodes[index].child("name").at(),
                    what: "point",
                    name: point.name.clone(),
                    first: first.child("name").at(),
                });
            }
        }
        Ok(points)
    }

    fn read(node: &Node<'_>, fields: &[Field]) -> Result<Self> {
        node.check(&VOCABULARY)?;
        let name = node.required("name", "it is the name of the point's column")?;
        let refused = |reason: &str| SchemaError::BadValue {
            at: name.at(),
            value: name.shown(),
            reason: reason.to_string(),
        };
        let text = name.text()?;
        if text.is_empty() {
            return Err(refused("must not be empty"));
        }
        if fields.iter().any(|field| field.name == text) {
            return Err(refused(
                "is a field already; the point is a column of its own",
            ));
        }
        let longitude = node.required("longitude", "it is the field of the longitude")?;
        let latitude = node.required("latitude", "it is the field of the latitude")?;
        Ok(Self {
            name: text.to_string(),
            longitude: read_degrees(&longitude, fields, 180)?,
            latitude: read_degrees(&latitude, fields, 90)?,
        })
    }
}

/// The name of a field of numbers that are all within so many degrees.
fn read_degrees(node: &Node<'_>, fields: &[Field], most: i32) -> Result<String> {
    let name = node.text()?;
    read_key(node, fields)?;
    let refused = |reason| {
        Err(SchemaError::BadValue {
            at: node.at(),
            value: node.shown(),
            reason,
        })
    };
    let Some(field) = fields.iter().find(|field| field.name == name) else {
        return refused("is not a field".to_string());
    };
    if !matches!(
        field.kind,
        FieldType::Number { .. } | FieldType::Integer { .. }
    ) {
        let kind = field.kind.name();
        return refused(format!("is of type {kind}; degrees are numbers"));
    }
    let Constraints {
        minimum, maximum, ..
    } = &field.constraints;
    let most = f64::from(most);
    let is_bounded = |bound: &Option<Value<'static>>| {
        let degrees = bound.as_ref().and_then(degrees);
        degrees.is_some_and(|degrees| degrees.abs() <= most)
    };
    if !is_bounded(minimum) || !is_bounded(maximum) {
        return refused(format!(
            "needs the constraints \"minimum\": -{most}, \"maximum\": {most} or narrower ones, so that every row is a place \
             on the globe"
        ));
    }
    Ok(name.to_string())
}

fn degrees(bound: &Value<'_>) -> Option<f64> {
    match bound {
        Value::Number(degrees) => Some(*degrees),
        Value::Integer(degrees) => Some(*degrees as f64),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{read_schema, refused_schema};

    fn schema(points: &str) -> String {
        let field = |name: &str, most: i32| {
            format!(
                r#"{{"name": "{name}", "type": "number", "constraints": {{"required": true, "minimum": -{most}, "maximum": {most}}}}}"#
            )
        };
        let (lon, lat) = (field("lon", 180), field("lat", 90));
        format!(
            r#"{{"fields": [{{"name": "place"}}, {lon}, {lat}, {{"name": "x", "type": "number"}}], "kouan:points": {points}}}"#
        )
    }

    #[test]
    fn a_point_is_one_column_more() {
        let points = r#"[{"name": "position", "longitude": "lon", "latitude": "lat"}]"#;
        let marked = read_schema(&schema(points));
        assert_eq!(marked.points.len(), 1);
        assert_eq!(marked.arrow_schema().fields().len(), 4);
        let written = marked.with_points();
        let field = &written.fields[4];
        assert_eq!(
            (field.name.as_str(), field.kind.name()),
            ("position", "geopoint")
        );
        assert!(written.is_required(field) && written.points.is_empty());
        assert!(
            read_schema(r#"{"fields": [{"name": "a"}]}"#)
                .points
                .is_empty()
        );
    }

    #[test]
    fn points_are_read_strictly() {
        let point = |name: &str, longitude: &str, latitude: &str| {
            format!(
                r#"[{{"name": "{name}", "longitude": "{longitude}", "latitude": "{latitude}"}}]"#
            )
        };
        let twice = point("p", "lon", "lat").replace(['[', ']'], "");
        for (points, problem) in [
            ("{}".to_string(), "must be a list, not an object"),
            (
                r#"[{"name": "p", "longitude": "lon"}]"#.to_string(),
                "`latitude` is missing: it is the field of the latitude",
            ),
            (point("p", "lon", "lta"), "did you mean `lat`?"),
            (
                point("lon", "lon", "lat"),
                "is a field already; the point is a column of its own",
            ),
            (
                point("p", "place", "lat"),
                "is of type string; degrees are numbers",
            ),
            (
                point("p", "lat", "lon"),
                "needs the constraints \"minimum\": -90, \"maximum\": 90 or narrower ones",
            ),
            (
                point("p", "x", "lat"),
                "needs the constraints \"minimum\": -180, \"maximum\": 180",
            ),
            (format!("[{twice}, {twice}]"), "a second point named `p`"),
            (
                r#"[{"name": "p", "lon": "lon"}]"#.to_string(),
                "a point has no property `lon`",
            ),
        ] {
            refused_schema(&schema(&points), problem);
        }
    }
}
