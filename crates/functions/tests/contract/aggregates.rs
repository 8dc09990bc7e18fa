//! What every aggregate promises: one answer for any split into parts, any order, any encoding.

use arrow::array::{AsArray, UInt32Array};
use arrow::compute::{concat, take};
use datafusion_expr::{AggregateUDF, EmitTo};

use super::*;

#[path = "../common/aggregates.rs"]
mod calls;

use calls::Call;

/// Parameters whose NULL means their default; it does not make a row be skipped.
const SETTINGS: &[&str] = &[
    "absorb",
    "area_km2",
    "base",
    "form",
    "min_ratio",
    "min_share",
    "p0",
    "permutations",
    "surface",
];

/// Runs `check` on every aggregate with each of its samples.
fn for_each_aggregate(check: impl Fn(&AggregateUDF, &[ArrayRef])) {
    for function in all(&places()) {
        let samples = function.samples().unwrap();
        let Function::Aggregate(udf) = function else {
            continue;
        };
        for sample in samples {
            check(&udf, &sample);
        }
    }
}

fn plan<'a>(function: &'a AggregateUDF, args: &[ArrayRef]) -> Call<'a> {
    Call::plan(function, args).unwrap_or_else(|error| panic!("{}: {error}", function.name()))
}

fn answer(function: &AggregateUDF, args: &[ArrayRef]) -> ArrayRef {
    let answer = plan(function, args).answer();
    answer.unwrap_or_else(|error| panic!("{}: {error}", function.name()))
}

/// Equal, numbers up to 1e-12 of their size.
fn assert_same(found: &ArrayRef, expected: &ArrayRef, what: &str) {
    assert_eq!(found.data_type(), expected.data_type(), "{what}");
    assert_eq!(found.len(), expected.len(), "{what}");
    for row in 0..expected.len() {
        assert_eq!(found.is_null(row), expected.is_null(row), "{what}");
    }
    if let Some(expected) = expected.as_primitive_opt::<Float64Type>() {
        let found = found.as_primitive::<Float64Type>();
        for (found, expected) in found.iter().zip(expected).filter_map(|(a, b)| a.zip(b)) {
            let same =
                found == expected || (found - expected).abs() <= 1e-12 * expected.abs().max(1.0);
            assert!(same, "{what}: {found} for {expected}");
        }
    } else if let Some(expected) = expected.as_struct_opt() {
        for (found, expected) in found.as_struct().columns().iter().zip(expected.columns()) {
            assert_same(found, expected, what);
        }
    } else if let Some(expected) = expected.as_list_opt::<i32>() {
        let found = found.as_list::<i32>();
        for row in (0..expected.len()).filter(|row| expected.is_valid(*row)) {
            assert_eq!(found.value(row).len(), expected.value(row).len(), "{what}");
            assert_same(&found.value(row), &expected.value(row), what);
        }
    } else {
        assert_eq!(found, expected, "{what}");
    }
}

fn slices(arrays: &[ArrayRef], offset: usize, length: usize) -> Vec<ArrayRef> {
    let arrays = arrays.iter();
    arrays.map(|array| array.slice(offset, length)).collect()
}

fn rows(arrays: &[ArrayRef], rows: &[u32]) -> Vec<ArrayRef> {
    let rows = UInt32Array::from(rows.to_vec());
    let arrays = arrays.iter();
    arrays
        .map(|array| take(array, &rows, None).unwrap())
        .collect()
}

#[test]
fn any_split_and_any_order_of_parts_give_the_answer_of_the_whole() {
    for_each_aggregate(|function, sample| {
        let name = function.name();
        let call = plan(function, sample);
        let whole = call.answer().unwrap();
        for lengths in [
            vec![4],
            vec![1, 3],
            vec![2, 2],
            vec![1, 1, 1, 1],
            vec![0, 4],
        ] {
            let mut states = Vec::new();
            let mut offset = 0;
            for length in lengths {
                let state = call.state(offset, length).unwrap();
                let types: Vec<_> = state
                    .iter()
                    .map(|column| column.data_type().clone())
                    .collect();
                assert_eq!(types, call.state_types().unwrap(), "{name}");
                states.push(state);
                offset += length;
            }
            assert_same(&call.merged(&states).unwrap(), &whole, name);
            states.reverse();
            assert_same(&call.merged(&states).unwrap(), &whole, name);
        }
    });
}

#[test]
fn the_order_of_rows_does_not_matter() {
    for_each_aggregate(|function, sample| {
        let whole = answer(function, sample);
        for order in [[3, 2, 1, 0], [2, 0, 3, 1]] {
            let found = answer(function, &rows(sample, &order));
            assert_same(&found, &whole, function.name());
        }
    });
}

#[test]
fn groups_are_answered_as_if_each_stood_alone() {
    for_each_aggregate(|function, sample| {
        let name = function.name();
        let call = plan(function, sample);
        let groups = [[0, 2], [1, 3]].map(|group| answer(function, &rows(sample, &group)));
        let expected = concat(&[&groups[0], &groups[1]]).unwrap();
        assert_same(&call.two_groups(None).unwrap(), &expected, name);
        assert_same(&call.two_groups_merged(None).unwrap(), &expected, name);

        let filter = BooleanArray::from(vec![Some(true), Some(false), Some(true), None]);
        let none = answer(function, &slices(sample, 0, 0));
        let expected = concat(&[&groups[0], &none]).unwrap();
        assert_same(&call.two_groups(Some(&filter)).unwrap(), &expected, name);
        assert_same(
            &call.two_groups_merged(Some(&filter)).unwrap(),
            &expected,
            name,
        );
    });
}

