//! What every function promises, checked in one loop over the list.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "contract/aggregates.rs"]
mod aggregates;
mod common;
#[path = "contract/places.rs"]
mod places;
#[path = "contract/windows.rs"]
mod windows;

use std::collections::HashSet;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, BooleanArray, Float64Array, Int64Array, ListArray, StringArray, new_null_array,
};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Float64Type, Int64Type};
use common::call;
use datafusion_common::ScalarValue;
use datafusion_expr::{ColumnarValue, ScalarUDF, Volatility};
use kouan_functions::{Function, PlaceSource, SAMPLE_ROWS as ROWS, all, examples, groups};
use places::places;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

#[test]
fn every_function_has_samples() {
    for function in all(&PlaceSource::none()) {
        let name = function.name();
        let samples = function.samples().unwrap();
        assert!(!samples.is_empty(), "add sample arguments to {name}");
        for column in samples.iter().flatten() {
            assert_eq!(column.len(), ROWS, "{name}");
            assert_eq!(column.null_count(), 0, "{name}");
        }
    }
}

/// Runs `check` on every scalar function with each of its samples.
fn for_each_sample(check: impl Fn(&ScalarUDF, &[ArrayRef])) {
    for function in all(&places()) {
        let samples = function.samples().unwrap();
        let Function::Scalar(udf) = function else {
            continue;
        };
        for sample in samples {
            check(&udf, &sample);
        }
    }
}

fn columns(arrays: &[ArrayRef]) -> Vec<ColumnarValue> {
    arrays.iter().cloned().map(ColumnarValue::Array).collect()
}

fn constants(arrays: &[ArrayRef], row: usize) -> Vec<ColumnarValue> {
    arrays
        .iter()
        .map(|array| ColumnarValue::Scalar(ScalarValue::try_from_array(array, row).unwrap()))
        .collect()
}

fn answer(function: &ScalarUDF, args: &[ColumnarValue], rows: usize) -> ArrayRef {
    let answer =
        call(function, args).unwrap_or_else(|error| panic!("{}: {error}", function.name()));
    answer.to_array(rows).unwrap()
}

#[test]
fn names_are_registered_once() {
    let mut seen = HashSet::new();
    for function in all(&PlaceSource::none()) {
        let aliases = function.aliases().iter().map(String::as_str);
        for name in std::iter::once(function.name()).chain(aliases) {
            assert!(seen.insert(name.to_owned()), "{name} is there twice");
        }
    }
}

#[test]
fn every_function_is_documented() {
    let groups = groups(&PlaceSource::none());
    let names: HashSet<_> = groups
        .iter()
        .flat_map(|group| &group.functions)
        .map(|function| function.name().to_owned())
        .collect();
    for group in &groups {
        assert!(group.question.ends_with('?'), "{}", group.name);
        for function in &group.functions {
            let name = function.name();
            let documentation = function.documentation().unwrap_or_else(|| panic!("{name}"));
            assert_eq!(documentation.doc_section.label, group.name, "{name}");
            assert!(
                documentation
                    .syntax_example
                    .starts_with(&format!("{name}(")),
                "{name}"
            );
            for word in ["NULL", "Source: ", "error"] {
                assert!(
                    documentation.description.contains(word),
                    "{name} does not speak of {word}"
                );
            }
            let described = documentation.arguments.iter().flatten();
            for (argument, meaning) in described.clone() {
                assert!(
                    meaning.ends_with(['.', ')']),
                    "{name}: {argument} is {meaning}"
                );
            }
            let described: Vec<_> = described.map(|(argument, _)| argument.clone()).collect();
            assert_eq!(described, function.parameter_names(), "{name}");
            for argument in described {
                assert!(
                    documentation.syntax_example.contains(&argument),
                    "{name}: {argument}"
                );
            }
            for related in documentation.related_udfs.iter().flatten() {
                assert!(names.contains(related), "{name} is related to {related}");
            }
            let examples = examples(documentation).unwrap();
            assert!(
                examples.iter().all(|example| example.sql.contains(name)),
                "{name}"
            );
        }
    }
}

