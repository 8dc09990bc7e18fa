//! How the fields of a schema and the columns of a file have to agree.

use crate::descriptor::json::Node;
use crate::error::{Result, SchemaError};

/// How the fields of a schema and the columns of a file have to agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FieldsMatch {
    /// The same, in the same order.
    #[default]
    Exact,
    /// The same, in any order.
    Equal,
    /// The file has all fields, and perhaps other columns, which are left out.
    Subset,
    /// The file has no other columns; a field that it lacks is missing in every row.
    Superset,
    /// They have at least one in common; both of the above.
    Partial,
}

const NAMES: [(&str, FieldsMatch); 5] = [
    ("exact", FieldsMatch::Exact),
    ("equal", FieldsMatch::Equal),
    ("subset", FieldsMatch::Subset),
    ("superset", FieldsMatch::Superset),
    ("partial", FieldsMatch::Partial),
];

impl FieldsMatch {
    /// Whether the file may have columns that are no fields.
    pub fn allows_other_columns(self) -> bool {
        matches!(self, Self::Subset | Self::Partial)
    }

    /// Whether the file may lack fields.
    pub fn allows_absent_fields(self) -> bool {
        matches!(self, Self::Superset | Self::Partial)
    }

    pub(crate) fn read(schema: &Node<'_>) -> Result<Self> {
        let Some(node) = schema.get("fieldsMatch") else {
            return Ok(Self::default());
        };
        // The profile of version 2.0 asked for a list by mistake.
        let name = match &node.items() {
            Ok(items) if items.len() == 1 => items[0].text()?,
            _ => node.text()?,
        };
        let found = NAMES.iter().find(|(known, _)| *known == name);
        found
            .map(|(_, matching)| *matching)
            .ok_or_else(|| SchemaError::BadValue {
                at: node.at(),
                value: name.to_string(),
                reason: "must be exact, equal, subset, superset or partial".to_string(),
            })
    }
}
