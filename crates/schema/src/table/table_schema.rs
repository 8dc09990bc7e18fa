//! The columns of a table, its keys, and the texts that mean a missing value.

use std::sync::Arc;

use arrow::datatypes::{Schema, SchemaRef};

use crate::descriptor::json::Node;
use crate::descriptor::vocabulary::Vocabulary;
use crate::error::{Result, SchemaError};
use crate::table::field::Field;
use crate::table::fields_match::FieldsMatch;
use crate::table::keys::{ForeignKey, read_foreign_keys, read_key, read_unique_keys};
use crate::table::marked_point::{self, MarkedPoint};
use crate::table::missing::read_missing_values;
use crate::table::storage::{self, Storage};

/// What the rows of a table must be.
///
/// Every name in a key is the name of a field. The `Debug` form is complete and the same for the
/// same definition, so it can go into a fingerprint.
#[derive(Debug, Clone)]
pub struct TableSchema {
    /// The columns, in the order of the file; at least one, and no two of one name.
    pub fields: Vec<Field>,
    /// How a file's columns have to agree with them.
    pub fields_match: FieldsMatch,
    /// The fields that together identify a row, none of them missing; empty if there is no key.
    pub primary_key: Vec<String>,
    /// Sets of fields that together are unique; a row with one of them missing does not count.
    /// Fields that are unique alone say so in their constraints.
    pub unique_keys: Vec<Vec<String>>,
    /// References to other tables, or to the table itself.
    pub foreign_keys: Vec<ForeignKey>,
    /// The texts that mean a missing value, for fields with no list of their own.
    pub missing_values: Vec<String>,
    /// Fields that together are points, which files written for others have as columns of their own.
    pub points: Vec<MarkedPoint>,
    /// How the table should lie in Parquet files.
    pub storage: Storage,
}

const VOCABULARY: Vocabulary = Vocabulary::open(
    "a table schema",
    &[
        "$schema",
        "profile",
        "name",
        "title",
        "description",
        "fields",
        "fieldsMatch",
        "missingValues",
        "primaryKey",
        "uniqueKeys",
        "foreignKeys",
        marked_point::PROPERTY,
        storage::PROPERTY,
    ],
    &[],
    &[],
);

impl TableSchema {
    /// The columns as Arrow has them, with `description` and `unit` as metadata. A column is
    /// nullable unless its field is required or in the primary key.
    pub fn arrow_schema(&self) -> SchemaRef {
        let fields = self
            .fields
            .iter()
            .map(|field| field.arrow_field(!self.is_required(field)));
        Arc::new(Schema::new(fields.collect::<Vec<_>>()))
    }

    /// A field by its name, with its place.
    pub fn field(&self, name: &str) -> Option<(usize, &Field)> {
        self.fields
            .iter()
            .enumerate()
            .find(|(_, field)| field.name == name)
    }

    /// Whether no cell of the field may be missing.
    pub fn is_required(&self, field: &Field) -> bool {
        field.constraints.required || self.primary_key.contains(&field.name)
    }

    /// Whether a cell of the field means a missing value. The field's own list wins.
    #[inline]
    pub fn is_missing(&self, field: &Field, text: &str) -> bool {
        let missing = field
            .missing_values
            .as_ref()
            .unwrap_or(&self.missing_values);
        missing.iter().any(|value| value == text)
    }

    /// Whether these fields, in any order, are known to be unique together.
    pub fn is_unique(&self, names: &[String]) -> bool {
        let same = |key: &[String]| {
            key.len() == names.len() && key.iter().all(|name| names.contains(name))
        };
        let alone = |name: &String| {
            self.field(name)
                .is_some_and(|(_, field)| field.constraints.unique)
        };
        same(&self.primary_key)
            || self.unique_keys.iter().any(|key| same(key))
            || matches!(names, [name] if alone(name))
    }

    /// The columns without some fields, and without the keys that those are part of.
    #[must_use]
    pub fn without(&self, names: &[String]) -> Self {
        let keeps = |key: &[String]| !key.iter().any(|name| names.contains(name));
        let mut kept = self.clone();
        for field in &mut kept.fields {
            field.constraints.required |= self.primary_key.contains(&field.name);
        }
        kept.fields.retain(|field| !names.contains(&field.name));
        kept.points.retain(|point| {
            keeps(std::slice::from_ref(&point.longitude))
                && keeps(std::slice::from_ref(&point.latitude))
        });
        kept.unique_keys.retain(|key| keeps(key));
        kept.foreign_keys.retain(|key| keeps(&key.fields));
        kept.storage.cluster_by.retain(|name| !names.contains(name));
        if !keeps(&kept.primary_key) {
            kept.primary_key.clear();
        }
        kept
    }

    /// Takes one more text for a missing value, whatever lists the fields have.
    pub(crate) fn add_missing_value(&mut self, value: &str) {
        let own = self
            .fields
            .iter_mut()
            .filter_map(|field| field.missing_values.as_mut());
        for list in own.chain([&mut self.missing_values]) {
            if !list.iter().any(|known| known == value) {
                list.push(value.to_string());
            }
        }
    }

