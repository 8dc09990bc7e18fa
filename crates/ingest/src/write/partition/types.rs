//! What a part of a table tells of the fields that its folders are named after.

use std::fs::File;
use std::path::Path;

use arrow::datatypes::DataType;
use parquet::file::metadata::ParquetMetaDataReader;
use serde_json::{Map, Value as Json};

/// The footer entry that tells readers the types of the values in folders' names.
pub(super) const PARTITIONS_KEY: &str = "kouan.partitions";

/// The fields by which the table of a Parquet file was cut, with their Arrow types; none if the file does not say so, or is none.
/// Its footer alone is read.
pub fn partition_types(path: &Path) -> Vec<(String, DataType)> {
    let read = || -> Option<Vec<(String, DataType)>> {
        let file = File::open(path).ok()?;
        let metadata = ParquetMetaDataReader::new().parse_and_finish(&file).ok()?;
        let entries = metadata.file_metadata().key_value_metadata()?;
        let entry = entries.iter().find(|entry| entry.key == PARTITIONS_KEY)?;
        let types: Map<String, Json> = serde_json::from_str(entry.value.as_ref()?).ok()?;
        let types = types
            .into_iter()
            .map(|(name, kind)| Some((name, kind.as_str()?.parse().ok()?)));
        types.collect()
    };
    read().unwrap_or_default()
}
