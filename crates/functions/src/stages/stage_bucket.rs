//! `stage_bucket`: the label of the interval a number falls into.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Float64Array, UInt32Array};
use arrow::datatypes::{DataType, Field, FieldRef, Float64Type};
use datafusion_common::{Result, exec_err};
use datafusion_expr::{
    ColumnarValue, Documentation, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDFImpl, Signature,
    Volatility,
};
use datafusion_macros::user_doc;

use super::definition::{Definition, by_buckets};
use super::moment::add_reached;
use crate::parameters::{Kind, Parameters, required, while_planning};
use crate::support::{array, decode, evaluate};

const PARAMETERS: Parameters = Parameters {
    function: "stage_bucket",
    list: &[
        required("value", Kind::Number),
        required("boundaries", Kind::Numbers),
        required("labels", Kind::Texts),
    ],
};

#[user_doc(
    doc_section(label = "stages"),
    description = "The label of the interval a number falls into, as text. Below the first boundary is the first label; \
    each boundary belongs to the interval it opens: label i for boundaries[i-1] <= value < boundaries[i]. \
    The rule of `port_stage` for data other than dates.\n\n\
    Numbers are compared as DOUBLE. NULL in any argument gives NULL. NaN is an error, infinity is not.\n\n\
    Source: half-open intervals as in `port_stage`; no formula of the paper.",
    syntax_example = "stage_bucket(value, boundaries, labels)",
    sql_example = r#"```sql
> SELECT tonnes, stage_bucket(tonnes, [1e6, 1e7], ['small', 'medium', 'large']) AS size
  FROM (VALUES (174000), (1000000), (23800000)) AS cargo(tonnes);
+----------+--------+
| tonnes   | size   |
+----------+--------+
| 174000   | small  |
| 1000000  | medium |
| 23800000 | large  |
+----------+--------+
```"#,
    argument(name = "value", description = "Number, any unit."),
    argument(
        name = "boundaries",
        description = "Numbers in the unit of value, strictly increasing, at least one."
    ),
    argument(
        name = "labels",
        description = "Names of the intervals, one more than boundaries, all different."
    ),
    related_udf(name = "port_stage")
)]
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct StageBucket {
    signature: Signature,
}

impl Default for StageBucket {
    fn default() -> Self {
        Self {
            signature: PARAMETERS.signature(Volatility::Immutable),
        }
    }
}

impl ScalarUDFImpl for StageBucket {
    fn name(&self) -> &str {
        PARAMETERS.function
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn coerce_types(&self, given: &[DataType]) -> Result<Vec<DataType>> {
        Ok(PARAMETERS.coerce(given))
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Utf8View)
    }

    fn return_field_from_args(&self, args: ReturnFieldArgs) -> Result<FieldRef> {
        PARAMETERS.check(&args)?;
        let known = PARAMETERS.literals(&args)?;
        Definition::<f64>::from_constants(self.name(), &known[1..]).map_err(while_planning)?;
        let nullable = Parameters::any_nullable(&args);
        Ok(Arc::new(Field::new(
            self.name(),
            DataType::Utf8View,
            nullable,
        )))
    }

    fn is_strict(&self) -> bool {
        true
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        evaluate(&args, |rows| {
            let values = array(&args, 0, rows)?;
            by_buckets(PARAMETERS.function, &args, rows, |buckets, run| {
                let values = values.slice(run.start, run.len());
                bucket(values.as_primitive::<Float64Type>(), buckets)
            })
        })
    }

    fn documentation(&self) -> Option<&Documentation> {
        self.doc()
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
            StageBucket::default(),
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
            said(scalar(StageBucket::default(), args)).unwrap()
        };
        assert!(bucket(f64::NAN, &[1.0, 2.0]).contains("got NaN"));
        assert!(
            bucket(1.0, &[2.0, 1.0]).contains("Error during planning: boundaries of stage_bucket")
        );
        assert!(bucket(1.0, &[1.0, f64::NAN]).contains("got NaN"));
    }
}
