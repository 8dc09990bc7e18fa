//! What the Parquet files hold besides the values.

use std::fs::{self, File};

use kouan_ingest::{Fingerprint, Options};
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
