//! Reads the type of a field from its schema.

use serde_json::Value as Json;

use super::{FieldType, ListFormat};
use crate::descriptor::json::Node;
use crate::error::{Result, SchemaError};
use crate::types::any_form::AnyForm;
use crate::types::geo::PointFormat;
use crate::types::json_text::JsonKind;
use crate::types::temporal::TemporalFormat;
use crate::types::temporal_pattern::{Parts, PatternProblem, TemporalPattern};
use crate::types::text::StringFormat;
use crate::types::value::Value;

const TYPES: &[&str] = &[
    "string",
    "integer",
    "number",
    "boolean",
    "date",
    "time",
    "datetime",
    "year",
    "yearmonth",
    "duration",
    "object",
    "array",
    "list",
    "geopoint",
    "geojson",
    "any",
];
/// What the items of a list may be.
const ITEM_TYPES: &[&str] = &[
    "string", "integer", "boolean", "number", "datetime", "date", "time",
];
const TRUE_VALUES: &[&str] = &["true", "True", "TRUE", "1"];
const FALSE_VALUES: &[&str] = &["false", "False", "FALSE", "0"];
/// Which properties belong to which types only.
const PROPERTIES: &[(&str, &[&str])] = &[
    ("groupChar", &["integer", "number"]),
    ("bareNumber", &["integer", "number"]),
    ("decimalChar", &["number"]),
    ("trueValues", &["boolean"]),
    ("falseValues", &["boolean"]),
    ("delimiter", &["list"]),
    ("itemType", &["list"]),
];

impl FieldType {
    /// Reads the type of a field, with every property that only some types have.
    pub(crate) fn read(field: &Node<'_>) -> Result<Self> {
        let kind = field
            .get("type")
            .map(|node| node.text())
            .transpose()?
            .unwrap_or("any");
        check_properties(field, kind)?;
        Ok(match kind {
            "string" => Self::String(string_format(field)?),
            "any" => default_only(field, Self::String(StringFormat::Default))?,
            "integer" => default_only(
                field,
                Self::Integer {
                    group: sign(field, "groupChar")?,
                    bare: bare_number(field)?,
                },
            )?,
            "number" => default_only(field, number(field)?)?,
            "boolean" => default_only(field, boolean(field)?)?,
            "date" => Self::Date(temporal_format(field, Parts::Date)?),
            "time" => Self::Time(temporal_format(field, Parts::Time)?),
            "datetime" => Self::DateTime(temporal_format(field, Parts::DateTime)?),
            "year" => default_only(field, Self::Year)?,
            "yearmonth" => default_only(field, Self::YearMonth)?,
            "duration" => default_only(field, Self::Duration)?,
            "object" => default_only(field, Self::Json(JsonKind::Object))?,
            "array" => default_only(field, Self::Json(JsonKind::Array))?,
            "geojson" => Self::Json(of_formats(
                field,
                &[
                    ("default", JsonKind::GeoJson),
                    ("topojson", JsonKind::TopoJson),
                ],
            )?),
            "geopoint" => Self::Point(of_formats(
                field,
                &[
                    ("default", PointFormat::Default),
                    ("array", PointFormat::Array),
                    ("object", PointFormat::Object),
                ],
            )?),
            "list" => default_only(field, Self::List(list(field)?))?,
            _ => return Err(unknown_type(field, kind)),
        })
    }
}

impl FieldType {
    /// The type of the items of a list, in its default format.
    fn of_item(name: &str) -> Option<Self> {
        let texts = |values: &[&str]| values.iter().map(ToString::to_string).collect();
        Some(match name {
            "string" => Self::String(StringFormat::Default),
            "integer" => Self::Integer {
                group: None,
                bare: true,
            },
            "number" => Self::Number {
                decimal: '.',
                group: None,
                bare: true,
            },
            "boolean" => Self::Boolean {
                true_values: texts(TRUE_VALUES),
                false_values: texts(FALSE_VALUES),
            },
            "date" => Self::Date(TemporalFormat::Default),
            "time" => Self::Time(TemporalFormat::Default),
            "datetime" => Self::DateTime(TemporalFormat::Default),
            _ => return None,
        })
    }

