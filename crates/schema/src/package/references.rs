//! Makes sure that foreign keys refer to keys that exist and are of the same types.

use crate::descriptor::json::Node;
use crate::descriptor::near::nearest;
use crate::error::{Result, SchemaError};
use crate::package::draft::Draft;
use crate::table::Table;
use crate::table::keys::ForeignKey;

/// Replaces the names that foreign keys give by the full names of tables, and checks each key
/// against the table it refers to.
pub(crate) fn resolve_references(tables: &mut [Table], drafts: &[Draft<'_>]) -> Result<()> {
    for (index, draft) in drafts.iter().enumerate() {
        let schema = draft.schema_node();
        let Some(nodes) = schema.get("foreignKeys") else {
            continue;
        };
        for (number, node) in nodes.items()?.iter().enumerate() {
            let table = &tables[index];
            let reference = node.child("reference");
            let target = find(
                tables,
                table,
                &table.definition.foreign_keys[number],
                &reference,
            )?;
            check(
                table,
                &table.definition.foreign_keys[number],
                target,
                &reference,
            )?;
            let target = target.full_name().to_string();
            tables[index].definition.foreign_keys[number].reference_table = target;
        }
    }
    Ok(())
}

/// The table that a key refers to; its own if the key names none.
fn find<'t>(
    tables: &'t [Table],
    own: &'t Table,
    key: &ForeignKey,
    reference: &Node<'_>,
) -> Result<&'t Table> {
    let name = &key.reference_table;
    if name.is_empty() {
        return Ok(own);
    }
    tables
        .iter()
        .find(|table| table.resource == *name)
        .ok_or_else(|| SchemaError::TableUnknown {
            at: reference.child("resource").at(),
            table: name.clone(),
            near: nearest(name, tables.iter().map(|table| table.resource.as_str()))
                .map(str::to_string),
        })
}

fn check(own: &Table, key: &ForeignKey, target: &Table, reference: &Node<'_>) -> Result<()> {
    let at = || reference.child("fields").at();
    for (name, reference_name) in key.fields.iter().zip(&key.reference_fields) {
        let Some((_, referred)) = target.definition.field(reference_name) else {
            let names = target
                .definition
                .fields
                .iter()
                .map(|field| field.name.as_str());
            return Err(SchemaError::FieldUnknown {
                at: at(),
                field: format!("{}.{reference_name}", target.resource),
                near: nearest(reference_name, names).map(str::to_string),
            });
        };
        let referring = own.definition.field(name).map(|(_, field)| &field.kind);
        if let Some(kind) = referring
            && kind.name() != referred.kind.name()
        {
            let reason = format!(
                "field `{name}` is of type {}, but {}.{reference_name} is of type {}; give both one type",
                kind.name(),
                target.resource,
                referred.kind.name()
            );
            return Err(SchemaError::KeyMismatch { at: at(), reason });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::testing::{open, refused};

    /// Two tables: `city-list`, and `ports` with this foreign key.
    fn package(key: &str) -> String {
        format!(
            r#"{{"name": "p", "resources": [
                {{"name": "city-list", "path": "c.csv", "schema": {{
                    "fields": [{{"name": "city"}}, {{"name": "code", "type": "integer", "constraints": {{"unique": true}}}},
                               {{"name": "country"}}, {{"name": "population", "type": "integer"}}],
                    "primaryKey": ["country", "city"]}}}},
                {{"name": "ports", "path": "p.csv", "schema": {{
                    "fields": [{{"name": "city"}}, {{"name": "country"}}, {{"name": "city_code", "type": "integer"}},
                               {{"name": "twin"}}],
                    "primaryKey": "city",
                    "foreignKeys": [{key}]}}}}]}}"#
        )
    }

    #[test]
    fn references_lead_to_keys_of_tables() {
        for (key, table) in [
            (
                r#"{"fields": "city_code", "reference": {"resource": "city-list", "fields": "code"}}"#,
                "city_list",
            ),
            (
                r#"{"fields": ["city", "country"], "reference": {"resource": "city-list", "fields": ["city", "country"]}}"#,
                "city_list",
            ),
            // The standard does not ask for a key there.
            (
                r#"{"fields": "city", "reference": {"resource": "city-list", "fields": "city"}}"#,
                "city_list",
            ),
            (
                r#"{"fields": "twin", "reference": {"fields": "city"}}"#,
                "ports",
            ),
            (
                r#"{"fields": "twin", "reference": {"resource": "", "fields": "city"}}"#,
                "ports",
            ),
            (
                r#"{"fields": "twin", "reference": {"resource": "ports", "fields": "city"}}"#,
                "ports",
            ),
        ] {
            let package = open(&package(key)).unwrap();
            let reference = &package.tables()[1].definition.foreign_keys[0].reference_table;
            assert_eq!(reference, table, "{key}");
            assert!(package.table(reference).is_some());
        }
    }

    #[test]
    fn references_that_lead_nowhere_are_refused() {
        for (key, problem) in [
            (
                r#"{"fields": "city", "reference": {"resource": "cities", "fields": "city"}}"#,
                "/reference/resource (line 10, column 82): the package has no table `cities`",
            ),
            (
                r#"{"fields": "city", "reference": {"resource": "city-lists", "fields": "city"}}"#,
                "the package has no table `city-lists`; did you mean `city-list`?",
            ),
            (
                r#"{"fields": "city_code", "reference": {"resource": "city-list", "fields": "kode"}}"#,
                "there is no field `city-list.kode`; did you mean `code`?",
            ),
            (
                r#"{"fields": "city", "reference": {"resource": "city-list", "fields": "code"}}"#,
                "field `city` is of type string, but city-list.code is of type integer; give both one type",
            ),
        ] {
            refused(&package(key), problem);
        }
    }
}
