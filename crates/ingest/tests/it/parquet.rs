//! What the Parquet files hold besides the values.

use std::fs::{self, File};

use arrow::array::AsArray;
use arrow::datatypes::Int64Type;
use kouan_ingest::{Fingerprint, Options};
use kouan_schema::FileLayout;
use parquet::basic::{Compression, Encoding};
use parquet::file::metadata::{PageIndexPolicy, ParquetMetaData, ParquetMetaDataReader};

use crate::support::{package, read, table};

const SCHEMA: &str = r#"{"fields": [
    {"name": "id", "type": "integer", "description": "the number", "unit": "1"},
    {"name": "kind", "type": "string"}]}"#;

fn csv(rows: u32) -> String {
    let kinds = ["rail", "road", "river", "air"];
    let rows = (0..rows).map(|row| format!("{row},{}\n", kinds[row as usize % 4]));
    format!("id,kind\n{}", rows.collect::<String>())
}

fn metadata(path: &std::path::Path) -> ParquetMetaData {
    let mut reader = ParquetMetaDataReader::new().with_page_index_policy(PageIndexPolicy::Required);
    reader.try_parse(&File::open(path).unwrap()).unwrap();
    reader.finish().unwrap()
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str| {
        // Each time from the descriptor on, so that no order of a hash map is carried over.
        let package = package(SCHEMA, csv(50_000));
        let target = folder.path().join(name);
        kouan_ingest::convert(&package, table(&package), &target, &Options::default()).unwrap();
        fs::read(target).unwrap()
    };
    assert!(write("one") == write("two"));
}

#[test]
fn an_older_file_is_replaced_only_by_a_whole_one() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("t.parquet");
    fs::write(&target, "old").unwrap();
    let bad = package(SCHEMA, "id,kind\nx,rail\n");
    kouan_ingest::convert(&bad, table(&bad), &target, &Options::default()).unwrap_err();
    assert_eq!(fs::read(&target).unwrap(), b"old");
    let good = package(SCHEMA, csv(3));
    kouan_ingest::convert(&good, table(&good), &target, &Options::default()).unwrap();
    assert_eq!(read(&target).num_rows(), 3);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[cfg(unix)]
#[test]
fn the_file_is_not_private() {
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().unwrap();
    let package = package(SCHEMA, csv(3));
    let target = folder.path().join("t.parquet");
    kouan_ingest::convert(&package, table(&package), &target, &Options::default()).unwrap();
    let plain = folder.path().join("plain");
    fs::write(&plain, "").unwrap();
    let mode = |path| fs::metadata(path).unwrap().permissions().mode();
    assert_eq!(mode(&target), mode(&plain));
}

#[test]
fn pages_are_compressed_indexed_and_use_a_dictionary() {
    let folder = tempfile::tempdir().unwrap();
    let package = package(SCHEMA, csv(60_000));
    let target = folder.path().join("t.parquet");
    kouan_ingest::convert(&package, table(&package), &target, &Options::default()).unwrap();
    let metadata = metadata(&target);
    let kind = metadata.row_group(0).column(1);
    assert!(matches!(kind.compression(), Compression::ZSTD(_)));
    assert!(
        kind.encodings()
            .any(|encoding| encoding == Encoding::RLE_DICTIONARY)
    );
    let statistics = kind.statistics().unwrap();
    assert_eq!(statistics.min_bytes_opt(), Some(&b"air"[..]));
    assert_eq!(statistics.max_bytes_opt(), Some(&b"road"[..]));
    assert!(
        metadata.offset_index().unwrap()[0][0]
            .page_locations()
            .len()
            > 1
    );

    let entries = metadata.file_metadata().key_value_metadata().unwrap();
    let value = |key: &str| {
        entries
            .iter()
            .find(|entry| entry.key == key)
            .and_then(|entry| entry.value.clone())
    };
    let fingerprint = Fingerprint::of(&package, table(&package))
        .unwrap()
        .to_string();
    assert_eq!(value("kouan.fingerprint"), Some(fingerprint));
    assert_eq!(value("kouan.table").as_deref(), Some("t"));
    assert!(value("ARROW:schema").is_some());

    let schema = read(&target).schema();
    assert_eq!(
        schema.field(0).metadata().get("unit").map(String::as_str),
        Some("1")
    );
    assert_eq!(
        schema
            .field(0)
            .metadata()
            .get("description")
            .map(String::as_str),
        Some("the number")
    );
}

/// Rows of a file of the fast layout, and what its footer says of the first row group.
fn fast(schema: &str, csv: String) -> (Vec<(i64, String)>, ParquetMetaData) {
    let folder = tempfile::tempdir().unwrap();
    let package = package(schema, csv);
    let target = folder.path().join("t.parquet");
    let options = Options {
        layout: Some(FileLayout::Fast),
        ..Options::default()
    };
    kouan_ingest::convert(&package, table(&package), &target, &options).unwrap();
    let batch = read(&target);
    let ids = batch.column(0).as_primitive::<Int64Type>().values().iter();
    let kinds = batch.column(1).as_string::<i32>().iter().flatten();
    let rows = ids.copied().zip(kinds.map(str::to_string)).collect();
    (rows, metadata(&target))
}

#[test]
fn the_fast_layout_puts_equal_values_together_and_leaves_numbers_as_they_are() {
    let (rows, metadata) = fast(SCHEMA, csv(60_000));
    let mut expected = rows.clone();
    expected.sort_by_key(|(id, kind)| (kind.clone(), *id));
    assert!(rows == expected, "rows of a kind keep their order");
    for column in metadata.row_group(0).columns() {
        assert_eq!(column.compression(), Compression::UNCOMPRESSED);
    }
    // 15,000 rows of a kind are a few runs a page.
    assert!(metadata.row_group(0).column(1).compressed_size() < 200);
    let entries = metadata.file_metadata().key_value_metadata().unwrap();
    let layout = entries.iter().find(|entry| entry.key == "kouan.layout");
    assert_eq!(
        layout.and_then(|entry| entry.value.as_deref()),
        Some("fast")
    );
}

#[test]
fn a_key_has_a_bloom_filter() {
    let keyed = SCHEMA.replace("]}", r#"], "primaryKey": "id"}"#);
    let has = |schema: &str, csv: String| {
        let (_, metadata) = fast(schema, csv);
        let columns = metadata.row_group(0).columns().iter();
        columns
            .map(|column| column.bloom_filter_offset().is_some())
            .collect::<Vec<_>>()
    };
    assert_eq!(has(&keyed, csv(60_000)), [true, false]);
    assert_eq!(has(SCHEMA, csv(60_000)), [false, false]);
}
