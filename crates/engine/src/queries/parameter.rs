//! A query's parameter: its type, its default, the values it may take.
//!
//! `name type [= default] [in (value, …)] [between low and high] [-- description]`

use std::fmt;
use std::str::FromStr;

use arrow::datatypes::{DataType, TimeUnit};
use datafusion::error::DataFusionError;
use datafusion::logical_expr::LogicalPlan;
use datafusion::scalar::ScalarValue;

/// The type names a header may use, each with its Arrow type and how to call a value of it.
const TYPES: [(&str, DataType, &str); 9] = [
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
    fn unrestricted(name: &str, data_type: DataType) -> Self {
        Self {
            name: name.to_string(),
            data_type,
            default: None,
            allowed: Allowed::Any,
            description: None,
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
        match &self.allowed {
            Allowed::Any => Ok(value),
            Allowed::OneOf(values) if values.contains(&value) => Ok(value),
            Allowed::OneOf(values) => {
                let list = values.iter().map(ToString::to_string).collect::<Vec<_>>();
                Err(format!("{text:?} is not one of {}", list.join(", ")))
            }
            Allowed::Between(low, high) if *low <= value && value <= *high => Ok(value),
            Allowed::Between(low, high) => Err(format!("{text} is not between {low} and {high}")),
        }
    }
}

impl fmt::Display for Parameter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.name, self.type_name())?;
        if let Some(default) = &self.default {
            write!(f, " = {default}")?;
        }
        match &self.allowed {
            Allowed::Any => Ok(()),
            Allowed::OneOf(values) => {
                let list = values.iter().map(ToString::to_string).collect::<Vec<_>>();
                write!(f, " in ({})", list.join(", "))
            }
            Allowed::Between(low, high) => write!(f, " between {low} and {high}"),
        }
    }
}

impl FromStr for Parameter {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut rest = Rest(text);
        let name = rest
            .word()
            .ok_or("a parameter needs a name and a type, as in `since date`")?;
        let type_name = rest
            .word()
            .ok_or_else(|| format!("parameter `{name}` needs a type"))?;
        let data_type = type_named(type_name)?;
        let mut parameter = Self::unrestricted(name, data_type);
        if rest.take("=") {
            let default = rest.value().ok_or("a value must follow `=`")?;
            parameter.default = Some(parse(&default, &parameter.data_type)?);
        }
        parameter.allowed = rest.allowed(&parameter.data_type)?;
        if let Some(default) = &parameter.default {
            parameter.parse(&unquoted(default))?;
        }
        if rest.take("--") {
            parameter.description = Some(rest.0.trim().to_string()).filter(|text| !text.is_empty());
        } else if !rest.0.trim().is_empty() {
            return Err(format!(
                "`{}` is not understood here; a description starts with `--`",
                rest.0.trim()
            ));
        }
        Ok(parameter)
    }
}

fn unquoted(value: &ScalarValue) -> String {
    value.to_string()
}

fn type_named(name: &str) -> Result<DataType, String> {
    let lower = name.to_lowercase();
    let canonical = match lower.as_str() {
        "varchar" | "string" => "text",
        "int" => "integer",
        "float" | "number" | "real" => "double",
        "bool" => "boolean",
        other => other,
    };
    TYPES
        .iter()
        .find(|(known, ..)| *known == canonical)
        .map(|(_, data_type, _)| data_type.clone())
        .ok_or_else(|| {
            let known = TYPES.map(|(known, ..)| known).join(", ");
            format!("type `{name}` is not known; use one of {known}")
        })
}

fn parse(text: &str, data_type: &DataType) -> Result<ScalarValue, String> {
    let expected = || {
        let entry = TYPES.iter().find(|(_, known, _)| known == data_type);
        let kind = entry.map_or_else(|| data_type.to_string(), |(_, _, kind)| (*kind).to_string());
        format!("{text:?} is not {kind}")
    };
    ScalarValue::try_from_string(text.to_string(), data_type)
        .ok()
        .filter(|value| !value.is_null())
        .ok_or_else(expected)
}

