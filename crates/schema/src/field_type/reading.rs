//! Reads the type of a field from its schema.

use super::FieldType;
use crate::error::{Result, SchemaError};
use crate::json::Node;
use crate::temporal::TemporalFormat;
use crate::temporal_pattern::{Parts, PatternProblem, TemporalPattern};
use crate::text::StringFormat;

const UNSUPPORTED: &[&str] = &["object", "array", "list", "duration", "geopoint", "geojson"];
const SUPPORTED: &[&str] = &[
    "string",
    "integer",
    "number",
    "boolean",
    "date",
    "time",
    "datetime",
    "year",
    "yearmonth",
    "any",
];
const STRING_FORMATS: &[&str] = &["default", "email", "uri", "uuid"];
/// Which properties belong to which types only.
const PROPERTIES: &[(&str, &[&str])] = &[
    ("groupChar", &["integer", "number"]),
    ("bareNumber", &["integer", "number"]),
    ("decimalChar", &["number"]),
    ("trueValues", &["boolean"]),
    ("falseValues", &["boolean"]),
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
        check_bare_number(field)?;
        Ok(match kind {
            "string" => Self::String(string_format(field)?),
            "any" => default_only(field, Self::String(StringFormat::Default))?,
            "integer" => default_only(
                field,
                Self::Integer {
                    group: sign(field, "groupChar")?,
                },
            )?,
            "number" => default_only(field, number(field)?)?,
            "boolean" => default_only(field, boolean(field)?)?,
            "date" => Self::Date(temporal_format(field, Parts::Date)?),
            "time" => Self::Time(temporal_format(field, Parts::Time)?),
            "datetime" => Self::DateTime(temporal_format(field, Parts::DateTime)?),
            "year" => default_only(field, Self::Year)?,
            "yearmonth" => default_only(field, Self::YearMonth)?,
            _ => return Err(unknown_type(field, kind)),
        })
    }
}

fn unknown_type(field: &Node<'_>, kind: &str) -> SchemaError {
    let at = field.child("type").at();
    if UNSUPPORTED.contains(&kind) {
        return SchemaError::Unsupported {
            at,
            what: format!("type {kind}"),
        };
    }
    let reason = format!("must be one of {}", SUPPORTED.join(", "));
    SchemaError::BadValue {
        at,
        value: kind.to_string(),
        reason,
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

fn check_bare_number(field: &Node<'_>) -> Result<()> {
    match field.get("bareNumber") {
        Some(bare) if !bare.boolean()? => {
            let what = "bareNumber false, which drops signs around numbers,".to_string();
            Err(SchemaError::Unsupported {
                at: bare.at(),
                what,
            })
        }
        _ => Ok(()),
    }
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
    match format(field)? {
        "default" => Ok(StringFormat::Default),
        "email" => Ok(StringFormat::Email),
        "uri" => Ok(StringFormat::Uri),
        "uuid" => Ok(StringFormat::Uuid),
        "binary" => {
            let at = field.child("format").at();
            Err(SchemaError::Unsupported {
                at,
                what: "format binary".to_string(),
            })
        }
        other => {
            let reason = format!("must be one of {}", STRING_FORMATS.join(", "));
            Err(bad_format(field, other, reason))
        }
    }
}

fn temporal_format(field: &Node<'_>, parts: Parts) -> Result<TemporalFormat> {
    let source = match format(field)? {
        "default" => return Ok(TemporalFormat::Default),
        "any" => {
            let at = field.child("format").at();
            let what = "format any, which leaves open how a date is written,".to_string();
            return Err(SchemaError::Unsupported { at, what });
        }
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
    Ok(FieldType::Number { decimal, group })
}

fn boolean(field: &Node<'_>) -> Result<FieldType> {
    let values = |name: &str, default: &[&str]| match field.get(name) {
        Some(node) => node.texts(),
        None => Ok(default.iter().map(ToString::to_string).collect()),
    };
    let true_values = values("trueValues", &["true", "True", "TRUE", "1"])?;
    let false_values = values("falseValues", &["false", "False", "FALSE", "0"])?;
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
                r#""type": "geopoint""#,
                "type geopoint is not supported yet",
            ),
            (
                r#""type": "int""#,
                r#""int": must be one of string, integer"#,
            ),
            (r#""type": 3"#, "must be a text, not 3"),
            (
                r#""type": "string", "format": "binary""#,
                "format binary is not supported yet",
            ),
            (
                r#""type": "string", "format": "url""#,
                r#""url": must be one of default, email, uri, uuid"#,
            ),
            (
                r#""type": "integer", "format": "hex""#,
                r#""hex": this type has no format but default"#,
            ),
            (
                r#""type": "date", "format": "any""#,
                "format any, which leaves open how a date is written, is not",
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
                r#""type": "number", "bareNumber": false"#,
                "bareNumber false, which drops signs around numbers, is not",
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
