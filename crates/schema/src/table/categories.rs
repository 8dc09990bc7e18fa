//! The categories of a field: the only values it may have, with labels for people.

use crate::descriptor::json::Node;
use crate::descriptor::vocabulary::Vocabulary;
use crate::error::{Result, SchemaError};
use crate::types::field_type::FieldType;
use crate::types::rule::Rule;
use crate::types::value::Value;

/// The values that a `string` or `integer` field may have.
#[derive(Debug, Clone, PartialEq)]
pub struct Categories {
    /// Each value once, in the order of the schema.
    pub values: Vec<Category>,
    /// Whether that order means something; `None` where the schema does not say.
    pub ordered: Option<bool>,
}

/// One value of a field, and what it means.
#[derive(Debug, Clone, PartialEq)]
pub struct Category {
    /// The value.
    pub value: Value<'static>,
    /// What it means, for people.
    pub label: Option<String>,
}

const CATEGORY: Vocabulary = Vocabulary::open("a category", &["value", "label"], &[], &[]);

impl Categories {
    pub(crate) fn check(&self, value: &Value<'_>) -> Result<(), Rule> {
        if self.values.iter().any(|known| known.value == *value) {
            return Ok(());
        }
        let known: Vec<String> = self
            .values
            .iter()
            .map(|known| known.value.to_string())
            .collect();
        Err(format!("not one of the categories {}", known.join(", ")).into())
    }

    /// Reads the categories of a field, if it has any.
    pub(crate) fn read(field: &Node<'_>, kind: &FieldType) -> Result<Option<Self>> {
        let Some(node) = field.get("categories") else {
            return match field.get("categoriesOrdered") {
                Some(ordered) => Err(SchemaError::BadValue {
                    at: ordered.at(),
                    value: ordered.shown(),
                    reason: "orders categories, but the field has none".to_string(),
                }),
                None => Ok(None),
            };
        };
        if !matches!(kind, FieldType::String(_) | FieldType::Integer { .. }) {
            return Err(SchemaError::PropertyMisplaced {
                at: node.at(),
                name: "categories".to_string(),
                belongs_to: "string and integer".to_string(),
                kind: kind.name().to_string(),
            });
        }
        let items = node.items()?;
        let values = items.iter().map(|item| Category::read(item, kind));
        let values: Vec<Category> = values.collect::<Result<_>>()?;
        for (index, category) in values.iter().enumerate() {
            let same = |other: &Category| {
                let labelled = other.label.is_some() && other.label == category.label;
                other.value == category.value || labelled
            };
            if values[..index].iter().any(same) {
                return Err(SchemaError::BadValue {
                    at: items[index].at(),
                    value: category.value.to_string(),
                    reason: "its value or label stands twice in the categories".to_string(),
                });
            }
        }
        if values.is_empty() {
            return Err(SchemaError::BadValue {
                at: node.at(),
                value: "[]".to_string(),
                reason: "must name at least one value".to_string(),
            });
        }
        let ordered = field.get("categoriesOrdered").map(|node| node.boolean());
        Ok(Some(Self {
            values,
            ordered: ordered.transpose()?,
        }))
    }
}

impl Category {
    fn read(node: &Node<'_>, kind: &FieldType) -> Result<Self> {
        if !node.json().is_object() {
            return Ok(Self {
                value: kind.read_value(node)?,
                label: None,
            });
        }
        node.check(&CATEGORY)?;
        let value = node.required("value", "it is what the cells hold")?;
        Ok(Self {
            value: kind.read_value(&value)?,
            label: node.optional_text("label")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{read_field, refused_field};

    #[test]
    fn categories_are_the_only_values() {
        // The example of the specification.
        let field = read_field(
            r#"{"name": "fruit", "type": "integer", "categoriesOrdered": true, "categories": [
                {"value": 0, "label": "apple"}, {"value": "1", "label": "orange"}, {"value": 2}]}"#,
        );
        assert!(field.parse("01").is_ok());
        let rule = field.parse("3").map_err(|rule| rule.to_string());
        assert_eq!(rule, Err("not one of the categories 0, 1, 2".to_string()));
        let categories = field.categories.unwrap();
        assert_eq!(categories.values[1].label.as_deref(), Some("orange"));
        assert_eq!(categories.ordered, Some(true));
    }

    #[test]
    fn categories_are_read_strictly() {
        for (properties, problem) in [
            (
                r#""type": "number", "categories": [1]"#,
                "`categories` belongs to string and integer",
            ),
            (
                r#""type": "integer", "categories": ["a"]"#,
                r#""a": not an integer"#,
            ),
            (
                r#""type": "string", "categories": ["a", "a"]"#,
                "stands twice in the categories",
            ),
            (
                r#""type": "string", "categories": []"#,
                "must name at least one value",
            ),
            (
                r#""type": "string", "categoriesOrdered": true"#,
                "orders categories, but the field has none",
            ),
            (
                r#""type": "string", "categories": ["a"], "constraints": {"enum": ["b"]}"#,
                "not one of the categories a",
            ),
        ] {
            refused_field(&format!(r#"{{"name": "x", {properties}}}"#), problem);
        }
    }
}
