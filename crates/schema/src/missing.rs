//! The texts that stand for a missing value.

use crate::error::{Result, SchemaError};
use crate::json::Node;

/// Reads `missingValues`: a list of texts. Labels for them are not supported yet.
pub(crate) fn read_missing_values(node: &Node<'_>) -> Result<Vec<String>> {
    let items = node.items()?;
    if let Some(labelled) = items.iter().find(|item| item.json().is_object()) {
        let what = "a missing value with a label".to_string();
        return Err(SchemaError::Unsupported {
            at: labelled.at(),
            what,
        });
    }
    node.texts()
}
