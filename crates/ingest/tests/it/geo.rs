//! Points become GeoParquet, and the footer says what the package says.

use std::fs::File;
use std::path::Path;

use arrow::array::{Array, AsArray};
use arrow::datatypes::Float64Type;
use kouan_ingest::{Cache, Options};
use parquet::file::metadata::ParquetMetaDataReader;
use serde_json::{Value as Json, json};

use crate::support::{package, read, table};

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

const MARKED: &str = r#"{"fields": [
    {"name": "lon", "type": "number", "constraints": {"minimum": -180, "maximum": 180}},
    {"name": "place", "type": "string"},
    {"name": "lat", "type": "integer", "constraints": {"minimum": -90, "maximum": 90}}],
    "kouan:points": [{"name": "position", "longitude": "lon", "latitude": "lat"}]}"#;

#[test]
fn two_fields_that_are_marked_become_a_point_too() {
    let csv = "lon,place,lat\n82.5,Alashankou,45\n,Mohe,53\n112.0,Erenhot,\n-170.25,Nome,64\n";
    let geo = entry(MARKED, csv, "geo").unwrap();
    assert_eq!(
        serde_json::from_str::<Json>(&geo).unwrap(),
        json!({
            "version": "1.1.0",
            "primary_column": "position",
            "columns": {"position": {"encoding": "point", "geometry_types": ["Point"]}},
        })
    );
    let folder = tempfile::tempdir().unwrap();
    let package = package(MARKED, csv);
    let partition_by = ["place".to_string()];
    let partitioned = Options {
        partition_by: &partition_by,
        ..Options::default()
    };
    let file = folder.path().join("t.parquet");
    kouan_ingest::convert(&package, table(&package), &file, &Options::default()).unwrap();
    let parts = folder.path().join("t");
    kouan_ingest::convert(&package, table(&package), &parts, &partitioned).unwrap();

    let points = |path: &Path| {
        let rows = read(path);
        let points = rows.column_by_name("position").unwrap().as_struct();
        let [x, y] = [0, 1].map(|part| points.column(part).as_primitive::<Float64Type>());
        let point = |row| points.is_valid(row).then(|| (x.value(row), y.value(row)));
        (0..rows.num_rows()).map(point).collect::<Vec<_>>()
    };
    let expected = [Some((82.5, 45.0)), None, None, Some((-170.25, 64.0))];
    assert_eq!(points(&file), expected);
    for (place, point) in ["Alashankou", "Mohe", "Erenhot", "Nome"]
        .iter()
        .zip(expected)
    {
        let part = parts.join(format!("place={place}/part-0.parquet"));
        assert_eq!(points(&part), [point]);
    }
    let names: Vec<String> = read(&file)
        .schema()
        .fields()
        .iter()
        .map(|field| field.name().clone())
        .collect();
    assert_eq!(names, ["lon", "place", "lat", "position"]);
}

/// What SQL sees of a table is what its schema lists.
#[test]
fn a_table_in_the_cache_has_the_columns_of_its_schema() {
    let package = package(MARKED, "lon,place,lat\n82.5,Alashankou,45\n");
    let folder = tempfile::tempdir().unwrap();
    let cache = Cache::new(folder.path().to_path_buf());
    let path = cache.ensure(&package, table(&package)).unwrap();
    assert_eq!(
        read(&path).schema().fields().len(),
        table(&package).definition.fields.len()
    );
}
