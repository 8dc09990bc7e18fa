//! Random tables, written as CSV, converted, and read back.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Float64Array, Int32Array, Int64Array, RecordBatch,
    StringArray, Time64MicrosecondArray, TimestampMicrosecondArray,
};
use arrow::util::display::array_value_to_string;
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta};
use kouan_ingest::Options;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use crate::support::{package, read, table};

const SCHEMA: &str = r#"{"fields": [
    {"name": "text", "type": "string"}, {"name": "integer", "type": "integer"},
    {"name": "number", "type": "number"}, {"name": "boolean", "type": "boolean"},
    {"name": "date", "type": "date"}, {"name": "time", "type": "time"},
    {"name": "moment", "type": "datetime"}, {"name": "year", "type": "year"}],
    "missingValues": ["NULL"]}"#;

/// Text, integer, number, boolean, days, seconds of a day, seconds since 1970, year.
type Row = (
    Option<String>,
    Option<i64>,
    Option<f64>,
    Option<bool>,
    Option<i32>,
    Option<i64>,
    Option<i64>,
    Option<i32>,
);

fn row() -> impl Strategy<Value = Row> {
    // From 0001-01-01 to 9999-12-31.
    let days = -719_162..2_932_897;
    let seconds = -62_135_596_800_i64..253_402_300_800;
    (
        option::of("[a-zé口 ,;\"'\n\r\\\\]{0,12}"),
        option::of(any::<i64>()),
        option::of(any::<f64>()),
        option::of(any::<bool>()),
        option::of(days),
        option::of(0..86_400_i64),
        option::of(seconds),
        option::of(0..10_000),
    )
}

/// A row that says something; one that does not is an error.
fn filled_row() -> impl Strategy<Value = Row> {
    row().prop_filter("blank", |row| cells(row).iter().any(Option::is_some))
}

fn cells(row: &Row) -> [Option<String>; 8] {
    let (text, integer, number, boolean, days, time, moment, year) = row;
    let date = |days| NaiveDate::default() + TimeDelta::days(i64::from(days));
    let moment = moment.and_then(DateTime::from_timestamp_secs);
    [
        text.clone(),
        integer.map(|value| value.to_string()),
        number.map(|value| value.to_string()),
        boolean.map(|value| value.to_string()),
        days.map(|days| date(days).to_string()),
        time.map(|seconds| (NaiveTime::MIN + TimeDelta::seconds(seconds)).to_string()),
        moment.map(|moment| moment.format("%Y-%m-%dT%H:%M:%S").to_string()),
        year.map(|year| format!("{year:04}")),
    ]
}

/// A cell in quotes where it needs them, or where `quote` asks for them.
fn quoted(value: Option<String>, quote: bool) -> String {
    match value {
        None => "NULL".to_string(),
        Some(value) if quote || value.contains([',', '"', '\n', '\r']) => {
            format!("\"{}\"", value.replace('"', "\"\""))
        }
        Some(value) => value,
    }
}

fn csv(rows: &[Row], quote: bool, line_break: &str) -> String {
    let mut csv = format!("text,integer,number,boolean,date,time,moment,year{line_break}");
    for row in rows {
        csv.push_str(&cells(row).map(|value| quoted(value, quote)).join(","));
        csv.push_str(line_break);
    }
    csv
}

fn columns(rows: &[Row]) -> Vec<ArrayRef> {
    let microseconds = |seconds: Option<i64>| seconds.map(|seconds| seconds * 1_000_000);
    let times = rows.iter().map(|row| microseconds(row.5));
    let moments = rows.iter().map(|row| microseconds(row.6));
    vec![
        Arc::new(
            rows.iter()
                .map(|row| row.0.clone())
                .collect::<StringArray>(),
        ),
        Arc::new(rows.iter().map(|row| row.1).collect::<Int64Array>()),
        Arc::new(rows.iter().map(|row| row.2).collect::<Float64Array>()),
        Arc::new(rows.iter().map(|row| row.3).collect::<BooleanArray>()),
        Arc::new(rows.iter().map(|row| row.4).collect::<Date32Array>()),
        Arc::new(times.collect::<Time64MicrosecondArray>()),
        Arc::new(moments.collect::<TimestampMicrosecondArray>()),
        Arc::new(rows.iter().map(|row| row.7).collect::<Int32Array>()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn csv_to_parquet_keeps_every_value(
        rows in vec(filled_row(), 0..40),
        quote in any::<bool>(),
        line_break in prop::sample::select(vec!["\n", "\r\n", "\r"]),
    ) {
        let package = package(SCHEMA, csv(&rows, quote, line_break));
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("t.parquet");
        let report = kouan_ingest::convert(&package, table(&package), &target, &Options::default());
        prop_assert_eq!(report.map_err(|error| error.to_string()).unwrap().rows, rows.len() as u64);
        let batch = read(&target);
        prop_assert_eq!(batch.columns(), columns(&rows));
    }

    /// Rows may lie in another order then, but they are the same rows.
    #[test]
    fn no_layout_changes_a_row(
        rows in vec(filled_row(), 0..40),
        layout in prop::sample::select(vec!["compact", "fast"]),
        cluster_by in prop::sample::select(vec![r#"["number"]"#, r#"["boolean", "text"]"#, r#"["year", "moment", "integer"]"#]),
        row_group_bytes in 1..2_000_usize,
    ) {
        let storage = format!(r#""kouan:storage": {{"layout": "{layout}", "clusterBy": {cluster_by}}}, "missingValues""#);
        let package = package(&SCHEMA.replace(r#""missingValues""#, &storage), csv(&rows, false, "\n"));
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("t.parquet");
        let options = Options { row_group_bytes, ..Options::default() };
        kouan_ingest::convert(&package, table(&package), &target, &options).unwrap();
        let expected = RecordBatch::try_new(read(&target).schema(), columns(&rows)).unwrap();
        prop_assert_eq!(sorted_rows(&read(&target)), sorted_rows(&expected));
    }
}

fn sorted_rows(batch: &RecordBatch) -> Vec<String> {
    let row = |row| {
        let cells = batch.columns().iter();
        let cells = cells.map(|column| array_value_to_string(column, row).unwrap());
        cells.collect::<Vec<_>>().join("|")
    };
    let mut rows: Vec<String> = (0..batch.num_rows()).map(row).collect();
    rows.sort_unstable();
    rows
}