    /// A value that a schema gives: as JSON has it, or as text that the type can read.
    pub(crate) fn read_value(&self, node: &Node<'_>) -> Result<Value<'static>> {
        let text = match (node.json(), self) {
            (Json::String(text), _) => text.clone(),
            (Json::Number(number), Self::Integer { .. }) if number.as_i64().is_some() => {
                return Ok(Value::Integer(number.as_i64().unwrap_or_default()));
            }
            (Json::Number(number), Self::Number { .. }) if number.as_f64().is_some() => {
                return Ok(Value::Number(number.as_f64().unwrap_or_default()));
            }
            (Json::Number(number), Self::Year) if number.as_i64().is_some() => {
                let year = number.as_i64().and_then(|year| year.try_into().ok());
                return Ok(Value::Year(year.unwrap_or(i32::MAX)));
            }
            (Json::Bool(boolean), Self::Boolean { .. }) => return Ok(Value::Boolean(*boolean)),
            (
                json @ Json::Object(_),
                Self::Json(JsonKind::Object | JsonKind::GeoJson | JsonKind::TopoJson)
                | Self::Point(PointFormat::Object),
            )
            | (
                json @ Json::Array(_),
                Self::Json(JsonKind::Array) | Self::Point(PointFormat::Array),
            ) => json.to_string(),
            _ => {
                return Err(SchemaError::WrongType {
                    at: node.at(),
                    expected: format!("a value of type {}", self.name()),
                    found: node.shown(),
                });
            }
        };
        let value = self.parse(&text).map(Value::into_owned);
        value.map_err(|rule| SchemaError::BadValue {
            at: node.at(),
            value: text.clone(),
            reason: rule.to_string(),
        })
    }

    /// Whether `minLength` and `maxLength` make sense.
    pub(crate) fn has_length(&self) -> bool {
        matches!(
            self,
            Self::String(_) | Self::List(_) | Self::Json(JsonKind::Object | JsonKind::Array)
        )
    }
}

fn unknown_type(field: &Node<'_>, kind: &str) -> SchemaError {
    SchemaError::BadValue {
        at: field.child("type").at(),
        value: kind.to_string(),
        reason: format!("must be one of {}", TYPES.join(", ")),
    }
}

fn check_properties(field: &Node<'_>, kind: &str) -> Result<()> {
    let misplaced = PROPERTIES
        .iter()
        .find(|(name, kinds)| field.get(name).is_some() && !kinds.contains(&kind));
    match misplaced {
        None => Ok(()),
        Some((name, kinds)) => Err(SchemaError::PropertyMisplaced {
            at: field.child(name).at(),
            name: (*name).to_string(),
            belongs_to: kinds.join(" and "),
            kind: kind.to_string(),
        }),
    }
}

fn bare_number(field: &Node<'_>) -> Result<bool> {
    field
        .get("bareNumber")
        .map_or(Ok(true), |bare| bare.boolean())
}

/// The format of a field, without the prefix that version 0 of the standard had.
fn format<'d>(field: &Node<'d>) -> Result<&'d str> {
    let format = field
        .get("format")
        .map(|node| node.text())
        .transpose()?
        .unwrap_or("default");
    Ok(format.strip_prefix("fmt:").unwrap_or(format))
}

fn bad_format(field: &Node<'_>, value: &str, reason: impl Into<String>) -> SchemaError {
    let at = field.child("format").at();
    SchemaError::BadValue {
        at,
        value: value.to_string(),
        reason: reason.into(),
    }
}

fn default_only(field: &Node<'_>, kind: FieldType) -> Result<FieldType> {
    match format(field)? {
        "default" => Ok(kind),
        other => Err(bad_format(
            field,
            other,
            "this type has no format but default",
        )),
    }
}

fn string_format(field: &Node<'_>) -> Result<StringFormat> {
    of_formats(
        field,
        &[
            ("default", StringFormat::Default),
            ("email", StringFormat::Email),
            ("uri", StringFormat::Uri),
            ("uuid", StringFormat::Uuid),
            ("binary", StringFormat::Binary),
        ],
    )
}

/// The one of some formats that a field names.
fn of_formats<T: Copy>(field: &Node<'_>, formats: &[(&str, T)]) -> Result<T> {
    let format = format(field)?;
    let found = formats.iter().find(|(name, _)| *name == format);
    found.map(|(_, format)| *format).ok_or_else(|| {
        let names: Vec<&str> = formats.iter().map(|(name, _)| *name).collect();
        bad_format(
            field,
            format,
            format!("must be one of {}", names.join(", ")),
        )
    })
}

