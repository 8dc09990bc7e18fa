//! `stage_bucket`: the label of the interval a number falls into.

use arrow::array::{Array, ArrayRef, AsArray, Float64Array, UInt32Array};
use arrow::datatypes::{DataType, Float64Type};
use datafusion_common::{Result, exec_err};
use datafusion_expr::{ReturnFieldArgs, ScalarFunctionArgs};

use super::definition::{Definition, by_buckets};
use super::moment::add_reached;
use crate::documented::{Benchmark, Documented, Manual, Sample, Samples, benchmark};
use crate::parameters::{Kind, Parameters, number, required, while_planning};
use crate::scalar::Scalar;
use crate::support::decode;

#[derive(Debug)]
pub(super) struct StageBucket;

impl Documented for StageBucket {
    const PARAMETERS: Parameters = Parameters {
        function: "stage_bucket",
        list: &[
            number("value", "Number, any unit."),
            required(
                "boundaries",
                Kind::Numbers,
                "Numbers in the unit of value, strictly increasing, at least one.",
            ),
            required(
                "labels",
                Kind::Texts,
                "Names of the intervals, one more than boundaries, all different.",
            ),
        ],
    };
    const MANUAL: Manual = Manual {
        text: "The label of the interval a number falls into, as text. Below the first boundary is the first label; \
        each boundary belongs to the interval it opens: label i for boundaries[i-1] <= value < boundaries[i]. \
        The rule of `port_stage` for data other than dates.\n\n\
        Numbers are compared as DOUBLE. NULL in any argument gives NULL. NaN is an error, infinity is not.\n\n\
        Source: half-open intervals as in `port_stage`; no formula of the paper.",
        example: "
> SELECT tonnes, stage_bucket(tonnes, [1e6, 1e7], ['small', 'medium', 'large']) AS size
  FROM (VALUES (174000), (1000000), (23800000)) AS cargo(tonnes);
+----------+--------+
| tonnes   | size   |
+----------+--------+
| 174000   | small  |
| 1000000  | medium |
| 23800000 | large  |
+----------+--------+
",
        related: &["port_stage"],
    };
    const SAMPLES: Samples = &[&[
        Sample::Numbers([-1.0, 0.0, 9.5, f64::INFINITY]),
        Sample::NumberLists([&[0.0, 10.0], &[0.0, 10.0], &[-5.5, 5.5], &[-5.5, 5.5]]),
        Sample::TextLists([&["early", "in between them", "post-2000"]; 4]),
    ]];
    const BENCHMARK: Benchmark = benchmark::against(
        benchmark::STAGES,
        "SELECT stage_bucket(year, [1950, 1980, 2000], ['pre-1949', '1950-1979', '1980-1999', 'post-2000']) FROM many",
    );
}

impl Scalar for StageBucket {
    fn data_type(&self) -> DataType {
        DataType::Utf8View
    }

    fn check(&self, args: &ReturnFieldArgs) -> Result<()> {
        let known = Self::PARAMETERS.literals(args)?;
        Definition::<f64>::from_constants(Self::PARAMETERS.function, &known[1..])
            .map_err(while_planning)?;
        Ok(())
    }

    fn is_nullable(&self, args: &ReturnFieldArgs) -> bool {
        Parameters::any_nullable(args)
    }

    fn array(&self, args: &ScalarFunctionArgs, rows: usize) -> Result<ArrayRef> {
        by_buckets(Self::PARAMETERS.function, args, rows, |buckets, values| {
            bucket(values.as_primitive::<Float64Type>(), buckets)
        })
    }
}

fn bucket(values: &Float64Array, buckets: &Definition<f64>) -> Result<ArrayRef> {
    if values.iter().flatten().any(f64::is_nan) {
        return exec_err!("stage_bucket takes a number as value, got NaN");
    }
    let mut reached = vec![0; values.len()];
    for &boundary in buckets.boundaries() {
        add_reached(&mut reached, values.values(), boundary);
    }
    let reached = UInt32Array::new(reached.into(), values.nulls().cloned());
    decode(buckets.labels(), &reached)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::ListArray;
    use datafusion_common::ScalarValue;

    use super::*;
    use crate::support::testing::{column, said, scalar, text_list};

    fn numbers(items: &[f64]) -> ScalarValue {
        let items = items.iter().copied().map(Some);
        let list = ListArray::from_iter_primitive::<Float64Type, _, _>([Some(items)]);
        ScalarValue::List(Arc::new(list))
    }

    #[test]
    fn a_boundary_opens_its_interval() {
        let values = Float64Array::from_iter([
            Some(-1.0),
            Some(9.99),
            Some(10.0),
            Some(f64::INFINITY),
            None,
        ]);
        let labels = text_list(&["below", "within", "above"]);
        let answer = column(
            StageBucket,
            Arc::new(values),
            [numbers(&[0.0, 10.0]), labels],
        )
        .unwrap();
        let answer: Vec<_> = answer.as_string_view().iter().collect();
        let expected = [
            Some("below"),
            Some("within"),
            Some("above"),
            Some("above"),
            None,
        ];
        assert_eq!(answer, expected);
    }

    #[test]
    fn nan_and_unordered_boundaries_are_errors() {
        let bucket = |value: f64, boundaries: &[f64]| {
            let labels = text_list(&["a", "b", "c"]);
            let args = [ScalarValue::from(value), numbers(boundaries), labels];
            said(scalar(StageBucket, args)).unwrap()
        };
        assert!(bucket(f64::NAN, &[1.0, 2.0]).contains("got NaN"));
        assert!(
            bucket(1.0, &[2.0, 1.0]).contains("Error during planning: boundaries of stage_bucket")
        );
        assert!(bucket(1.0, &[1.0, f64::NAN]).contains("got NaN"));
    }
}
