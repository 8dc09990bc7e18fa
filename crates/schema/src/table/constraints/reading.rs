//! Reads the constraints of a field from its schema.

use super::Constraints;
use crate::descriptor::json::Node;
use crate::descriptor::vocabulary::Vocabulary;
use crate::error::{Result, SchemaError};
use crate::types::field_type::FieldType;
use crate::types::pattern::Pattern;
use crate::types::value::Value;

const VOCABULARY: Vocabulary = Vocabulary::closed(
    "constraints",
    &[
        "required",
        "unique",
        "enum",
        "pattern",
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "minLength",
        "maxLength",
    ],
    &["jsonSchema"],
);
const OF_STRINGS: &[&str] = &["pattern"];
const OF_COLLECTIONS: &[&str] = &["minLength", "maxLength"];
const OF_ORDERED: &[&str] = &["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"];

impl Constraints {
    /// Reads the constraints of a field, if it has any.
    pub(crate) fn read(field: &Node<'_>, kind: &FieldType) -> Result<Self> {
        let Some(node) = field.get("constraints") else {
            return Ok(Self::default());
        };
        node.check(&VOCABULARY)?;
        check_places(&node, kind)?;
        let flag = |name: &str| node.get(name).map_or(Ok(false), |node| node.boolean());
        let length = |name: &str| node.get(name).map(|node| node.count()).transpose();
        let bound = |name: &str| {
            node.get(name)
                .map(|node| kind.read_value(&node))
                .transpose()
        };
        let constraints = Self {
            required: flag("required")?,
            unique: flag("unique")?,
            enumeration: node
                .get("enum")
                .map(|node| read_enumeration(&node, kind))
                .transpose()?,
            pattern: node
                .get("pattern")
                .map(|node| read_pattern(&node))
                .transpose()?,
            minimum: bound("minimum")?,
            maximum: bound("maximum")?,
            exclusive_minimum: bound("exclusiveMinimum")?,
            exclusive_maximum: bound("exclusiveMaximum")?,
            min_length: length("minLength")?,
            max_length: length("maxLength")?,
        };
        constraints.check_consistent(&node)?;
        Ok(constraints)
    }

    /// Bounds that leave no value are a slip of the pen.
    fn check_consistent(&self, node: &Node<'_>) -> Result<()> {
        let above = |name: &str, other: &str| {
            let at = node.child(name).at();
            let value = node.get(name).map_or_else(String::new, |node| node.shown());
            Err(SchemaError::BadValue {
                at,
                value,
                reason: format!("is above the {other}"),
            })
        };
        if self
            .minimum
            .as_ref()
            .zip(self.maximum.as_ref())
            .is_some_and(|(least, most)| least > most)
        {
            return above("minimum", "maximum");
        }
        if self
            .min_length
            .zip(self.max_length)
            .is_some_and(|(least, most)| least > most)
        {
            return above("minLength", "maxLength");
        }
        Ok(())
    }
}

fn check_places(node: &Node<'_>, kind: &FieldType) -> Result<()> {
    let strings_only = !matches!(kind, FieldType::String(_));
    let refused = [
        (OF_STRINGS, strings_only, "string"),
        (
            OF_COLLECTIONS,
            !kind.has_length(),
            "string, array, object and list",
        ),
        (OF_ORDERED, !kind.is_ordered(), "types with an order"),
    ];
    for (names, wrong, belongs_to) in refused {
        if let Some(name) = names.iter().find(|name| wrong && node.get(name).is_some()) {
            return Err(SchemaError::PropertyMisplaced {
                at: node.child(name).at(),
                name: (*name).to_string(),
                belongs_to: belongs_to.to_string(),
                kind: kind.name().to_string(),
            });
        }
    }
    Ok(())
}

fn read_pattern(node: &Node<'_>) -> Result<Pattern> {
    let source = node.text()?;
    Pattern::new(source).map_err(|reason| SchemaError::BadValue {
        at: node.at(),
        value: source.to_string(),
        reason,
    })
}

fn read_enumeration(node: &Node<'_>, kind: &FieldType) -> Result<Vec<Value<'static>>> {
    let values: Vec<_> = node
        .items()?
        .iter()
        .map(|item| kind.read_value(item))
        .collect::<Result<_>>()?;
    if values.is_empty() {
        let reason = "must name at least one value".to_string();
        return Err(SchemaError::BadValue {
            at: node.at(),
            value: "[]".to_string(),
            reason,
        });
    }
    Ok(values)
}

#[cfg(test)]
mod tests {
    use crate::testing::{read_field, refused_field};

    #[test]
    fn flags_are_kept() {
        let field = r#"{"name": "x", "constraints": {"required": true, "unique": true}}"#;
        let constraints = read_field(field).constraints;
        assert!(constraints.required && constraints.unique);
    }

    #[test]
    fn constraints_that_make_no_sense_are_refused() {
        for (kind, constraints, problem) in [
            (
                "integer",
                r#""maximun": 3"#,
                "constraints has no property `maximun`; did you mean `maximum`?",
            ),
            (
                "integer",
                r#""color": 3"#,
                "properties of your own need a prefix, as in `my:note`",
            ),
            (
                "string",
                r#""jsonSchema": {}"#,
                "property `jsonSchema` is not supported yet",
            ),
            (
                "string",
                r#""required": "true""#,
                r#"must be true or false, not "true""#,
            ),
            (
                "string",
                r#""minLength": -1"#,
                "must be a whole number, 0 or above, not -1",
            ),
            (
                "string",
                r#""minLength": 3, "maxLength": 2"#,
                r#""3": is above the maxLength"#,
            ),
            (
                "string",
                r#""minimum": "a""#,
                "`minimum` belongs to types with an order, but the field's type is string",
            ),
            (
                "integer",
                r#""pattern": "1""#,
                "`pattern` belongs to string, but the field's type is integer",
            ),
            ("string", r#""pattern": "[a""#, "unclosed character class"),
            ("string", r#""enum": []"#, "must name at least one value"),
            (
                "string",
                r#""enum": ["a", 1]"#,
                "must be a value of type string, not 1",
            ),
            ("integer", r#""enum": ["a"]"#, r#""a": not an integer"#),
            (
                "integer",
                r#""minimum": 1.5"#,
                "must be a value of type integer, not 1.5",
            ),
            (
                "integer",
                r#""minimum": 5, "maximum": 3"#,
                r#""5": is above the maximum"#,
            ),
            (
                "date",
                r#""minimum": 1949"#,
                "must be a value of type date, not 1949",
            ),
            (
                "date",
                r#""minimum": "1949""#,
                r#""1949": not a date like 2014-01-31"#,
            ),
            (
                "year",
                r#""maximum": "30000x""#,
                "not a year of four digits",
            ),
        ] {
            let field =
                format!(r#"{{"name": "x", "type": "{kind}", "constraints": {{{constraints}}}}}"#);
            refused_field(&field, problem);
        }
    }
}
