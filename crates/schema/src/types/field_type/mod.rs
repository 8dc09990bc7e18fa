//! The types of fields: how their cells are read, and which Arrow type holds them.

mod list;
mod reading;

use std::borrow::Cow;

use std::sync::Arc;

use arrow::datatypes::{DataType, Field as ArrowField, TimeUnit};

use crate::types::duration::parse_duration;
use crate::types::geo::PointFormat;
use crate::types::json_text::JsonKind;
use crate::types::number::{bare, parse_integer, parse_number};
use crate::types::rule::Rule;
use crate::types::temporal::{TemporalFormat, parse_year, parse_year_month};
use crate::types::text::StringFormat;
use crate::types::value::Value;

/// The type of a field, with what modifies the form of its cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldType {
    /// Text; also the type `any`, and a field that names no type.
    String(StringFormat),
    /// Whole numbers of 64 bits.
    Integer {
        /// Stands between digits for readability, and is dropped.
        group: Option<char>,
        /// Whether nothing stands around the digits; else it is dropped, as in `95%`.
        bare: bool,
    },
    /// Numbers of double precision. `NaN`, `INF` and `-INF` are values, as the standard wants.
    Number {
        /// The decimal point.
        decimal: char,
        /// Stands between digits for readability, and is dropped.
        group: Option<char>,
        /// Whether nothing stands around the digits; else it is dropped, as in `€ 95`.
        bare: bool,
    },
    /// True or false.
    Boolean {
        /// The texts that mean true.
        true_values: Vec<String>,
        /// The texts that mean false.
        false_values: Vec<String>,
    },
    /// A day.
    Date(TemporalFormat),
    /// A time of day, of any day.
    Time(TemporalFormat),
    /// A date and a time; with an offset from UTC in the cell, the moment in UTC.
    DateTime(TemporalFormat),
    /// A year: four digits, or more if the constraints allow it.
    Year,
    /// A month of a year.
    YearMonth,
    /// A length of time.
    Duration,
    /// JSON of some kind.
    Json(JsonKind),
    /// Values of one type.
    List(ListFormat),
    /// A point on the globe.
    Point(PointFormat),
}

/// How the cells of a `list` field are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListFormat {
    /// Stands between items.
    pub delimiter: String,
    /// The type of the items, in its default format.
    pub item: Box<FieldType>,
}

impl FieldType {
    /// The type's name in Table Schema.
    pub fn name(&self) -> &'static str {
        match self {
            Self::String(_) => "string",
            Self::Integer { .. } => "integer",
            Self::Number { .. } => "number",
            Self::Boolean { .. } => "boolean",
            Self::Date(_) => "date",
            Self::Time(_) => "time",
            Self::DateTime(_) => "datetime",
            Self::Year => "year",
            Self::YearMonth => "yearmonth",
            Self::Duration => "duration",
            Self::Json(JsonKind::Object) => "object",
            Self::Json(JsonKind::Array) => "array",
            Self::Json(JsonKind::GeoJson | JsonKind::TopoJson) => "geojson",
            Self::List(_) => "list",
            Self::Point(_) => "geopoint",
        }
    }

    /// The Arrow type of the column. A month is the date of its first day; durations and JSON are kept
    /// as text; a point is a struct of `x` (longitude) and `y` (latitude), as GeoArrow has it.
    pub fn arrow_type(&self) -> DataType {
        match self {
            Self::String(_) | Self::Duration | Self::Json(_) => DataType::Utf8,
            Self::Integer { .. } => DataType::Int64,
            Self::Number { .. } => DataType::Float64,
            Self::Boolean { .. } => DataType::Boolean,
            Self::Date(_) | Self::YearMonth => DataType::Date32,
            Self::Time(_) => DataType::Time64(TimeUnit::Microsecond),
            Self::DateTime(_) => DataType::Timestamp(TimeUnit::Microsecond, None),
            Self::Year => DataType::Int32,
            Self::List(list) => DataType::List(Arc::new(ArrowField::new_list_field(
                list.item.arrow_type(),
                true,
            ))),
            Self::Point(_) => {
                let degree = |name| ArrowField::new(name, DataType::Float64, false);
                DataType::Struct(vec![degree("x"), degree("y")].into())
            }
        }
    }

    /// What a cell means, constraints aside. The text must not be one of the missing values.
    ///
    /// Nothing is allocated for a cell that can be read, except where group or decimal
    /// characters are exchanged.
    ///
    /// # Errors
    /// The rule that the text breaks, such as `not an integer`.
    #[inline]
    pub fn parse<'t>(&self, text: &'t str) -> Result<Value<'t>, Rule> {
        match self {
            Self::String(format) => format
                .check(text)
                .map(|()| Value::Text(Cow::Borrowed(text))),
            Self::Integer {
                group,
                bare: is_bare,
            } => parse_integer(bare(text, *is_bare), *group).map(Value::Integer),
            Self::Number {
                decimal,
                group,
                bare: is_bare,
            } => parse_number(bare(text, *is_bare), *decimal, *group).map(Value::Number),
            Self::Boolean {
                true_values,
                false_values,
            } => parse_boolean(text, true_values, false_values).map(Value::Boolean),
            Self::Date(format) => format.parse_date(text).map(Value::Date),
            Self::Time(format) => format.parse_time(text).map(Value::Time),
            Self::DateTime(format) => format.parse_datetime(text).map(Value::DateTime),
            Self::Year => parse_year(text).map(Value::Year),
            Self::YearMonth => parse_year_month(text).map(Value::YearMonth),
            Self::Duration => {
                parse_duration(text).map(|length| Value::Duration(length, Cow::Borrowed(text)))
            }
            Self::Json(kind) => kind.parse(text).map(Value::Json),
            Self::List(list) => list.parse(text).map(Value::List),
            Self::Point(format) => format.parse(text).map(Value::Point),
        }
    }

    /// Whether `minimum` and `maximum` make sense.
    pub(crate) fn is_ordered(&self) -> bool {
        let unordered = matches!(
            self,
            Self::String(_) | Self::Boolean { .. } | Self::Json(_) | Self::List(_) | Self::Point(_)
        );
        !unordered
    }
}

