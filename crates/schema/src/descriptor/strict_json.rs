//! JSON text to a value, refusing objects with two properties of one name.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value as Json};

use crate::descriptor::text_position;

/// Why a text is not JSON, and where.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) line: usize,
    pub(crate) column: usize,
    pub(crate) reason: String,
}

pub(crate) fn parse(text: &str) -> Result<Json, Problem> {
    if text.trim().is_empty() {
        return Err(Problem {
            line: 1,
            column: 1,
            reason: "the file is empty".to_string(),
        });
    }
    match serde_json::from_str::<Strict>(text) {
        Ok(Strict(value)) => Ok(value),
        Err(error) => {
            let (line, column) = text_position::of_error(text, &error);
            let message = error.to_string();
            // The place is in the problem already.
            let reason = message
                .rsplit_once(" at line ")
                .map_or(&*message, |(reason, _)| reason);
            Err(Problem {
                line,
                column,
                reason: reason.to_string(),
            })
        }
    }
}

/// A JSON value without properties that hide others.
struct Strict(Json);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StrictVisitor).map(Strict)
    }
}

struct StrictVisitor;

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Json;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
        Ok(Json::from(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(Json::from(value))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Json, E> {
        Number::from_f64(value)
            .map(Json::Number)
            .ok_or_else(|| E::custom("number out of range"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Json, E> {
        Ok(Json::String(value.to_string()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json, A::Error> {
        let mut values = Vec::new();
        while let Some(Strict(value)) = items.next_element()? {
            values.push(value);
        }
        Ok(Json::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut properties: A) -> Result<Json, A::Error> {
        let mut object = Map::new();
        while let Some(name) = properties.next_key::<String>()? {
            if object.contains_key(&name) {
                let reason = format!("a second property `{name}` in the same object");
                return Err(A::Error::custom(reason));
            }
            let Strict(value) = properties.next_value()?;
            object.insert(name, value);
        }
        Ok(Json::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_out_as_serde_json_has_them() {
        let text = r#"{"b": [1, -2, 0.5, 18446744073709551615, null, true], "a": {"é\n": "口"}}"#;
        assert_eq!(parse(text).ok(), serde_json::from_str(text).ok());
    }

    #[test]
    fn problems_have_a_place() {
        for (text, line, column, reason) in [
            ("", 1, 1, "the file is empty"),
            (" \n", 1, 1, "the file is empty"),
            ("{\n  \"a\": 1,\n}", 3, 1, "trailing comma"),
            ("{\"口岸\" 1}", 1, 7, "expected `:`"),
            ("{\"a\": 1}\n{", 2, 1, "trailing characters"),
            ("{\"a\": [1, 2", 1, 11, "EOF while parsing a list"),
            (
                "{\"a\": 1,\n \"b\": {\"c\": 1, \"c\": 2}}",
                2,
                18,
                "a second property `c` in the same object",
            ),
        ] {
            let expected = Problem {
                line,
                column,
                reason: reason.to_string(),
            };
            assert_eq!(parse(text), Err(expected), "{text}");
        }
    }

    #[test]
    fn deep_nesting_is_an_error() {
        let deep = "[".repeat(100_000);
        assert!(parse(&deep).is_err_and(|problem| problem.reason == "recursion limit exceeded"));
    }
}