#[test]
fn groups_that_leave_early_do_not_disturb_the_others() {
    for_each_aggregate(|function, sample| {
        let name = function.name();
        let call = plan(function, sample);
        let [first, second, third] =
            [&[0][..], &[1, 2], &[3]].map(|group| answer(function, &rows(sample, group)));
        let mut groups = call.groups().unwrap();
        groups
            .update_batch(&call.slice(0, 2), &[0, 1], None, 2)
            .unwrap();
        let left = groups.evaluate(EmitTo::First(1)).unwrap();
        assert_same(&left, &first, name);
        // The second group has become the first.
        groups
            .update_batch(&call.slice(2, 2), &[0, 1], None, 2)
            .unwrap();
        let expected = concat(&[&second, &third]).unwrap();
        assert_same(&groups.evaluate(EmitTo::All).unwrap(), &expected, name);
    });
}

#[test]
fn rows_with_null_are_as_if_they_were_not_there() {
    for_each_aggregate(|function, sample| {
        let name = function.name();
        let none = answer(function, &slices(sample, 0, 0));
        let parameters = function.signature().parameter_names.as_deref().unwrap();
        for position in 0..sample.len() {
            if SETTINGS.contains(&parameters[position].as_str()) {
                continue;
            }
            let mut args = sample.to_vec();
            args[position] = new_null_array(sample[position].data_type(), ROWS);
            assert_same(&answer(function, &args), &none, name);

            let mut longer: Vec<ArrayRef> = sample.to_vec();
            for (other, array) in longer.iter_mut().enumerate() {
                let row = if other == position {
                    new_null_array(array.data_type(), 1)
                } else {
                    array.slice(0, 1)
                };
                *array = concat(&[array, &row]).unwrap();
            }
            assert_same(&answer(function, &longer), &answer(function, sample), name);
        }
    });
}

#[test]
fn distinct_takes_each_row_once() {
    for_each_aggregate(|function, sample| {
        let name = function.name();
        let twice = rows(sample, &[0, 1, 2, 3, 0, 1, 2, 3]);
        let distinct = plan(function, &twice).distinct();
        let once = {
            let single = plan(function, sample).distinct();
            single.answer().unwrap()
        };
        assert_same(&distinct.answer().unwrap(), &once, name);
        let states = [distinct.state(0, 5).unwrap(), distinct.state(5, 3).unwrap()];
        let types: Vec<_> = states[0]
            .iter()
            .map(|column| column.data_type().clone())
            .collect();
        assert_eq!(types, distinct.state_types().unwrap(), "{name}");
        assert_same(&distinct.merged(&states).unwrap(), &once, name);
    });
}

#[test]
fn a_moving_window_forgets_what_has_left_it() {
    for_each_aggregate(|function, sample| {
        let call = plan(function, sample);
        let mut window = call.sliding().unwrap();
        window.update_batch(&call.slice(0, 1)).unwrap();
        window.update_batch(&call.slice(1, 3)).unwrap();
        window.retract_batch(&call.slice(0, 2)).unwrap();
        let found = window.evaluate().unwrap().to_array().unwrap();
        let expected = answer(function, &slices(sample, 2, 2));
        assert_same(&found, &expected, function.name());
    });
}

#[test]
fn every_encoding_and_width_of_an_aggregate_gives_the_same_answer() {
    for_each_aggregate(|function, sample| {
        let expected = answer(function, sample);
        for position in 0..sample.len() {
            for encoded in encodings(&sample[position]) {
                let mut args = sample.to_vec();
                args[position] = encoded;
                assert_same(&answer(function, &args), &expected, function.name());
            }
        }
    });
}

#[test]
fn memory_is_accounted() {
    for_each_aggregate(|function, sample| {
        let call = plan(function, sample);
        let mut groups = call.groups().unwrap();
        let empty = groups.size();
        groups
            .update_batch(&call.columns, &[0, 1, 2, 3], None, 1_000)
            .unwrap();
        let full = groups.size();
        // At least a number for each of the four groups that have rows.
        assert!(full >= empty + 4 * 8, "{}", function.name());
        groups.evaluate(EmitTo::All).unwrap();
        assert!(groups.size() < full, "{}", function.name());
    });
}

#[test]
fn a_wrong_call_of_an_aggregate_is_an_error_of_planning() {
    for_each_aggregate(|function, sample| {
        let expected = format!("Error during planning: {} takes ", function.name());
        let many: Vec<_> = sample.iter().cycle().take(20).cloned().collect();
        let mut calls = vec![many];
        for position in 0..sample.len() {
            let mut args = sample.to_vec();
            args[position] = new_null_array(&DataType::Binary, ROWS);
            calls.push(args);
        }
        for args in calls {
            let message = Call::plan(function, &args).err().unwrap().strip_backtrace();
            assert!(message.starts_with(&expected), "{message}");
        }
    });
}

#[test]
fn no_arguments_of_an_aggregate_cause_a_panic() {
    for_each_aggregate(|function, sample| {
        let any_arguments: Vec<_> = sample.iter().map(anything).collect();
        let mut runner = TestRunner::new(Config {
            cases: 40,
            failure_persistence: None,
            ..Config::default()
        });
        let outcome = runner.run(&any_arguments, |arguments| {
            // Arrow refuses some casts before the function is asked.
            let Ok(call) = Call::plan(function, &arguments) else {
                return Ok(());
            };
            if let Err(error) = call.answer() {
                let message = error.strip_backtrace();
                prop_assert!(!message.contains("Internal error"), "{}", message);
            }
            Ok(())
        });
        outcome.unwrap_or_else(|error| panic!("{}: {error}", function.name()));
    });
}