fn list(field: &Node<'_>) -> Result<ListFormat> {
    let delimiter = field.optional_text("delimiter")?;
    let delimiter = delimiter.unwrap_or_else(|| ",".to_string());
    if delimiter.is_empty() {
        return Err(SchemaError::BadValue {
            at: field.child("delimiter").at(),
            value: delimiter,
            reason: "must be at least one character".to_string(),
        });
    }
    let item = field.optional_text("itemType")?;
    let item = item.as_deref().unwrap_or("string");
    let kind = FieldType::of_item(item).ok_or_else(|| SchemaError::BadValue {
        at: field.child("itemType").at(),
        value: item.to_string(),
        reason: format!("must be one of {}", ITEM_TYPES.join(", ")),
    })?;
    Ok(ListFormat {
        delimiter,
        item: Box::new(kind),
    })
}

fn temporal_format(field: &Node<'_>, parts: Parts) -> Result<TemporalFormat> {
    let source = match format(field)? {
        "default" => return Ok(TemporalFormat::Default),
        "any" => return Ok(TemporalFormat::Any(AnyForm::new(parts))),
        pattern => pattern,
    };
    let problem = match TemporalPattern::new(source, parts) {
        Ok(pattern) => return Ok(TemporalFormat::Pattern(pattern)),
        Err(problem) => problem,
    };
    Err(match problem {
        PatternProblem::Unsupported(directive) => SchemaError::Unsupported {
            at: field.child("format").at(),
            what: format!("%{directive} here in a pattern"),
        },
        PatternProblem::Malformed => bad_format(
            field,
            source,
            "must be default or a strptime pattern such as %d/%m/%Y",
        ),
        PatternProblem::Foreign(directive) => {
            let reason = format!(
                "%{directive} is no part of this type; type datetime has both date and time"
            );
            bad_format(field, source, reason)
        }
        PatternProblem::Incomplete => bad_format(
            field,
            source,
            "leaves a part of the value open, or names one twice",
        ),
    })
}

/// A property that holds one character.
fn sign(field: &Node<'_>, name: &'static str) -> Result<Option<char>> {
    let Some(node) = field.get(name) else {
        return Ok(None);
    };
    let text = node.text()?;
    let mut characters = text.chars();
    match (characters.next(), characters.next()) {
        (Some(character), None)
            if !character.is_ascii_alphanumeric() && !"+-".contains(character) =>
        {
            Ok(Some(character))
        }
        _ => Err(SchemaError::BadValue {
            at: node.at(),
            value: text.to_string(),
            reason: "must be one character that is no letter, digit or sign".to_string(),
        }),
    }
}

fn number(field: &Node<'_>) -> Result<FieldType> {
    let decimal = sign(field, "decimalChar")?.unwrap_or('.');
    let group = sign(field, "groupChar")?;
    if group == Some(decimal) {
        return Err(SchemaError::BadValue {
            at: field.at(),
            value: decimal.to_string(),
            reason: "cannot be both decimalChar and groupChar".to_string(),
        });
    }
    Ok(FieldType::Number {
        decimal,
        group,
        bare: bare_number(field)?,
    })
}

fn boolean(field: &Node<'_>) -> Result<FieldType> {
    let values = |name: &str, default: &[&str]| match field.get(name) {
        Some(node) => node.texts(),
        None => Ok(default.iter().map(ToString::to_string).collect()),
    };
    let true_values = values("trueValues", TRUE_VALUES)?;
    let false_values = values("falseValues", FALSE_VALUES)?;
    match true_values
        .iter()
        .find(|value| false_values.contains(value))
    {
        Some(both) => Err(SchemaError::BadValue {
            at: field.at(),
            value: both.clone(),
            reason: "is both a true and a false value".to_string(),
        }),
        None => Ok(FieldType::Boolean {
            true_values,
            false_values,
        }),
    }
}

#[cfg(test)]
mod tests {
    use crate::FieldType;
    use crate::testing::{read_field, refused_field};

    fn kind(field: &str) -> FieldType {
        read_field(field).kind
    }

