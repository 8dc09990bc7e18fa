//! Holds functions against values computed by other libraries (pyproj, geopy), row by row of
//! testdata/reference_vectors.csv.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "common/aggregates.rs"]
#[expect(dead_code, reason = "the contract test uses the rest")]
mod calls;
#[path = "reference/cluster.rs"]
mod cluster;
mod common;
#[path = "reference/concentration.rs"]
mod concentration;
#[path = "reference/evolution.rs"]
mod evolution;
#[path = "reference/space.rs"]
mod space;
#[path = "common/windows.rs"]
mod windows;

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, Float64Array, RecordBatch, StringArray};
use arrow::datatypes::Float64Type;
use common::call;
use datafusion_common::ScalarValue;
use datafusion_expr::{AggregateUDF, ColumnarValue, ScalarUDF};
use kouan_functions::{Function, PlaceCatalogue, PlaceSource, all};
use serde_json::Value;

struct Vector {
    arguments: Value,
    expected: Value,
    tolerance: f64,
    note: String,
}

/// The vectors of one function; there are at least two of each.
fn vectors(function: &str) -> Vec<Vector> {
    let vectors: Vec<_> = include_str!("../testdata/reference_vectors.csv")
        .lines()
        .skip(2)
        .map(cells)
        .filter(|cells| cells[0] == function)
        .map(|cells| Vector {
            arguments: serde_json::from_str(&cells[1]).unwrap(),
            expected: serde_json::from_str(&cells[2]).unwrap(),
            tolerance: cells[3].parse().unwrap(),
            note: cells[6].clone(),
        })
        .collect();
    assert!(vectors.len() >= 2, "{function}");
    vectors
}

/// One line of CSV: commas, cells in quotes, quotes doubled inside.
fn cells(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    let mut characters = line.chars().peekable();
    while let Some(character) = characters.next() {
        let last = cells.len() - 1;
        match character {
            '"' if quoted && characters.peek() == Some(&'"') => {
                characters.next();
                cells[last].push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            other => cells[last].push(other),
        }
    }
    cells
}

fn function(name: &str, places: &PlaceSource) -> Arc<ScalarUDF> {
    let found = all(places)
        .into_iter()
        .find(|function| function.name() == name);
    match found {
        Some(Function::Scalar(udf)) => udf,
        other => panic!("{name}: {other:?}"),
    }
}

fn aggregate_function(name: &str) -> Arc<AggregateUDF> {
    let mut functions = all(&PlaceSource::none()).into_iter();
    match functions.find(|function| function.name() == name) {
        Some(Function::Aggregate(udf)) => udf,
        other => panic!("{name}: {other:?}"),
    }
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap()
}

fn constant(value: impl Into<ScalarValue>) -> ColumnarValue {
    ColumnarValue::Scalar(value.into())
}

fn assert_close(found: f64, expected: f64, vector: &Vector) {
    let difference = (found - expected).abs();
    assert!(
        difference <= vector.tolerance,
        "{found} for {expected}: {}",
        vector.note
    );
}

#[test]
fn distances() {
    for name in ["geodesic_km", "great_circle_km", "azimuth_deg"] {
        let function = function(name, &PlaceSource::none());
        for vector in vectors(name) {
            let arguments = ["lon1", "lat1", "lon2", "lat2"]
                .map(|argument| constant(number(&vector.arguments[argument])));
            let answer = call(&function, &arguments).unwrap().to_array(1).unwrap();
            let found = answer.as_primitive::<Float64Type>().value(0);
            assert_close(found, number(&vector.expected), &vector);
        }
    }
}

#[test]
fn nearest_city() {
    for vector in vectors("nearest_city") {
        let cities = vector.arguments["cities"].as_array().unwrap();
        let names = cities.iter().map(|city| city[0].as_str().unwrap());
        let column = |position: usize| -> ArrayRef {
            let values = cities.iter().map(|city| number(&city[position]));
            Arc::new(Float64Array::from_iter_values(values))
        };
        let columns: [(&str, ArrayRef); 4] = [
            ("name", Arc::new(StringArray::from_iter_values(names))),
            (
                "country",
                Arc::new(StringArray::from(vec!["Here"; cities.len()])),
            ),
            ("lon", column(1)),
            ("lat", column(2)),
        ];
        let batch = RecordBatch::try_from_iter(columns).unwrap();
        let places = PlaceCatalogue::try_new(&[batch]).unwrap();
        let function = function("nearest_city", &places.into());
        let arguments = [
            constant(number(&vector.arguments["lon"])),
            constant(number(&vector.arguments["lat"])),
            constant("Here"),
        ];
        let answer = call(&function, &arguments).unwrap().to_array(1).unwrap();
        let answer = answer.as_struct();
        let name = answer.column(0).as_string_view().value(0);
        assert_eq!(Some(name), vector.expected["name"].as_str());
        let km = answer.column(1).as_primitive::<Float64Type>().value(0);
        assert_close(km, number(&vector.expected["km"]), &vector);
    }
}
