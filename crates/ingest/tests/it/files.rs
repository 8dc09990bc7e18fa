//! Data in other encodings, compressed, in several files, in the descriptor.

use std::sync::Arc;

use kouan_ingest::Options;
use kouan_schema::{Files, Package};

use crate::support::{Memory, problems, read};

const SCHEMA: &str = r#"{"fields": [{"name": "id", "type": "integer"}, {"name": "name", "type": "string"}],
                         "primaryKey": "id"}"#;

/// A package of table `t` with these properties and files.
fn package(resource: &str, files: &[(&str, Vec<u8>)]) -> Package {
    let memory = Arc::new(Memory::default());
    let descriptor =
        format!(r#"{{"resources": [{{"name": "t", {resource}, "schema": {SCHEMA}}}]}}"#);
    memory.set("datapackage.json", descriptor);
    for (path, bytes) in files {
        memory.set(path, bytes.clone());
    }
    Package::open(memory as Arc<dyn Files>).unwrap()
}

fn rows(package: &Package) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("t.parquet");
    kouan_ingest::convert(package, &package.tables()[0], &target, &Options::default()).unwrap();
    let batch = read(&target);
    let shown = |column: usize, row| {
        arrow::util::display::array_value_to_string(batch.column(column), row).unwrap()
    };
    (0..batch.num_rows())
        .map(|row| format!("{} {}", shown(0, row), shown(1, row)))
        .collect()
}

#[test]
fn text_in_another_encoding() {
    let utf_16 = |text: &str| text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let many = "x".repeat(70_000);
    let text = format!("id,name\n1,口岸\n2,{many}\n");
    let expected = ["1 口岸".to_string(), format!("2 {many}")];
    for (encoding, bytes) in [
        ("utf-16be", utf_16(&text)),
        ("utf-16", utf_16(&format!("\u{FEFF}{text}"))),
        ("gb18030", encoding_rs::GB18030.encode(&text).0.into_owned()),
    ] {
        let resource = format!(r#""path": "t.csv", "encoding": "{encoding}""#);
        assert_eq!(
            rows(&package(&resource, &[("t.csv", bytes)])),
            expected,
            "{encoding}"
        );
    }
}

#[test]
fn what_is_no_character_is_a_problem_of_its_cell() {
    let bytes = b"id,name\n1,\xFF\n2,\xBF\xDA\n".to_vec();
    let package = package(
        r#""path": "t.csv", "encoding": "gb18030""#,
        &[("t.csv", bytes)],
    );
    assert_eq!(problems(&package), ["t.csv:2:3 name: not gb18030"]);
}

#[test]
fn compressed_files() {
    let csv = b"id,name\n1,a\n2,b\n";
    // Two frames, as `cat a.zst b.zst` makes them.
    let frames = [
        zstd::encode_all(&csv[..8], 3),
        zstd::encode_all(&csv[8..], 3),
    ];
    let frames: Vec<u8> = frames.into_iter().flat_map(Result::unwrap).collect();
    let package_of = |bytes| package(r#""path": "t.csv.zst""#, &[("t.csv.zst", bytes)]);
    assert_eq!(rows(&package_of(frames.clone())), ["1 a", "2 b"]);
    let cut = package_of(frames[..frames.len() - 3].to_vec());
    let error = kouan_ingest::validate(&cut, &cut.tables()[0], &Options::default()).unwrap_err();
    assert!(
        error.to_string().starts_with("cannot read t.csv.zst: "),
        "{error}"
    );
}

#[test]
fn several_files_are_one_table() {
    let resource = r#""path": ["a.csv", "b.csv"]"#;
    let files = |second: &str| {
        package(
            resource,
            &[
                ("a.csv", b"id,name\n1,a".to_vec()),
                ("b.csv", second.as_bytes().to_vec()),
            ],
        )
    };
    assert_eq!(rows(&files("id,name\n2,b\n")), ["1 a", "2 b"]);
    assert_eq!(
        problems(&files("id,name\nx,b\n1,c\n")),
        [
            r#"b.csv:2:1 id "x": not an integer"#,
            r#"b.csv:3:1 id "1": same as in line 2 of a.csv; the primary key must be unique"#,
        ]
    );
    assert_eq!(
        problems(&files("2,b\n"))[0],
        r#"b.csv:1:1 "2": not a field of the schema"#
    );
}

#[test]
fn rows_in_the_descriptor() {
    let rows_of = |data: &str| rows(&package(&format!(r#""data": {data}"#), &[]));
    assert_eq!(
        rows_of(r#"[["id", "name"], [1, "a\nb"], [2, null]]"#),
        ["1 a\nb", "2 "]
    );
    assert_eq!(
        rows_of(r#"[{"id": 1, "name": "a"}, {"name": "b", "id": 2}]"#),
        ["1 a", "2 b"]
    );
    assert_eq!(rows_of(r#""id,name\n1,a\n""#), ["1 a"]);
    let package = package(r#""data": [{"id": "x"}]"#, &[]);
    let problems = problems(&package);
    assert!(
        problems[0].starts_with("datapackage.json#/resources/0/data (line 1, column 38):1:1 name"),
        "{problems:?}"
    );
}