fn parse_boolean(
    text: &str,
    true_values: &[String],
    false_values: &[String],
) -> Result<bool, Rule> {
    let is = |value: &String| value == text;
    match (true_values.iter().any(is), false_values.iter().any(is)) {
        (true, _) => Ok(true),
        (_, true) => Ok(false),
        _ => Err(format!(
            "not one of {}",
            [true_values, false_values].concat().join(", ")
        )
        .into()),
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::read_field;
    use crate::{FieldType, StringFormat};

    fn kind(field: &str) -> FieldType {
        read_field(field).kind
    }

    #[test]
    fn every_type_has_its_arrow_type() {
        for (name, arrow) in [
            ("string", "Utf8"),
            ("any", "Utf8"),
            ("integer", "Int64"),
            ("number", "Float64"),
            ("boolean", "Boolean"),
            ("date", "Date32"),
            ("time", "Time64(µs)"),
            ("datetime", "Timestamp(µs)"),
            ("year", "Int32"),
            ("yearmonth", "Date32"),
            ("duration", "Utf8"),
            ("object", "Utf8"),
            ("array", "Utf8"),
            ("geojson", "Utf8"),
            ("list", "List(Utf8)"),
            (
                "geopoint",
                r#"Struct("x": non-null Float64, "y": non-null Float64)"#,
            ),
        ] {
            let kind = kind(&format!(r#"{{"name": "x", "type": "{name}"}}"#));
            assert_eq!(kind.arrow_type().to_string(), arrow, "{name}");
            assert_eq!(kind.name(), if name == "any" { "string" } else { name });
        }
        assert_eq!(
            kind(r#"{"name": "x"}"#),
            FieldType::String(StringFormat::Default)
        );
    }

    #[test]
    fn cells_of_other_types_break_a_rule() {
        for (kind_name, text, rule) in [
            ("integer", "1.5", "not an integer"),
            ("number", "about 3", "not a number"),
            (
                "boolean",
                "yes",
                "not one of true, True, TRUE, 1, false, False, FALSE, 0",
            ),
            ("date", "31/01/2014", "not a date like 2014-01-31"),
            ("year", "c. 1881", "not a year of four digits"),
        ] {
            let kind = kind(&format!(r#"{{"name": "x", "type": "{kind_name}"}}"#));
            assert_eq!(
                kind.parse(text).map_err(|rule| rule.to_string()),
                Err(rule.to_string())
            );
        }
    }
}
