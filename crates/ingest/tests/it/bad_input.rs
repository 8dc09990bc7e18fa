//! Input that is wrong, and the exact words that say so.

use std::sync::atomic::AtomicBool;

use kouan_ingest::{IngestError, Options};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::support::{PORTS, Source, package, package_of, problems, table, validate};

fn check(csv: impl AsRef<[u8]>, expected: &[&str]) {
    assert_eq!(problems(&package(PORTS, csv)), expected);
}

#[test]
fn missing_file() {
    let (package, _) = package_of(&[Source {
        name: "t",
        schema: PORTS,
        dialect: "{}",
        csv: None,
    }]);
    let error = kouan_ingest::validate(&package, table(&package), &Options::default()).unwrap_err();
    assert!(matches!(error, IngestError::Unreadable { .. }));
    assert!(
        error.to_string().starts_with("cannot read data/t.csv: "),
        "{error}"
    );
}

#[test]
fn empty_file() {
    let expected =
        "data/t.csv:1:1: the file is empty; its first row should be port_id,name,opened,tonnes";
    check("", &[expected]);
    check("\u{FEFF}", &[expected]);
}

#[test]
fn wrong_header() {
    check(
        "port_id,nmae,opened_year,opened\n",
        &[
            "data/t.csv:1:1 tonnes: missing from the header",
            r#"data/t.csv:1:9 "nmae": not a field of the schema; is name meant?"#,
            r#"data/t.csv:1:14 "opened_year": not a field of the schema"#,
        ],
    );
    check(
        "port_id,opened,name,tonnes\n",
        &[
            r#"data/t.csv:1:9 "opened": the fields are in another order; expected port_id,name,opened,tonnes"#,
        ],
    );
    check(
        "port_id,name,opened,tonnes,name\n",
        &[r#"data/t.csv:1:28 "name": occurs twice in the header"#],
    );
    check(
        "port_id;name;opened;tonnes\n",
        &[
            r#"data/t.csv:1:1 "port_id;name;opened;tonnes": the cells are separated by ';'; the dialect of the table says otherwise"#,
        ],
    );
    check(
        "a,1950\n",
        &[
            r#"data/t.csv:1:1 "a": not a field of the schema"#,
            "data/t.csv:1:1 port_id: missing from the header",
            "data/t.csv:1:1 name: missing from the header",
            "data/t.csv:1:1 opened: missing from the header",
            "data/t.csv:1:1 tonnes: missing from the header",
            r#"data/t.csv:1:3 "1950": not a field of the schema"#,
        ],
    );
}

// Takes minutes if each cell is looked for among those before it.
#[test]
fn a_header_of_very_many_cells() {
    let report = validate(&package(PORTS, ",".repeat(1_000_000)));
    // 1,000,001 empty names, of which the second and later ones stand twice; and the four fields.
    assert_eq!(report.problems_total, 1_000_005);
}

#[test]
fn ragged_and_blank_rows() {
    check(
        "port_id,name,opened,tonnes\na,A,1950\nb,B,1950,1,\n\n,,,\nc,C,,\n\n",
        &[
            "data/t.csv:2:1: 3 cells; the schema has 4 fields",
            "data/t.csv:3:1: 5 cells; the schema has 4 fields",
            "data/t.csv:4:1: blank row",
            "data/t.csv:5:1: blank row",
            "data/t.csv:7:1: blank row",
        ],
    );
}

#[test]
fn latin_1_nul_and_utf_16() {
    check(
        b"port_id,name,opened,tonnes\na,C\xF3rdoba,1950,1\nb,x\0y,30000,\n",
        &[
            r#"data/t.csv:2:3 name: not UTF-8 (byte 0xF3)"#,
            r#"data/t.csv:3:3 name: holds a NUL byte"#,
            r#"data/t.csv:3:7 opened "30000": above the maximum 2100"#,
        ],
    );
    check(
        b"port_id,n\xE9me,opened,tonnes\n",
        &["data/t.csv:1:9: not UTF-8 (byte 0xE9)"],
    );
    check(
        b"\xFF\xFEp\0o\0",
        &[
            "data/t.csv:1:1: the file is UTF-16; give the resource \"encoding\": \"utf-16\", or save it as UTF-8",
        ],
    );
}

#[test]
fn wrong_quotes() {
    check(
        "port_id,name,opened,tonnes\na,\"A\"x,1950,1\nb,\"B,1950\nc,C,1950,1\n",
        &[
            r#"data/t.csv:2:6 "x,1950,1": text after the closing quote; double a quote that is part of the value"#,
            r#"data/t.csv:3:3 "\"B,1950": this quote is never closed"#,
        ],
    );
}

#[test]
fn an_endless_cell_stops_in_bounded_memory() {
    let mut csv = b"port_id,name,opened,tonnes\na,\"".to_vec();
    csv.resize(40 << 20, b'x');
    check(
        csv,
        &["data/t.csv:2:3: no closing quote within 16 MiB; the rest of the file was not read"],
    );
}

#[test]
fn a_cell_of_ten_megabytes_is_told_in_one_line() {
    let csv = format!(
        "port_id,name,opened,tonnes\na,{},1950,1\n",
        "é".repeat(5 << 20)
    );
    let expected = format!(
        r#"data/t.csv:2:3 name "{}…": longer than 20 characters"#,
        "é".repeat(64)
    );
    check(csv, &[&expected]);
}

#[test]
fn values_outside_their_type_or_constraints() {
    check(
        "port_id,name,opened,tonnes\n,A,30000,1\nb,a name far too long for it,soon,x\nB,B,1799,1e400\n",
        &[
            "data/t.csv:2:1 port_id: required",
            r#"data/t.csv:2:4 opened "30000": above the maximum 2100"#,
            r#"data/t.csv:3:3 name "a name far too long for it": longer than 20 characters"#,
            r#"data/t.csv:3:30 opened "soon": not a year of four digits"#,
            r#"data/t.csv:3:35 tonnes "x": not a number"#,
            r#"data/t.csv:4:1 port_id "B": does not match [a-z-]+"#,
            r#"data/t.csv:4:5 opened "1799": below the minimum 1800"#,
            r#"data/t.csv:4:10 tonnes "1e400": beyond 1.7976931348623157e308, the greatest number"#,
        ],
    );
}

#[test]
fn problems_are_cut_at_the_limit_and_counted_in_full() {
    let csv = format!(
        "port_id,name,opened,tonnes\n{}",
        "a,A,x,y\n".repeat(300_000)
    );
    let package = package(PORTS, csv);
    let options = Options {
        problem_limit: 3,
        ..Options::default()
    };
    let report = kouan_ingest::validate(&package, table(&package), &options).unwrap();
    let places: Vec<_> = report
        .problems
        .iter()
        .map(|problem| (problem.line, problem.column))
        .collect();
    assert_eq!(places, [(2, 5), (2, 7), (3, 1)]);
    // Two bad cells in each row, and every row but the first repeats its key.
    assert_eq!((report.problems_total, report.rows), (899_999, 300_000));
}

#[test]
fn positions_hold_far_into_a_file() {
    let rows: String = (0..400_000).map(|_| "\"x\ny\",1\n").collect();
    let schema =
        r#"{"fields": [{"name": "a", "type": "string"}, {"name": "b", "type": "integer"}]}"#;
    let report = validate(&package(schema, format!("a,b\n{rows}z,w\n")));
    let problem = &report.problems[0];
    assert_eq!(
        (problem.line, problem.column, report.rows),
        (800_002, 3, 400_001)
    );
}

#[test]
fn a_rejected_table_leaves_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let package = package(PORTS, "port_id,name,opened,tonnes\na,A,30000,1\n");
    let target = folder.path().join("t.parquet");
    let error =
        kouan_ingest::convert(&package, table(&package), &target, &Options::default()).unwrap_err();
    let IngestError::Rejected(report) = error else {
        panic!("{error}")
    };
    assert_eq!(
        (report.table.as_str(), report.rows, report.problems_total),
        ("t", 1, 1)
    );
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn cancelling_leaves_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let package = package(PORTS, "port_id,name,opened,tonnes\na,A,1950,1\n");
    let cancel = AtomicBool::new(true);
    let options = Options {
        cancel: Some(&cancel),
        ..Options::default()
    };
    let target = folder.path().join("t.parquet");
    let error = kouan_ingest::convert(&package, table(&package), &target, &options).unwrap_err();
    assert!(matches!(error, IngestError::Cancelled));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_target_that_cannot_be_written_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let package = package(PORTS, "port_id,name,opened,tonnes\na,A,1950,1\n");
    let convert =
        |target| kouan_ingest::convert(&package, table(&package), target, &Options::default());
    let error = convert(folder.path()).unwrap_err();
    assert!(
        matches!(error, IngestError::TargetIsFolder { .. }),
        "{error}"
    );
    let error = convert(&folder.path().join("none/t.parquet")).unwrap_err();
    assert!(
        matches!(error, IngestError::FolderUnwritable { .. }),
        "{error}"
    );
}

proptest! {
    /// Whatever the bytes, there is a report; and what it calls clean can be converted.
    #[test]
    fn no_bytes_are_too_strange(
        bytes in vec(prop::sample::select(b"ab1,\"\n\r\0\xE9\xC3\xA9-.".to_vec()), 0..60),
        header in any::<bool>(),
    ) {
        let header = if header { &b"port_id,name,opened,tonnes\n"[..] } else { b"" };
        let package = package(PORTS, [header, &bytes].concat());
        let report = validate(&package);
        prop_assert_eq!(report.problems_total, report.problems.len() as u64);
        let lines = report.problems.iter().map(|problem| (problem.line, problem.column));
        prop_assert!(lines.is_sorted());
    }
}
