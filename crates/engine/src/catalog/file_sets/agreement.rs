//! Files that are one table have the same columns.
//!
//! DataFusion fills with NULL what a file lacks, and reads CSV files by the places of their columns, whatever their own
//! headers say. Neither shows in the answer, so that both are refused, as in DuckDB.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::datatypes::{Schema, SchemaRef};
use datafusion::common::plan_err;
use datafusion::datasource::file_format::FileFormat;
use datafusion::error::Result;
use datafusion::execution::SessionState;
use datafusion::object_store::{ObjectMeta, ObjectStore};
use futures::{StreamExt, TryStreamExt, stream};

/// Files that are looked at at once.
const AT_ONCE: usize = 32;

/// Refuses files whose columns, but for those that folders name, differ from the first one's. A key that an object of a
/// JSON file lacks is missing in any case.
pub(super) async fn check_agreement(
    state: &SessionState,
    store: &Arc<dyn ObjectStore>,
    format: &Arc<dyn FileFormat>,
    files: &[ObjectMeta],
    of_folders: &[&str],
) -> Result<()> {
    let kind = format.get_ext();
    if files.len() < 2 || kind == "json" {
        return Ok(());
    }
    let schemas = stream::iter(files)
        .map(|file| format.infer_schema(state, store, std::slice::from_ref(file)))
        .boxed()
        .buffered(AT_ONCE);
    let schemas: Vec<SchemaRef> = schemas.try_collect().await?;
    let by_place = !matches!(kind.as_str(), "parquet" | "arrow");
    for (file, schema) in files.iter().zip(&schemas).skip(1) {
        let files = [&files[0], file];
        let schemas = [&schemas[0], schema].map(|schema| without(schema, of_folders));
        check_names(files, &schemas, by_place)?;
        if !by_place {
            check_types(files, &schemas)?;
        }
    }
    Ok(())
}

fn without(schema: &Schema, of_folders: &[&str]) -> Schema {
    let fields = schema.fields().iter();
    let fields = fields.filter(|field| !of_folders.contains(&field.name().as_str()));
    Schema::new(fields.cloned().collect::<Vec<_>>())
}

fn check_names(files: [&ObjectMeta; 2], schemas: &[Schema; 2], by_place: bool) -> Result<()> {
    for [one, other] in [[0, 1], [1, 0]] {
        let fields = schemas[one].fields().iter();
        let mut lacking =
            fields.filter(|field| schemas[other].column_with_name(field.name()).is_none());
        if let Some(field) = lacking.next() {
            return plan_err!(
                "/{} has a column '{}' that /{} has not; put them together with UNION ALL BY NAME, which fills it with NULL",
                files[one].location,
                field.name(),
                files[other].location
            );
        }
    }
    let names = schemas.each_ref().map(|schema| {
        let names = schema.fields().iter().map(|field| field.name());
        names.collect::<Vec<_>>()
    });
    if by_place && names[0] != names[1] {
        return plan_err!(
            "the columns of /{} stand in another order than those of /{}; put them together with UNION ALL BY NAME",
            files[1].location,
            files[0].location
        );
    }
    Ok(())
}

fn check_types(files: [&ObjectMeta; 2], schemas: &[Schema; 2]) -> Result<()> {
    let other: HashMap<_, _> = (schemas[1].fields().iter())
        .map(|field| (field.name(), field))
        .collect();
    for field in schemas[0].fields() {
        let Some(of_other) = other.get(field.name()) else {
            continue;
        };
        let pair = [field, of_other].map(|field| Schema::new(vec![Arc::clone(field)]));
        if Schema::try_merge(pair).is_err() {
            return plan_err!(
                "column '{}' is {} in /{} and {} in /{}; convert one of them with CAST and put the files together with UNION ALL",
                field.name(),
                field.data_type(),
                files[0].location,
                of_other.data_type(),
                files[1].location
            );
        }
    }
    Ok(())
}
