//! What a sound footer tells of the whole file.

use std::collections::HashMap;

use arrow::datatypes::SchemaRef;
use datafusion::common::stats::Precision;
use datafusion::common::{ScalarValue, Statistics};
use datafusion::datasource::physical_plan::parquet::metadata::DFParquetMetadata;
use datafusion::error::Result;
use parquet::file::metadata::ParquetMetaData;

/// The statistics of a file as columns of a table.
///
/// Bounds are exact only if each row group with values tells both: DataFusion also takes those for exact that one row
/// group out of several tells. A zero of a float is not, since it stands for zeros of either sign. Numbers of different
/// values are estimates in many writers and never exact.
pub(crate) fn file_statistics(
    footer: &ParquetMetaData,
    table_schema: &SchemaRef,
) -> Result<Statistics> {
    let mut statistics = DFParquetMetadata::statistics_from_parquet_metadata(footer, table_schema)?;
    let leaves = leaves_by_name(footer);
    let columns = statistics.column_statistics.iter_mut();
    for (column, field) in columns.zip(table_schema.fields()) {
        column.distinct_count = column.distinct_count.to_inexact();
        let leaf = leaves.get(field.name().as_str());
        let is_told = leaf.is_none_or(|leaf| bounds_are_told(footer, *leaf));
        let is_zero = is_float_zero(&column.min_value) || is_float_zero(&column.max_value);
        if !is_told || is_zero {
            for bound in [&mut column.min_value, &mut column.max_value] {
                *bound = std::mem::take(bound).to_inexact();
            }
        }
    }
    Ok(statistics)
}

/// Columns that are not inside others.
fn leaves_by_name(footer: &ParquetMetaData) -> HashMap<&str, usize> {
    let columns = footer.file_metadata().schema_descr().columns();
    let leaves = columns.iter().enumerate();
    let leaves = leaves.filter(|(_, column)| column.path().parts().len() == 1);
    leaves.map(|(leaf, column)| (column.name(), leaf)).collect()
}

fn bounds_are_told(footer: &ParquetMetaData, leaf: usize) -> bool {
    footer.row_groups().iter().all(|group| {
        let chunk = group.column(leaf);
        let values = chunk.num_values() as u64;
        let is_told = chunk.statistics().is_some_and(|told| {
            let has_bounds = told.min_bytes_opt().is_some() && told.max_bytes_opt().is_some();
            has_bounds || told.null_count_opt() == Some(values)
        });
        values == 0 || is_told
    })
}

fn is_float_zero(bound: &Precision<ScalarValue>) -> bool {
    match bound.get_value() {
        Some(ScalarValue::Float64(Some(value))) => *value == 0.0,
        Some(ScalarValue::Float32(Some(value))) => *value == 0.0,
        Some(ScalarValue::Float16(Some(value))) => value.to_f32() == 0.0,
        _ => false,
    }
}
