//! Rows with problems go aside, and none is lost.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::num::NonZeroUsize;
use std::sync::Arc;

use arrow::array::{AsArray, RecordBatch};
use arrow::datatypes::Int64Type;
use kouan_ingest::{IngestError, Options, Sorted};
use kouan_schema::{Folder, Package};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::support::{PORTS, package, read, table};

const HEADER: &str = "port_id,name,opened,tonnes\n";

/// What became of the rows, the written ones, the CSV of the others, and their problems.
fn sort(
    package: &Package,
    options: &Options<'_>,
) -> (Sorted, RecordBatch, String, Option<RecordBatch>) {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("t.parquet");
    let sorted =
        kouan_ingest::convert_good_rows(package, table(package), &target, options).unwrap();
    let csv = fs::read_to_string(folder.path().join("t.rejects.csv")).unwrap_or_default();
    let problems = folder.path().join("t.rejects.parquet");
    let problems = problems.exists().then(|| read(&problems));
    assert_eq!(
        sorted.reject_files.len(),
        2 * usize::from(sorted.rejected > 0)
    );
    (sorted, read(&target), csv, problems)
}

fn texts(batch: &RecordBatch, column: &str) -> Vec<String> {
    let column = batch.column_by_name(column).unwrap();
    let text = |row| arrow::util::display::array_value_to_string(column, row).unwrap();
    (0..batch.num_rows()).map(text).collect()
}

#[test]
fn bad_rows_are_kept_as_they_were_with_what_is_wrong() {
    let csv = "port_id,name,opened,tonnes\n\
               a,\"Good \"\"one\"\"\",1950,1\n\
               b,\"Old\r\none\",1799,x\n\
               c,short\n\
               \n\
               a,Twice,1960,2\n\
               d,\"text\" after,1960,2\n\
               e,Last,1970,3";
    let (sorted, written, rejects, problems) = sort(&package(PORTS, csv), &Options::default());
    assert_eq!(
        (sorted.report.rows, sorted.written, sorted.rejected),
        (7, 2, 5)
    );
    assert_eq!(texts(&written, "port_id"), ["a", "e"]);
    assert_eq!(
        rejects,
        "port_id,name,opened,tonnes\n\
         b,\"Old\r\none\",1799,x\n\
         c,short\n\
         \n\
         a,Twice,1960,2\n\
         d,\"text\" after,1960,2\n"
    );
    let problems = problems.unwrap();
    assert_eq!(texts(&problems, "reject"), ["1", "1", "2", "3", "4", "5"]);
    assert_eq!(texts(&problems, "line"), ["4", "4", "5", "6", "7", "8"]);
    assert_eq!(
        texts(&problems, "field"),
        ["opened", "tonnes", "", "", "port_id", ""]
    );
    assert_eq!(texts(&problems, "record")[0], "b,\"Old\r\none\",1799,x");
    assert_eq!(
        texts(&problems, "rule")[4],
        "same as in line 2; the primary key must be unique"
    );
}

/// A bank list, of which two rows have a day that no month has; the last lacks its line break.
const BANKS: &str =
    "bank;closed\r\nCafé – X;31-Feb-2011\r\nÉtoile;01-Mar-2011\r\n\"Deux\r\nlignes\";30-Feb-2011";

const BANK_SCHEMA: &str = r#"{"fields": [{"name": "bank", "type": "string"},
    {"name": "closed", "type": "date", "format": "%d-%b-%Y"}]}"#;

