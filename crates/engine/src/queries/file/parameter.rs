//! A query's parameter: its type, its default, the values it may take.

use std::fmt;

use arrow::datatypes::{DataType, TimeUnit};
use datafusion::error::DataFusionError;
use datafusion::logical_expr::LogicalPlan;
use datafusion::scalar::ScalarValue;

use crate::error::StatementError;
use crate::statement::script::{Piece, Source, Statement, split};

/// The type names a header may use, each with its Arrow type and how to call a value of it.
pub(super) const TYPES: [(&str, DataType, &str); 9] = [
    ("text", DataType::Utf8, "text"),
    ("tinyint", DataType::Int8, "a whole number from -128 to 127"),
    (
        "smallint",
        DataType::Int16,
        "a whole number from -32768 to 32767",
    ),
    ("integer", DataType::Int32, "a whole number"),
    ("bigint", DataType::Int64, "a whole number"),
    ("double", DataType::Float64, "a number"),
    ("boolean", DataType::Boolean, "true or false"),
    ("date", DataType::Date32, "a date such as 2012-12-31"),
    (
        "timestamp",
        DataType::Timestamp(TimeUnit::Microsecond, None),
        "a time such as 2012-12-31 23:59:00",
    ),
];

/// What a query takes under one name.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// `$name` in the query.
    pub name: String,
    /// Its Arrow type.
    pub data_type: DataType,
    /// The value it has when none is given; without one it must be given.
    pub default: Option<ScalarValue>,
    /// The values it may take.
    pub allowed: Allowed,
    /// What it means, for help.
    pub description: Option<String>,
    /// A query whose first column holds the values it may take.
    pub values: Option<String>,
}

/// Which values of its type a parameter may take.
#[derive(Debug, Clone, PartialEq)]
pub enum Allowed {
    /// All.
    Any,
    /// One of a list.
    OneOf(Vec<ScalarValue>),
    /// From the first to the second, both included.
    Between(ScalarValue, ScalarValue),
}

impl Parameter {
    pub(super) fn unrestricted(name: &str, data_type: DataType) -> Self {
        Self {
            name: name.to_string(),
            data_type,
            default: None,
            allowed: Allowed::Any,
            description: None,
            values: None,
        }
    }

    /// The query for its values.
    ///
    /// # Errors
    /// It is no statement.
    pub(crate) fn values_statement(&self) -> Result<Option<Statement>, String> {
        let Some(text) = &self.values else {
            return Ok(None);
        };
        let told = |error: &StatementError| format!("the query for values: {error}");
        match split(&Source::typed(text.as_str())).into_iter().next() {
            Some(Piece::Statement(statement)) => Ok(Some(statement)),
            Some(Piece::Broken(error)) => Err(told(&error)),
            _ => Err("the query for values is not SQL".to_string()),
        }
    }

    /// The parameters that a plan uses, typed as it needs them, by name.
    pub(crate) fn of_plan(plan: &LogicalPlan) -> Result<Vec<Self>, DataFusionError> {
        let types = plan.get_parameter_types()?.into_iter();
        let mut parameters: Vec<Self> = types
            .map(|(name, data_type)| {
                let name = name.trim_start_matches('$');
                Self::unrestricted(name, data_type.unwrap_or(DataType::Utf8))
            })
            .collect();
        parameters.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(parameters)
    }

    /// What may stand before a value to give it: `name=`.
    pub fn prefix(&self) -> String {
        format!("{}=", self.name)
    }

    /// The type's name as a header writes it.
    pub fn type_name(&self) -> &'static str {
        let entry = TYPES
            .iter()
            .find(|(_, data_type, _)| *data_type == self.data_type);
        entry.map_or("text", |(name, _, _)| name)
    }

    /// Reads a value as typed on a command line.
    ///
    /// # Errors
    /// What is wrong with it: not of the type, or not among the allowed values.
    pub fn parse(&self, text: &str) -> Result<ScalarValue, String> {
        let value = parse(text, &self.data_type)?;
        self.check(&value, text).map(|()| value)
    }

    /// Whether a value is allowed, in the words it was given in.
    pub(super) fn check(&self, value: &ScalarValue, text: &str) -> Result<(), String> {
        match &self.allowed {
            Allowed::Any => Ok(()),
            Allowed::OneOf(values) if values.contains(value) => Ok(()),
            Allowed::OneOf(values) => Err(format!("{text:?} is not one of {}", listed(values))),
            Allowed::Between(low, high) if low <= value && value <= high => Ok(()),
            Allowed::Between(low, high) => {
                let (low, high) = (written(low), written(high));
                Err(format!("{text} is not between {low} and {high}"))
            }
        }
    }
}

impl fmt::Display for Parameter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.name, self.type_name())?;
        if let Some(default) = &self.default {
            write!(f, " = {}", written(default))?;
        }
        match &self.allowed {
            Allowed::Any => Ok(()),
            Allowed::OneOf(values) => write!(f, " in ({})", listed(values)),
            Allowed::Between(low, high) => {
                write!(f, " between {} and {}", written(low), written(high))
            }
        }
    }
}

fn listed(values: &[ScalarValue]) -> String {
    values.iter().map(written).collect::<Vec<_>>().join(", ")
}

/// A value as one would type it; DataFusion writes timestamps as numbers.
fn written(value: &ScalarValue) -> String {
    match value {
        ScalarValue::TimestampMicrosecond(..) => value
            .cast_to(&DataType::Utf8)
            .map_or_else(|_| value.to_string(), |text| text.to_string()),
        _ => value.to_string(),
    }
}

/// Reads a value of a type.
pub(super) fn parse(text: &str, data_type: &DataType) -> Result<ScalarValue, String> {
    let expected = || {
        let entry = TYPES.iter().find(|(_, known, _)| known == data_type);
        let kind = entry.map_or_else(|| data_type.to_string(), |(_, _, kind)| (*kind).to_string());
        format!("{text:?} is not {kind}")
    };
    let read = |text: String| ScalarValue::try_from_string(text, data_type).ok();
    let is_time = matches!(data_type, DataType::Timestamp(..));
    read(text.to_string())
        // A time may leave out its seconds.
        .or_else(|| read(format!("{text}:00")).filter(|_| is_time))
        .filter(|value| !value.is_null())
        .ok_or_else(expected)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_typed_and_bounded() -> Result<(), String> {
        let top: Parameter = "top tinyint = 10 between 1 and 100".parse()?;
        for (text, expected) in [
            ("7", Ok(ScalarValue::Int8(Some(7)))),
            ("101", Err("101 is not between 1 and 100")),
            ("300", Err("\"300\" is not a whole number from -128 to 127")),
            (
                "0 or true",
                Err("\"0 or true\" is not a whole number from -128 to 127"),
            ),
            ("", Err("\"\" is not a whole number from -128 to 127")),
        ] {
            assert_eq!(top.parse(text), expected.map_err(str::to_string), "{text}");
        }
        let preset: Parameter = "preset text in ('paper', 'legal_city')".parse()?;
        assert_eq!(
            preset.parse("x"),
            Err("\"x\" is not one of paper, legal_city".to_string())
        );
        Ok(())
    }
}
