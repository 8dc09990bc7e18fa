//! Reads the declaration of a parameter:
//! `name type [= default] [in (value, …)] [between low and high] [-- description] [[values: SELECT …]]`.

use std::str::FromStr;

use arrow::datatypes::DataType;

use super::parameter::{Allowed, Parameter, TYPES, parse};

impl FromStr for Parameter {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (text, values) = values_query(text)?;
        let mut rest = Rest(text);
        let name = rest
            .word()
            .ok_or("a parameter needs a name and a type, as in `since date`")?;
        let type_name = rest
            .word()
            .ok_or_else(|| format!("parameter `{name}` needs a type"))?;
        let data_type = type_named(type_name)?;
        let mut parameter = Self::unrestricted(name, data_type);
        parameter.values = values;
        let mut default = None;
        if rest.take("=") {
            default = Some(
                rest.value_of(&parameter.data_type)
                    .ok_or("a value must follow `=`")?,
            );
        }
        parameter.allowed = rest.allowed(&parameter.data_type)?;
        if let Some(text) = default {
            let value = parameter.parse(&text);
            let named = |reason| format!("the default of `{name}`: {reason}");
            parameter.default = Some(value.map_err(named)?);
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

/// Takes the query for values in brackets off the end.
fn values_query(text: &str) -> Result<(&str, Option<String>), String> {
    const OPENING: &str = "[values:";
    let Some((declaration, query)) = text.split_once(OPENING) else {
        return Ok((text, None));
    };
    match query.trim_end().strip_suffix(']') {
        Some(query) => Ok((declaration, Some(query.trim().to_string()))),
        None => Err(format!(
            "`{OPENING}` is closed by `]` at the end of the line"
        )),
    }
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

    /// A value; of a timestamp the time may follow the date after a space.
    fn value_of(&mut self, data_type: &DataType) -> Option<String> {
        let value = self.value()?;
        let time = Rest(self.0).value();
        match time.filter(|time| time.contains(':') && matches!(data_type, DataType::Timestamp(..)))
        {
            Some(time) => self.value().map(|_| format!("{value} {time}")),
            None => Some(value),
        }
    }

    fn allowed(&mut self, data_type: &DataType) -> Result<Allowed, String> {
        if self.keyword("between") {
            let low = self
                .value_of(data_type)
                .ok_or("`between` needs two values")?;
            if !self.keyword("and") {
                return Err("`between` needs two values joined by `and`".to_string());
            }
            let high = self
                .value_of(data_type)
                .ok_or("`between` needs two values")?;
            let (least, greatest) = (parse(&low, data_type)?, parse(&high, data_type)?);
            if least > greatest {
                return Err(format!(
                    "nothing is between {low} and {high}; the lower one stands first"
                ));
            }
            return Ok(Allowed::Between(least, greatest));
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
    use datafusion::scalar::ScalarValue;

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
    fn a_query_for_values() -> Result<(), String> {
        let text = "port text -- the port [values: SELECT place FROM ports WHERE x[1] = 2]";
        let parameter: Parameter = text.parse()?;
        assert_eq!(parameter.description.as_deref(), Some("the port"));
        assert_eq!(
            parameter.values.as_deref(),
            Some("SELECT place FROM ports WHERE x[1] = 2")
        );
        Ok(())
    }

    #[test]
    fn times_are_read_and_written_as_typed() -> Result<(), String> {
        for (text, shown) in [
            (
                "at timestamp = 2024-01-01 10:00",
                "at timestamp = 2024-01-01T10:00:00",
            ),
            (
                "at timestamp = '2024-01-01 10:00:05'",
                "at timestamp = 2024-01-01T10:00:05",
            ),
            (
                "at timestamp = 2024-01-01 between 2000-01-01 and 2030-01-01 00:00:00 -- when",
                "at timestamp = 2024-01-01T00:00:00 between 2000-01-01T00:00:00 and 2030-01-01T00:00:00",
            ),
        ] {
            assert_eq!(text.parse::<Parameter>()?.to_string(), shown);
        }
        Ok(())
    }

    #[test]
    fn mistakes_are_told() {
        for (text, part) in [
            ("", "needs a name and a type"),
            ("a", "`a` needs a type"),
            ("a integr", "type `integr` is not known"),
            ("a integer = x", "\"x\" is not a whole number"),
            (
                "a integer = 5 between 6 and 9",
                "the default of `a`: 5 is not between 6 and 9",
            ),
            (
                "a integer between 9 and 6",
                "nothing is between 9 and 6; the lower one stands first",
            ),
            ("a text in 'x'", "list in parentheses"),
            ("a text [values: SELECT 1", "closed by `]`"),
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
