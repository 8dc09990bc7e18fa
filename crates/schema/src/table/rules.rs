//! The rules of a field and of a table in words, for people.

use crate::table::constraints::Constraints;
use crate::table::field::Field;
use crate::table::table_schema::TableSchema;
use crate::types::value::Value;

impl Field {
    /// What its values must fulfil beside its type, each rule as a phrase: `at least 1949`, `one of rail, road`.
    /// That no value may be missing is not among them, as the column's type says it.
    pub fn rules(&self) -> Vec<String> {
        let mut rules = self.constraints.rules();
        if let Some(categories) = &self.categories {
            let values = categories
                .values
                .iter()
                .map(|category| match &category.label {
                    Some(label) => format!("{} ({label})", category.value),
                    None => category.value.to_string(),
                });
            rules.push(format!("one of {}", values.collect::<Vec<_>>().join(", ")));
        }
        if let Some(missing) = &self.missing_values {
            let texts = missing.iter().filter(|text| !text.is_empty());
            let texts: Vec<String> = texts.map(|text| format!("`{text}`")).collect();
            if !texts.is_empty() {
                rules.push(format!("missing where {}", texts.join(", ")));
            }
        }
        rules
    }
}

impl Constraints {
    fn rules(&self) -> Vec<String> {
        let bound = |words: &str, value: &Option<Value<'_>>| {
            value.as_ref().map(|value| format!("{words} {value}"))
        };
        let length = match (self.min_length, self.max_length) {
            (None, None) => None,
            (Some(least), None) => Some(format!("length at least {least}")),
            (None, Some(greatest)) => Some(format!("length at most {greatest}")),
            (Some(least), Some(greatest)) if least == greatest => Some(format!("length {least}")),
            (Some(least), Some(greatest)) => Some(format!("length {least} to {greatest}")),
        };
        let allowed = self.enumeration.as_ref().map(|values| {
            let values: Vec<String> = values.iter().map(ToString::to_string).collect();
            format!("one of {}", values.join(", "))
        });
        let pattern = self.pattern.as_ref();
        [
            self.unique.then(|| "unique".to_string()),
            allowed,
            bound("at least", &self.minimum),
            bound("at most", &self.maximum),
            bound("above", &self.exclusive_minimum),
            bound("below", &self.exclusive_maximum),
            length,
            pattern.map(|pattern| format!("like `{}`", pattern.as_str())),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

impl TableSchema {
    /// Its keys and references, each as a sentence without a full stop: `Key: port_id`.
    pub fn rules(&self) -> Vec<String> {
        let key =
            (!self.primary_key.is_empty()).then(|| format!("Key: {}", self.primary_key.join(", ")));
        let unique = self
            .unique_keys
            .iter()
            .map(|key| format!("Unique together: {}", key.join(", ")));
        let references = self.foreign_keys.iter().map(|key| {
            let (fields, to) = (key.fields.join(", "), key.reference_fields.join(", "));
            format!("Refers by {fields} to {} ({to})", key.reference_table)
        });
        key.into_iter().chain(unique).chain(references).collect()
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{open, read_field};

    #[test]
    fn fields_say_their_rules() {
        for (field, rules) in [
            (r#"{"name": "x"}"#, ""),
            (
                r#"{"name": "x", "type": "year", "constraints": {"required": true, "minimum": 1949, "exclusiveMaximum": 2015}}"#,
                "at least 1949; below 2015",
            ),
            (
                r#"{"name": "x", "constraints": {"unique": true, "enum": ["rail", "road"], "minLength": 4, "maxLength": 4}}"#,
                "unique; one of rail, road; length 4",
            ),
            (
                r#"{"name": "x", "missingValues": ["", "-"], "constraints": {"pattern": "[a-z]+", "maxLength": 9}}"#,
                "length at most 9; like `[a-z]+`; missing where `-`",
            ),
            (
                r#"{"name": "x", "type": "integer", "categories": [{"value": 1, "label": "rail"}, {"value": 2, "label": "road"}]}"#,
                "one of 1 (rail), 2 (road)",
            ),
        ] {
            assert_eq!(read_field(field).rules().join("; "), rules);
        }
    }

    #[test]
    fn tables_say_their_keys() {
        let package = open(
            r#"{"name": "p", "resources": [{"name": "t", "path": "t.csv", "schema": {
                "fields": [{"name": "a"}, {"name": "b"}], "primaryKey": "a", "uniqueKeys": [["a", "b"]],
                "foreignKeys": [{"fields": "b", "reference": {"resource": "", "fields": "a"}}]}}]}"#,
        );
        let rules = package.unwrap().tables()[0].definition.rules();
        assert_eq!(
            rules,
            ["Key: a", "Unique together: a, b", "Refers by b to t (a)"]
        );
    }
}
