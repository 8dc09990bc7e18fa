//! `port_stage_bounds`: the first and last year of a stage.

use std::sync::{Arc, LazyLock};

use arrow::array::{Array, ArrayRef, Int32Array, StructArray, UInt32Array};
use arrow::compute::take;
use arrow::datatypes::{DataType, Field, Fields};
use datafusion_common::Result;
use datafusion_expr::{ReturnFieldArgs, ScalarFunctionArgs};

use super::definition::{Calendar, by_calendar};
use super::moment::{OnInvalid, stages_of};
use super::port_stage::check;
use super::{CALENDAR, CALENDAR_SAMPLES};
use crate::documented::{Benchmark, Documented, Manual, Samples, benchmark};
use crate::parameters::Parameters;
use crate::scalar::Scalar;

#[derive(Debug)]
pub(super) struct PortStageBounds;

impl Documented for PortStageBounds {
    const PARAMETERS: Parameters = Parameters {
        function: "port_stage_bounds",
        list: CALENDAR,
    };
    const MANUAL: Manual = Manual {
        text: "The first and the last year of the stage a value belongs to, both included, as \
        STRUCT(first_year INTEGER, last_year INTEGER). The first stage has no first year and the last no last year: NULL. \
        Takes the values of `port_stage` and so the label of a stage, which gives the bounds after grouping by it.\n\n\
        NULL in any argument gives NULL. A year outside 1000 to 9999 or other text is an error.\n\n\
        Source: Wang, Cheng and Mo (2014), section 2.1.",
        example: "
> SELECT port_stage_bounds(1983) AS torugart, port_stage_bounds('pre-1949') AS label;
+-------------------------------------+---------------------------------+
| torugart                            | label                           |
+-------------------------------------+---------------------------------+
| {first_year: 1980, last_year: 1999} | {first_year: , last_year: 1949} |
+-------------------------------------+---------------------------------+
",
        related: &["port_stage"],
    };
    const SAMPLES: Samples = CALENDAR_SAMPLES;
    const BENCHMARK: Benchmark = benchmark::against(
        benchmark::STAGES,
        "SELECT port_stage_bounds(year) FROM many",
    );
}

impl Scalar for PortStageBounds {
    fn data_type(&self) -> DataType {
        DataType::Struct(YEARS.clone())
    }

    fn check(&self, args: &ReturnFieldArgs) -> Result<()> {
        check(&Self::PARAMETERS, args)
    }

    fn is_nullable(&self, args: &ReturnFieldArgs) -> bool {
        Parameters::any_nullable(args)
    }

    fn array(&self, args: &ScalarFunctionArgs, rows: usize) -> Result<ArrayRef> {
        let function = Self::PARAMETERS.function;
        by_calendar(function, args, rows, |calendar, values| {
            let stages = stages_of(values, calendar, OnInvalid::Fail(function))?;
            bounds(&stages, calendar)
        })
    }
}

static YEARS: LazyLock<Fields> = LazyLock::new(|| {
    Fields::from(vec![
        Field::new("first_year", DataType::Int32, true),
        Field::new("last_year", DataType::Int32, true),
    ])
});

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
