//! Neither threads nor the size of row groups change what is found or written.

use std::num::NonZeroUsize;

use arrow::array::ArrayRef;
use kouan_ingest::{IngestError, Options, Report};
use kouan_schema::Package;
use proptest::collection::vec;
use proptest::prelude::*;

use crate::support::{Source, package_of, read, table};

const SCHEMA: &str = r#"{"fields": [
    {"name": "id", "type": "integer", "constraints": {"maximum": 40}},
    {"name": "kind", "type": "string", "constraints": {"enum": ["rail", "road\nside", "say \"x\""]}},
    {"name": "parent", "type": "integer"}, {"name": "place", "type": "string"}],
    "primaryKey": "id",
    "foreignKeys": [{"fields": "parent", "reference": {"resource": "", "fields": "id"}},
                    {"fields": ["kind", "place"], "reference": {"resource": "places", "fields": ["kind", "place"]}}]}"#;

const PLACES: &str =
    r#"{"fields": [{"name": "kind", "type": "string"}, {"name": "place", "type": "string"}]}"#;

fn package(rows: &[String], line_break: &str) -> Package {
    let csv = format!("id,kind,parent,place{line_break}{}", rows.concat());
    let source = |name, schema, csv| Source {
        name,
        schema,
        dialect: "{}",
        csv: Some(csv),
    };
    let places = b"kind,place\nrail,a\nrail,b\n\"say \"\"x\"\"\",a\n";
    package_of(&[
        source("places", PLACES, places),
        source("t", SCHEMA, csv.as_bytes()),
    ])
    .0
}

/// A row that is right, or wrong in one way or another.
fn row() -> impl Strategy<Value = Vec<String>> {
    let kind = prop::sample::select(vec![
        "rail",
        "\"road\nside\"",
        "\"say \"\"x\"\"\"",
        "sea",
        "",
    ]);
    let place = prop::sample::select(vec!["a", "b", "c", "", "\"a\""]);
    let fits = (0..45_u32, kind, prop::option::of(0..45_u32), place).prop_map(
        |(id, kind, parent, place)| {
            let parent = parent.map(|parent| parent.to_string());
            vec![
                id.to_string(),
                kind.to_string(),
                parent.unwrap_or_default(),
                place.to_string(),
            ]
        },
    );
    prop_oneof![
        20 => fits,
        1 => Just(vec!["1".to_string()]),
        1 => Just(vec!["\"2\"x".to_string(), "rail".to_string(), String::new(), String::new()]),
        1 => Just(vec![String::new()]),
    ]
}

fn options(threads: usize, row_group_bytes: usize) -> Options<'static> {
    Options {
        problem_limit: 7,
        threads: NonZeroUsize::new(threads),
        row_group_bytes,
        ..Options::default()
    }
}

/// The report, and the columns if they were written; the footer tells the files apart.
fn outcome(package: &Package, options: &Options<'_>) -> (Report, Option<Vec<ArrayRef>>) {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("t.parquet");
    match kouan_ingest::convert(package, table(package), &target, options) {
        Ok(report) => (report, Some(read(&target).columns().to_vec())),
        Err(IngestError::Rejected(report)) => (*report, None),
        Err(error) => panic!("{error}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn many_threads_and_small_row_groups_find_what_one_finds_in_the_whole(
        rows in vec(row(), 0..60),
        line_break in prop::sample::select(vec!["\n", "\r\n", "\r"]),
        row_group_bytes in 1..200_usize,
    ) {
        let rows: Vec<String> = rows.iter().map(|row| row.join(",") + line_break).collect();
        let package = package(&rows, line_break);
        let whole = outcome(&package, &options(1, 1 << 20));
        prop_assert_eq!(outcome(&package, &options(3, row_group_bytes)), whole);
    }
}

#[test]
fn the_same_bytes_whichever_thread_was_first() {
    let rows: Vec<String> = (0..41).map(|id| format!("{id},rail,,a\n")).collect();
    let package = package(&rows, "\n");
    let folder = tempfile::tempdir().unwrap();
    let write = |threads| {
        let target = folder.path().join(format!("{threads}.parquet"));
        kouan_ingest::convert(&package, table(&package), &target, &options(threads, 64)).unwrap();
        std::fs::read(target).unwrap()
    };
    let one = write(1);
    for _ in 0..20 {
        assert!(write(4) == one);
    }
}