    pub(crate) fn read(node: &Node<'_>) -> Result<Self> {
        node.check(&VOCABULARY)?;
        let fields = read_fields(&node.required("fields", "it lists the columns")?)?;
        let missing_values = node
            .get("missingValues")
            .map(|node| read_missing_values(&node));
        Ok(Self {
            fields_match: FieldsMatch::read(node)?,
            primary_key: node
                .get("primaryKey")
                .map_or(Ok(Vec::new()), |key| read_key(&key, &fields))?,
            unique_keys: read_unique_keys(node, &fields)?,
            foreign_keys: read_foreign_keys(node, &fields)?,
            missing_values: missing_values.unwrap_or_else(|| Ok(vec![String::new()]))?,
            points: MarkedPoint::read_all(node, &fields)?,
            storage: Storage::read(node, &fields)?,
            fields,
        })
    }
}

fn read_fields(node: &Node<'_>) -> Result<Vec<Field>> {
    let nodes = node.items()?;
    if nodes.is_empty() {
        let reason = "a table needs at least one field".to_string();
        return Err(SchemaError::BadValue {
            at: node.at(),
            value: "[]".to_string(),
            reason,
        });
    }
    let fields: Vec<Field> = nodes.iter().map(Field::read).collect::<Result<_>>()?;
    for (index, field) in fields.iter().enumerate() {
        if let Some(first) = fields[..index]
            .iter()
            .position(|other| other.name == field.name)
        {
            return Err(SchemaError::NameTwice {
                at: nodes[index].child("name").at(),
                what: "field",
                name: field.name.clone(),
                first: nodes[first].child("name").at(),
            });
        }
    }
    Ok(fields)
}

#[cfg(test)]
mod tests {
    use crate::testing::{read_schema, refused_schema};

    #[test]
    fn a_schema_becomes_an_arrow_schema() {
        let schema = read_schema(
            r#"{"$schema": "https://datapackage.org/profiles/2.0/tableschema.json", "fieldsMatch": ["exact"],
                "fields": [{"name": "port_id", "type": "string"},
                           {"name": "opened_year", "type": "year", "constraints": {"required": true}},
                           {"name": "lon", "type": "number"}],
                "primaryKey": "port_id"}"#,
        );
        let arrow = schema.arrow_schema();
        let columns: Vec<String> = arrow
            .fields()
            .iter()
            .map(|field| {
                format!(
                    "{} {} {}",
                    field.name(),
                    field.data_type(),
                    field.is_nullable()
                )
            })
            .collect();
        assert_eq!(
            columns,
            [
                "port_id Utf8 false",
                "opened_year Int32 false",
                "lon Float64 true"
            ]
        );
        assert_eq!(schema.field("lon").map(|(index, _)| index), Some(2));
        assert!(schema.field("lat").is_none());
    }

    #[test]
    fn the_missing_values_of_a_field_replace_those_of_its_table() {
        // The example of the specification.
        let schema = read_schema(
            r#"{"fields": [{"name": "column1"}, {"name": "column2", "missingValues": ["-"]}],
                "missingValues": ["", "NA"]}"#,
        );
        let missing = |index: usize, text| schema.is_missing(&schema.fields[index], text);
        assert!(missing(0, "") && missing(0, "NA") && !missing(0, "-"));
        assert!(!missing(1, "") && !missing(1, "NA") && missing(1, "-"));
        let default = read_schema(r#"{"fields": [{"name": "a"}]}"#);
        assert_eq!(default.missing_values, [""]);
    }

    #[test]
    fn keys_are_known_in_any_order() {
        let schema = read_schema(
            r#"{"fields": [{"name": "a"}, {"name": "b"}, {"name": "c", "constraints": {"unique": true}}],
                "primaryKey": ["a", "b"], "uniqueKeys": [["b", "c"]]}"#,
        );
        let unique = |names: &[&str]| {
            let names: Vec<String> = names.iter().map(ToString::to_string).collect();
            schema.is_unique(&names)
        };
        assert!(
            unique(&["a", "b"]) && unique(&["b", "a"]) && unique(&["c", "b"]) && unique(&["c"])
        );
        assert!(!unique(&["a"]) && !unique(&["a", "c"]) && !unique(&["a", "b", "c"]));
    }

    #[test]
    fn the_debug_form_shows_what_a_fingerprint_must_tell_apart() {
        let debug = |maximum| {
            let fields = format!(
                r#"[{{"name": "a", "type": "year", "constraints": {{"maximum": {maximum}}}}}]"#
            );
            format!("{:?}", read_schema(&format!(r#"{{"fields": {fields}}}"#)))
        };
        assert_eq!(debug(2014), debug(2014));
        assert_ne!(debug(2014), debug(2015));
    }

    #[test]
    fn schemas_are_read_strictly() {
        for (schema, problem) in [
            ("{}", "property `fields` is missing: it lists the columns"),
            (r#"{"fields": []}"#, "a table needs at least one field"),
            (r#"{"fields": {}}"#, "must be a list, not an object"),
            (
                r#"{"fields": [{"name": "a"}, {"name": "a"}]}"#,
                "a second field named `a`; the first is at",
            ),
            (
                r#"{"fields": [{"name": "a"}], "primarykey": "a"}"#,
                "did you mean `primaryKey`?",
            ),
            (
                r#"{"fields": [{"name": "a"}], "fieldsMatch": "some"}"#,
                "must be exact, equal, subset, superset or partial",
            ),
            ("3", "must be an object, not 3"),
        ] {
            refused_schema(schema, problem);
        }
    }
}