/// What is left of a declaration.
struct Rest<'a>(&'a str);

impl<'a> Rest<'a> {
    fn word(&mut self) -> Option<&'a str> {
        let text = self.0.trim_start();
        let end = text
            .find(|c: char| !c.is_alphanumeric() && c != '_')
            .unwrap_or(text.len());
        self.0 = &text[end..];
        (end > 0).then(|| &text[..end])
    }

    fn take(&mut self, expected: &str) -> bool {
        let found = self.0.trim_start().strip_prefix(expected);
        self.0 = found.unwrap_or(self.0);
        found.is_some()
    }

    /// Takes a word without regard to case, if it comes next.
    fn keyword(&mut self, expected: &str) -> bool {
        let before = self.0;
        let found = self
            .word()
            .is_some_and(|word| word.eq_ignore_ascii_case(expected));
        if !found {
            self.0 = before;
        }
        found
    }

    /// A value: text in single quotes, or anything up to a space, comma or parenthesis.
    fn value(&mut self) -> Option<String> {
        let text = self.0.trim_start();
        let Some(quoted) = text.strip_prefix('\'') else {
            let end = text.find([' ', '\t', ',', ')']).unwrap_or(text.len());
            self.0 = &text[end..];
            return (end > 0).then(|| text[..end].to_string());
        };
        let mut end = 0;
        loop {
            end += quoted[end..].find('\'')?;
            if !quoted[end + 1..].starts_with('\'') {
                break;
            }
            end += 2;
        }
        self.0 = &quoted[end + 1..];
        Some(quoted[..end].replace("''", "'"))
    }

    fn allowed(&mut self, data_type: &DataType) -> Result<Allowed, String> {
        if self.keyword("between") {
            let low = self.value().ok_or("`between` needs two values")?;
            if !self.keyword("and") {
                return Err("`between` needs two values joined by `and`".to_string());
            }
            let high = self.value().ok_or("`between` needs two values")?;
            return Ok(Allowed::Between(
                parse(&low, data_type)?,
                parse(&high, data_type)?,
            ));
        }
        if !self.keyword("in") {
            return Ok(Allowed::Any);
        }
        if !self.take("(") {
            return Err("`in` needs a list in parentheses".to_string());
        }
        let mut values = Vec::new();
        loop {
            let value = self.value().ok_or("the list of `in` needs values")?;
            values.push(parse(&value, data_type)?);
            if self.take(")") {
                return Ok(Allowed::OneOf(values));
            }
            if !self.take(",") {
                return Err(
                    "the values of `in` are separated by commas and end with `)`".to_string(),
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations_read_back_as_written() -> Result<(), String> {
        for text in [
            "port text",
            "since date = 2024-01-01",
            "measure text = Trucks in (Trucks, Buses)",
            "top tinyint = 10 between 1 and 100",
            "share double = 0.5",
            "all boolean = false",
        ] {
            assert_eq!(text.parse::<Parameter>()?.to_string(), text);
        }
        Ok(())
    }

    #[test]
    fn quotes_and_descriptions() -> Result<(), String> {
        let parameter: Parameter = "who text = 'O''Brien, (x)' -- the owner".parse()?;
        assert_eq!(parameter.default, Some(ScalarValue::from("O'Brien, (x)")));
        assert_eq!(parameter.description.as_deref(), Some("the owner"));
        Ok(())
    }

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

    #[test]
    fn mistakes_are_told() {
        for (text, part) in [
            ("", "needs a name and a type"),
            ("a", "`a` needs a type"),
            ("a integr", "type `integr` is not known"),
            ("a integer = x", "\"x\" is not a whole number"),
            ("a integer = 5 between 6 and 9", "5 is not between 6 and 9"),
            ("a text in 'x'", "list in parentheses"),
            ("a text = 'x' first", "`first` is not understood here"),
        ] {
            let message = text
                .parse::<Parameter>()
                .map(|_| String::new())
                .unwrap_or_else(|error| error);
            assert!(message.contains(part), "{text}: {message}");
        }
    }
}
