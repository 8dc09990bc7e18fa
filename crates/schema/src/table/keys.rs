//! Keys: which fields identify a row, and which refer to rows elsewhere.

use crate::descriptor::json::Node;
use crate::descriptor::near::nearest;
use crate::descriptor::vocabulary::Vocabulary;
use crate::error::{Result, SchemaError};
use crate::table::field::Field;

/// Fields whose values together must be found in another table, or in the same one.
///
/// Both lists have the same length and agree in types. The fields referred to need not be a key there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignKey {
    /// The referring fields.
    pub fields: Vec<String>,
    /// The table referred to, as [`Package::table`](crate::Package::table) finds it; its own
    /// name where a table refers to itself.
    pub reference_table: String,
    /// The fields referred to.
    pub reference_fields: Vec<String>,
}

const KEY: Vocabulary = Vocabulary::open("a foreign key", &["fields", "reference"], &[], &[]);
const REFERENCE: Vocabulary =
    Vocabulary::open("a reference", &["resource", "fields"], &[], &["package"]);

/// Reads a key: the names of existing fields, or one name as version 1 of the standard allows.
pub(crate) fn read_key(node: &Node<'_>, fields: &[Field]) -> Result<Vec<String>> {
    let names = read_names(node)?;
    for name in &names {
        if fields.iter().any(|field| field.name == *name.text) {
            continue;
        }
        return Err(SchemaError::FieldUnknown {
            at: name.node.at(),
            field: name.text.to_string(),
            near: nearest(name.text, fields.iter().map(|field| field.name.as_str()))
                .map(str::to_string),
        });
    }
    Ok(names.iter().map(|name| name.text.to_string()).collect())
}

pub(crate) fn read_unique_keys(schema: &Node<'_>, fields: &[Field]) -> Result<Vec<Vec<String>>> {
    let keys = schema
        .get("uniqueKeys")
        .map_or(Ok(Vec::new()), |keys| keys.items())?;
    keys.iter().map(|key| read_key(key, fields)).collect()
}

/// Reads the foreign keys as the schema writes them; what they refer to is looked at when all
/// tables are known.
pub(crate) fn read_foreign_keys(schema: &Node<'_>, fields: &[Field]) -> Result<Vec<ForeignKey>> {
    let keys = schema
        .get("foreignKeys")
        .map_or(Ok(Vec::new()), |keys| keys.items())?;
    keys.iter()
        .map(|key| read_foreign_key(key, fields))
        .collect()
}

fn read_foreign_key(node: &Node<'_>, fields: &[Field]) -> Result<ForeignKey> {
    node.check(&KEY)?;
    let reference = node.required("reference", "it says what the fields refer to")?;
    reference.check(&REFERENCE)?;
    let fields = read_key(
        &node.required("fields", "they refer to another table")?,
        fields,
    )?;
    let reference_fields = reference.required("fields", "they are what is referred to")?;
    let reference_names = read_names(&reference_fields)?;
    if fields.len() != reference_names.len() {
        let (own, other) = (fields.len(), reference_names.len());
        let reason = format!(
            "the key has {own} and the reference {other} fields; name as many here as there"
        );
        return Err(SchemaError::KeyMismatch {
            at: reference_fields.at(),
            reason,
        });
    }
    Ok(ForeignKey {
        fields,
        reference_table: reference.optional_text("resource")?.unwrap_or_default(),
        reference_fields: reference_names
            .iter()
            .map(|name| name.text.to_string())
            .collect(),
    })
}

struct Name<'d> {
    node: Node<'d>,
    text: &'d str,
}

/// At least one name, none twice.
fn read_names<'d>(node: &Node<'d>) -> Result<Vec<Name<'d>>> {
    let nodes = if node.json().is_string() {
        vec![node.clone()]
    } else {
        node.items()?
    };
    let names: Vec<Name<'d>> = nodes
        .into_iter()
        .map(|node| {
            Ok(Name {
                text: node.text()?,
                node,
            })
        })
        .collect::<Result<_>>()?;
    if names.is_empty() {
        let reason = "a key needs at least one field".to_string();
        return Err(SchemaError::KeyMismatch {
            at: node.at(),
            reason,
        });
    }
    for (index, name) in names.iter().enumerate() {
        if let Some(first) = names[..index].iter().find(|other| other.text == name.text) {
            return Err(SchemaError::NameTwice {
                at: name.node.at(),
                what: "field of the key",
                name: name.text.to_string(),
                first: first.node.at(),
            });
        }
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use crate::testing::{read_schema, refused_schema};

    #[test]
    fn keys_are_lists_of_names_or_one_name() {
        let schema = read_schema(
            r#"{"fields": [{"name": "a"}, {"name": "b"}], "primaryKey": "a", "uniqueKeys": [["a", "b"], "b"],
                "foreignKeys": [{"fields": "b", "reference": {"resource": "", "fields": "a"}}]}"#,
        );
        assert_eq!(schema.primary_key, ["a"]);
        assert_eq!(schema.unique_keys, [vec!["a", "b"], vec!["b"]]);
        assert_eq!(schema.foreign_keys[0].fields, ["b"]);
        assert_eq!(schema.foreign_keys[0].reference_fields, ["a"]);
    }

    #[test]
    fn keys_are_read_strictly() {
        for (keys, problem) in [
            (
                r#""primaryKey": "bb""#,
                "there is no field `bb`; did you mean `b`?",
            ),
            (r#""primaryKey": ["a", "code"]"#, "there is no field `code`"),
            (r#""primaryKey": []"#, "a key needs at least one field"),
            (
                r#""primaryKey": ["a", "a"]"#,
                "a second field of the key named `a`",
            ),
            (r#""primaryKey": [1]"#, "must be a text, not 1"),
            (r#""uniqueKeys": ["a", ["z"]]"#, "/uniqueKeys/1/0"),
            (r#""uniqueKeys": "a""#, r#"must be a list, not "a""#),
            (r#""foreignKeys": {}"#, "must be a list, not an object"),
            (
                r#""foreignKeys": [{"fields": "a"}]"#,
                "property `reference` is missing",
            ),
            (
                r#""foreignKeys": [{"reference": {"fields": "a"}}]"#,
                "property `fields` is missing",
            ),
            (
                r#""foreignKeys": [{"fields": "a", "reference": {}}]"#,
                "property `fields` is missing",
            ),
            (
                r#""foreignKeys": [{"fields": "z", "reference": {"fields": "a"}}]"#,
                "there is no field `z`",
            ),
            (
                r#""foreignKeys": [{"fields": "a", "reference": {"fields": ["a", "b"]}}]"#,
                "the key has 1 and the reference 2 fields; name as many here as there",
            ),
            (
                r#""foreignKeys": [{"fields": "a", "reference": {"package": "p", "fields": "a"}}]"#,
                "property `package` is not supported yet",
            ),
        ] {
            refused_schema(
                &format!(r#"{{"fields": [{{"name": "a"}}, {{"name": "b"}}], {keys}}}"#),
                problem,
            );
        }
    }
}
