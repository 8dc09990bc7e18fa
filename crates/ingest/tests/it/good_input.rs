//! Unusual input that is right.

use std::sync::Mutex;

use arrow::array::{AsArray, RecordBatch};
use kouan_ingest::{Options, Progress};
use kouan_schema::Package;

use crate::support::{PORTS, Source, package, package_of, problems, read, table, validate};

fn convert(package: &Package) -> RecordBatch {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("t.parquet");
    kouan_ingest::convert(package, table(package), &target, &Options::default()).unwrap();
    read(&target)
}

fn names(batch: &RecordBatch) -> Vec<Option<&str>> {
    batch
        .column_by_name("name")
        .unwrap()
        .as_string::<i32>()
        .iter()
        .collect()
}

#[test]
fn header_only_is_zero_rows() {
    for csv in ["port_id,name,opened,tonnes\n", "port_id,name,opened,tonnes"] {
        let package = package(PORTS, csv);
        assert_eq!(validate(&package).rows, 0);
        assert_eq!(convert(&package).num_rows(), 0);
    }
}

#[test]
fn byte_order_mark_line_endings_and_quotes() {
    for csv in [
        "\u{FEFF}port_id,name,opened,tonnes\na,\"A\nx\",1950,1\nb,\"say \"\"hi\"\"\",,\n",
        "port_id,name,opened,tonnes\r\na,\"A\nx\",1950,1\r\nb,\"say \"\"hi\"\"\",,",
        "port_id,name,opened,tonnes\ra,\"A\nx\",1950,1\rb,\"say \"\"hi\"\"\",,\r",
        "\"port_id\",\"name\",\"opened\",\"tonnes\"\n\"a\",\"A\nx\",\"1950\",\"1\"\n\"b\",\"say \"\"hi\"\"\",\"\",\"\"\n",
    ] {
        let batch = convert(&package(PORTS, csv));
        assert_eq!(names(&batch), [Some("A\nx"), Some("say \"hi\"")], "{csv:?}");
        assert_eq!(batch.column(3).null_count(), 1);
    }
}

#[test]
fn missing_values_are_null_quoted_or_not() {
    let schema = r#"{"fields": [{"name": "id", "type": "integer"}, {"name": "name", "type": "string"}],
                     "missingValues": ["", "-", "NA"]}"#;
    let batch = convert(&package(
        schema,
        "id,name\n1,\n2,\"\"\n3,-\n4,\"NA\"\n5,NAN\n",
    ));
    assert_eq!(names(&batch), [None, None, None, None, Some("NAN")]);
}

#[test]
fn an_empty_string_is_a_value_where_the_schema_says_so() {
    let schema = r#"{"fields": [{"name": "id", "type": "integer"}, {"name": "name", "type": "string"}],
                     "missingValues": ["NA"]}"#;
    let batch = convert(&package(schema, "id,name\n1,\n2,NA\n"));
    assert_eq!(names(&batch), [Some(""), None]);
}

#[test]
fn a_dialect_without_header_and_with_other_signs() {
    let schema =
        r#"{"fields": [{"name": "id", "type": "integer"}, {"name": "name", "type": "string"}]}"#;
    let source = Source {
        name: "t",
        schema,
        dialect: r#"{"header": false, "delimiter": ";", "quoteChar": "'"}"#,
        csv: Some(b"1;'a;b'\n2;'it''s'\n"),
    };
    let (package, _) = package_of(&[source]);
    assert_eq!(names(&convert(&package)), [Some("a;b"), Some("it's")]);
}