    #[test]
    fn properties_of_types_modify_their_cells() {
        for (field, text, expected) in [
            (
                r#"{"name": "x", "type": "integer", "groupChar": ","}"#,
                "1,000",
                "1000",
            ),
            (
                r#"{"name": "x", "type": "number", "decimalChar": ",", "groupChar": "."}"#,
                "1.000,5",
                "1000.5",
            ),
            (
                r#"{"name": "x", "type": "number", "bareNumber": true}"#,
                "-.5",
                "-0.5",
            ),
            (
                r#"{"name": "x", "type": "integer", "bareNumber": false}"#,
                "$95%",
                "95",
            ),
            (
                r#"{"name": "x", "type": "number", "bareNumber": false, "groupChar": ","}"#,
                "EUR 1,095.50",
                "1095.5",
            ),
            (
                r#"{"name": "x", "type": "date", "format": "any"}"#,
                "31 January 2014",
                "2014-01-31",
            ),
            (r#"{"name": "x", "type": "duration"}"#, "P1Y", "P1Y"),
            (
                r#"{"name": "x", "type": "geopoint", "format": "array"}"#,
                "[90, 45.5]",
                "90,45.5",
            ),
            (r#"{"name": "x", "type": "boolean"}"#, "1", "true"),
            (
                r#"{"name": "x", "type": "boolean", "trueValues": ["ja"], "falseValues": ["nein"]}"#,
                "nein",
                "false",
            ),
            (
                r#"{"name": "x", "type": "date", "format": "%d.%m.%Y"}"#,
                "31.01.2014",
                "2014-01-31",
            ),
            (
                r#"{"name": "x", "type": "date", "format": "fmt:%d.%m.%Y"}"#,
                "31.01.2014",
                "2014-01-31",
            ),
            (
                r#"{"name": "x", "type": "time", "format": "%H.%M"}"#,
                "15.30",
                "15:30:00",
            ),
            (
                r#"{"name": "x", "type": "datetime"}"#,
                "2014-01-31T15:00:00Z",
                "2014-01-31T15:00:00",
            ),
            (
                r#"{"name": "x", "type": "yearmonth"}"#,
                "2014-01",
                "2014-01",
            ),
        ] {
            let value = kind(field).parse(text).map(|value| value.to_string());
            assert_eq!(value.as_deref(), Ok(expected), "{field}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_refused() {
        for (properties, problem) in [
            (
                r#""type": "geopoint", "format": "wkt""#,
                r#""wkt": must be one of default, array, object"#,
            ),
            (
                r#""type": "list", "itemType": "year""#,
                r#""year": must be one of string, integer, boolean"#,
            ),
            (
                r#""type": "int""#,
                r#""int": must be one of string, integer"#,
            ),
            (r#""type": 3"#, "must be a text, not 3"),
            (
                r#""type": "string", "format": "url""#,
                r#""url": must be one of default, email, uri, uuid, binary"#,
            ),
            (
                r#""type": "integer", "format": "hex""#,
                r#""hex": this type has no format but default"#,
            ),
            (
                r#""type": "date", "format": "dd/mm/yyyy""#,
                "must be default or a strptime pattern such as %d/%m/%Y",
            ),
            (
                r#""type": "date", "format": "%d/%m""#,
                "leaves a part of the value open",
            ),
            (
                r#""type": "time", "format": "%Y %H""#,
                "%Y is no part of this type",
            ),
            (
                r#""type": "date", "format": "%c""#,
                "%c here in a pattern is not supported yet",
            ),
            (
                r#""type": "string", "trueValues": ["1"]"#,
                "`trueValues` belongs to boolean, but the field's type is string",
            ),
            (
                r#""type": "integer", "decimalChar": ",""#,
                "`decimalChar` belongs to number, but",
            ),
            (
                r#""type": "number", "decimalChar": """#,
                "must be one character that is no letter, digit or sign",
            ),
            (
                r#""type": "number", "groupChar": ".""#,
                r#"".": cannot be both decimalChar and groupChar"#,
            ),
            (
                r#""type": "boolean", "trueValues": ["0"]"#,
                r#""0": is both a true and a false value"#,
            ),
            (
                r#""type": "boolean", "trueValues": [1]"#,
                "must be a text, not 1",
            ),
        ] {
            refused_field(&format!(r#"{{"name": "x", {properties}}}"#), problem);
        }
    }
}
