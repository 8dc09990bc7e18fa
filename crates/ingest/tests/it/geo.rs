//! Points become GeoParquet, and the footer says what the package says.

use std::fs::File;

use kouan_ingest::Options;
use parquet::file::metadata::ParquetMetaDataReader;
use serde_json::{Value as Json, json};

use crate::support::{package, table};

fn entry(schema: &str, csv: &str, key: &str) -> Option<String> {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("t.parquet");
    let package = package(schema, csv);
    kouan_ingest::convert(&package, table(&package), &target, &Options::default()).unwrap();
    let file = File::open(target).unwrap();
    let metadata = ParquetMetaDataReader::new()
        .parse_and_finish(&file)
        .unwrap();
    let entries = metadata
        .file_metadata()
        .key_value_metadata()
        .unwrap()
        .iter();
    entries
        .filter(|entry| entry.key == key)
        .find_map(|entry| entry.value.clone())
}

/// As GeoParquet 1.1 writes it: https://geoparquet.org/releases/v1.1.0/, "Native encodings based on GeoArrow".
#[test]
fn points_are_described_as_geoparquet_has_it() {
    let schema =
        r#"{"fields": [{"name": "id", "type": "integer"}, {"name": "place", "type": "geopoint"}]}"#;
    let geo = entry(schema, "id,place\n1,\"82.6, 45.2\"\n2,\n", "geo").unwrap();
    assert_eq!(
        serde_json::from_str::<Json>(&geo).unwrap(),
        json!({
            "version": "1.1.0",
            "primary_column": "place",
            "columns": {"place": {"encoding": "point", "geometry_types": ["Point"]}},
        })
    );
    let plain = r#"{"fields": [{"name": "id", "type": "integer"}]}"#;
    assert_eq!(entry(plain, "id\n1\n", "geo"), None);
}

#[test]
fn units_are_in_the_footer() {
    let schema = r#"{"fields": [{"name": "id", "type": "integer"},
                                {"name": "tonnes", "type": "number", "unit": "tonne"}]}"#;
    let units = entry(schema, "id,tonnes\n1,2\n", "units");
    assert_eq!(units.as_deref(), Some(r#"{"tonnes":"tonne"}"#));
}
