//! `port_stage_bounds`: the first and last year of a stage.

use std::sync::{Arc, LazyLock};

use arrow::array::{Array, ArrayRef, Int32Array, StructArray, UInt32Array};
use arrow::compute::take;
use arrow::datatypes::{DataType, Field, FieldRef, Fields};
use datafusion_common::Result;
use datafusion_expr::{
    ColumnarValue, Documentation, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDFImpl, Signature,
    Volatility,
};
use datafusion_macros::user_doc;

use super::CALENDAR;
use super::definition::{Calendar, by_calendar};
use super::moment::{OnInvalid, stages_of};
use super::port_stage::check;
use crate::parameters::Parameters;
use crate::support::{array, evaluate};

const PARAMETERS: Parameters = Parameters {
    function: "port_stage_bounds",
    list: CALENDAR,
};

static YEARS: LazyLock<Fields> = LazyLock::new(|| {
    Fields::from(vec![
        Field::new("first_year", DataType::Int32, true),
        Field::new("last_year", DataType::Int32, true),
    ])
});

#[user_doc(
    doc_section(label = "stages"),
    description = "The first and the last year of the stage a value belongs to, both included, as \
    STRUCT(first_year INTEGER, last_year INTEGER). The first stage has no first year and the last no last year: NULL. \
    Takes the values of `port_stage` and so the label of a stage, which gives the bounds after grouping by it.\n\n\
    NULL in any argument gives NULL. A year outside 1000 to 9999 or other text is an error.\n\n\
    Source: Wang, Cheng and Mo (2014), section 2.1.",
    syntax_example = "port_stage_bounds(value[, boundaries[, labels]])",
    sql_example = r#"```sql
> SELECT port_stage_bounds(1983) AS torugart, port_stage_bounds('pre-1949') AS label;
+-------------------------------------+---------------------------------+
| torugart                            | label                           |
+-------------------------------------+---------------------------------+
| {first_year: 1980, last_year: 1999} | {first_year: , last_year: 1949} |
+-------------------------------------+---------------------------------+
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
pub(super) struct PortStageBounds {
    signature: Signature,
}

impl Default for PortStageBounds {
    fn default() -> Self {
        Self {
            signature: PARAMETERS.signature(Volatility::Immutable),
        }
    }
}

impl ScalarUDFImpl for PortStageBounds {
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
        Ok(DataType::Struct(YEARS.clone()))
    }

    fn return_field_from_args(&self, args: ReturnFieldArgs) -> Result<FieldRef> {
        check(&PARAMETERS, &args)?;
        let nullable = Parameters::any_nullable(&args);
        let data_type = DataType::Struct(YEARS.clone());
        Ok(Arc::new(Field::new(self.name(), data_type, nullable)))
    }

    fn is_strict(&self) -> bool {
        true
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let on_invalid = OnInvalid::Fail(PARAMETERS.function);
        evaluate(&args, |rows| {
            let values = array(&args, 0, rows)?;
            by_calendar(PARAMETERS.function, &args, rows, |calendar, run| {
                let values = values.slice(run.start, run.len());
                let stages = stages_of(&values, calendar, on_invalid)?;
                bounds(&stages, calendar)
            })
        })
    }

    fn documentation(&self) -> Option<&Documentation> {
        self.doc()
    }
}

fn bounds(stages: &UInt32Array, calendar: &Calendar) -> Result<ArrayRef> {
    let (first, last): (Vec<_>, Vec<_>) = (0..calendar.labels().len())
        .map(|stage| calendar.years(stage))
        .unzip();
    let columns = [first, last]
        .into_iter()
        .map(|years| {
            let years: Int32Array = years
                .into_iter()
                .map(|year| i32::try_from(year?).ok())
                .collect();
            take(&years, stages, None)
        })
        .collect::<Result<_, _>>()?;
    let bounds = StructArray::try_new(YEARS.clone(), columns, stages.nulls().cloned())?;
    Ok(Arc::new(bounds))
}