#[test]
fn an_example_prints_a_table_whose_lines_are_of_one_width() {
    for function in all(&PlaceSource::none()) {
        for example in examples(function.documentation().unwrap()).unwrap() {
            let widths: HashSet<_> = example
                .expected
                .lines()
                .map(|line| line.chars().count())
                .collect();
            assert_eq!(widths.len(), 1, "{}", example.expected);
        }
    }
}

#[test]
fn the_same_arguments_give_the_same_answer() {
    for_each_sample(|function, sample| {
        assert_ne!(function.signature().volatility, Volatility::Volatile);
        let args = columns(sample);
        assert_eq!(
            &answer(function, &args, ROWS),
            &answer(function, &args, ROWS)
        );
    });
}

#[test]
fn constants_arrays_and_slices_agree() {
    for_each_sample(|function, sample| {
        let name = function.name();
        let whole = answer(function, &columns(sample), ROWS);
        assert_eq!(whole.len(), ROWS, "{name}");
        for row in 0..ROWS {
            let one = answer(function, &constants(sample, row), 1);
            assert_eq!(&one, &whole.slice(row, 1), "{name}, row {row}");
        }
        let sliced: Vec<_> = sample.iter().map(|array| array.slice(1, 2)).collect();
        assert_eq!(
            &answer(function, &columns(&sliced), 2),
            &whole.slice(1, 2),
            "{name}"
        );
        for position in 0..sample.len() {
            let mut mixed = columns(&sliced);
            mixed[position] = constants(&sliced, 0).swap_remove(position);
            let row = answer(function, &mixed, 2).slice(0, 1);
            if sample.len() > 1 {
                assert_eq!(
                    &row,
                    &whole.slice(1, 1),
                    "{name}, argument {position} constant"
                );
            }
        }
    });
}

#[test]
fn zero_rows_give_zero_rows() {
    for_each_sample(|function, sample| {
        let none: Vec<_> = sample.iter().map(|array| array.slice(0, 0)).collect();
        assert_eq!(answer(function, &columns(&none), 0).len(), 0);
    });
}

/// Other types of the same values; those that cannot hold them are left out.
fn encodings(array: &ArrayRef) -> Vec<ArrayRef> {
    let dictionary =
        |values: DataType| DataType::Dictionary(Box::new(DataType::Int16), Box::new(values));
    let types = match array.data_type() {
        DataType::Utf8 => vec![
            DataType::LargeUtf8,
            DataType::Utf8View,
            dictionary(DataType::Utf8),
            dictionary(DataType::LargeUtf8),
        ],
        DataType::Int64 => vec![
            DataType::Int16,
            DataType::Int32,
            DataType::UInt16,
            DataType::UInt32,
            DataType::UInt64,
            dictionary(DataType::Int64),
        ],
        DataType::Float64 => vec![dictionary(DataType::Float64)],
        DataType::List(item) => vec![DataType::LargeList(Arc::clone(item))],
        _ => Vec::new(),
    };
    let same = |other: &ArrayRef| {
        cast(other, array.data_type()).is_ok_and(|back| &back == array) && other.null_count() == 0
    };
    types
        .iter()
        .filter_map(|data_type| cast(array, data_type).ok())
        .filter(same)
        .collect()
}

#[test]
fn every_encoding_and_width_gives_the_same_answer() {
    for_each_sample(|function, sample| {
        let expected = answer(function, &columns(sample), ROWS);
        for position in 0..sample.len() {
            for encoded in encodings(&sample[position]) {
                let data_type = encoded.data_type().clone();
                let mut args = columns(sample);
                args[position] = ColumnarValue::Array(encoded);
                let found = answer(function, &args, ROWS);
                assert_eq!(&found, &expected, "{} of {data_type}", function.name());
            }
        }
    });
}

#[test]
fn null_in_is_null_out_where_a_function_is_strict() {
    for_each_sample(|function, sample| {
        let name = function.name();
        for (position, array) in sample.iter().enumerate() {
            let nulls = [
                new_null_array(array.data_type(), ROWS),
                new_null_array(&DataType::Null, ROWS),
            ];
            for null in nulls {
                let mut args = columns(sample);
                args[position] = ColumnarValue::Array(null);
                let found = answer(function, &args, ROWS);
                assert_eq!(found.len(), ROWS, "{name}");
                if function.is_strict() {
                    assert_eq!(
                        found.logical_null_count(),
                        ROWS,
                        "{name}, argument {position}"
                    );
                }
            }
            let mut args = constants(sample, 0);
            args[position] = ColumnarValue::Scalar(ScalarValue::Null);
            let found = answer(function, &args, 1);
            assert!(
                !function.is_strict() || found.is_null(0),
                "{name}, argument {position}"
            );
        }
    });
}

