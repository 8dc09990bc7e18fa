//! Spatial autocorrelation against esda, on the plane.

use arrow::array::Array;
use datafusion_expr::WindowUDF;

use super::calls::Call;
use super::windows::call_window;
use super::*;

fn columns(vector: &Vector) -> Vec<ArrayRef> {
    let column = |name: &str| -> ArrayRef {
        let values = vector.arguments[name].as_array().unwrap();
        Arc::new(Float64Array::from_iter_values(values.iter().map(number)))
    };
    let mut columns = vec![column("v"), column("x"), column("y")];
    let rows = columns[0].len();
    for text in [vector.arguments["weights"].as_str().unwrap(), "plane"] {
        columns.push(Arc::new(StringArray::from(vec![text; rows])));
    }
    columns
}

fn window_function(name: &str) -> Arc<WindowUDF> {
    let mut functions = all(&PlaceSource::none()).into_iter();
    match functions.find(|function| function.name() == name) {
        Some(Function::Window(udf)) => udf,
        other => panic!("{name}: {other:?}"),
    }
}

fn field(answer: &ArrayRef, name: &str, row: usize) -> f64 {
    let field = answer.as_struct().column_by_name(name).unwrap();
    assert!(field.is_valid(row), "{name}, row {row}");
    field.as_primitive::<Float64Type>().value(row)
}

#[test]
fn all_places_together_are_those_of_esda() {
    for name in ["moran_i", "geary_c", "getis_ord_g"] {
        for vector in vectors(name) {
            let function = aggregate_function(name);
            let call = Call::plan(&function, &columns(&vector)).unwrap();
            let answer = call.answer().unwrap();
            for (name, expected) in vector.expected.as_object().unwrap() {
                assert_close(field(&answer, name, 0), number(expected), &vector);
            }
        }
    }
}

#[test]
fn each_place_is_that_of_esda() {
    for (name, score) in [("local_moran", "i"), ("getis_ord_gi_star", "z")] {
        for vector in vectors(name) {
            let answer = call_window(&window_function(name), &columns(&vector)).unwrap();
            for (row, expected) in vector.expected[score]
                .as_array()
                .unwrap()
                .iter()
                .enumerate()
            {
                assert_close(field(&answer, score, row), number(expected), &vector);
            }
        }
    }
}

#[test]
fn quadrants_are_those_of_esda() {
    for vector in vectors("local_moran") {
        let answer = call_window(&window_function("local_moran"), &columns(&vector)).unwrap();
        let quadrants = answer.as_struct().column_by_name("quadrant").unwrap();
        let expected = vector.expected["quadrant"].as_array().unwrap();
        for (row, expected) in expected.iter().enumerate() {
            let code = expected.as_u64().unwrap() as usize;
            let expected = ["HH", "LH", "LL", "HL"][code - 1];
            assert_eq!(quadrants.as_string_view().value(row), expected);
        }
    }
}

/// The columns of the 11 places, shuffled 99,999 times.
fn shuffled(name: &str) -> Vec<ArrayRef> {
    let mut vectors = vectors(name).into_iter();
    let mut columns = columns(&vectors.next().unwrap());
    let rows = columns[0].len();
    columns.push(Arc::new(Float64Array::from(vec![99_999.0; rows])));
    columns[5] = arrow::compute::cast(&columns[5], &arrow::datatypes::DataType::Int64).unwrap();
    columns
}

/// esda 2.9.0 finds these shares of 99,999 shuffles of its own; three standard deviations are 0.0016 and 0.001.
#[test]
fn chances_by_shuffling_are_those_of_esda() {
    for (name, expected, near) in [("moran_i", 0.0299, 0.0017), ("geary_c", 0.01215, 0.0011)] {
        let function = aggregate_function(name);
        let call = Call::plan(&function, &shuffled(name)).unwrap();
        let found = field(&call.answer().unwrap(), "p_sim", 0);
        assert!((found - expected).abs() < near, "{name}: {found}");
    }
}

/// All 120 ways to draw three neighbours from ten others, counted in exact fractions. (Ties are many, and esda
/// counts them or not as rounding wants.) Three standard deviations are at most 0.005.
#[test]
fn chances_of_each_place_are_those_of_all_draws() {
    let expected = [38, 18, 17, 15, 52, 33, 64, 14, 11, 33, 3];
    let answer = call_window(&window_function("local_moran"), &shuffled("moran_i")).unwrap();
    for (row, draws) in expected.into_iter().enumerate() {
        let (found, expected) = (field(&answer, "p_sim", row), f64::from(draws) / 120.0);
        assert!(
            (found - expected).abs() < 0.005,
            "row {row}: {found} for {expected}"
        );
    }
}
