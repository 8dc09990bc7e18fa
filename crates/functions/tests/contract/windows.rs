//! What every window function promises: an answer to each row, whatever the order and the encoding.

use arrow::array::UInt32Array;
use arrow::compute::{concat, take};
use datafusion_expr::WindowUDF;

use super::*;

#[path = "../common/windows.rs"]
mod calls;

use calls::call_window;

/// Runs `check` on every window function with each of its samples.
fn for_each_window(check: impl Fn(&WindowUDF, &[ArrayRef])) {
    for function in all(&places()) {
        let samples = function.samples().unwrap();
        let Function::Window(udf) = function else {
            continue;
        };
        for sample in samples {
            check(&udf, &sample);
        }
    }
}

fn answer(function: &WindowUDF, args: &[ArrayRef]) -> ArrayRef {
    let answer = call_window(function, args);
    answer.unwrap_or_else(|error| panic!("{}: {error}", function.name()))
}

#[test]
fn rows_in_another_order_answer_the_same() {
    for_each_window(|function, sample| {
        let order = UInt32Array::from(vec![2, 0, 3, 1]);
        let moved = |array: &ArrayRef| take(array, &order, None).unwrap();
        let expected = moved(&answer(function, sample));
        let found = answer(function, &sample.iter().map(moved).collect::<Vec<_>>());
        assert_eq!(&found, &expected, "{}", function.name());
        assert_eq!(expected.null_count(), 0, "{}", function.name());
    });
}

#[test]
fn no_rows_give_no_answers() {
    for_each_window(|function, sample| {
        let none: Vec<_> = sample.iter().map(|array| array.slice(0, 0)).collect();
        assert_eq!(answer(function, &none).len(), 0);
    });
}

#[test]
fn a_row_with_null_answers_null_and_changes_no_other() {
    for_each_window(|function, sample| {
        let expected = answer(function, sample);
        for position in 0..4 {
            let mut longer = Vec::new();
            for (other, array) in sample.iter().enumerate() {
                let one = match other == position {
                    true => new_null_array(array.data_type(), 1),
                    false => array.slice(0, 1),
                };
                longer.push(concat(&[array, &one]).unwrap());
            }
            let found = answer(function, &longer);
            assert!(
                found.is_null(ROWS),
                "{}, argument {position}",
                function.name()
            );
            assert_eq!(&found.slice(0, ROWS), &expected, "{}", function.name());
        }
    });
}

#[test]
fn every_encoding_of_a_window_gives_the_same_answer() {
    for_each_window(|function, sample| {
        let expected = answer(function, sample);
        for position in 0..sample.len() {
            for encoded in encodings(&sample[position]) {
                let mut args = sample.to_vec();
                args[position] = encoded;
                assert_eq!(&answer(function, &args), &expected, "{}", function.name());
            }
        }
    });
}

#[test]
fn a_wrong_call_of_a_window_is_an_error_of_planning() {
    for_each_window(|function, sample| {
        let expected = format!("Error during planning: {} takes ", function.name());
        let mut calls: Vec<Vec<_>> = vec![sample.iter().cycle().take(20).cloned().collect()];
        for position in 0..sample.len() {
            let mut args = sample.to_vec();
            args[position] = new_null_array(&DataType::Binary, ROWS);
            calls.push(args);
        }
        for args in calls {
            let message = call_window(function, &args).unwrap_err().strip_backtrace();
            assert!(message.starts_with(&expected), "{message}");
        }
    });
}

#[test]
fn no_arguments_of_a_window_cause_a_panic() {
    for_each_window(|function, sample| {
        let any_arguments: Vec<_> = sample.iter().map(anything).collect();
        let mut runner = TestRunner::new(Config {
            cases: 100,
            failure_persistence: None,
            ..Config::default()
        });
        let outcome = runner.run(&any_arguments, |mut arguments| {
            // Arrow refuses some casts before the function is asked; the weights are worth a good value.
            arguments[3] = Arc::clone(&sample[3]);
            if let Err(error) = call_window(function, &arguments) {
                let message = error.strip_backtrace();
                prop_assert!(!message.contains("Internal error"), "{}", message);
            }
            Ok(())
        });
        outcome.unwrap_or_else(|error| panic!("{}: {error}", function.name()));
    });
}