/// Rejected rows are a file like their own: when they are mended in its bytes, the package reads them.
#[test]
fn mended_rejects_are_read_as_their_file_is() {
    let utf_16 = |text: &str, to: fn(u16) -> [u8; 2]| -> Vec<u8> {
        text.encode_utf16().flat_map(to).collect()
    };
    let latin = |text: &str| -> Vec<u8> {
        let byte = |character| match character {
            'é' => 0xE9,
            'É' => 0xC9,
            '–' => 0x96,
            other => u8::try_from(other).unwrap(),
        };
        text.chars().map(byte).collect()
    };
    let marked = format!("\u{feff}{BANKS}");
    let compressed = {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(&latin(BANKS)).unwrap();
        encoder.finish().unwrap()
    };
    let dialect = r#"{"delimiter": ";"}"#;
    let headless = r#"{"delimiter": ";", "header": false, "commentRows": [1]}"#;
    let little = u16::to_le_bytes as fn(u16) -> [u8; 2];
    // The encoding, the file, the bytes of a text in it, and whether the file is compressed.
    type Bytes<'a> = &'a dyn Fn(&str) -> Vec<u8>;
    let plain = |text: &str| text.as_bytes().to_vec();
    let in_little = |text: &str| utf_16(text, little);
    let in_big = |text: &str| utf_16(text, u16::to_be_bytes);
    let cases: [(&str, Vec<u8>, Bytes<'_>, bool); 7] = [
        ("utf-8", plain(BANKS), &plain, false),
        ("utf-8", plain(&marked), &plain, false),
        ("windows-1252", latin(BANKS), &latin, false),
        ("windows-1252", compressed, &latin, true),
        ("utf-16", in_little(&marked), &in_little, false),
        ("utf-16le", in_little(BANKS), &in_little, false),
        ("utf-16", in_big(&marked), &in_big, false),
    ];
    for (encoding, file, bytes, is_compressed) in cases {
        for dialect in [dialect, headless] {
            let folder = tempfile::tempdir().unwrap();
            let path = if is_compressed { "t.csv.gz" } else { "t.csv" };
            let descriptor = |path: &str| {
                format!(
                    r#"{{"name": "p", "resources": [{{"name": "t", "path": "{path}", "encoding": "{encoding}",
                    "dialect": {dialect}, "schema": {BANK_SCHEMA}}}]}}"#
                )
            };
            fs::write(folder.path().join("datapackage.json"), descriptor(path)).unwrap();
            fs::write(folder.path().join(path), &file).unwrap();
            let open = || Package::open(Arc::new(Folder::new(folder.path()))).unwrap();
            let target = folder.path().join("out.parquet");
            let sort = |package: &Package| {
                let options = Options::default();
                kouan_ingest::convert_good_rows(package, table(package), &target, &options).unwrap()
            };
            let sorted = sort(&open());
            assert_eq!((sorted.written, sorted.rejected), (1, 2), "{encoding}");
            let rejects = fs::read(&sorted.reject_files[0]).unwrap();
            let kept = BANKS.replace("Étoile;01-Mar-2011\r\n", "");
            let has_mark = encoding != "windows-1252" && file.starts_with(&bytes("\u{feff}")[..]);
            let kept = if has_mark {
                format!("\u{feff}{kept}")
            } else {
                kept
            };
            assert_eq!(rejects, bytes(&kept), "{encoding} {dialect}");

            let mended = kept.replace("31-Feb", "21-Feb").replace("30-Feb", "20-Feb");
            fs::write(folder.path().join("t.csv"), bytes(&mended)).unwrap();
            fs::write(folder.path().join("datapackage.json"), descriptor("t.csv")).unwrap();
            let sorted = sort(&open());
            assert_eq!((sorted.written, sorted.rejected), (2, 0), "{encoding}");
            let written = read(&target);
            assert_eq!(texts(&written, "bank"), ["Café – X", "Deux\r\nlignes"]);
            assert_eq!(texts(&written, "closed"), ["2011-02-21", "2011-02-20"]);
        }
    }
}

#[test]
fn a_clean_table_has_no_rejects() {
    let package = package(PORTS, format!("{HEADER}a,A,1950,1\n"));
    let (sorted, _, rejects, problems) = sort(&package, &Options::default());
    assert_eq!((sorted.written, sorted.rejected), (1, 0));
    assert!(rejects.is_empty() && problems.is_none());
}

