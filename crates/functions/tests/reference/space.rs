//! Centres and spread of points against pointpats, on the plane it computes on.

use datafusion_expr::AggregateUDF;

use super::calls::Call;
use super::*;

fn aggregate_function(name: &str) -> Arc<AggregateUDF> {
    let mut functions = all(&PlaceSource::none()).into_iter();
    match functions.find(|function| function.name() == name) {
        Some(Function::Aggregate(udf)) => udf,
        other => panic!("{name}: {other:?}"),
    }
}

fn column(vector: &Vector, name: &str) -> ArrayRef {
    let values = vector.arguments[name].as_array().unwrap();
    Arc::new(Float64Array::from_iter_values(values.iter().map(number)))
}

fn repeated(text: &str, rows: usize) -> ArrayRef {
    Arc::new(StringArray::from(vec![text; rows]))
}

/// The answer to all rows as one group on the plane.
fn measured(name: &str, mut columns: Vec<ArrayRef>) -> ArrayRef {
    let function = aggregate_function(name);
    columns.push(repeated("plane", columns[0].len()));
    Call::plan(&function, &columns).unwrap().answer().unwrap()
}

fn value(array: &ArrayRef) -> f64 {
    array.as_primitive::<Float64Type>().value(0)
}

fn field(answer: &ArrayRef, name: &str) -> f64 {
    value(answer.as_struct().column_by_name(name).unwrap())
}

#[test]
fn centers_are_those_of_pointpats() {
    for name in ["mean_center", "median_center", "weighted_mean_center"] {
        for vector in vectors(name) {
            let mut columns = vec![column(&vector, "x"), column(&vector, "y")];
            if name == "weighted_mean_center" {
                columns.push(column(&vector, "w"));
            }
            let answer = measured(name, columns);
            for (place, coordinate) in ["lon", "lat"].into_iter().enumerate() {
                let expected = number(&vector.expected[place]);
                assert_close(field(&answer, coordinate), expected, &vector);
            }
        }
    }
}

#[test]
fn spread_is_that_of_pointpats() {
    for vector in vectors("std_distance") {
        let columns = vec![column(&vector, "x"), column(&vector, "y")];
        let answer = measured("std_distance", columns);
        assert_close(value(&answer), number(&vector.expected), &vector);
    }
    for vector in vectors("std_ellipse") {
        let columns = vec![column(&vector, "x"), column(&vector, "y")];
        let answer = measured("std_ellipse", columns);
        for name in ["major", "minor", "angle_deg"] {
            assert_close(
                field(&answer, name),
                number(&vector.expected[name]),
                &vector,
            );
        }
    }
}