#[test]
fn a_wrong_number_of_arguments_is_an_error_of_planning() {
    for_each_sample(|function, sample| {
        let name = function.name();
        let many: Vec<_> = sample.iter().cycle().take(20).cloned().collect();
        for args in [Vec::new(), columns(&many)] {
            let message = call(function, &args).unwrap_err().strip_backtrace();
            let expected = format!("Error during planning: {name} takes ");
            assert!(message.starts_with(&expected), "{message}");
            assert!(
                message.ends_with(&format!(", got {}", args.len())),
                "{message}"
            );
        }
    });
}

#[test]
fn a_wrong_type_is_an_error_of_planning() {
    let wrong: ArrayRef = new_null_array(&DataType::Binary, ROWS);
    for_each_sample(|function, sample| {
        for position in 0..sample.len() {
            let mut args = columns(sample);
            args[position] = ColumnarValue::Array(Arc::clone(&wrong));
            let message = call(function, &args).unwrap_err().strip_backtrace();
            let expected = format!("Error during planning: {} takes ", function.name());
            assert!(message.starts_with(&expected), "{message}");
        }
    });
}

/// Any values of the type of `sample`, NULL among them.
fn anything(sample: &ArrayRef) -> BoxedStrategy<ArrayRef> {
    fn rows<T: std::fmt::Debug + 'static>(
        value: impl Strategy<Value = T> + 'static,
    ) -> impl Strategy<Value = Vec<Option<T>>> {
        prop::collection::vec(prop::option::weighted(0.9, value), ROWS)
    }
    match sample.data_type() {
        DataType::Int64 => rows(prop_oneof![any::<i64>(), 0..10_000_i64])
            .prop_map(|values| Arc::new(Int64Array::from(values)) as ArrayRef)
            .boxed(),
        DataType::Float64 => rows(prop_oneof![any::<f64>(), -400.0..400.0_f64])
            .prop_map(|values| Arc::new(Float64Array::from(values)) as ArrayRef)
            .boxed(),
        DataType::Utf8 => rows(prop_oneof![
            any::<String>(),
            "[0-9]{4}(-[0-9]{2}){0,2}.{0,2}"
        ])
        .prop_map(|values| Arc::new(StringArray::from(values)) as ArrayRef)
        .boxed(),
        DataType::Boolean => rows(any::<bool>())
            .prop_map(|values| Arc::new(BooleanArray::from(values)) as ArrayRef)
            .boxed(),
        DataType::List(item) if item.data_type() == &DataType::Int64 => {
            rows(prop::collection::vec(prop::option::of(900..2100_i64), 0..4))
                .prop_map(|values| {
                    Arc::new(ListArray::from_iter_primitive::<Int64Type, _, _>(values)) as ArrayRef
                })
                .boxed()
        }
        DataType::List(item) if item.data_type() == &DataType::Float64 => {
            rows(prop::collection::vec(prop::option::of(any::<f64>()), 0..4))
                .prop_map(|values| {
                    Arc::new(ListArray::from_iter_primitive::<Float64Type, _, _>(values))
                        as ArrayRef
                })
                .boxed()
        }
        _ => Just(Arc::clone(sample)).boxed(),
    }
}

/// An error is an answer too, a panic is not; and an error is never called a bug of the engine.
#[test]
fn no_arguments_cause_a_panic() {
    for_each_sample(|function, sample| {
        let any_arguments: Vec<_> = sample.iter().map(anything).collect();
        let mut runner = TestRunner::new(Config {
            cases: 200,
            failure_persistence: None,
            ..Config::default()
        });
        let outcome = runner.run(&any_arguments, |arguments| {
            for args in [columns(&arguments), constants(&arguments, 0)] {
                if let Err(error) = call(function, &args) {
                    let message = error.strip_backtrace();
                    prop_assert!(!message.contains("Internal error"), "{}", message);
                }
            }
            Ok(())
        });
        outcome.unwrap_or_else(|error| panic!("{}: {error}", function.name()));
    });
}