#[test]
fn rejects_of_an_earlier_conversion_do_not_stay() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("t.parquet");
    let convert = |row: &str| {
        let package = package(PORTS, format!("{HEADER}{row}\n"));
        kouan_ingest::convert_good_rows(&package, table(&package), &target, &Options::default())
            .unwrap()
    };
    let older = ["t.rejects.2.csv", "t.rejects.notes.csv", "tt.rejects.csv"];
    for name in older {
        fs::write(folder.path().join(name), "older").unwrap();
    }
    let names = || {
        let entries = fs::read_dir(folder.path()).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<_> = names.collect();
        names.sort();
        names
    };
    convert("a,Good,soon,1");
    let mine = ["t.rejects.notes.csv", "tt.rejects.csv"];
    let rejects = [
        "t.parquet",
        "t.rejects.csv",
        mine[0],
        "t.rejects.parquet",
        mine[1],
    ];
    assert_eq!(names(), rejects);
    convert("a,Good,1950,1");
    assert_eq!(names(), ["t.parquet", mine[0], mine[1]]);
}

#[test]
fn what_is_wrong_with_the_whole_table_is_still_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("t.parquet");
    for csv in ["id\n1\n", ""] {
        let package = package(PORTS, csv);
        let error = kouan_ingest::convert_good_rows(
            &package,
            table(&package),
            &target,
            &Options::default(),
        );
        assert!(matches!(error, Err(IngestError::Rejected(_))), "{csv:?}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}

/// Cells of which some break a rule.
fn row() -> impl Strategy<Value = String> {
    let id = prop::sample::select(vec!["a", "b", "c-d", "E", "", "f"]);
    let name = prop::sample::select(vec![
        "Erenhot",
        "\"two\nlines\"",
        "",
        "a name that is far too long",
        "\"x\"y",
    ]);
    let opened = prop::sample::select(vec!["1950", "", "soon", "99999"]);
    let tonnes = prop::sample::select(vec!["1.5", "", "many", "1,5"]);
    (id, name, opened, tonnes)
        .prop_map(|(id, name, opened, tonnes)| format!("{id},{name},{opened},{tonnes}"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    /// Every row of the input is written or rejected, once, whatever its fault; and what is left is without one.
    #[test]
    fn rows_add_up(rows in vec(row(), 0..40), row_group_bytes in 20..400_usize) {
        let csv = format!("{HEADER}{}", rows.iter().map(|row| format!("{row}\n")).collect::<String>());
        let options = Options {
            threads: NonZeroUsize::new(3),
            row_group_bytes,
            ..Options::default()
        };
        let input = package(PORTS, &csv);
        let (sorted, written, rejects, problems) = sort(&input, &options);
        prop_assert_eq!(sorted.report.rows, sorted.written + sorted.rejected);
        prop_assert_eq!(written.num_rows() as u64, sorted.written);

        let mut left: BTreeMap<&str, usize> = BTreeMap::new();
        for row in &rows {
            *left.entry(row).or_default() += 1;
        }
        if let Some(problems) = problems {
            prop_assert_eq!(problems.num_rows() as u64, sorted.report.problems_total);
            let numbers = problems.column(0).as_primitive::<Int64Type>().values().to_vec();
            let records = texts(&problems, "record");
            let mut told: Vec<_> = numbers.iter().zip(&records).collect();
            told.dedup();
            prop_assert_eq!(told.len() as u64, sorted.rejected);
            let verbatim: String = told.iter().map(|(_, record)| format!("{record}\n")).collect();
            prop_assert_eq!(rejects, format!("{HEADER}{verbatim}"));
            for (_, record) in told {
                // A blank row stands for the cells that it lacks.
                let count = left.get_mut(record.as_str());
                prop_assert!(count.is_some(), "{:?}", record);
                *count.unwrap() -= 1;
            }
        }
        let good: String = left.iter().flat_map(|(row, count)| vec![format!("{row}\n"); *count]).collect();
        let again = package(PORTS, format!("{HEADER}{good}"));
        let (again, ..) = sort(&again, &Options::default());
        prop_assert_eq!((again.rejected, again.written), (0, sorted.written));
    }
}
