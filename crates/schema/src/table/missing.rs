//! The texts that stand for a missing value.

use crate::descriptor::json::Node;
use crate::descriptor::vocabulary::Vocabulary;
use crate::error::{Result, SchemaError};

const LABELLED: Vocabulary = Vocabulary::open("a missing value", &["value", "label"], &[], &[]);

/// Reads `missingValues`: a list of texts, or of objects that say why with a label.
pub(crate) fn read_missing_values(node: &Node<'_>) -> Result<Vec<String>> {
    let items = node.items()?;
    let values: Vec<String> = items.iter().map(read_value).collect::<Result<_>>()?;
    for (index, value) in values.iter().enumerate() {
        if let Some(first) = values[..index].iter().position(|other| other == value) {
            return Err(SchemaError::NameTwice {
                at: items[index].at(),
                what: "missing value",
                name: value.clone(),
                first: items[first].at(),
            });
        }
    }
    Ok(values)
}

fn read_value(node: &Node<'_>) -> Result<String> {
    if !node.json().is_object() {
        return node.text().map(str::to_string);
    }
    node.check(&LABELLED)?;
    node.optional_text("label")?;
    let value = node.required("value", "it is what stands for a missing value")?;
    value.text().map(str::to_string)
}
