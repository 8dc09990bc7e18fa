//! Evolution and evaluation against giddy, astropy, scikit-learn and scipy.

use arrow::array::{Array, Int64Array, ListArray, StringViewArray};
use arrow::datatypes::{Field, Int64Type, Schema};
use datafusion_common::utils::SingleRowListArrayBuilder;
use datafusion_expr::function::AccumulatorArgs;
use datafusion_expr::type_coercion::functions::fields_with_udf;

use super::*;

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(number).collect()
}

fn number_column(value: &Value) -> ArrayRef {
    Arc::new(Float64Array::from(numbers(value)))
}

/// Labels as they are written: texts, or integers.
fn label_column(value: &Value) -> ArrayRef {
    let labels = value.as_array().unwrap();
    if labels.iter().all(Value::is_string) {
        let texts = labels.iter().map(Value::as_str);
        return Arc::new(texts.collect::<StringViewArray>());
    }
    Arc::new(labels.iter().map(Value::as_i64).collect::<Int64Array>())
}

/// The answer to all rows as one group, as a column of one row.
fn measured(name: &str, columns: &[ArrayRef]) -> ArrayRef {
    let function = aggregate_function(name);
    let given: Vec<_> = columns
        .iter()
        .map(|column| Arc::new(Field::new("argument", column.data_type().clone(), true)))
        .collect();
    let fields = fields_with_udf(&given, function.as_ref()).unwrap();
    let columns: Vec<_> = columns
        .iter()
        .zip(&fields)
        .map(|(column, field)| arrow::compute::cast(column, field.data_type()).unwrap())
        .collect();
    let arguments = AccumulatorArgs {
        return_field: function.return_field(&fields).unwrap(),
        schema: &Schema::empty(),
        ignore_nulls: false,
        order_bys: &[],
        is_reversed: false,
        name,
        is_distinct: false,
        exprs: &[],
        expr_fields: &fields,
    };
    let mut accumulator = function.accumulator(arguments).unwrap();
    accumulator.update_batch(&columns).unwrap();
    accumulator.evaluate().unwrap().to_array().unwrap()
}

fn matrix(value: &Value) -> ColumnarValue {
    let rows = value.as_array().unwrap().iter();
    let rows = rows.map(|row| Some(numbers(row).into_iter().map(Some)));
    let rows = ListArray::from_iter_primitive::<Float64Type, _, _>(rows);
    let list = SingleRowListArrayBuilder::new(Arc::new(rows));
    ColumnarValue::Scalar(list.build_list_scalar())
}

/// The list of the only row.
fn opened(array: &ArrayRef) -> ArrayRef {
    array.as_list::<i32>().value(0)
}

fn assert_all_close(found: &[f64], expected: &[f64], vector: &Vector) {
    assert_eq!(found.len(), expected.len(), "{}", vector.note);
    for (found, expected) in found.iter().zip(expected) {
        assert_close(*found, *expected, vector);
    }
}

/// A matrix row after row, as the functions list it.
fn flat(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().flat_map(numbers).collect()
}

#[test]
fn blocks_are_those_of_astropy() {
    for vector in vectors("bayesian_blocks") {
        let times = number_column(&vector.arguments["t"]);
        let p0 = vec![number(&vector.arguments["p0"]); times.len()];
        let edges = opened(&measured(
            "bayesian_blocks",
            &[times, Arc::new(Float64Array::from(p0))],
        ));
        let edges = edges.as_primitive::<Float64Type>().values();
        assert_all_close(edges, &numbers(&vector.expected), &vector);
    }
}

