//! Centres, spread, hulls and spacing of points against pointpats and shapely, on the plane they compute on.

use arrow::array::{Array, ListArray};
use arrow::datatypes::Int64Type;
use datafusion_common::utils::SingleRowListArrayBuilder;

use super::calls::Call;
use super::*;

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

#[test]
fn hulls_are_those_of_shapely() {
    for vector in vectors("convex_hull") {
        let columns = vec![column(&vector, "x"), column(&vector, "y")];
        let answer = measured("convex_hull", columns);
        for (name, expected) in [("area_km2", "area"), ("perimeter_km", "perimeter")] {
            let expected = number(&vector.expected[expected]);
            assert_close(field(&answer, name), expected, &vector);
        }
        let hull = answer.as_struct();
        let vertices = hull.column(0).as_primitive::<Int64Type>().value(0);
        assert_eq!(Some(vertices), vector.expected["vertices"].as_i64());
        let ring = hull.column(3).as_list::<i32>().value(0);
        assert_eq!(ring.len() as i64, vertices);
    }
}

/// The area is given once, and once left to the hull: the vectors took it from there.
#[test]
fn spacing_is_that_of_pointpats() {
    for vector in vectors("nearest_neighbour_index") {
        let points = [column(&vector, "x"), column(&vector, "y")];
        let rows = points[0].len();
        let given = vec![number(&vector.arguments["area"]); rows];
        for area in [
            Float64Array::from(given),
            Float64Array::from(vec![None; rows]),
        ] {
            let mut columns = points.to_vec();
            columns.push(Arc::new(area));
            let answer = measured("nearest_neighbour_index", columns);
            for name in ["observed", "expected", "index", "z"] {
                let expected = number(&vector.expected[name]);
                assert_close(field(&answer, name), expected, &vector);
            }
        }
    }
}

#[test]
fn regions_cover_what_shapely_says() {
    let function = function("point_in_region", &PlaceSource::none());
    for vector in vectors("point_in_region") {
        let corners = vector.arguments["ring"].as_array().unwrap();
        let pairs = corners.iter().map(|corner| {
            let corner = corner.as_array().unwrap();
            Some(corner.iter().map(|degrees| degrees.as_f64()))
        });
        let pairs = ListArray::from_iter_primitive::<Float64Type, _, _>(pairs);
        let ring = SingleRowListArrayBuilder::new(Arc::new(pairs)).build_list_scalar();
        let arguments = [
            constant(number(&vector.arguments["x"])),
            constant(number(&vector.arguments["y"])),
            ColumnarValue::Scalar(ring),
        ];
        let answer = call(&function, &arguments).unwrap().to_array(1).unwrap();
        let covers = answer.as_boolean().value(0);
        assert_eq!(
            Some(covers),
            vector.expected["covers"].as_bool(),
            "{}",
            vector.note
        );
    }
}
