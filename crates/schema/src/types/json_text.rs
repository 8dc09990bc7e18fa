//! Cells of the types object, array and geojson: JSON, kept as the file writes it.

use std::borrow::Cow;
use std::cmp::Ordering;

use serde_json::Value as Json;

use crate::descriptor::strict_json;
use crate::types::geo::{is_geojson, is_topojson};
use crate::types::rule::Rule;

/// What a cell of JSON has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JsonKind {
    /// An object.
    Object,
    /// An array.
    Array,
    /// A GeoJSON object.
    GeoJson,
    /// A TopoJSON object.
    TopoJson,
}

/// JSON as the file writes it, equal to any other text of the same meaning.
#[derive(Debug, Clone)]
pub struct JsonText<'t> {
    /// As the file writes it.
    pub text: Cow<'t, str>,
    json: Json,
}

impl JsonText<'_> {
    /// The number of properties or items.
    pub(crate) fn len(&self) -> usize {
        match &self.json {
            Json::Object(properties) => properties.len(),
            Json::Array(items) => items.len(),
            _ => 0,
        }
    }

    pub(crate) fn into_owned(self) -> JsonText<'static> {
        JsonText {
            text: Cow::Owned(self.text.into_owned()),
            json: self.json,
        }
    }
}

impl PartialEq for JsonText<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.json == other.json
    }
}

/// JSON has no order.
impl PartialOrd for JsonText<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        (self == other).then_some(Ordering::Equal)
    }
}

impl JsonKind {
    pub(crate) fn parse(self, text: &str) -> Result<JsonText<'_>, Rule> {
        let json = strict_json::parse(text).ok();
        let (fits, what): (fn(&Json) -> bool, _) = match self {
            Self::Object => (Json::is_object, "not a JSON object"),
            Self::Array => (Json::is_array, "not a JSON array"),
            Self::GeoJson => (is_geojson, "not a GeoJSON object"),
            Self::TopoJson => (is_topojson, "not a TopoJSON object"),
        };
        let json = json.filter(fits).ok_or(what)?;
        Ok(JsonText {
            text: Cow::Borrowed(text),
            json,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_equal_by_meaning_and_kept_by_text() {
        let read = |text| JsonKind::Object.parse(text).unwrap();
        assert_eq!(read(r#"{"a": 1, "b": 2}"#), read(r#"{"b":2,"a":1}"#));
        assert_ne!(read(r#"{"a": 1}"#), read(r#"{"a": 2}"#));
        assert_eq!(read(r#"{ "a": 1}"#).text, r#"{ "a": 1}"#);
        assert_eq!(
            JsonKind::Array.parse("[1, [2, 3]]").map(|list| list.len()),
            Ok(2)
        );
    }

    #[test]
    fn other_json_breaks_a_rule() {
        let rule = |kind: JsonKind, text| kind.parse(text).map_err(|rule| rule.to_string()).err();
        assert_eq!(
            rule(JsonKind::Object, "[1]").as_deref(),
            Some("not a JSON object")
        );
        assert_eq!(
            rule(JsonKind::Object, "{").as_deref(),
            Some("not a JSON object")
        );
        assert_eq!(
            rule(JsonKind::Object, r#"{"a": 1, "a": 2}"#).as_deref(),
            Some("not a JSON object")
        );
        assert_eq!(
            rule(JsonKind::Array, "{}").as_deref(),
            Some("not a JSON array")
        );
    }
}