#[test]
fn transitions_are_those_of_giddy() {
    for vector in vectors("transition_matrix") {
        let sequences = vector.arguments["sequences"].as_array().unwrap();
        let (mut ids, mut times, mut states) = (Vec::new(), Vec::new(), Vec::new());
        for (id, sequence) in sequences.iter().enumerate() {
            // Backwards: the order of rows must not matter.
            for (time, state) in sequence.as_array().unwrap().iter().enumerate().rev() {
                ids.push(id as i64);
                times.push(time as i64);
                states.push(state.as_str().unwrap());
            }
        }
        let answer = measured(
            "transition_matrix",
            &[
                Arc::new(Int64Array::from(ids)),
                Arc::new(Int64Array::from(times)),
                Arc::new(StringArray::from(states)),
            ],
        );
        let transitions = opened(&answer);
        let transitions = transitions.as_struct();
        let classes = vector.arguments["classes"].as_array().unwrap();
        let first: Vec<_> = transitions
            .column(1)
            .as_string_view()
            .iter()
            .flatten()
            .collect();
        let expected = classes.iter().filter_map(Value::as_str).cycle();
        assert!(
            first
                .iter()
                .copied()
                .eq(expected.take(classes.len().pow(2)))
        );
        let counts = transitions.column(2).as_primitive::<Int64Type>().values();
        let counts: Vec<f64> = counts.iter().map(|count| *count as f64).collect();
        assert_all_close(&counts, &flat(&vector.expected["counts"]), &vector);
        let shares = transitions.column(3).as_primitive::<Float64Type>().values();
        assert_all_close(shares, &flat(&vector.expected["p"]), &vector);
    }
}

#[test]
fn chains_settle_and_move_as_giddy_says() {
    let of = |name: &str, vector: &Vector| {
        let function = function(name, &PlaceSource::none());
        let answer = call(&function, &[matrix(&vector.arguments["p"])]).unwrap();
        answer.to_array(1).unwrap()
    };
    for vector in vectors("markov_steady_state") {
        let shares = opened(&of("steady_state", &vector));
        let shares = shares.as_struct().column(1);
        let shares = shares.as_primitive::<Float64Type>().values();
        assert_all_close(shares, &numbers(&vector.expected), &vector);
    }
    for vector in vectors("markov_mfpt") {
        let passages = opened(&of("mfpt", &vector));
        let steps = passages.as_struct().column(2);
        let steps = steps.as_primitive::<Float64Type>().values();
        assert_all_close(steps, &flat(&vector.expected), &vector);
    }
    for vector in vectors("markov_mobility") {
        let mobility = of("mobility", &vector);
        let mobility = mobility.as_primitive::<Float64Type>().value(0);
        assert_close(mobility, number(&vector.expected), &vector);
    }
}

#[test]
fn labels_agree_as_scikit_learn_says() {
    for name in ["cohen_kappa", "accuracy", "balanced_accuracy"] {
        for vector in vectors(name) {
            let columns = ["actual", "predicted"].map(|name| label_column(&vector.arguments[name]));
            let found = measured(name, &columns);
            let found = found.as_primitive::<Float64Type>().value(0);
            assert_close(found, number(&vector.expected), &vector);
        }
    }
}

#[test]
fn ranks_agree_as_scipy_says() {
    for vector in vectors("spearman") {
        let columns = ["a", "b"].map(|name| number_column(&vector.arguments[name]));
        let found = measured("spearman", &columns);
        let found = found.as_primitive::<Float64Type>().value(0);
        assert_close(found, number(&vector.expected), &vector);
    }
}

/// scikit-learn 1.9.1: confusion_matrix(actual, predicted, labels=['CC', 'CPC', 'CPPC', 'PP']) of the labels of
/// the first vector of cohen_kappa.
#[test]
fn confusion_is_that_of_scikit_learn() {
    let vector = vectors("cohen_kappa").swap_remove(0);
    let columns = ["actual", "predicted"].map(|name| label_column(&vector.arguments[name]));
    let cells = opened(&measured("confusion", &columns));
    let counts = cells.as_struct().column(2);
    let counts = counts.as_primitive::<Int64Type>().values();
    let expected = [2, 1, 0, 0, 1, 2, 0, 0, 0, 0, 3, 1, 0, 0, 2, 3];
    assert_eq!(counts[..], expected);
}
