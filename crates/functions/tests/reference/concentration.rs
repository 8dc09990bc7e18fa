//! Concentration and trade against numpy, scipy and the inequality package of PySAL.

use arrow::array::{Int64Array, new_empty_array};
use arrow::datatypes::DataType;

use super::calls::Call;
use super::*;

/// The answer to all rows as one group.
fn measured(name: &str, columns: &[ArrayRef]) -> ArrayRef {
    let function = aggregate_function(name);
    Call::plan(&function, columns).unwrap().answer().unwrap()
}

/// An argument of a vector as a column: a list as it is, a constant in every row.
fn argument(vector: &Vector, name: &str, rows: usize) -> ArrayRef {
    let repeated;
    let values = match &vector.arguments[name] {
        Value::Array(values) => values,
        constant => {
            repeated = vec![constant.clone(); rows];
            &repeated
        }
    };
    match values.first() {
        Some(Value::String(_)) => {
            Arc::new(values.iter().map(Value::as_str).collect::<StringArray>())
        }
        Some(Value::Number(first)) if first.is_i64() => {
            Arc::new(values.iter().map(Value::as_i64).collect::<Int64Array>())
        }
        Some(_) => Arc::new(values.iter().map(Value::as_f64).collect::<Float64Array>()),
        None => new_empty_array(&DataType::Float64),
    }
}

fn columns(vector: &Vector, names: &[&str]) -> Vec<ArrayRef> {
    let first = argument(vector, names[0], 1);
    let rest = names[1..]
        .iter()
        .map(|name| argument(vector, name, first.len()));
    std::iter::once(Arc::clone(&first)).chain(rest).collect()
}

/// The named numbers of a struct against those of a vector.
fn assert_struct(answer: &ArrayRef, vector: &Vector) {
    let answer = answer.as_struct();
    for (name, expected) in vector.expected.as_object().unwrap() {
        let found = answer.column_by_name(name).unwrap();
        assert_close(
            found.as_primitive::<Float64Type>().value(0),
            number(expected),
            vector,
        );
    }
}

#[test]
fn measures_that_answer_a_number() {
    let measures: [(&str, &str, &[&str]); 12] = [
        ("hhi", "hhi", &["x"]),
        ("hhi_normalized", "hhi_normalized", &["x"]),
        ("effective_number", "effective_number", &["x"]),
        ("cr_k", "cr_k", &["x", "k"]),
        ("gini", "gini", &["x"]),
        ("theil_t", "theil_t", &["x"]),
        ("entropy", "entropy_w", &["x"]),
        ("entropy_normalized", "entropy_normalized", &["x"]),
        ("atkinson", "atkinson", &["x", "epsilon"]),
        ("hoover_index", "hoover_index", &["a", "b"]),
        ("krugman_index", "krugman_index", &["a", "b"]),
        ("grubel_lloyd", "grubel_lloyd", &["x", "m"]),
    ];
    for (listed, name, arguments) in measures {
        for vector in vectors(listed) {
            let answer = measured(name, &columns(&vector, arguments));
            let found = answer.as_primitive::<Float64Type>().value(0);
            assert_close(found, number(&vector.expected), &vector);
        }
    }
}

#[test]
fn measures_that_answer_a_struct() {
    for vector in vectors("theil_decompose") {
        assert_struct(
            &measured("theil_decompose", &columns(&vector, &["x", "g"])),
            &vector,
        );
    }
    for vector in vectors("rank_size") {
        assert_struct(
            &measured("rank_size", &columns(&vector, &["x", "form"])),
            &vector,
        );
    }
}

#[test]
fn seasons() {
    let months: ArrayRef = Arc::new(Int64Array::from_iter_values(1..=12));
    for vector in vectors("seasonality_vector") {
        let answer = measured(
            "seasonality_vector",
            &[argument(&vector, "x", 1), Arc::clone(&months)],
        );
        assert_struct(&answer, &vector);
    }
    for vector in vectors("seasonality_index") {
        let answer = measured(
            "seasonality_index",
            &[argument(&vector, "x", 1), Arc::clone(&months)],
        );
        let seasons = answer.as_list::<i32>().value(0);
        let indices = seasons.as_struct().column_by_name("index").unwrap();
        let expected = vector.expected.as_array().unwrap();
        assert_eq!(indices.len(), expected.len());
        for (found, expected) in indices
            .as_primitive::<Float64Type>()
            .values()
            .iter()
            .zip(expected)
        {
            assert_close(*found, number(expected), &vector);
        }
    }
}

#[test]
fn trade_row_by_row() {
    let functions: [(&str, &[&str]); 4] = [
        ("directionality", &["entry", "exit"]),
        (
            "location_quotient",
            &["x", "region_total", "group_total", "grand_total"],
        ),
        (
            "shift_share",
            &["x0", "x1", "group0", "group1", "total0", "total1"],
        ),
        ("cagr", &["first", "last", "periods"]),
    ];
    for (name, arguments) in functions {
        let function = function(name, &PlaceSource::none());
        for vector in vectors(name) {
            let arguments: Vec<_> = arguments
                .iter()
                .map(|argument| constant(number(&vector.arguments[*argument])))
                .collect();
            let answer = call(&function, &arguments).unwrap().to_array(1).unwrap();
            match answer.as_primitive_opt::<Float64Type>() {
                Some(answer) => assert_close(answer.value(0), number(&vector.expected), &vector),
                None => assert_struct(&answer, &vector),
            }
        }
    }
}
