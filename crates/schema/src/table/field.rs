//! One column of a table: its name, what it means, and what its cells may hold.

use std::collections::HashMap;

use arrow::datatypes::Field as ArrowField;

use crate::descriptor::json::Node;
use crate::descriptor::vocabulary::Vocabulary;
use crate::error::{Result, SchemaError};
use crate::table::categories::Categories;
use crate::table::constraints::Constraints;
use crate::table::missing::read_missing_values;
use crate::types::field_type::FieldType;
use crate::types::rule::Rule;
use crate::types::value::Value;

/// One column of a table.
#[derive(Debug, Clone)]
pub struct Field {
    /// The name in the header row and in SQL.
    pub name: String,
    /// A short name for people.
    pub title: Option<String>,
    /// What the values mean.
    pub description: Option<String>,
    /// The unit of the values, such as `kilometre`: kouan's own property `unit`.
    pub unit: Option<String>,
    /// The type.
    pub kind: FieldType,
    /// What values must fulfil besides.
    pub constraints: Constraints,
    /// The only values there may be, with what they mean.
    pub categories: Option<Categories>,
    /// The texts that mean a missing value, if the field does not follow its table's.
    pub missing_values: Option<Vec<String>>,
}

const VOCABULARY: Vocabulary = Vocabulary::open(
    "a field",
    &[
        "name",
        "type",
        "format",
        "title",
        "description",
        "example",
        "unit",
        "constraints",
        "missingValues",
        "rdfType",
        "groupChar",
        "decimalChar",
        "bareNumber",
        "trueValues",
        "falseValues",
        "categories",
        "categoriesOrdered",
        "delimiter",
        "itemType",
    ],
    &[],
    &[],
);

impl Field {
    /// What a cell means, if it is of the field's type and fulfils the constraints that look at
    /// one cell. The text must not be one of the missing values.
    ///
    /// # Errors
    /// The first rule that the cell breaks.
    #[inline]
    pub fn parse<'t>(&self, text: &'t str) -> Result<Value<'t>, Rule> {
        let value = self.kind.parse(text)?;
        self.constraints.check(&value)?;
        if let Some(categories) = &self.categories {
            categories.check(&value)?;
        }
        Ok(value)
    }

    pub(crate) fn read(node: &Node<'_>) -> Result<Self> {
        node.check(&VOCABULARY)?;
        let name = node.required("name", "it is the column's name")?;
        check_name(&name)?;
        let kind = FieldType::read(node)?;
        let constraints = Constraints::read(node, &kind)?;
        let categories = Categories::read(node, &kind)?;
        check_enumeration(node, &constraints, categories.as_ref())?;
        Ok(Self {
            name: name.text()?.to_string(),
            title: node.optional_text("title")?,
            description: node.optional_text("description")?,
            unit: node.optional_text("unit")?,
            constraints,
            categories,
            missing_values: node
                .get("missingValues")
                .map(|node| read_missing_values(&node))
                .transpose()?,
            kind,
        })
    }

    /// The Arrow field, with `description` and `unit` as metadata.
    pub(crate) fn arrow_field(&self, nullable: bool) -> ArrowField {
        let metadata: HashMap<String, String> =
            [("description", &self.description), ("unit", &self.unit)]
                .into_iter()
                .filter_map(|(key, value)| Some((key.to_string(), value.clone()?)))
                .collect();
        ArrowField::new(&self.name, self.kind.arrow_type(), nullable).with_metadata(metadata)
    }
}

/// An `enum` beside categories is a part of them.
fn check_enumeration(
    field: &Node<'_>,
    constraints: &Constraints,
    categories: Option<&Categories>,
) -> Result<()> {
    for (allowed, categories) in constraints.enumeration.iter().zip(categories) {
        for value in allowed {
            categories
                .check(value)
                .map_err(|rule| SchemaError::BadValue {
                    at: field.child("constraints").child("enum").at(),
                    value: value.to_string(),
                    reason: rule.to_string(),
                })?;
        }
    }
    Ok(())
}

/// Any name will do in SQL, between quotes, but for one that nobody can see.
fn check_name(node: &Node<'_>) -> Result<()> {
    let name = node.text()?;
    let reason = if name.trim().is_empty() {
        "is empty"
    } else if name.chars().any(char::is_control) {
        "holds a control character"
    } else {
        return Ok(());
    };
    Err(SchemaError::NameUnusable {
        at: node.at(),
        name: name.escape_debug().to_string(),
        reason: reason.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use crate::testing::{read_field, refused_field};

    #[test]
    fn a_field_tells_arrow_what_it_means() {
        let field = read_field(
            r#"{"name": "lon", "type": "number", "title": "Longitude", "description": "East of Greenwich.",
                "unit": "degree", "example": "111.9", "rdfType": "https://example.org/lon", "dc:source": 1}"#,
        );
        assert_eq!(field.title.as_deref(), Some("Longitude"));
        let arrow = field.arrow_field(true);
        assert_eq!(arrow.name(), "lon");
        assert!(arrow.is_nullable());
        let mut metadata: Vec<_> = arrow
            .metadata()
            .iter()
            .map(|(key, value)| format!("{key}={value}"))
            .collect();
        metadata.sort();
        assert_eq!(metadata, ["description=East of Greenwich.", "unit=degree"]);
    }

    #[test]
    fn fields_are_read_strictly() {
        for (field, problem) in [
            (
                r#"{"type": "string"}"#,
                "property `name` is missing: it is the column's name",
            ),
            (r#"{"name": " "}"#, r#"the name " " is empty"#),
            (r#"{"name": "a\u0007"}"#, "holds a control character"),
            (
                r#"{"name": "x", "tpye": "string"}"#,
                "a field has no property `tpye`; did you mean `type`?",
            ),
            (r#"{"name": "x", "unit": 3}"#, "must be a text, not 3"),
            (
                r#"{"name": "x", "missingValues": [{"value": "-"}, "-"]}"#,
                "a second missing value named `-`",
            ),
            (
                r#"{"name": "x", "missingValues": "-"}"#,
                r#"must be a list, not "-""#,
            ),
            (r#""x""#, r#"must be an object, not "x""#),
        ] {
            refused_field(field, problem);
        }
    }
}