#[test]
fn values_of_every_kind_arrive() {
    let schema = r#"{"fields": [
        {"name": "route", "type": "list", "itemType": "integer", "delimiter": ";"},
        {"name": "place", "type": "geopoint"}, {"name": "wait", "type": "duration"},
        {"name": "notes", "type": "object"}, {"name": "share", "type": "number", "bareNumber": false},
        {"name": "mode", "type": "integer", "categories": [{"value": 1, "label": "rail"}, {"value": 2}],
         "missingValues": [{"value": "-9", "label": "not asked"}]}]}"#;
    let batch = convert(&package(
        schema,
        "route,place,wait,notes,share,mode\n\
         1;2,\"82.6, 45.2\",PT2H,\"{\"\"a\"\": 1}\",95%,1\n\
         4,,,,,-9\n\
         3,\"-1,0\",P1M,{},€ 5.5,2\n",
    ));
    let shown = |column: usize| -> Vec<String> {
        let column = batch.column(column);
        let value = |row| arrow::util::display::array_value_to_string(column, row).unwrap();
        (0..column.len()).map(value).collect()
    };
    assert_eq!(shown(0), ["[1, 2]", "[4]", "[3]"]);
    assert_eq!(shown(1), ["{x: 82.6, y: 45.2}", "", "{x: -1.0, y: 0.0}"]);
    assert_eq!(shown(2), ["PT2H", "", "P1M"]);
    assert_eq!(shown(3), [r#"{"a": 1}"#, "", "{}"]);
    assert_eq!(shown(4), ["95.0", "", "5.5"]);
    assert_eq!(shown(5), ["1", "", "2"]);
}

#[test]
fn progress_ends_at_the_whole_file() {
    let csv = format!(
        "port_id,name,opened,tonnes\n{}",
        (0..100_000).map(row).collect::<String>()
    );
    let package = package(PORTS, &csv);
    let seen = Mutex::new(Vec::new());
    let note = |progress| seen.lock().unwrap().push(progress);
    let options = Options {
        progress: Some(&note),
        row_group_bytes: 1 << 20,
        ..Options::default()
    };
    kouan_ingest::validate(&package, table(&package), &options).unwrap();
    let seen = seen.into_inner().unwrap();
    assert!(seen.len() > 1 && seen.is_sorted_by_key(|progress: &Progress| progress.bytes));
    assert_eq!(
        seen.last(),
        Some(&Progress {
            bytes: csv.len() as u64,
            rows: 100_000
        })
    );
}

/// A row with a key of its own, of small letters only.
fn row(number: u32) -> String {
    let letters: String = number
        .to_string()
        .bytes()
        .map(|digit| char::from(digit - b'0' + b'a'))
        .collect();
    format!("{letters},name,1950,{number}.5\n")
}

#[test]
fn every_row_of_many_blocks_arrives() {
    let csv = format!(
        "port_id,name,opened,tonnes\n{}",
        (0..100_000).map(row).collect::<String>()
    );
    let package = package(PORTS, csv);
    assert!(problems(&package).is_empty());
    let batch = convert(&package);
    let tonnes = batch
        .column(3)
        .as_primitive::<arrow::datatypes::Float64Type>();
    assert_eq!(tonnes.len(), 100_000);
    assert!(
        tonnes
            .values()
            .iter()
            .enumerate()
            .all(|(index, value)| *value == index as f64 + 0.5)
    );
}

/// Enough of them for a sort that notices that NaN has no place among numbers.
#[test]
fn many_numbers_may_have_nan_among_them() {
    let number = |row: u32| match row % 7 {
        3 => "NaN".to_string(),
        4 => "-INF".to_string(),
        _ => (row * 7919 % 101).to_string(),
    };
    let csv: String = (0..400).map(|row| number(row) + "\n").collect();
    let schema = r#"{"fields": [{"name": "tonnes", "type": "number"}]}"#;
    let package = package(schema, format!("tonnes\n{csv}"));
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("t.parquet");
    kouan_ingest::convert(&package, table(&package), &target, &Options::default()).unwrap();
    let rows = read(&target);
    let tonnes = rows
        .column(0)
        .as_primitive::<arrow::datatypes::Float64Type>();
    let tonnes = tonnes.values();
    for (row, tonnes) in (0..).zip(tonnes) {
        match row % 7 {
            3 => assert!(tonnes.is_nan()),
            4 => assert_eq!(*tonnes, f64::NEG_INFINITY),
            _ => assert_eq!(*tonnes, f64::from(row * 7919 % 101)),
        }
    }
}
