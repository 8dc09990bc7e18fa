//! `port_stage_no`: the number of a stage, for sorting and comparing.

use std::sync::Arc;

use arrow::array::{ArrayRef, UInt32Array};
use arrow::datatypes::{DataType, Field, FieldRef, Int32Type};
use datafusion_common::Result;
use datafusion_expr::sort_properties::{ExprProperties, SortProperties};
use datafusion_expr::{
    ColumnarValue, Documentation, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDFImpl, Signature,
    Volatility,
};
use datafusion_macros::user_doc;

use super::CALENDAR;
use super::definition::by_calendar;
use super::moment::{OnInvalid, stages_of};
use super::port_stage::check;
use crate::parameters::Parameters;
use crate::support::{array, evaluate};

pub(super) const PARAMETERS: Parameters = Parameters {
    function: "port_stage_no",
    list: CALENDAR,
};

#[user_doc(
    doc_section(label = "stages"),
    description = "The number of the stage a year or date belongs to, from 1 (earliest), as INTEGER. It sorts and compares in \
    the order of time, which the labels of `port_stage` do not: text such as `pre-1949` sorts last. \
    Takes the same values, and so the label of a stage as well.\n\n\
    NULL in any argument gives NULL. A year outside 1000 to 9999 or other text is an error. Every comparison with \
    a constant becomes a range on the argument, so a scan can skip what cannot match; a year out of range is \
    then not reported.\n\n\
    Source: Wang, Cheng and Mo (2014), section 2.1.",
    syntax_example = "port_stage_no(value[, boundaries[, labels]])",
    sql_example = r#"```sql
> SELECT port_stage_no(1933) AS kaishantun, port_stage_no(1983) AS torugart, port_stage_no('post-2000') AS label;
+------------+----------+-------+
| kaishantun | torugart | label |
+------------+----------+-------+
| 1          | 3        | 4     |
+------------+----------+-------+
```"#,
    argument(
        name = "value",
        description = "Year (INTEGER of any width), DATE, TIMESTAMP or text."
    ),
    argument(
        name = "boundaries",
        description = "Years in which a new stage begins, strictly increasing. Default [1950, 1980, 2000]."
    ),
    argument(
        name = "labels",
        description = "Names of the stages, one more than boundaries, all different; used to read labels."
    ),
    related_udf(name = "port_stage")
)]
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct PortStageNo {
    signature: Signature,
}

impl Default for PortStageNo {
    fn default() -> Self {
        Self {
            signature: PARAMETERS.signature(Volatility::Immutable),
        }
    }
}

impl ScalarUDFImpl for PortStageNo {
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
        Ok(DataType::Int32)
    }

    fn return_field_from_args(&self, args: ReturnFieldArgs) -> Result<FieldRef> {
        check(&PARAMETERS, &args)?;
        let nullable = Parameters::any_nullable(&args);
        Ok(Arc::new(Field::new(self.name(), DataType::Int32, nullable)))
    }

    fn is_strict(&self) -> bool {
        true
    }

    /// Later years never have an earlier stage: input sorted by year is sorted by stage, so ORDER BY the
    /// stage needs no sort. Text is not: labels are read as well, and they do not sort in time order.
    fn output_ordering(&self, inputs: &[ExprProperties]) -> Result<SortProperties> {
        let Some((value, stages)) = inputs.split_first() else {
            return Ok(SortProperties::Unordered);
        };
        let same_stages = stages
            .iter()
            .all(|input| input.sort_properties == SortProperties::Singleton);
        let data_type = value.range.data_type();
        let in_time_order = data_type.is_integer() || data_type.is_temporal();
        if same_stages && in_time_order {
            return Ok(value.sort_properties);
        }
        Ok(SortProperties::Unordered)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let on_invalid = OnInvalid::Fail(PARAMETERS.function);
        evaluate(&args, |rows| {
            let values = array(&args, 0, rows)?;
            by_calendar(PARAMETERS.function, &args, rows, |calendar, run| {
                let values = values.slice(run.start, run.len());
                Ok(numbers(&stages_of(&values, calendar, on_invalid)?))
            })
        })
    }

    fn documentation(&self) -> Option<&Documentation> {
        self.doc()
    }
}

/// People count from 1.
fn numbers(stages: &UInt32Array) -> ArrayRef {
    Arc::new(stages.unary::<_, Int32Type>(|stage| stage as i32 + 1))
}
