//! How a table should lie in Parquet files: a choice that changes no answer.

use crate::descriptor::json::Node;
use crate::descriptor::vocabulary::Vocabulary;
use crate::error::{Result, SchemaError};
use crate::table::field::Field;
use crate::table::keys::read_key;
use crate::types::field_type::FieldType;

/// The property of a table schema that says it; the prefix keeps it apart from the standard's own.
pub(crate) const PROPERTY: &str = "kouan:storage";

/// How a table should lie in Parquet files.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Storage {
    /// What the files are good at.
    pub layout: FileLayout,
    /// The fields by which the rows of each row group are sorted, the first one foremost. Where it is empty, rows of
    /// [`FileLayout::Compact`] stay in the order of the data.
    pub cluster_by: Vec<String>,
}

/// What Parquet files are good at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FileLayout {
    /// Small: everything is compressed where that pays, and rows stay in the order of the data.
    #[default]
    Compact,
    /// Quick to ask: numbers are not compressed, and the rows of each row group are sorted, so that equal values lie together.
    Fast,
}

impl FileLayout {
    /// Every layout with its name.
    pub const ALL: [(&'static str, Self); 2] = [("compact", Self::Compact), ("fast", Self::Fast)];

    /// The name, as schemas, footers and the command line have it.
    pub fn name(self) -> &'static str {
        let named = Self::ALL.iter().find(|(_, layout)| *layout == self);
        named.map_or("", |(name, _)| name)
    }

    /// The layout of this name.
    pub fn of_name(name: &str) -> Option<Self> {
        let named = Self::ALL.iter().find(|(known, _)| *known == name);
        named.map(|(_, layout)| *layout)
    }
}

const VOCABULARY: Vocabulary = Vocabulary::closed("a storage", &["layout", "clusterBy"], &[]);

impl Storage {
    pub(crate) fn read(schema: &Node<'_>, fields: &[Field]) -> Result<Self> {
        let Some(node) = schema.get(PROPERTY) else {
            return Ok(Self::default());
        };
        node.check(&VOCABULARY)?;
        let layout = node.get("layout").map(|layout| read_layout(&layout));
        let cluster_by = node.get("clusterBy").map(|key| {
            let names = read_key(&key, fields)?;
            let unordered =
                |field: &&Field| !field.kind.is_sortable() && names.contains(&field.name);
            match fields.iter().find(unordered) {
                None => Ok(names),
                Some(field) => Err(SchemaError::BadValue {
                    at: key.at(),
                    value: field.name.clone(),
                    reason: format!(
                        "values of type {} have no order to sort rows by",
                        field.kind.name()
                    ),
                }),
            }
        });
        Ok(Self {
            layout: layout.transpose()?.unwrap_or_default(),
            cluster_by: cluster_by.transpose()?.unwrap_or_default(),
        })
    }
}

fn read_layout(node: &Node<'_>) -> Result<FileLayout> {
    FileLayout::of_name(node.text()?).ok_or_else(|| SchemaError::BadValue {
        at: node.at(),
        value: node.shown(),
        reason: "must be compact or fast".to_string(),
    })
}

impl FieldType {
    /// Whether rows can be sorted by values of this type.
    fn is_sortable(&self) -> bool {
        !matches!(self, Self::Json(_) | Self::List(_) | Self::Point(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{read_schema, refused_schema};

    fn schema(storage: &str) -> String {
        format!(
            r#"{{"fields": [{{"name": "country"}}, {{"name": "where", "type": "geopoint"}}], "kouan:storage": {storage}}}"#
        )
    }

    #[test]
    fn a_schema_says_how_its_table_is_stored() {
        let storage = |json| read_schema(&schema(json)).storage;
        assert_eq!(
            read_schema(r#"{"fields": [{"name": "a"}]}"#).storage,
            Storage::default()
        );
        assert_eq!(storage("{}"), Storage::default());
        let fast = storage(r#"{"layout": "fast", "clusterBy": ["country"]}"#);
        assert_eq!(
            (fast.layout, fast.cluster_by),
            (FileLayout::Fast, vec!["country".to_string()])
        );
        assert_eq!(FileLayout::Fast.name(), "fast");
    }

    #[test]
    fn what_cannot_be_stored_so_is_refused() {
        for (storage, problem) in [
            (r#"{"layout": "quick"}"#, "must be compact or fast"),
            (r#"{"clusterBy": "contry"}"#, "did you mean `country`?"),
            (
                r#"{"clusterBy": ["where"]}"#,
                "values of type geopoint have no order to sort rows by",
            ),
            (
                r#"{"clusterby": ["country"]}"#,
                "a storage has no property `clusterby`; did you mean `clusterBy`?",
            ),
            ("3", "must be an object, not 3"),
        ] {
            refused_schema(&schema(storage), problem);
        }
        refused_schema(
            r#"{"fields": [{"name": "a"}], "kouan:storge": {}}"#,
            "a table schema has no property `kouan:storge`; did you mean `kouan:storage`?",
        );
    }
}
