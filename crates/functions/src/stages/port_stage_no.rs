//! `port_stage_no`: the number of a stage, for sorting and comparing.

use std::sync::Arc;

use arrow::array::{ArrayRef, UInt32Array};
use arrow::datatypes::{DataType, Int32Type};
use datafusion_common::Result;
use datafusion_expr::sort_properties::{ExprProperties, SortProperties};
use datafusion_expr::{ReturnFieldArgs, ScalarFunctionArgs};

use super::definition::by_calendar;
use super::moment::{OnInvalid, stages_of};
use super::port_stage::check;
use super::{CALENDAR, CALENDAR_SAMPLES};
use crate::documented::{Benchmark, Documented, Manual, Samples, benchmark};
use crate::parameters::Parameters;
use crate::scalar::Scalar;

#[derive(Debug)]
pub(super) struct PortStageNo;

impl Documented for PortStageNo {
    const PARAMETERS: Parameters = Parameters {
        function: "port_stage_no",
        list: CALENDAR,
    };
    const MANUAL: Manual = Manual {
        text: "The number of the stage a year or date belongs to, from 1 (earliest), as INTEGER. It sorts and compares in \
        the order of time, which the labels of `port_stage` do not: text such as `pre-1949` sorts last. \
        Takes the same values, and so the label of a stage as well.\n\n\
        NULL in any argument gives NULL. A year outside 1000 to 9999 or other text is an error. Every comparison with \
        a constant becomes a range on the argument, so a scan can skip what cannot match; a year out of range is \
        then not reported.\n\n\
        Source: Wang, Cheng and Mo (2014), section 2.1.",
        example: "
> SELECT port_stage_no(1933) AS kaishantun, port_stage_no(1983) AS torugart, port_stage_no('post-2000') AS label;
+------------+----------+-------+
| kaishantun | torugart | label |
+------------+----------+-------+
| 1          | 3        | 4     |
+------------+----------+-------+
",
        related: &["port_stage"],
    };
    const SAMPLES: Samples = CALENDAR_SAMPLES;
    const BENCHMARK: Benchmark = benchmark::against(
        benchmark::STAGE_NUMBERS,
        "SELECT port_stage_no(year) FROM many",
    );
}

impl Scalar for PortStageNo {
    fn data_type(&self) -> DataType {
        DataType::Int32
    }

    fn check(&self, args: &ReturnFieldArgs) -> Result<()> {
        check(&Self::PARAMETERS, args)
    }

    fn is_nullable(&self, args: &ReturnFieldArgs) -> bool {
        Parameters::any_nullable(args)
    }

    /// Later years never have an earlier stage: input sorted by year is sorted by stage, so ORDER BY the
    /// stage needs no sort. Text is not: labels are read as well, and they do not sort in time order.
    fn ordering(&self, inputs: &[ExprProperties]) -> SortProperties {
        let Some((value, stages)) = inputs.split_first() else {
            return SortProperties::Unordered;
        };
        let same_stages = stages
            .iter()
            .all(|input| input.sort_properties == SortProperties::Singleton);
        let data_type = value.range.data_type();
        let in_time_order = data_type.is_integer() || data_type.is_temporal();
        if same_stages && in_time_order {
            return value.sort_properties;
        }
        SortProperties::Unordered
    }

    fn array(&self, args: &ScalarFunctionArgs, rows: usize) -> Result<ArrayRef> {
        let function = Self::PARAMETERS.function;
        by_calendar(function, args, rows, |calendar, values| {
            Ok(numbers(&stages_of(
                values,
                calendar,
                OnInvalid::Fail(function),
            )?))
        })
    }
}

/// People count from 1.
fn numbers(stages: &UInt32Array) -> ArrayRef {
    Arc::new(stages.unary::<_, Int32Type>(|stage| stage as i32 + 1))
}
